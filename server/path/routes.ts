import { mayFollow, mayWritePath, readsAllOfPath } from '#shared/path/rules.ts'
import type { pathRoutes } from '#shared/path/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { owns } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { member, signedIn, type Handlers } from '../http/door.ts'
import {
  addActivity,
  binActivity,
  changeActivity,
  duplicateActivity,
  listActivities,
  listMeetings,
  orderActivities,
} from './activities.store.ts'
import { copySpoc, duplicateModule, type CopyFiles, type MakeSpoc } from './copy.ts'
import { completionCsv } from './csv.ts'
import { printReport } from './report.ts'
import { countWaitingWorks, getEverybody, getEvidence, getWithPeople, giveFeedback, markPresence } from './everybody.store.ts'
import { findReport, getRoad, handInWork, listNextSteps, markOwn, openActivity, saveDraft, saveRatings, zoneOf } from './road.store.ts'
import { addModule, binModule, changeModule, listModules, orderModules } from './store.ts'

/** T1 */
const writers = member(mayWritePath)
/** T6 */
const team = member(readsAllOfPath)
/** T17 */
const followers = member(mayFollow)
/** T21 */
const reporters = member((role) => readsAllOfPath(role) || role === 'learner')
/** T15 */
const learners = member((role) => role === 'learner')

/** What belongs to other features and is handed over where the routes are put together. */
export interface PathTies {
  makeSpoc: MakeSpoc
  copyFiles: CopyFiles
  /** Told when an activity was duplicated: who keeps more under its identity copies it. */
  duplicated(tx: Tx, from: string, to: string): Promise<void>
  /** Told when a course was copied, and which activity became which. */
  copied(tx: Tx, from: string, to: string, copies: ReadonlyMap<string, string>, now: number): Promise<void>
  /** Told in the transaction in which work is handed in. */
  handedIn(tx: Tx, handIn: { id: string; spoc: string; activity: string; person: string }): Promise<void>
  /** Told in the transaction in which somebody gets feedback on their work. */
  fedBack(tx: Tx, handIn: { id: string; spoc: string; activity: string; person: string; text: string; at: number }): Promise<void>
  /** Told in the transaction of whatever may change what calendars say of a meeting. `instants`: its start before and after. */
  meetingChanged(tx: Tx, activity: string, instants: readonly number[]): Promise<void>
}

/** Does something to the path, and tells of the meetings that it concerned. */
const telling = async <T>(
  meetingChanged: PathTies['meetingChanged'],
  tx: Tx,
  spoc: string,
  of: { module: string } | { activity: string },
  change: () => Promise<Result<T>>,
): Promise<Result<T>> => {
  const before = await listMeetings(tx, spoc, of)
  const done = await change()
  if (done.ok) for (const [id, starts] of await listMeetings(tx, spoc, of)) await meetingChanged(tx, id, [before.get(id) ?? starts, starts])
  return done
}

export const pathHandlers = ({
  makeSpoc,
  copyFiles,
  duplicated,
  copied,
  handedIn,
  fedBack,
  meetingChanged,
}: PathTies): Handlers<typeof pathRoutes> => ({
  'GET /api/spocs/:spoc/modules': {
    who: member(),
    run: async ({ db, member }) => ok(await db.read((tx) => listModules(tx, member.spoc))),
  },
  'POST /api/spocs/:spoc/modules': {
    who: writers,
    run: ({ db, member, body, now }) => db.transaction((tx) => addModule(tx, member.spoc, body, now)),
  },
  'PATCH /api/spocs/:spoc/modules/:module': {
    who: writers,
    run: ({ db, member, params, body }) => db.transaction((tx) => changeModule(tx, member.spoc, params.module, body)),
  },
  'DELETE /api/spocs/:spoc/modules/:module': {
    who: writers,
    run: ({ db, member, params, now }) =>
      db.transaction((tx) => telling(meetingChanged, tx, member.spoc, params, () => binModule(tx, member.spoc, params.module, now))),
  },
  'POST /api/spocs/:spoc/modules/:module/restore': {
    who: writers,
    run: ({ db, member, params }) =>
      db.transaction((tx) => telling(meetingChanged, tx, member.spoc, params, () => binModule(tx, member.spoc, params.module, null))),
  },
  'POST /api/spocs/:spoc/modules/:module/duplicate': {
    who: writers,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const made = await duplicateModule(tx, member.spoc, params.module, asker.person, body.title, now)
        if (!made.ok) return made
        for (const [from, to] of made.value.copies) await duplicated(tx, from, to)
        return ok(made.value.module)
      }),
  },
  'POST /api/spocs/:spoc/modules/order': {
    who: writers,
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => orderModules(tx, member.spoc, body.order))
      return ok()
    },
  },
  'GET /api/spocs/:spoc/activities': {
    who: team,
    run: async ({ db, member }) => ok(await db.read((tx) => listActivities(tx, member.spoc))),
  },
  'POST /api/spocs/:spoc/activities': {
    who: writers,
    run: ({ db, member, asker, body, now }) =>
      db.transaction(async (tx) => {
        const made = await addActivity(tx, member.spoc, asker.person, body, now)
        const { detail, state } = body
        if (made.ok && detail.kind === 'meeting' && state === 'published') await meetingChanged(tx, made.value.id, [detail.starts])
        return made
      }),
  },
  'PATCH /api/spocs/:spoc/activities/:activity': {
    who: writers,
    run: ({ db, member, params, body }) =>
      db.transaction((tx) =>
        telling(meetingChanged, tx, member.spoc, params, () => changeActivity(tx, member.spoc, params.activity, body)),
      ),
  },
  'DELETE /api/spocs/:spoc/activities/:activity': {
    who: writers,
    run: ({ db, member, params, now }) =>
      db.transaction((tx) => telling(meetingChanged, tx, member.spoc, params, () => binActivity(tx, member.spoc, params.activity, now))),
  },
  'POST /api/spocs/:spoc/activities/:activity/restore': {
    who: writers,
    run: ({ db, member, params }) =>
      db.transaction((tx) => telling(meetingChanged, tx, member.spoc, params, () => binActivity(tx, member.spoc, params.activity, null))),
  },
  'POST /api/spocs/:spoc/activities/:activity/duplicate': {
    who: writers,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const made = await duplicateActivity(tx, member.spoc, params.activity, asker.person, body.title, now)
        if (made.ok) await duplicated(tx, params.activity, made.value.id)
        return made
      }),
  },
  'POST /api/spocs/:spoc/activities/order': {
    who: writers,
    run: ({ db, member, body }) => db.transaction((tx) => orderActivities(tx, member.spoc, body.module, body.order)),
  },
  'GET /api/spocs/:spoc/road': {
    who: member(),
    run: async ({ db, member, asker, now }) => ok(await db.read((tx) => getRoad(tx, { ...member, person: asker.person }, now))),
  },
  'GET /api/spocs/:spoc/activities/:activity': {
    who: member(),
    run: ({ db, member, asker, params, now }) =>
      db.read((tx) => openActivity(tx, { ...member, person: asker.person }, params.activity, now)),
  },
  'POST /api/spocs/:spoc/activities/:activity/mark': {
    who: learners,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction((tx) => markOwn(tx, { ...member, person: asker.person }, params.activity, body.state, now)),
  },
  'PUT /api/spocs/:spoc/activities/:activity/draft': {
    who: learners,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction((tx) => saveDraft(tx, { ...member, person: asker.person }, params.activity, body, now)),
  },
  'POST /api/spocs/:spoc/activities/:activity/hand-ins': {
    who: learners,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const done = await handInWork(tx, { ...member, person: asker.person }, params.activity, body, now)
        if (done.ok) await handedIn(tx, { id: done.value.id, spoc: member.spoc, activity: params.activity, person: asker.person })
        return done
      }),
  },
  'PUT /api/spocs/:spoc/activities/:activity/ratings': {
    who: learners,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction((tx) => saveRatings(tx, { ...member, person: asker.person }, params.activity, body.ratings, now)),
  },
  'GET /api/spocs/:spoc/activities/:activity/people': {
    who: team,
    run: ({ db, member, params, now }) => db.read((tx) => getWithPeople(tx, member.spoc, params.activity, now)),
  },
  'GET /api/spocs/:spoc/activities/:activity/people/:person': {
    who: followers,
    run: ({ db, member, asker, params, now }) =>
      db.read((tx) => getEvidence(tx, { ...member, person: asker.person }, params.activity, params.person, now)),
  },
  'PUT /api/spocs/:spoc/activities/:activity/people/:person': {
    who: team,
    run: ({ db, member, asker, params: { activity, person }, body: { present }, now }) =>
      db.transaction((tx) => markPresence(tx, { spoc: member.spoc, activity, person, present, by: asker.person, now })),
  },
  'PUT /api/spocs/:spoc/hand-ins/:handIn/feedback': {
    who: team,
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const done = await giveFeedback(tx, member.spoc, params.handIn, asker.person, body.text, now)
        if (!done.ok) return done
        await fedBack(tx, { id: params.handIn, spoc: member.spoc, ...done.value, text: body.text })
        return ok()
      }),
  },
  'GET /api/spocs/:spoc/progress': {
    who: followers,
    run: async ({ db, member, asker, now }) => ok(await db.read((tx) => getEverybody(tx, { ...member, person: asker.person }, now))),
  },
  'GET /api/spocs/:spoc/progress/csv': {
    who: followers,
    run: async ({ db, member, asker, query, headers, now }) => {
      const [everybody, zone] = await db.read(async (tx) => [
        await getEverybody(tx, { ...member, person: asker.person }, now),
        await zoneOf(tx, member.spoc),
      ])
      headers.set('content-disposition', 'attachment; filename="parcours.csv"')
      return ok({ type: 'text/csv; charset=utf-8', bytes: Buffer.from(completionCsv(everybody, query, zone)) })
    },
  },
  'GET /api/spocs/:spoc/people/:person/report': {
    who: reporters,
    run: async ({ db, member, asker, params, now }) => {
      const found = await db.read((tx) => findReport(tx, { ...member, person: asker.person }, params.person, now))
      return found ? ok(found) : refuse('http/not-found')
    },
  },
  'GET /api/spocs/:spoc/people/:person/report/pdf': {
    who: reporters,
    run: async ({ db, member, asker, params, query, headers, now }) => {
      const [found, zone] = await db.read(async (tx) => [
        await findReport(tx, { ...member, person: asker.person }, params.person, now),
        await zoneOf(tx, member.spoc),
      ])
      if (!found) return refuse('http/not-found')
      headers.set('content-disposition', 'attachment; filename="bilan.pdf"')
      return ok({ type: 'application/pdf', bytes: await printReport(found, query.language, zone, now) })
    },
  },
  'POST /api/spocs/:spoc/copies': {
    who: member(owns, 'archived'),
    run: async ({ db, member, asker, body, now }) => {
      const made = await db.transaction(async (tx) => {
        const done = await copySpoc(tx, { makeSpoc, copyFiles }, member.spoc, asker.person, body.title, now)
        if (done.ok) await copied(tx, member.spoc, done.value.id, done.value.copies, now)
        return done
      })
      return made.ok ? ok({ id: made.value.id }) : made
    },
  },
  'GET /api/works/waiting': {
    who: signedIn,
    run: async ({ db, asker }) => ok(await db.read((tx) => countWaitingWorks(tx, asker.person))),
  },
  'GET /api/next-steps': {
    who: signedIn,
    run: async ({ db, asker, now }) => ok(await db.read((tx) => listNextSteps(tx, asker.person, now))),
  },
})
