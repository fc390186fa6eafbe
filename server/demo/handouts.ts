import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { fileLimits, type FileAudience } from '#shared/files/rules.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { addFile } from '../files/store.ts'
import type { FileStore } from '../outside/files.ts'
import { printPdf } from '../print/pdf.ts'
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

/** Puts the bytes among the server's files, before the demonstration is written. */
export async function keepHandouts(files: FileStore, at: number): Promise<Handouts> {
  const keep = async (bytes: Buffer, type: string, width: number | null = null, height: number | null = null): Promise<Kept> => {
    const key = `demonstration/${newId()}`
    return { key, ...(await files.put(key, Readable.from([bytes]), fileLimits.team)), type, width, height }
  }
  const axes = findPicture('axes.webp')
  return {
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
