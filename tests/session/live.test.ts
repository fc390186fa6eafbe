import { expect, it } from 'vitest'
import type { LifeView, Session, SessionKept } from '#shared/session/wire.ts'
import { consequences } from '#server/consequences/tables.ts'
import { cause } from '#server/flows.ts'
import { findSession } from '#server/session/store.ts'
import { notices } from '#server/notices/tables.ts'
import { aGuest, aLink, letIn } from '#tests/guests/coming.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'

const minute = 60_000

/** What the room says of its session to this page. */
const life = (page: { view<V>(slice: string): V | undefined }) => page.view<LifeView>('session')

const stateOf = async ({ db, session }: Classroom) => (await db.read((tx) => findSession(tx, session)))?.state

/** A session whose end is watched, as every session that is scheduled is. */
async function aWatchedClass() {
  const room = await aClassroom()
  const { db, session, clock } = room
  await db.transaction((tx) => cause(tx, 'session-changed', `${session}:0`, { session, instants: [clock.now()] }))
  const [claire, marc, awa] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Marc', 'mentor'),
    room.aMember('Awa', 'learner'),
  ])
  const ask = async <T>(who: Member, method: string, path: string) => {
    const reply = await who.fetch(method, `/api/sessions/${session}${path}`)
    const said = (await reply.json()) as { value?: T; code?: string }
    return { status: reply.status, code: said.code, value: said.value }
  }
  /** What was told of the end, to anybody. */
  const told = async () =>
    (await db.read((tx) => tx.select().from(notices)))
      .map(({ facts }) => (facts as { kind: string }).kind)
      .filter((kind) => kind === 'session-kept')
  const over = async () =>
    (await db.read((tx) => tx.select().from(consequences))).filter(({ cause }) => cause.startsWith(`${session}:`)).length
  return { room, db, clock, session, claire, marc, awa, ask, told, over }
}

it('[L1] [L2] [L3] [L4] the team starts it, a trainer who goes does not end it, and without the team it waits for one of it', async () => {
  const { room, clock, claire, marc, awa, db, session } = await aWatchedClass()
  const a = await room.enter(awa)
  expect(life(a)).toEqual({ began: null, by: null, holder: null, paused: null })
  expect(await a.send('session:start', {})).toMatchObject({ code: 'live/not-allowed' })
  expect(await a.send('session:pause', {})).toMatchObject({ ok: false })
  const c = await room.enter(claire)
  const m = await room.enter(marc)
  // What a page claims of the time is not believed: it is looked up.
  expect(await c.send('session:start', { starts: 1e12 })).toMatchObject({ ok: true })
  expect(await m.send('session:start', {})).toMatchObject({ ok: true })
  await expect.poll(() => life(a)).toMatchObject({ by: claire.id, holder: claire.id, paused: null })
  const began = life(a)?.began
  expect((await db.read((tx) => findSession(tx, session)))?.began).toBe(began)
  c.socket.emit('live:leave', {})
  await expect.poll(() => life(a)?.holder).toBe(marc.id)
  m.socket.emit('live:leave', {})
  await expect.poll(() => life(a)?.holder).toBeNull()
  clock.forward(10 * minute - 5000)
  expect(life(a)?.paused).toBeNull()
  clock.forward(5000)
  await expect.poll(() => life(a)?.paused).toEqual(expect.any(Number))
  expect(await stateOf(room)).toBe('planned')
  // Another process, which knows only the log, says the same, and who of the team comes back goes on with it.
  const other = await aClassroom({ beside: room })
  const again = await other.enter(claire)
  await expect.poll(() => life(again)).toMatchObject({ paused: null, holder: claire.id, began })
})

it('[S11] it ends by itself once empty a quarter of an hour after its time, and never over the heads of those who stayed', async () => {
  const { room, clock, claire, awa, over } = await aWatchedClass()
  const [c, a] = [await room.enter(claire), await room.enter(awa)]
  await c.send('session:start', {})
  c.socket.emit('live:leave', {})
  // An hour was planned, and one minute of it had passed.
  clock.forward(59 * minute + 16 * minute)
  await new Promise((resume) => setTimeout(resume, 300))
  expect(await stateOf(room)).toBe('planned')
  expect(a.bye).toBeUndefined()
  a.socket.emit('live:leave', {})
  const before = await over()
  await expect
    .poll(
      async () => {
        clock.forward(minute)
        return stateOf(room)
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe('ended')
  expect(await over()).toBe(before)
})

it('[S11] a guest who stays alone does not hold it open, and is told that it is over', async () => {
  const { room, clock, claire, over } = await aWatchedClass()
  const c = await room.enter(claire)
  await c.send('session:start', {})
  const nora = await aGuest(room, await aLink(room, claire), 'Nora')
  const seat = await letIn(room, c, nora)
  clock.forward(59 * minute + 16 * minute)
  await new Promise((resume) => setTimeout(resume, 300))
  expect(await stateOf(room)).toBe('planned')
  const before = await over()
  c.socket.emit('live:leave', {})
  await expect
    .poll(
      async () => {
        clock.forward(minute)
        return stateOf(room)
      },
      { timeout: 20_000, interval: 300 },
    )
    .toBe('ended')
  await expect.poll(() => seat.bye).toBe('live/room-ended')
  expect(await over()).toBe(before)
})

it('[S11] a session that nobody began is left to its team', async () => {
  const { room, clock } = await aWatchedClass()
  clock.forward(59 * minute + 16 * minute)
  await new Promise((resume) => setTimeout(resume, 300))
  expect(await stateOf(room)).toBe('planned')
})

it('[S12] ended by mistake it is reopened: nobody was told of an end, and of the true one everybody is told once', async () => {
  const { room, clock, session, claire, marc, awa, ask, told } = await aWatchedClass()
  const [c, a] = [await room.enter(claire), await room.enter(awa)]
  await c.send('session:start', {})
  await a.send('chat:say', { message: 'm'.repeat(22), text: 'Bonjour' }, 'm'.repeat(22))
  expect(await ask<Session>(claire, 'POST', '/end')).toMatchObject({ status: 200, value: { state: 'ended' } })
  await expect.poll(() => [c.bye, a.bye]).toEqual(['live/room-ended', 'live/room-ended'])
  const kept = await ask<SessionKept>(awa, 'GET', '/kept')
  expect(kept.value).toMatchObject({ state: 'ended', messages: 1, questions: 0, board: false, film: false, next: null })
  expect(kept.value?.reopens).toBeGreaterThan(clock.now())
  for (const who of [marc, awa]) expect(await ask(who, 'POST', '/reopen')).toMatchObject({ status: 403 })
  clock.forward(14 * minute)
  expect(await ask<Session>(claire, 'POST', '/reopen')).toMatchObject({ status: 200, value: { state: 'planned', closed: null } })
  expect(await ask(claire, 'POST', '/reopen')).toMatchObject({ code: 'session/not-ended' })
  clock.forward(5 * minute)
  const back = await room.enter(awa)
  await expect.poll(() => life(back)).toMatchObject({ by: claire.id })
  expect(await told()).toEqual([])

  await ask(claire, 'POST', '/end')
  clock.forward(15 * minute)
  // Owner, trainer and mentor; Awa was hardly there.
  await expect.poll(told, { timeout: 20_000 }).toHaveLength(3)
  expect(await ask(claire, 'POST', '/reopen')).toMatchObject({ code: 'session/reopen-too-late' })
  clock.forward(5 * 60 * minute)
  await new Promise((resume) => setTimeout(resume, 500))
  expect(await told()).toHaveLength(3)
  expect((await ask<SessionKept>(awa, 'GET', '/kept')).value).toMatchObject({ reopens: null, state: 'ended' })
  expect(session).toBe(room.session)
})
