import { isNull } from 'drizzle-orm'
import ICAL from 'ical.js'
import nodeIcal from 'node-ical'
import { expect } from 'vitest'
import { calendarRoutes } from '#shared/calendar/wire.ts'
import { followupRoutes } from '#shared/followup/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { mentoringRoutes } from '#shared/mentoring/wire.ts'
import { noticesRoutes, type Notice } from '#shared/notices/wire.ts'
import { pathRoutes } from '#shared/path/wire.ts'
import type { Result } from '#shared/result.ts'
import { sessionRoutes } from '#shared/session/wire.ts'
import { calendarHandlers } from '#server/calendar/routes.ts'
import { consequences } from '#server/consequences/tables.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { keptOf } from '#server/flows/lesson.ts'
import { cause, hasEnded, hasReopened, jobHandlers, startFlows } from '#server/flows.ts'
import { followupHandlers } from '#server/followup/routes.ts'
import type { Handlers } from '#server/http/door.ts'
import { startJobs } from '#server/jobs/jobs.ts'
import type { Loop } from '#server/jobs/loop.ts'
import type { Rooms } from '#server/live/rooms.ts'
import { openLog } from '#server/logger.ts'
import { mails } from '#server/mail/tables.ts'
import { findNextTime } from '#server/mentoring/booking.store.ts'
import { mentoringHandlers, type TellMentoring } from '#server/mentoring/routes.ts'
import { noticesHandlers } from '#server/notices/routes.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { readShares } from '#server/attendance/presence.ts'
import { listLate } from '#server/path/everybody.store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import { sessionHandlers } from '#server/session/routes.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { TestClock } from '#tests/support/clock.ts'

export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour
/** A Tuesday, ten in the morning at Paris. */
export const morning = Date.UTC(2026, 10, 24, 9)

export const method = (ics: string) => new ICAL.Component(ICAL.parse(ics) as unknown[]).getFirstPropertyValue('method')
export const eventIn = (ics: string) => new ICAL.Event(new ICAL.Component(ICAL.parse(ics) as unknown[]).getFirstSubcomponent('vevent')!)
/** The same entry, read by another program. */
export const otherEventIn = (ics: string) =>
  Object.values(nodeIcal.sync.parseICS(ics)).find((each) => each?.type === 'VEVENT') as nodeIcal.VEvent

export const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
  return said.value
}
export const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

/** A course whose calendar is told of: Awa learns, Odile observes. The loops are the caller's to stop. */
export async function aCourse(db: Db, loops: Loop[]) {
  const clock = new TestClock()
  clock.forward(morning - clock.now())
  const outlook = { origin: 'https://cercle.example', organizer: { name: 'Cercle', email: 'cercle@example.org' } }
  const log = openLog('silent')
  const door = await aDoor({
    db,
    contracts: { ...sessionRoutes, ...calendarRoutes, ...noticesRoutes, ...mentoringRoutes, ...pathRoutes, ...followupRoutes },
    handlers: {
      ...sessionHandlers(
        (tx, session, before) =>
          cause(tx, 'session-changed', `${session.id}:${session.sequence}`, { session: session.id, instants: [...before, session.starts] }),
        hasEnded,
        { reopened: hasReopened, kept: keptOf },
      ),
      ...calendarHandlers,
      ...noticesHandlers,
      ...mentoringHandlers(cause as TellMentoring, { doneAmong: async () => new Set(), films: async () => new Map() }),
      ...pathHandlers({
        makeSpoc: createSpoc,
        copyFiles,
        duplicated: async () => undefined,
        copied: async () => undefined,
        handedIn: async () => undefined,
        fedBack: async () => undefined,
        meetingChanged: (tx, activity, instants) =>
          cause(tx, 'meeting-changed', `${activity}:${newId()}`, { activity, instants: [...instants] }),
      }),
      ...followupHandlers({ late: listLate, attended: readShares, nextTime: findNextTime }),
    } as unknown as Handlers<RouteContracts>,
  })
  door.clock.ahead = morning - Date.now()
  const { spoc, owner, aMember } = await door.aSpoc()
  const awa = await aMember('Awa', 'learner')
  await aMember('Odile', 'observer')
  /** Has a server's workers go on; stopped and called again, it is a server that was started again. */
  const start = async () => {
    const flows = await startFlows({ db, clock, log })
    const jobs = await startJobs({
      db,
      clock,
      log,
      handlers: jobHandlers({} as Rooms, openDiskFiles('/nowhere'), outlook, () => clock.now()),
    })
    loops.push(flows, jobs)
  }
  await start()
  const sent = async () =>
    (await db.read((tx) => tx.select().from(mails).orderBy(mails.created, mails.recipient))).map(
      ({ recipient, subject, text, ics, due }) => ({ recipient, subject, text, ics: ics ?? '', due }),
    )
  /** What was said until now has had its consequences. */
  const settled = () => soon(() => db.read((tx) => tx.$count(consequences, isNull(consequences.done)))).toBe(0)
  /** Time goes on, as far as the loops and the door know it. What was said before belongs to the time before. */
  const later = async (ms: number) => {
    await settled()
    door.clock.ahead += ms
    clock.forward(ms)
  }
  const plan = async (starts: number) => {
    const made = await owner.post<{ id: string }>(`/api/spocs/${spoc}/sessions`, { title: 'Donner le rythme', starts, ends: starts + hour })
    return must(made).id
  }
  const noticed = async (who: Browser) => must(await who.get<Notice[]>('/api/notices')).map(({ facts }) => facts)
  return { db, clock, door, spoc, owner, awa, aMember, start, sent, settled, later, plan, noticed }
}
