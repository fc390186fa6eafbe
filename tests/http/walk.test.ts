import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { RouteContracts } from '#shared/http/contract.ts'
import { outboxRoutes } from '#shared/mail/wire.ts'
import { isTeam, roles, takesPart, type Role } from '#shared/spoc/rules.ts'
import { routes } from '#shared/wire.ts'
import { attendanceHandlers } from '#server/attendance/routes.ts'
import { calendarHandlers } from '#server/calendar/routes.ts'
import { captionsHandlers } from '#server/captions/routes.ts'
import { certificateHandlers } from '#server/certificate/routes.ts'
import { chatHandlers } from '#server/chat/routes.ts'
import type { Db } from '#server/db/db.ts'
import type { Handlers } from '#server/http/door.ts'
import { followupHandlers } from '#server/followup/routes.ts'
import { readShares } from '#server/attendance/presence.ts'
import { listLate } from '#server/path/everybody.store.ts'
import { findNextTime } from '#server/mentoring/booking.store.ts'
import { guestHandlers } from '#server/guests/routes.ts'
import { filesHandlers } from '#server/files/routes.ts'
import { noticesHandlers } from '#server/notices/routes.ts'
import { inboxHandlers } from '#server/inbox/routes.ts'
import { mentoringHandlers } from '#server/mentoring/routes.ts'
import { jobsHandlers } from '#server/jobs/routes.ts'
import { outboxHandlers } from '#server/mail/routes.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import { deckHandlers } from '#server/deck/routes.ts'
import { demoHandlers, type Demo } from '#server/demo/routes.ts'
import { openActivity } from '#server/path/road.store.ts'
import { aloneHandlers } from '#server/quiz/alone.routes.ts'
import { preflightHandlers } from '#server/preflight/routes.ts'
import { quizHandlers } from '#server/quiz/routes.ts'
import { findFilms, getRecording } from '#server/recording/store.ts'
import { replayHandlers } from '#server/replay/routes.ts'
import { findMembership, listMembers } from '#server/spoc/store.ts'
import { readinessHandlers } from '#server/readiness/routes.ts'
import { recordingHandlers } from '#server/recording/routes.ts'
import { slidesHandlers } from '#server/slides/routes.ts'
import { videoHandlers } from '#server/video/routes.ts'
import { ok } from '#shared/result.ts'
import { aDoor, Browser } from '#tests/http/door.ts'

/** Everything the product serves through the door. */
const contracts = { ...routes, ...outboxRoutes }
type Key = keyof typeof contracts

const owner: readonly Role[] = ['owner']
const lead: readonly Role[] = ['owner', 'trainer']
const team: readonly Role[] = roles.filter(isTeam)
const seesSheets: readonly Role[] = [...team, 'observer']
const part: readonly Role[] = roles.filter(takesPart)

/** Who may come in at each route; one without a line here does not compile. */
const allowed: Record<Key, 'anybody' | 'signed in' | 'administrator' | readonly Role[]> = {
  'GET /api/mail': 'anybody',
  'GET /api/me': 'anybody',
  'PATCH /api/me': 'signed in',
  'PUT /api/me/picture': 'signed in',
  'DELETE /api/me/picture': 'signed in',
  'GET /api/me/pictures/:picture': 'signed in',
  'PUT /api/me/password': 'signed in',
  'POST /api/me/sign-out-everywhere': 'signed in',
  'POST /api/me/email': 'signed in',
  'POST /api/me/email/confirm': 'signed in',
  'GET /api/me/data': 'signed in',
  'POST /api/me/erase': 'signed in',
  'GET /api/accounts': 'administrator',
  'POST /api/accounts/:account/deactivate': 'administrator',
  'POST /api/accounts/:account/reactivate': 'administrator',
  'PUT /api/accounts/:account/email': 'administrator',
  'POST /api/accounts/:account/erase': 'administrator',
  'POST /api/auth/sign-in/email': 'anybody',
  'POST /api/auth/sign-in/magic-link': 'anybody',
  'POST /api/auth/magic-link/verify': 'anybody',
  'POST /api/auth/sign-out': 'signed in',
  'POST /api/auth/first-administrator': 'anybody',
  'GET /api/spocs': 'signed in',
  'POST /api/spocs': 'signed in',
  'GET /api/spocs/:spoc': roles,
  'PATCH /api/spocs/:spoc': owner,
  'GET /api/spocs/:spoc/archive': owner,
  'POST /api/spocs/:spoc/archive': owner,
  'POST /api/spocs/:spoc/reopen': owner,
  'GET /api/spocs/:spoc/members': roles,
  'PATCH /api/spocs/:spoc/members/:person': owner,
  'GET /api/spocs/:spoc/members/:person/pictures/:picture': roles,
  'DELETE /api/spocs/:spoc/members/:person': owner,
  'POST /api/spocs/:spoc/leave': roles,
  // Of somebody else: of themself, each may ask.
  'GET /api/spocs/:spoc/members/:person/hanging': owner,
  'GET /api/spocs/:spoc/former-members': owner,
  'POST /api/spocs/:spoc/members/:person/suspend': owner,
  'POST /api/spocs/:spoc/members/:person/resume': owner,
  'GET /api/spocs/:spoc/invitations': owner,
  'POST /api/spocs/:spoc/invitations': owner,
  'DELETE /api/spocs/:spoc/invitations/:invitation': owner,
  'POST /api/spocs/:spoc/invitations/people': owner,
  'POST /api/spocs/:spoc/invitations/:invitation/link': owner,
  'POST /api/spocs/:spoc/invitations/:invitation/send': owner,
  'PATCH /api/spocs/:spoc/invitations/:invitation': owner,
  'POST /api/spocs/:spoc/invitations/:invitation/restore': owner,
  'GET /api/spocs/:spoc/waiting': owner,
  'POST /api/spocs/:spoc/waiting/:waiting/invite': owner,
  'DELETE /api/spocs/:spoc/waiting/:waiting': owner,
  'POST /api/spocs/:spoc/members/:person/sign-in-link': owner,
  'POST /api/sign-in-links': 'administrator',
  'POST /api/invitations/open': 'anybody',
  'POST /api/invitations/code': 'anybody',
  'POST /api/invitations/ask': 'anybody',
  'POST /api/invitations/accept': 'anybody',
  'GET /api/today': 'signed in',
  'GET /api/spocs/:spoc/sessions': roles,
  'POST /api/spocs/:spoc/sessions': lead,
  'GET /api/spocs/:spoc/group': roles,
  'GET /api/sessions/:session': roles,
  'PATCH /api/sessions/:session': lead,
  'POST /api/sessions/:session/cancel': lead,
  'POST /api/sessions/:session/reinstate': lead,
  'POST /api/sessions/:session/end': lead,
  'POST /api/sessions/:session/reopen': lead,
  'GET /api/sessions/:session/kept': roles,
  'GET /api/rooms/:room': roles,
  'GET /api/rooms/:room/media': roles,
  'GET /api/spocs/:spoc/recordings': roles,
  'GET /api/rooms/:room/preflights': team,
  'PUT /api/rooms/:room/preflights': roles,
  'PUT /api/rooms/:room/preflights/probe': roles,
  'GET /api/rooms/:room/recording': roles,
  'PUT /api/rooms/:room/recording/:part/chunks': lead,
  'POST /api/rooms/:room/recording/:part/finish': lead,
  'GET /api/rooms/:room/recording/:part': roles,
  'POST /api/rooms/:room/recording/hide': team,
  'POST /api/rooms/:room/recording/show': team,
  'DELETE /api/rooms/:room/recording': lead,
  'POST /api/rooms/:room/recording/restore': lead,
  'POST /api/rooms/:room/recording/objection': part,
  'DELETE /api/rooms/:room/recording/objection': part,
  'GET /api/rooms/:room/replay': roles,
  'GET /api/rooms/:room/replay/board': roles,
  'PUT /api/rooms/:room/replay/progress': roles,
  'POST /api/rooms/:room/replay/answers': ['learner'],
  'PUT /api/rooms/:room/replay/chapters': lead,
  'DELETE /api/rooms/:room/replay/chapters': lead,
  'GET /api/rooms/:room/replay/captions': roles,
  'PUT /api/rooms/:room/replay/captions': lead,
  'DELETE /api/rooms/:room/replay/captions': lead,
  'GET /api/rooms/:room/replay/standing': roles,
  'GET /api/spocs/:spoc/modules': roles,
  'POST /api/spocs/:spoc/modules': lead,
  'PATCH /api/spocs/:spoc/modules/:module': lead,
  'DELETE /api/spocs/:spoc/modules/:module': lead,
  'POST /api/spocs/:spoc/modules/:module/restore': lead,
  'POST /api/spocs/:spoc/modules/:module/duplicate': lead,
  'POST /api/spocs/:spoc/modules/order': lead,
  'GET /api/spocs/:spoc/activities': team,
  'POST /api/spocs/:spoc/activities': lead,
  'PATCH /api/spocs/:spoc/activities/:activity': lead,
  'DELETE /api/spocs/:spoc/activities/:activity': lead,
  'POST /api/spocs/:spoc/activities/:activity/restore': lead,
  'POST /api/spocs/:spoc/activities/:activity/duplicate': lead,
  'POST /api/spocs/:spoc/activities/order': lead,
  'GET /api/spocs/:spoc/road': roles,
  'GET /api/spocs/:spoc/activities/:activity': roles,
  'POST /api/spocs/:spoc/activities/:activity/mark': ['learner'],
  'PUT /api/spocs/:spoc/activities/:activity/draft': ['learner'],
  'POST /api/spocs/:spoc/activities/:activity/hand-ins': ['learner'],
  'PUT /api/spocs/:spoc/activities/:activity/ratings': ['learner'],
  'GET /api/spocs/:spoc/activities/:activity/people': team,
  'PUT /api/spocs/:spoc/activities/:activity/people/:person': team,
  'PUT /api/spocs/:spoc/hand-ins/:handIn/feedback': team,
  'GET /api/spocs/:spoc/activities/:activity/people/:person': seesSheets,
  'GET /api/spocs/:spoc/progress': seesSheets,
  'GET /api/spocs/:spoc/progress/csv': seesSheets,
  'GET /api/spocs/:spoc/people/:person/report': [...team, 'learner'],
  'GET /api/spocs/:spoc/people/:person/report/pdf': [...team, 'learner'],
  'POST /api/spocs/:spoc/copies': owner,
  'GET /api/works/waiting': 'signed in',
  'GET /api/next-steps': 'signed in',
  'GET /api/spocs/:spoc/questions': lead,
  'POST /api/spocs/:spoc/questions': lead,
  'PUT /api/spocs/:spoc/questions/:question': lead,
  'DELETE /api/spocs/:spoc/questions/:question': lead,
  'POST /api/spocs/:spoc/questions/:question/restore': lead,
  'POST /api/spocs/:spoc/questions/order': lead,
  'GET /api/spocs/:spoc/questions/:question/versions': lead,
  'POST /api/spocs/:spoc/questions/:question/correct': lead,
  'GET /api/spocs/:spoc/activities/:activity/quiz': roles,
  'GET /api/spocs/:spoc/activities/:activity/quiz/setup': lead,
  'PUT /api/spocs/:spoc/activities/:activity/quiz/setup': lead,
  'GET /api/spocs/:spoc/activities/:activity/quiz/results': team,
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries': ['learner'],
  'PUT /api/spocs/:spoc/activities/:activity/quiz/tries/:try': ['learner'],
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/check': ['learner'],
  'POST /api/spocs/:spoc/activities/:activity/quiz/tries/:try/hand-in': ['learner'],
  'GET /api/replays': 'signed in',
  'GET /api/deck': 'signed in',
  'POST /api/deck/:card/review': 'signed in',
  'GET /api/spocs/:spoc/messages': roles,
  'POST /api/spocs/:spoc/messages': part,
  'DELETE /api/spocs/:spoc/messages/:message': part,
  'POST /api/spocs/:spoc/messages/:message/restore': part,
  'GET /api/rooms/:room/captions': roles,
  'GET /api/rooms/:room/captions/lines': roles,
  'POST /api/rooms/:room/captions': 'anybody',
  'POST /api/rooms/:room/transcriber': lead,
  'DELETE /api/rooms/:room/transcriber': lead,
  'GET /api/rooms/:room/slides': lead,
  'PUT /api/rooms/:room/slides/:file': lead,
  'DELETE /api/rooms/:room/slides/:file': lead,
  'GET /api/rooms/:room/slides/:file': roles,
  'GET /api/rooms/:room/slides/:file/page': roles,
  'GET /api/rooms/:room/slides/:file/picture': roles,
  'GET /api/spocs/:spoc/files': roles,
  'PUT /api/spocs/:spoc/files/:file': part,
  'GET /api/spocs/:spoc/files/:file': roles,
  'DELETE /api/spocs/:spoc/files/:file': part,
  'POST /api/spocs/:spoc/files/:file/restore': part,
  'GET /api/me/calendar': 'signed in',
  'POST /api/me/calendar': 'signed in',
  'DELETE /api/me/calendar': 'signed in',
  'GET /api/calendars/:calendar/cercle.ics': 'anybody',
  'GET /api/notices': 'signed in',
  'POST /api/notices/seen': 'signed in',
  'GET /api/me/notice-choices': 'signed in',
  'PUT /api/me/notice-choices': 'signed in',
  'GET /api/spocs/:spoc/inquiries': roles,
  'POST /api/spocs/:spoc/inquiries': part,
  'POST /api/spocs/:spoc/inquiries/:inquiry/answer': team,
  'PUT /api/spocs/:spoc/inquiries/:inquiry/owner': team,
  'DELETE /api/spocs/:spoc/inquiries/:inquiry': part,
  'POST /api/spocs/:spoc/inquiries/:inquiry/restore': part,
  'PUT /api/spocs/:spoc/answer-promise': lead,
  'GET /api/inquiries/waiting': 'signed in',
  'GET /api/calls': 'signed in',
  'GET /api/spocs/:spoc/mentoring': part,
  'GET /api/spocs/:spoc/mentors/:person/times': part,
  'GET /api/spocs/:spoc/offer': team,
  'PUT /api/spocs/:spoc/offer': team,
  'POST /api/spocs/:spoc/calls': part,
  'GET /api/spocs/:spoc/care': team,
  'GET /api/care': 'signed in',
  'GET /api/catch-ups': 'signed in',
  'POST /api/spocs/:spoc/proposals': team,
  'POST /api/spocs/:spoc/proposals/:proposal/pick': ['learner'],
  'DELETE /api/spocs/:spoc/proposals/:proposal': team,
  'POST /api/spocs/:spoc/wishes': ['learner'],
  'POST /api/spocs/:spoc/wishes/:wish/answer': team,
  'GET /api/rooms/:room/call': roles,
  'POST /api/rooms/:room/call/move': roles,
  'POST /api/rooms/:room/call/cancel': roles,
  'POST /api/rooms/:room/call/outcome': team,
  'GET /api/rooms/:room/call/cockpit': team,
  'GET /api/rooms/:room/call/notes': roles,
  'GET /api/rooms/:room/call/private-notes': team,
  'PUT /api/rooms/:room/call/private-notes': team,
  'POST /api/rooms/:room/call/goals': roles,
  'DELETE /api/rooms/:room/call/goals/:goal': roles,
  'POST /api/rooms/:room/call/actions': roles,
  'DELETE /api/rooms/:room/call/actions/:action': roles,
  'GET /api/spocs/:spoc/attendance': roles,
  'GET /api/spocs/:spoc/attendance/csv': seesSheets,
  'GET /api/spocs/:spoc/attendance/:event/pdf': seesSheets,
  'GET /api/attendance/to-sign': 'signed in',
  'POST /api/spocs/:spoc/attendance/:event/sign': part,
  'POST /api/spocs/:spoc/attendance/:event/correct': lead,
  'POST /api/spocs/:spoc/attendance/:event/contest': ['learner'],
  'GET /api/certificates': 'signed in',
  'GET /api/spocs/:spoc/certificates': roles,
  'PUT /api/spocs/:spoc/training-body': owner,
  'PUT /api/spocs/:spoc/success-rule': owner,
  'POST /api/spocs/:spoc/certificates': owner,
  'POST /api/spocs/:spoc/certificates/:certificate/revoke': owner,
  'GET /api/spocs/:spoc/certificates/:certificate/pdf': roles,
  'GET /api/checks/:code': 'anybody',
  'GET /api/jobs': 'administrator',
  'POST /api/jobs/:job/again': 'administrator',
  'GET /api/readiness': 'administrator',
  'GET /api/outbox': 'administrator',
  'GET /api/demo': 'anybody',
  'POST /api/demo/enter': 'anybody',
  'POST /api/demo/begin': 'anybody',
  'GET /api/demo/simulated': 'signed in',
  'POST /api/demo/simulated': 'signed in',
  'DELETE /api/demo/simulated': 'signed in',
  'GET /api/outbox/:mail': 'administrator',
  'GET /api/rooms/:room/guests': lead,
  'POST /api/rooms/:room/guests/link': lead,
  'DELETE /api/rooms/:room/guests/link': lead,
  'DELETE /api/rooms/:room/guests/:guest': team,
  'POST /api/guests/open': 'anybody',
  'POST /api/guests/join': 'anybody',
  'GET /api/guests/me': 'anybody',
  'POST /api/guests/film': 'anybody',
  'POST /api/guests/film/objection': 'anybody',
}

const keys = Object.keys(contracts) as Key[]

/** M15: what may be done in an archived SPOC even so. Whatever else writes is refused, a route of tomorrow too. */
const evenArchived: readonly Key[] = [
  'POST /api/spocs/:spoc/archive',
  'POST /api/rooms/:room/recording/objection',
  'DELETE /api/rooms/:room/recording/objection',
  'POST /api/rooms/:room/recording/hide',
  'POST /api/rooms/:room/recording/show',
  'DELETE /api/rooms/:room/recording',
  'POST /api/rooms/:room/recording/restore',
  'POST /api/spocs/:spoc/attendance/:event/sign',
  'POST /api/spocs/:spoc/copies',
  'POST /api/spocs/:spoc/members/:person/suspend',
  'POST /api/spocs/:spoc/members/:person/resume',
  'DELETE /api/spocs/:spoc/members/:person',
  'POST /api/spocs/:spoc/leave',
  'POST /api/spocs/:spoc/reopen',
]
/** G5: what the page of their room reads. To everything else a guest is somebody without a sign-in. */
const openToGuests: readonly Key[] = [
  'GET /api/rooms/:room',
  'GET /api/rooms/:room/media',
  'GET /api/rooms/:room/recording',
  'GET /api/rooms/:room/captions/lines',
  'GET /api/rooms/:room/slides/:file/page',
  'GET /api/rooms/:room/slides/:file/picture',
]
const never = 'x'.repeat(22)

/** A course with one person of each role, all in another course too, a stranger and an administrator who are in none. */
async function aWorld() {
  const door = await aDoor({
    contracts,
    handlers: {
      ...filesHandlers({ shown: async () => false }),
      ...slidesHandlers(),
      ...videoHandlers(undefined),
      ...captionsHandlers({ isOpen: async () => true, mayWatch: async () => true, knock: async () => ok() }),
      ...attendanceHandlers(async () => undefined),
      ...certificateHandlers({ attended: async () => new Map(), completed: async () => new Map() }, async () => undefined),
      ...calendarHandlers,
      ...noticesHandlers,
      ...inboxHandlers({ asked: async () => undefined, answered: async () => undefined }),
      ...pathHandlers({
        makeSpoc: createSpoc,
        copyFiles,
        duplicated: async () => undefined,
        copied: async () => undefined,
        handedIn: async () => undefined,
        fedBack: async () => undefined,
        meetingChanged: async () => undefined,
      }),
      ...quizHandlers(async () => undefined),
      ...aloneHandlers({ open: openActivity, handedIn: async () => undefined, regraded: async () => undefined }),
      ...deckHandlers,
      // Where there is no demonstration: what it would take to show one is never asked for.
      ...demoHandlers({ access: { shown: async () => undefined, named: () => false } } as unknown as Demo),
      ...jobsHandlers,
      ...outboxHandlers,
      ...readinessHandlers(undefined),
      ...preflightHandlers,
      ...guestHandlers(findMembership, {
        of: async () => ({ film: 'none', choice: null, objection: 'none' }),
        object: async () => ok(),
        takeBack: async () => undefined,
      }),
      ...recordingHandlers({ objected: async () => undefined, settled: async () => undefined }),
      ...followupHandlers({ late: listLate, attended: readShares, nextTime: findNextTime }),
      ...replayHandlers({
        films: findFilms,
        recording: getRecording,
        members: (tx, spoc) => listMembers(tx, spoc, 'trainer'),
        spoken: async () => [],
        caughtUp: async () => undefined,
        answered: async () => undefined,
      }),
      ...mentoringHandlers(async () => undefined, { doneAmong: async () => new Set(), films: async () => new Map() }),
      ...chatHandlers({ posted: async () => undefined, hidden: async () => undefined }),
    } as unknown as Handlers<RouteContracts>,
  })
  const { spoc, owner, aMember } = await door.aSpoc(10)
  const made = await owner.post<{ id: string; room: string }>(`/api/spocs/${spoc}/sessions`, {
    title: 'Une',
    starts: door.clock.now(),
    ends: door.clock.now() + 3_600_000,
  })
  const invited = await owner.post<{ invitation: { id: string } }>(`/api/spocs/${spoc}/invitations`, {})
  if (!made.ok || !invited.ok) throw new Error('no session or invitation')
  const people = new Map<Role, Browser>([['owner', owner]])
  for (const role of roles) if (role !== 'owner') people.set(role, await aMember(role, role))
  const ids: Record<string, string> = {
    spoc,
    session: made.value.id,
    room: made.value.room,
    invitation: invited.value.invitation.id,
    person: owner.person,
    question: never,
  }
  const ask = async (browser: Browser, key: Key, places = ids) => {
    const [method = '', path = ''] = key.split(' ')
    // An empty body is enough: who may come in is settled before the body is read.
    // Leaving would end the walk: it is asked with nobody who could take over.
    const body = method === 'GET' || method === 'DELETE' ? undefined : key.endsWith('/leave') ? { to: never } : {}
    const response = await browser.fetch(
      path.replace(/:(\w+)/g, (_all, name: string) => places[name] ?? never),
      { method, ...(body && contracts[key] && 'body' in contracts[key] && { body }) },
    )
    // A file is no JSON.
    if (!response.headers.get('content-type')?.includes('json')) return { status: response.status, ok: response.ok, code: undefined }
    const { ok, code } = (await response.json()) as { ok: boolean; code?: string }
    return { status: response.status, ok, code }
  }
  return { door, ids, people, ask }
}

/** What every table holds, as one sum each; what a sign-in leaves behind apart. */
async function rowsOf(db: Db): Promise<Record<string, unknown>> {
  const tables = await db.read(
    async (tx) =>
      (
        await tx.execute<{ name: string }>(
          sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
        )
      ).rows,
  )
  const sums: Record<string, unknown> = {}
  for (const { name } of tables) {
    if (name === 'session') continue
    const { rows } = await db.read((tx) =>
      tx.execute(
        sql`select count(*)::int as n, md5(coalesce(string_agg(t::text, '' order by t::text), '')) as sum from ${sql.identifier(name)} t`,
      ),
    )
    sums[name] = rows[0]
  }
  return sums
}

describe('every route', () => {
  it('lets nobody in without a sign-in, unless it is for anybody', async () => {
    const { door, ask } = await aWorld()
    for (const key of keys) {
      const { status, code } = await ask(door.aBrowser(), key)
      if (allowed[key] === 'anybody') expect(key.includes(':calendar') ? [404] : [200, 400], key).toContain(status)
      else expect({ status, code }, key).toEqual({ status: 401, code: 'http/signed-out' })
    }
  })

  it('of a SPOC does not exist for a stranger, an administrator or a former member, in the same words as one that never was', async () => {
    const { door, ids, people, ask } = await aWorld()
    const former = people.get('observer')
    if (!former) throw new Error('no observer')
    const me = await former.get<{ id: string }>('/api/me')
    await people.get('owner')?.delete(`/api/spocs/${ids['spoc']}/members/${me.ok ? me.value.id : ''}`)
    const strangers = [await door.signedIn('Eve'), await door.signedIn('Ana', { administrator: true }), former]
    let walked = 0
    for (const key of keys.filter((each) => typeof allowed[each] !== 'string'))
      for (const stranger of strangers) {
        const refused = await ask(stranger, key)
        expect(refused, key).toEqual({ status: 404, ok: false, code: 'http/not-found' })
        expect(await ask(stranger, key, {}), key).toEqual(refused)
        walked++
      }
    expect(walked).toBeGreaterThan(60)
  })

  it('of the server itself is for administrators', async () => {
    const { door, people, ask } = await aWorld()
    const ana = await door.signedIn('Ana', { administrator: true })
    for (const key of keys.filter((each) => allowed[each] === 'administrator')) {
      for (const [role, browser] of people)
        expect(await ask(browser, key), `${role} ${key}`).toMatchObject({ status: 403, code: 'http/not-allowed' })
      expect([200, 400, 404], key).toContain((await ask(ana, key)).status)
    }
  })

  it('of a SPOC is for the roles that it says', async () => {
    const { people, ask } = await aWorld()
    for (const [role, browser] of [...people].reverse())
      for (const key of keys) {
        const who = allowed[key]
        if (typeof who === 'string') continue
        const { status, code } = await ask(browser, key)
        if (!who.includes(role)) expect({ status, code }, `${role} ${key}`).toEqual({ status: 403, code: 'http/not-allowed' })
        // Let in: it worked, or the empty body, the state or something missing was at fault.
        else if (/:(?!spoc|session|room|invitation|person)\w|:room\/call|captions$|replay|report/.test(key))
          expect([200, 400, 404], `${role} ${key}`).toContain(status)
        else expect([200, 400, 409], `${role} ${key}`).toContain(status)
      }
  })

  it('[M14, M15] of an archived SPOC writes nothing, whoever asks, and is read as before', async () => {
    const { door, ids, people, ask } = await aWorld()
    const members = keys.filter((key) => typeof allowed[key] !== 'string')
    const reading = members.filter((key) => key.startsWith('GET '))
    const readBefore = new Map<string, unknown>()
    for (const key of reading) for (const [role, browser] of people) readBefore.set(`${role} ${key}`, await ask(browser, key))
    expect(await people.get('owner')?.post(`/api/spocs/${ids['spoc']}/archive`)).toMatchObject({ ok: true })

    const before = await rowsOf(door.db)
    let refused = 0
    for (const key of members.filter((each) => !each.startsWith('GET ') && !evenArchived.includes(each)))
      for (const [role, browser] of people) {
        const may = (allowed[key] as readonly Role[]).includes(role)
        const code = may ? 'spoc/archived' : 'http/not-allowed'
        expect(await ask(browser, key), `${role} ${key}`).toEqual({ status: may ? 409 : 403, ok: false, code })
        refused++
      }
    expect(refused).toBeGreaterThan(300)
    for (const key of reading)
      for (const [role, browser] of people) expect(await ask(browser, key), `${role} ${key}`).toEqual(readBefore.get(`${role} ${key}`))
    expect(await rowsOf(door.db)).toEqual(before)

    for (const key of evenArchived)
      for (const [role, browser] of people) expect((await ask(browser, key)).code, `${role} ${key}`).not.toBe('spoc/archived')
    // The last of them reopened it: everything writes as before.
    expect(
      (await people.get('trainer')?.post(`/api/spocs/${ids['spoc']}/messages`, { message: 'm'.repeat(22), text: 'Bonjour' }))?.ok,
    ).toBe(true)
  })

  it('[G5] knows a guest in their own room and nowhere else, signed in elsewhere or not', async () => {
    const { door, ids, people, ask } = await aWorld()
    const owner = people.get('owner')
    const made = await owner?.post<{ link: { address: string } }>(`/api/rooms/${ids['room']}/guests/link`)
    const another = await owner?.post<{ id: string; room: string }>(`/api/spocs/${ids['spoc']}/sessions`, {
      title: 'Deux',
      starts: door.clock.now(),
      ends: door.clock.now() + 3_600_000,
    })
    if (!made?.ok || !another?.ok) throw new Error('no link')
    const token = made.value.link.address.split('#')[1]
    const elsewhere = { ...ids, session: another.value.id, room: another.value.room }
    const refused = { status: 401, ok: false, code: 'http/signed-out' }
    const gone = { status: 404, ok: false, code: 'http/not-found' }
    for (const [nora, otherwise] of [
      [door.aBrowser(), refused],
      [await door.signedIn('Eve'), gone],
    ] as const) {
      expect(await nora.post('/api/guests/join', { token, name: 'Nora', language: 'fr' })).toMatchObject({ ok: true })
      for (const key of keys.filter((each) => typeof allowed[each] !== 'string')) {
        const answer = await ask(nora, key)
        if (!openToGuests.includes(key)) expect(answer, key).toEqual(otherwise)
        // Let in: it worked, or what it names is not there.
        else expect(answer.status === 200 || answer.code !== otherwise.code || key.includes(':file'), key).toBe(true)
        expect(await ask(nora, key, elsewhere), key).toEqual(otherwise)
      }
      if (otherwise === refused)
        for (const key of keys.filter((each) => allowed[each] === 'signed in' || allowed[each] === 'administrator'))
          expect(await ask(nora, key), key).toEqual(refused)
      expect((await ask(nora, 'GET /api/rooms/:room')).status).toBe(200)
    }
    await owner?.post(`/api/spocs/${ids['spoc']}/archive`)
    const last = door.aBrowser()
    expect(await last.post('/api/guests/join', { token, name: 'Paul', language: 'fr' })).toMatchObject({ code: 'guests/no-link' })
  })

  it('is refused within the same request once a right is gone', async () => {
    const { door, ids, people, ask } = await aWorld()
    const learner = people.get('learner')
    if (!learner) throw new Error('no learner')
    const copy = new Browser(door.base)
    copy.cookies = new Map(learner.cookies)
    expect((await ask(copy, 'GET /api/rooms/:room')).status).toBe(200)
    await learner.post('/api/me/sign-out-everywhere')
    for (const key of keys.filter((each) => allowed[each] !== 'anybody')) expect((await ask(copy, key, ids)).status, key).toBe(401)
  })
})
