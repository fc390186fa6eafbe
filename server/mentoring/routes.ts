import { mayBook, mayOffer } from '#shared/mentoring/rules.ts'
import type { Call, mentoringRoutes } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, takesPart } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { member, signedIn, type Handlers } from '#server/http/door.ts'
import {
  addGoal,
  agreeAction,
  getCallPage,
  getPrivateNotes,
  readNotes,
  removeGoal,
  withdrawAction,
  writePrivateNotes,
  type Agreed,
} from './agreed.store.ts'
import { book } from './booking.store.ts'
import { cancelCall, findCall, listComingCalls, moveCall, settleCall } from './call.store.ts'
import { getCockpit, type CockpitSources } from './cockpit.store.ts'
import { getOffer, listFreeTimes, saveOffer, zoneOfMentor } from './offer.store.ts'
import { listProposals, pickProposed, propose, withdrawProposal } from './proposal.store.ts'
import { getMentoring } from './store.ts'
import { addWish, answerWish, countWishes } from './wish.store.ts'

/** A call that was booked, moved or cancelled, for those who are told. */
export interface CallChanged {
  call: string
  /** Its time before, when it moved. */
  before?: number
}

/** Somebody said that no time suits them. */
export interface Wished {
  spoc: string
  mentor: string
  person: string
  text: string
}

/** A mentor proposed times to a learner. */
export interface Proposed {
  spoc: string
  mentor: string
  person: string
  text: string
  times: { starts: number; ends: number }[]
}

/** What happens in mentoring that has consequences elsewhere. */
export interface MentoringCauses {
  'call-booked': CallChanged
  'call-moved': CallChanged
  'call-cancelled': CallChanged
  'wish-sent': Wished
  'times-proposed': Proposed
  'call-renewed': { room: string; change: string }
  'action-agreed': Agreed
  'action-withdrawn': { spoc: string; activity: string }
}
export type TellMentoring = <What extends keyof MentoringCauses>(
  tx: Tx,
  what: What,
  key: string,
  payload: MentoringCauses[What],
) => Promise<unknown>

/** `tell` says what happened in the transaction that saves it; of the sources, `doneAmong` reads back from the path what came of the actions. */
export const mentoringHandlers = (tell: TellMentoring, sources: CockpitSources): Handlers<typeof mentoringRoutes> => {
  const { doneAmong } = sources
  const call = async (tx: Tx, person: string, room: string): Promise<Result<Call>> => {
    const found = await findCall(tx, person, room)
    return found ? ok(found) : refuse('mentoring/not-found')
  }
  /** Who shows the call asks again. */
  const renewed = async <T>(tx: Tx, room: string, result: Result<T>): Promise<Result<T>> => {
    const change = newId()
    if (result.ok) await tell(tx, 'call-renewed', change, { room, change })
    return result
  }
  const wasBooked = (tx: Tx, id: string, person: string) => tell(tx, 'call-booked', `${id} ${person} ${newId()}`, { call: id })

  return {
    'GET /api/calls': {
      who: signedIn,
      run: async ({ asker, db, now }) =>
        ok(
          await db.read(async (tx) => ({
            now,
            calls: await listComingCalls(tx, asker.person, now),
            proposals: await listProposals(tx, asker.person, now, { open: true }),
            wishes: await countWishes(tx, asker.person),
          })),
        ),
    },
    'GET /api/spocs/:spoc/mentoring': {
      who: member(takesPart),
      run: async ({ member, asker, db, now }) => ok(await db.read((tx) => getMentoring(tx, member.spoc, asker.person, now))),
    },
    'GET /api/spocs/:spoc/mentors/:person/times': {
      who: member(mayBook),
      run: ({ member, asker, params, query, db, now }) =>
        db.read(async (tx) => {
          const mentor = params.person
          const by = mentor === asker.person ? 'mentor' : 'learner'
          const times = await listFreeTimes(tx, { spoc: member.spoc, mentor, by, person: asker.person, ...query }, now)
          return ok({ times, zone: await zoneOfMentor(tx, member.spoc, mentor) })
        }),
    },
    'GET /api/spocs/:spoc/offer': {
      who: member(mayOffer),
      run: async ({ member, asker, db }) => ok(await db.read((tx) => getOffer(tx, member.spoc, asker.person))),
    },
    'PUT /api/spocs/:spoc/offer': {
      who: member(mayOffer),
      run: ({ member, asker, body, db }) => db.transaction((tx) => saveOffer(tx, member.spoc, asker.person, body)),
    },
    'POST /api/spocs/:spoc/calls': {
      who: member(mayBook),
      run: ({ member, asker, body: { mentor, starts, about, person = asker.person }, db, now }) => {
        // A mentor books their own calls for others; a learner books for nobody else.
        const by = mentor === asker.person && isTeam(member.role) ? 'mentor' : 'learner'
        if (by === 'learner' && person !== asker.person) return refuse('http/not-allowed')
        return db.transaction(async (tx) => {
          const made = await book(tx, { spoc: member.spoc, mentor, person, starts, about, by }, now)
          if (!made.ok) return made
          const { call: id, room } = made.value
          await wasBooked(tx, id, person)
          return call(tx, asker.person, room)
        })
      },
    },
    'POST /api/spocs/:spoc/wishes': {
      who: member((role) => mayBook(role) && !isTeam(role)),
      run: ({ member, asker, body, db, now }) =>
        db.transaction(async (tx) => {
          const asked = { spoc: member.spoc, person: asker.person, ...body }
          const made = await addWish(tx, asked, now)
          const { spoc, mentor, person, text } = asked
          if (made.ok) await tell(tx, 'wish-sent', made.value.id, { spoc, mentor, person, text })
          return made
        }),
    },
    'POST /api/spocs/:spoc/wishes/:wish/answer': {
      who: member(mayOffer),
      run: ({ member, asker, params, db, now }) => db.transaction((tx) => answerWish(tx, member.spoc, asker.person, params.wish, now)),
    },
    'POST /api/spocs/:spoc/proposals': {
      who: member(mayOffer),
      run: ({ member, asker, body, db, now }) =>
        db.transaction(async (tx) => {
          const made = await propose(tx, { spoc: member.spoc, mentor: asker.person, ...body }, now)
          if (!made.ok) return made
          const { id, text } = made.value
          const times = made.value.times.map(({ starts, ends }) => ({ starts, ends }))
          await tell(tx, 'times-proposed', id, { spoc: member.spoc, mentor: asker.person, person: body.person, text, times })
          return made
        }),
    },
    'POST /api/spocs/:spoc/proposals/:proposal/pick': {
      who: member((role) => mayBook(role) && !isTeam(role)),
      run: ({ member, asker, params, body, db, now }) =>
        db.transaction(async (tx) => {
          const made = await pickProposed(tx, member.spoc, asker.person, params.proposal, body.starts, now)
          if (!made.ok) return made
          await wasBooked(tx, made.value.call, asker.person)
          return call(tx, asker.person, made.value.room)
        }),
    },
    'DELETE /api/spocs/:spoc/proposals/:proposal': {
      who: member(mayOffer),
      run: ({ member, asker, params, db }) => db.transaction((tx) => withdrawProposal(tx, member.spoc, asker.person, params.proposal)),
    },
    'GET /api/rooms/:room/call': {
      who: member(),
      run: ({ asker, params, db }) => db.read((tx) => getCallPage(tx, params.room, asker.person, doneAmong)),
    },
    'POST /api/rooms/:room/call/move': {
      who: member(),
      run: ({ asker, params, body, db, now }) =>
        db.transaction(async (tx) => {
          const moved = await moveCall(tx, params.room, asker.person, body.starts, now)
          if (!moved.ok) return moved
          const { call: id, room, sequence, before, left } = moved.value
          if (left) {
            // Who shared it has given up a place in one call and booked another one.
            await tell(tx, 'call-cancelled', `${left.call} ${asker.person} ${newId()}`, { call: left.call })
            await wasBooked(tx, id, asker.person)
          } else if (before !== body.starts) await tell(tx, 'call-moved', `${id} ${sequence}`, { call: id, before })
          return call(tx, asker.person, room)
        }),
    },
    'POST /api/rooms/:room/call/cancel': {
      who: member(),
      run: ({ asker, params, body, db, now }) =>
        db.transaction(async (tx) => {
          const done = await cancelCall(tx, params.room, asker.person, body.reason, now)
          if (!done.ok) return done
          const { call: id, sequence } = done.value
          await tell(tx, 'call-cancelled', `${id} ${sequence} ${asker.person} ${newId()}`, { call: id })
          return ok()
        }),
    },
    'POST /api/rooms/:room/call/outcome': {
      who: member(isTeam),
      run: ({ asker, params, body, db, now }) => db.transaction((tx) => settleCall(tx, params.room, asker.person, body.outcome, now)),
    },
    'GET /api/rooms/:room/call/cockpit': {
      who: member(isTeam),
      run: ({ asker, params, db, now }) => db.read((tx) => getCockpit(tx, params.room, asker.person, sources, now)),
    },
    'GET /api/rooms/:room/call/notes': {
      who: member(),
      run: ({ asker, params, db }) => db.read((tx) => readNotes(tx, params.room, asker.person)),
    },
    'GET /api/rooms/:room/call/private-notes': {
      who: member(isTeam),
      run: ({ asker, params, db }) => db.read((tx) => getPrivateNotes(tx, params.room, asker.person)),
    },
    'PUT /api/rooms/:room/call/private-notes': {
      who: member(isTeam),
      run: ({ asker, params, body, db }) => db.transaction((tx) => writePrivateNotes(tx, params.room, asker.person, body.text)),
    },
    'POST /api/rooms/:room/call/goals': {
      who: member(),
      run: ({ asker, params, body, db, now }) =>
        db.transaction(async (tx) => renewed(tx, params.room, await addGoal(tx, params.room, asker.person, body.text, now))),
    },
    'DELETE /api/rooms/:room/call/goals/:goal': {
      who: member(),
      run: ({ asker, params, db, now }) =>
        db.transaction(async (tx) => renewed(tx, params.room, await removeGoal(tx, params.room, asker.person, params.goal, now))),
    },
    'POST /api/rooms/:room/call/actions': {
      who: member(),
      run: ({ asker, params, body, db, now }) =>
        db.transaction(async (tx) => {
          const agreed = await agreeAction(tx, params.room, asker.person, body, now)
          if (!agreed.ok) return agreed
          await tell(tx, 'action-agreed', agreed.value.action, agreed.value)
          return renewed(tx, params.room, ok())
        }),
    },
    'DELETE /api/rooms/:room/call/actions/:action': {
      who: member(),
      run: ({ asker, params, db, now }) =>
        db.transaction(async (tx) => {
          const gone = await withdrawAction(tx, params.room, asker.person, params.action, doneAmong, now)
          if (!gone.ok) return gone
          const { spoc, activity } = gone.value
          if (activity !== null) await tell(tx, 'action-withdrawn', params.action, { spoc, activity })
          return renewed(tx, params.room, ok())
        }),
    },
  }
}
