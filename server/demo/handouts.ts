import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import PDFDocument from 'pdfkit'
import { fileLimits, type FileAudience } from '#shared/files/rules.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { addFile } from '../files/store.ts'
import type { FileStore } from '../outside/files.ts'
import { legible, printPdf, typefaces } from '../print/pdf.ts'
import { readPages } from '../slides/drawing.ts'
import { addSlides, type FoundPage } from '../slides/store.ts'
import { french } from './course.ts'
import { must } from './lesson.ts'

/** A file whose bytes are kept and that nobody gave yet. */
interface Kept {
  key: string
  size: number
  sha256: string
  type: string
  width: number | null
  height: number | null
}

/** What the pages show and what a learner hands in; the picture is missing when the server was installed without it. */
export interface Handouts {
  axes: Kept | undefined
  grid: Kept
  plan: Kept
  /** What is shown page by page in the session in progress. */
  deck: Kept & { pages: FoundPage[] }
}

function findPicture(name: string): string | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)), up = 0; up < 5; at = dirname(at), up++) {
    const path = join(at, 'server/demo/pictures', name)
    if (existsSync(path)) return path
  }
  return undefined
}

const grid = (at: number) =>
  printPdf({ title: 'Grille des cinq axes', language: 'fr', at }, (sheet) => {
    sheet.title('Grille des cinq axes')
    sheet.text(
      french('Une ligne par activité de votre formation. Une colonne vide de haut en bas ? C’est là que le parcours manque d’équilibre.'),
    )
    sheet.space()
    sheet.table(
      [4, 2, 2, 2, 2, 2],
      [
        ['Activité', 'Phase', 'Groupe', 'Situation', 'Pédagogie', 'Intention'],
        ['Étude de cas à rendre jeudi', 'réalisation', 'seul', 'à son heure', 'active', 'synthétiser'],
        ...Array.from({ length: 8 }, () => ['', '', '', '', '', '']),
      ],
    )
  })

const plan = (at: number) =>
  printPdf({ title: 'Former au geste sûr', language: 'fr', at }, (sheet) => {
    sheet.title('Former au geste sûr')
    sheet.text(french('Pour les 14 chefs d’équipe de l’Atelier Nord, en deux demi-journées et un mois d’essais.'))
    for (const [title, text] of [
      ['Avant', 'Chacun filme une minute d’un geste qu’il montre souvent. Seul, à son heure.'],
      ['Ensemble', 'On regarde trois films, on réécrit les consignes en deux phrases, on les essaie en binôme.'],
      ['Après', 'Un nouveau suit la consigne sans question : c’est réussi. Un appel avec le mentor pour la reprendre.'],
    ] as const) {
      sheet.heading(title)
      sheet.text(french(text))
    }
  })

const slidesTexts: readonly [title: string, ...lines: string[]][] = [
  ['Varier les situations', 'Séance 2 : où, quand et avec qui apprend-on ?'],
  [
    'Trois situations',
    'À son heure : chacun avance seul, la trace reste.',
    'Ensemble à distance : on se parle, on essaie, on décide.',
    'Sur place : le geste, l’atelier, la rencontre.',
  ],
  [
    'Ce que la distance change',
    'On se coupe moins la parole, on la prend moins aussi.',
    'Le silence dure deux fois plus longtemps qu’on ne le croit.',
    'Une consigne écrite vaut mieux que deux dites.',
  ],
  [
    'À vous',
    'Prenez une de vos activités.',
    'Changez une seule chose : le moment, le lieu ou le groupe.',
    'Que gagne-t-on ? Que perd-on ?',
  ],
]

/** Pages as wide as a screen, read from the back of a room. */
async function deck(at: number): Promise<Buffer> {
  const doc = new PDFDocument({
    size: [960, 540],
    margin: 0,
    lang: 'fr-FR',
    info: { Title: 'Varier les situations', CreationDate: new Date(at) },
  })
  const whole = buffer(doc)
  for (const [name, path] of Object.entries(typefaces)) doc.registerFont(name, createRequire(import.meta.url).resolve(path))
  for (const [i, [title, ...lines]] of slidesTexts.entries()) {
    if (i > 0) doc.addPage()
    doc.rect(0, 0, 960, 540).fill('#fbf8f3')
    doc.rect(0, 0, 18, 540).fill('#1f6f5c')
    const opens = i === 0
    doc
      .font('bold')
      .fontSize(opens ? 60 : 44)
      .fillColor('#23211d')
      .text(legible(french(title)), 80, opens ? 190 : 60, { width: 800 })
    doc.font('plain').fontSize(28)
    lines.forEach((line, n) => doc.text(legible(french(opens ? line : `– ${line}`)), 80, (opens ? 290 : 170) + n * 92, { width: 800 }))
  }
  doc.end()
  return whole
}

/** Puts the bytes among the server's files, before the demonstration is written. */
export async function keepHandouts(files: FileStore, at: number): Promise<Handouts> {
  const keep = async (bytes: Buffer, type: string, width: number | null = null, height: number | null = null): Promise<Kept> => {
    const key = `demonstration/${newId()}`
    return { key, ...(await files.put(key, Readable.from([bytes]), fileLimits.team)), type, width, height }
  }
  const axes = findPicture('axes.webp')
  const slides = await deck(at)
  return {
    deck: {
      ...(await keep(slides, 'application/pdf')),
      pages: await readPages('demonstration', () => Promise.resolve(new Uint8Array(slides))),
    },
    axes: axes === undefined ? undefined : await keep(readFileSync(axes), 'image/webp', 900, 1007),
    grid: await keep(await grid(at), 'application/pdf'),
    plan: await keep(await plan(at), 'application/pdf'),
  }
}

/** Gives a kept file to the course in somebody's name. Gives its identity. */
export async function giveHandout(
  tx: Tx,
  kept: Kept,
  given: { spoc: string; person: string; name: string; audience: FileAudience; created: number },
): Promise<string> {
  return must(await addFile(tx, { id: newId(), ...given, ...kept }, fileLimits.spoc), 'give a file').id
}

/** Has it ready to show in a room. */
export async function prepareDeck(
  tx: Tx,
  { deck: { pages, ...kept } }: Handouts,
  given: { spoc: string; room: string; person: string; created: number },
): Promise<void> {
  const { spoc, room, person, created } = given
  const file = await giveHandout(tx, kept, { spoc, person, name: 'Varier les situations.pdf', audience: 'path', created })
  must(await addSlides(tx, { room, file, download: true, person, pages }, created), 'prepare a document')
}
