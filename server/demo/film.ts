import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseCaptions } from '#shared/replay/captions.ts'
import { instantOf } from '#shared/replay/rules.ts'
import type { Film } from '#shared/replay/wire.ts'
import type { Session } from '#shared/session/wire.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { addInquiry, answerInquiry } from '../inbox/store.ts'
import type { FileStore } from '../outside/files.ts'
import { acknowledgeChunk, findFilms, findPart, finishPart, saveFilm } from '../recording/store.ts'
import { readLesson, saveProgress, writeCaptions, writeChapters } from '../replay/store.ts'
import { minute } from './calendar.ts'
import { french, type MemberName } from './course.ts'
import { must } from './lesson.ts'

/** What was recorded of the first session: when each part was begun (minutes), and how long it lasts (ms). */
export const recorded = [
  { at: 12.3, lasts: 71_208 },
  { at: 23.6, lasts: 78_008 },
  { at: 47.95, lasts: 18_208 },
  { at: 51.6, lasts: 52_408 },
] as const

/** The chapters, each with the part it begins with. */
const chapters = [
  { part: 0, title: 'Pourquoi le petit groupe ?' },
  { part: 1, title: 'Cinq axes pour décrire une activité' },
  { part: 2, title: 'La question, et ce qu’il faut en retenir' },
] as const

/** A part of the film, kept with the server's files. */
export interface KeptPart {
  part: string
  key: string
  size: number
}

const type = 'video/webm'

/** Where the film lies beside this code, built or not; undefined when the server was installed without it. */
function findFolder(): string | undefined {
  for (let at = dirname(fileURLToPath(import.meta.url)), up = 0; up < 5; at = dirname(at), up++)
    if (existsSync(join(at, 'server/demo/film/captions.vtt'))) return join(at, 'server/demo/film')
  return undefined
}

/** Puts the film among the server's files, before the demonstration is written: a film that nobody names is only room taken. */
export async function keepFilm(files: FileStore): Promise<KeptPart[]> {
  const folder = findFolder()
  if (folder === undefined) return []
  return Promise.all(
    recorded.map(async (_, i) => {
      const path = join(folder, `${i + 1}.webm`)
      const part = newId()
      const key = `demonstration/${part}.${newId()}`
      const { size } = await files.put(key, createReadStream(path), statSync(path).size)
      return { part, key, size }
    }),
  )
}

/** The replay of the first session: its film, captions and chapters; Louis has begun it and asked something at a second of it. */
export async function writeReplay(tx: Tx, session: Session, parts: readonly KeptPart[], people: Readonly<Record<MemberName, string>>) {
  const folder = findFolder()
  if (folder === undefined || parts.length === 0) return
  const { room, spoc, starts, ends } = session
  for (const [i, { part, key, size }] of parts.entries()) {
    const { at = 0, lasts = 0 } = recorded[i] ?? {}
    const from = starts + Math.round(at * minute)
    await acknowledgeChunk(tx, part, { seq: 0, media: lasts, server: from + lasts, type, size })
    const kept = await findPart(tx, room, part)
    if (!kept) throw new Error('a part of the film was never recorded')
    must(await finishPart(tx, kept, 1, ends), 'end a part of the film')
    await saveFilm(tx, part, { film: key, filmType: type, filmSize: size, filmOf: size, duration: lasts })
  }
  const films: Film[] = (await findFilms(tx, room, 'trainer', ends)) ?? []
  const cues = must(parseCaptions(readFileSync(join(folder, 'captions.vtt'), 'utf8')), 'read the captions')
  must(await writeCaptions(tx, { room, films, cues, base: undefined, person: people.claire, now: ends }), 'write the captions')
  await writeChapters(
    tx,
    room,
    chapters.map(({ part, title }) => ({
      at: Math.round(instantOf(films.slice(part, part + 1), 0)),
      kind: 'own' as const,
      title: french(title),
    })),
  )

  const louis = { person: people.louis, role: 'learner' } as const
  const replayed = { lesson: await readLesson(tx, room), films }
  const evening = ends + 20 * 60 * minute
  await saveProgress(tx, room, replayed, louis, { position: 0, watched: [] }, evening)
  await saveProgress(tx, room, replayed, louis, { position: 41_000, watched: [[0, 41]] }, evening + minute)
  const place = { kind: 'replay', session: session.id, second: 39 } as const
  const text = french('« Quelqu’un vous appelle » : est-ce la formatrice ou le mentor ? Et au bout de combien de temps ?')
  const asked = must(await addInquiry(tx, spoc, louis, { text, place }, evening + minute), 'ask here')
  const answer = french(
    'Le mentor, donc moi : qui manque une séance reçoit un mot de ma part dans les deux jours, et un horaire d’entretien s’il en a besoin.',
  )
  const marc = { person: people.marc, role: 'mentor' } as const
  must(await answerInquiry(tx, spoc, asked.id, marc, { answer, published: true }, evening + 90 * minute), 'answer it')
}
