import { notesDocument, notesRoot, readyWeek } from '#shared/mentoring/rules.ts'
import * as Y from 'yjs'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { insertUpdates, saveLease } from '../live/documents.store.ts'
import { cause } from '../flows.ts'
import { addGoal, agreeAction } from '../mentoring/agreed.store.ts'
import { book } from '../mentoring/booking.store.ts'
import { listComingCalls, putCall } from '../mentoring/call.store.ts'
import { listFreeTimes, saveOffer } from '../mentoring/offer.store.ts'
import { propose } from '../mentoring/proposal.store.ts'
import { addWish } from '../mentoring/wish.store.ts'
import { afternoonOf, day, dayIn, minute } from './calendar.ts'
import { french, zone } from './course.ts'
import { isEmpty } from '../session/store.ts'
import { must } from './lesson.ts'

type People = Record<'marc' | 'awa', string>

/** In a quarter of an hour and a little, on a full five minutes. */
const soon = (now: number) => Math.ceil((now + 18 * minute) / (5 * minute)) * 5 * minute

/** A call of Marc and Awa at a time of the script's own: booked like any other, then put there. */
async function aCall(tx: Tx, spoc: string, { marc, awa }: People, about: string, starts: number, now: number) {
  const asked = { spoc, mentor: marc, person: awa, by: 'mentor' as const }
  const [time] = await listFreeTimes(tx, { ...asked, from: now, to: now + 28 * day }, now)
  if (!time) throw new Error('the demonstration finds no free time')
  const { call, room } = must(await book(tx, { ...asked, starts: time.starts, about: french(about) }, now), 'book a call')
  await putCall(tx, call, { starts })
  return { call, room }
}

/** Marc's week, a call that was held three days ago, and one in twenty minutes. What they agreed becomes an activity of Awa's path as soon as the server runs. */
export async function seedCalls(tx: Tx, spoc: string, people: People, now: number): Promise<void> {
  const { marc, awa } = people
  const off = dayIn(now + 9 * day, zone)
  const offered = {
    ...readyWeek(zone),
    windows: [
      { weekday: 1, from: '17:00', to: '19:00' },
      { weekday: 2, from: '09:00', to: '12:00' },
      { weekday: 2, from: '14:00', to: '17:00' },
      { weekday: 4, from: '09:00', to: '12:00' },
      { weekday: 5, from: '08:30', to: '10:30' },
    ],
    exceptions: [{ kind: 'off' as const, day: off, until: off }],
    quota: 4,
  }
  must(await saveOffer(tx, spoc, marc, offered), 'offer calls')

  const held = afternoonOf(now - 3 * day, 15, zone)
  const past = await aCall(tx, spoc, people, 'Mon objectif est trop vague, je n’arrive pas à choisir mes activités.', held, now)
  for (const text of ['Formuler un objectif observable pour la sécurité des machines', 'Choisir la première activité'])
    must(await addGoal(tx, past.room, awa, french(text), held), 'set a goal')
  const action = {
    person: awa,
    title: french('Observer dix minutes un collègue à son poste et noter trois gestes'),
    due: now + 4 * day,
  }
  const agreed = must(await agreeAction(tx, past.room, marc, action, held + 24 * minute), 'agree an action')
  await cause(tx, 'action-agreed', agreed.action, agreed)
  await writeNotes(tx, past.room, marc, held + 10 * minute, [
    'Public : conducteurs de ligne, peu à l’aise avec l’écrit.',
    'Objectif retenu : « consigner une machine seul, sans oublier d’étape ».',
    'Première activité : partir d’un presque-accident vécu (Interpeller).',
  ])
  await putCall(tx, past.call, {
    starts: held,
    state: 'held',
    privateNotes: french(
      'Beaucoup d’idées, doute de sa légitimité à animer. Revenir sur la question manquée en séance 1 : elle sous-estime la disponibilité qu’un petit groupe demande.',
    ),
  })

  await nextCall(tx, spoc, people, now)
}

/** Marc answers a wish of somebody with three of his times. */
export async function seedProposal(tx: Tx, spoc: string, { marc, person }: { marc: string; person: string }, now: number): Promise<void> {
  const said = { spoc, mentor: marc, person, text: french('Plutôt le soir à La Réunion, après le chantier.'), times: [] }
  const wish = must(await addWish(tx, said, now - 20 * 60 * minute), 'send a wish').id
  const free = await listFreeTimes(tx, { spoc, mentor: marc, by: 'mentor', person, from: now + day, to: now + 14 * day }, now)
  const starts = [free[0], free[2], free.at(-1)].flatMap((time) => time?.starts ?? [])
  const text = french('Bonjour Louis, voici trois moments possibles ; dites-moi celui qui vous arrange.')
  const { id, times } = must(await propose(tx, { spoc, mentor: marc, person, text, starts, wish }, now - 2 * 60 * minute), 'propose times')
  const proposed = times.map((time) => ({ starts: time.starts, ends: time.ends }))
  await cause(tx, 'times-proposed', id, { spoc, mentor: marc, person, text, times: proposed })
}

const nextCall = (tx: Tx, spoc: string, people: People, now: number) =>
  aCall(tx, spoc, people, 'Je voudrais relire avec vous mon déroulé de 75 minutes et oser l’animer.', soon(now), now)

/**
 * The call that comes is in twenty minutes again when it is nearer than `near` and nobody has come to it; when it was held or given up, there
 * is another one.
 */
export async function bringCallsBack(tx: Tx, spoc: string, people: People, now: number, near: number): Promise<void> {
  const mine = (await listComingCalls(tx, people.marc, now)).filter(
    (call) => call.spoc === spoc && call.learners.some(({ id }) => id === people.awa),
  )
  const [next] = mine
  if (next && (next.starts > now + near || !(await isEmpty(tx, next.room)))) return
  const starts = soon(now)
  if (next) await putCall(tx, next.id, { starts })
  else await nextCall(tx, spoc, people, now)
}

/** Lines of shared notes, as the room keeps them. */
async function writeNotes(tx: Tx, room: string, person: string, at: number, lines: readonly string[]) {
  const document = notesDocument(room)
  const doc = new Y.Doc()
  await saveLease(tx, document, doc.clientID, person)
  const map = doc.getMap(notesRoot)
  doc.transact(() => lines.forEach((text, i) => map.set(newId(), { place: i + 1, text: french(text) })))
  await tx.execute(insertUpdates(document, [{ seq: 1, at, person, client: doc.clientID, bytes: Y.encodeStateAsUpdate(doc) }], undefined))
  doc.destroy()
}
