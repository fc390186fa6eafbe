import { markedName } from '#shared/guests/rules.ts'
import { getPerson } from '../account/store.ts'
import type { FlowTools } from '../consequences/consequences.ts'
import type { Tx } from '../db/db.ts'
import { guestsAmong } from '../guests/store.ts'
import { listTeam } from '../inbox/store.ts'
import { schedule } from '../jobs/store.ts'
import { replayLetter } from '../mail/letters.ts'
import { queueMail } from '../mail/store.ts'
import { addNotice, findMailbox } from '../notices/store.ts'
import { findFilms } from '../recording/store.ts'
import { listStandings, readLesson } from '../replay/store.ts'
import { findSession, findSessionOf } from '../session/store.ts'
import { listMembers, titleOf } from '../spoc/store.ts'

/** How much later those who were there learn of a replay (ms). */
const laterToldOfReplay = 3_600_000

/** Who is told that a replay is ready. */
export interface ReplayTold {
  room: string
  whom: 'absent' | 'others'
}

/** Plans both words about a replay; each person hears one, once. */
export async function planReplayTelling(tx: Tx, room: string, now: number) {
  const told = (whom: ReplayTold['whom'], due: number) =>
    schedule(tx, { kind: 'replay-tell', key: `${room} ${whom}`, payload: { room, whom } satisfies ReplayTold, due })
  await told('absent', now)
  await told('others', now + laterToldOfReplay)
}

/** Somebody objects to the replay of a room. */
export interface ReplayObjected {
  room: string
  spoc: string
  person: string
}

/** R9: the team learns that a replay is hidden, and by whose objection. */
export async function tellObjected(tx: Tx, { room, spoc, person }: ReplayObjected, { id, now }: FlowTools) {
  const session = await findSessionOf(tx, room)
  const found = session === undefined ? undefined : await findSession(tx, session)
  if (!found) return
  const [spocTitle, { name }] = [await titleOf(tx, spoc), await getPerson(tx, person)]
  const isGuest = (await guestsAmong(tx, [person])).size > 0
  const facts = { kind: 'replay-objected', session: found.id, about: person, title: found.title, spocTitle } as const
  for (const member of await listTeam(tx, spoc)) {
    if (member === person) continue
    const said = isGuest ? markedName(name, (await getPerson(tx, member)).language) : name
    await addNotice(tx, { person: member, cause: id, facts: { ...facts, name: said }, now })
  }
}

/** The team showed a recording again, or put it into the bin; `people` had objected to it. */
export interface RecordingSettled {
  room: string
  spoc: string
  how: 'shown' | 'deleted'
  people: string[]
}

/** R9: who objected learns what became of it. */
export async function tellSettled(tx: Tx, { room, spoc, how, people }: RecordingSettled, { id, now }: FlowTools) {
  const session = await findSessionOf(tx, room)
  const found = session === undefined ? undefined : await findSession(tx, session)
  if (!found) return
  const facts = { kind: 'objection-settled', session: found.id, how, title: found.title, spocTitle: await titleOf(tx, spoc) } as const
  // A guest has no page of notices: their own link says it (G10).
  const guests = await guestsAmong(tx, people)
  for (const person of people) if (!guests.has(person)) await addNotice(tx, { person, cause: id, facts, now })
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
