import type { Tx } from '../db/db.ts'
import { replayLetter } from '../mail/letters.ts'
import { queueMail } from '../mail/store.ts'
import { addNotice, findMailbox } from '../notices/store.ts'
import { findFilms } from '../recording/store.ts'
import { listStandings, readLesson } from '../replay/store.ts'
import { findSession, findSessionOf } from '../session/store.ts'
import { listMembers, titleOf } from '../spoc/store.ts'

/** How much later those who were there learn of a replay (ms). */
export const laterToldOfReplay = 3_600_000

/** Who is told that a replay is ready. */
export interface ReplayTold {
  room: string
  whom: 'absent' | 'others'
}

/** A word to the learners who were absent from what was recorded, or to the others; nothing while it may not be watched. */
export async function tellOfReplay(tx: Tx, { room, whom }: ReplayTold, origin: string, now: number) {
  const session = await findSessionOf(tx, room)
  const films = await findFilms(tx, room, 'learner', now)
  if (session === undefined || !films) return
  const found = await findSession(tx, session)
  if (!found) return
  const { spoc, title } = found
  const spocTitle = await titleOf(tx, spoc)
  const learners = await listStandings(tx, room, { lesson: await readLesson(tx, room), films }, await listMembers(tx, spoc, 'trainer'), now)
  const [id, address] = [`replay:${room}`, `${origin}/sessions/${session}/replay`]
  for (const { person, presence } of learners) {
    const absent = presence === 'absent'
    if (absent !== (whom === 'absent')) continue
    const isNew = await addNotice(tx, { person, cause: id, facts: { kind: 'replay-ready', session, title, spocTitle, absent }, now })
    const box = isNew ? await findMailbox(tx, person, 'replays', now) : undefined
    if (box)
      await queueMail(tx, {
        cause: id,
        recipient: box.email,
        ...replayLetter({ title, spocTitle, absent, address }, box),
        now,
        due: box.due,
      })
  }
}
