import { eq } from 'drizzle-orm'
import { partOf } from '#shared/attendance/half-days.ts'
import { sheetName } from '#shared/guests/rules.ts'
import type { AttendanceCell, AttendanceChain, AttendanceTable } from '#shared/attendance/wire.ts'
import { trainingBodies } from '#server/certificate/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { printPdf } from '#server/print/pdf.ts'
import { spocs } from '#server/spoc/tables.ts'
import { readChain } from './chain.ts'
import { readAttendance, type Viewer } from './store.ts'

export interface SheetFacts {
  course: string
  /** Who answers for the training, once named. */
  body: { name: string; address: string; nda: string } | null
  table: AttendanceTable
  chain: AttendanceChain | null
}

/** What the sheet of a session says to this person. */
export async function readSheet(
  tx: Tx,
  spoc: string,
  event: string,
  viewer: Viewer,
  now: number,
  organisation?: string,
): Promise<SheetFacts> {
  const [course] = await tx.select({ title: spocs.title }).from(spocs).where(eq(spocs.id, spoc))
  const [body] = await tx.select().from(trainingBodies).where(eq(trainingBodies.spoc, spoc))
  return {
    course: course?.title ?? '',
    body: body ?? null,
    table: await readAttendance(tx, spoc, viewer, now, { event, organisation }),
    chain: await readChain(tx, spoc),
  }
}

const states = { coming: 'À venir', present: 'Présent(e)', partial: 'Présence partielle', absent: 'Absent(e)' } as const

function presenceWords(cell: AttendanceCell, hour: (at: number) => string): string {
  const last = cell.lines.findLast(({ kind }) => kind === 'correction')
  return [
    cell.presence === 'partial' || cell.presence === 'present'
      ? `${states[cell.presence]} (${cell.minutes}\u00a0min)`
      : states[cell.presence],
    ...(cell.seen && cell.minutes > 0 && !cell.corrected ? [`de ${hour(cell.seen.from)} à ${hour(cell.seen.to)}`] : []),
    ...(last ? [`Corrigé par ${last.authorName} : ${last.reason}`] : []),
    ...(cell.contested ? ['Contesté'] : []),
  ].join('\n')
}

/** The rows of one half-day: what the paper says. */
export const rowsOf = ({ table: { halves, people } }: SheetFacts, i: number): string[][] => {
  const half = halves[i]
  const time = (at: number) =>
    new Intl.DateTimeFormat('fr-FR', { dateStyle: 'short', timeStyle: 'short', timeZone: half?.zone ?? 'UTC' }).format(at)
  return people.flatMap((who) => {
    const cell = who.cells[i]
    if (!cell) return []
    return [
      [
        who.name,
        who.organisation ?? '–',
        who.role === 'learner' ? 'Stagiaire' : 'Équipe',
        presenceWords(cell, (at) => new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short', timeZone: half?.zone ?? 'UTC' }).format(at)),
        cell.signed === null ? 'Non signé' : `Signé en ligne le ${time(cell.signed)}`,
      ],
    ]
  })
}

/** H10: who else was there in one half-day, as the paper says it below its table; undefined: nobody. */
export function alsoThere({ halves, guests }: AttendanceTable, i: number): string | undefined {
  const hour = new Intl.DateTimeFormat('fr-FR', { timeStyle: 'short', timeZone: halves[i]?.zone ?? 'UTC' })
  const came = guests.flatMap(({ name, seen }) => {
    const there = seen[i]
    return there ? [`${sheetName(name, 'fr')}, de ${hour.format(there.from)} à ${hour.format(there.to)}`] : []
  })
  return came.length === 0 ? undefined : `Ont aussi assisté, sans être inscrit·es à la formation : ${came.join(' ; ')}.`
}

const broken = {
  altered: (n: number) => `la ligne n°\u00a0${n} a été modifiée`,
  removed: (n: number) => `la ligne n°\u00a0${n} a disparu`,
  added: () => 'une ligne y a été ajoutée sans empreinte',
}

/** H9: the last seal of the register, as the paper says it. */
export const sealWords = (chain: AttendanceChain): string =>
  [
    ...(chain.last === null ? [] : [`Empreinte de la dernière ligne signée du registre (n°\u00a0${chain.sealed}) : ${chain.last}.`]),
    ...(chain.broken
      ? [`La suite des lignes signées est rompue : ${broken[chain.broken.why](chain.broken.n)}.`]
      : chain.last === null
        ? []
        : ['La suite des lignes signées est entière.']),
  ].join(' ')

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)

/** The attendance sheet (feuille d’émargement): half-day by half-day, who was there and who signed when. */
export const printSheet = (facts: SheetFacts, now: number): Promise<Buffer> =>
  printPdf({ title: `Feuille d’émargement – ${facts.course}`, language: 'fr', at: now }, (page) => {
    const [first] = facts.table.halves
    const as = (options: Intl.DateTimeFormatOptions, at: number) =>
      new Intl.DateTimeFormat('fr-FR', { ...options, timeZone: first?.zone ?? 'UTC' }).format(at)
    page.title('Feuille d’émargement')
    page.text(facts.course, { bold: true })
    if (facts.body) page.text(`${facts.body.name}, ${facts.body.address} · déclaration d’activité n° ${facts.body.nda}`)
    if (first)
      page.text(
        first.place === null
          ? `Séance : ${first.title} · à distance (fuseau ${first.zone})`
          : `Rencontre : ${first.title} · ${first.place}`,
      )
    for (const [i, half] of facts.table.halves.entries()) {
      const part = partOf(half.half) === 'morning' ? 'matin' : 'après-midi'
      page.heading(
        `${capital(as({ dateStyle: 'full' }, half.starts))}, ${part} : ${as({ timeStyle: 'short' }, half.starts)} – ${as({ timeStyle: 'short' }, half.ends)}`,
      )
      page.table([5, 4, 2.5, 5, 5], [['Nom', 'Organisation', 'Qualité', 'Présence', 'Signature'], ...rowsOf(facts, i)])
      const also = alsoThere(facts.table, i)
      if (also !== undefined) page.text(also, { small: true })
    }
    page.doc.moveDown(1)
    page.text(
      `Établie le ${as({ dateStyle: 'long', timeStyle: 'short' }, now)} d’après les présences relevées dans la salle ou notées sur place. Chaque signature garde son heure, le navigateur et l’empreinte SHA-256 de ce qui a été montré, enchaînée à celle de la ligne d’avant ; une correction est une ligne nouvelle, signée et motivée.`,
      { small: true },
    )
    if (facts.chain) page.text(sealWords(facts.chain), { small: true })
  })
