import { setTimeout as pause } from 'node:timers/promises'
import { eq } from 'drizzle-orm'
import { io, type Socket } from 'socket.io-client'
import { expect, it } from 'vitest'
import { boardDocument } from '#shared/board/rules.ts'
import { parser } from '#shared/live/parser.ts'
import type { Refused } from '#shared/result.ts'
import { askAgainAfter } from '#shared/waiting/rules.ts'
import type { Standing, WaitingView } from '#shared/waiting/wire.ts'
import { newId } from '#server/db/ids.ts'
import { readLog } from '#server/live/log.ts'
import { sessions } from '#server/session/tables.ts'
import { addMember, removeMember } from '#server/spoc/store.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'
import { atEnd } from '#tests/support/end.ts'

/** A link that waits: whatever comes down its wire is kept. */
interface Outside {
  socket: Socket
  standing: Standing | undefined
  bye: string | undefined
  refused: Refused | undefined
  /** The names of everything it was ever told. */
  told: Set<string>
  frames: Buffer[]
}

function outside(room: Classroom, member: Member, how: { contract?: string; room?: string } = {}): Outside {
  const socket = io(room.base, {
    path: '/live',
    query: { room: how.room ?? room.room },
    auth: { epoch: newId(), contract: how.contract ?? room.app.contract, waits: true },
    extraHeaders: { cookie: member.cookie, origin: room.base },
    transports: ['websocket'],
    parser,
    forceNew: true,
    reconnection: false,
  })
  atEnd(() => socket.disconnect())
  const link: Outside = { socket, standing: undefined, bye: undefined, refused: undefined, told: new Set(), frames: [] }
  socket.io.on('open', () => socket.io.engine.on('data', (data: Buffer) => link.frames.push(Buffer.from(data))))
  socket.onAny((name: string) => link.told.add(name))
  socket.on('waiting', (standing: Standing) => (link.standing = standing))
  socket.on('bye', (why: string) => (link.bye = why))
  socket.on('connect_error', (error: Error & { data?: Refused }) => (link.refused = error.data))
  return link
}

/** A class with a waiting room, its trainer inside. */
async function aClassWithADoor() {
  const room = await aClassroom()
  await room.db.transaction((tx) => tx.update(sessions).set({ waits: true }).where(eq(sessions.id, room.session)))
  const [claire, awa, louis] = [
    await room.aMember('Claire', 'trainer'),
    await room.aMember('Awa', 'learner'),
    await room.aMember('Louis', 'learner'),
  ]
  const trainer = await room.enter(claire)
  /** Whom the trainer sees at the door: what is said to her link and to those who wait may arrive in any order. */
  const sees = (...people: string[]) =>
    expect.poll(() => trainer.view<WaitingView>('waiting')?.waiting.map(({ person }) => person), { timeout: 10_000 }).toEqual(people)
  const isTold = (link: Outside, state: Standing['state']) => expect.poll(() => link.standing?.state, { timeout: 10_000 }).toBe(state)
  return { room, claire, awa, louis, trainer, sees, isTold }
}

it('[J1] [J3] who is not of the team has no seat: they are told where they stand and nothing else of the room', async () => {
  const { room, awa, louis, trainer, sees, isTold } = await aClassWithADoor()
  // The straight way in is closed.
  const straight = await room.enter(awa)
  expect(straight.refused?.code).toBe('waiting/at-the-door')
  expect(straight.welcome).toBeUndefined()

  const link = outside(room, awa)
  await isTold(link, 'waiting')
  await sees(awa.id)
  await trainer.send('chat:say', { message: newId(), text: 'Secret de la salle' })
  await trainer.send('board:open', {})
  await trainer.send('quiz:open', {
    question: newId(),
    prepared: null,
    typed: {
      text: 'Combien ?',
      choices: [
        { id: newId(), text: 'a' },
        { id: newId(), text: 'b' },
      ],
      right: null,
      explanation: '',
    },
    seconds: null,
  })
  trainer.whisper('video:state', { in: true, mic: true, cam: true, screen: false })
  trainer.whisper('reactions:show', { kind: 'heart' })
  const other = outside(room, louis)
  await isTold(other, 'waiting')
  await pause(200)
  expect([...link.told]).toEqual(['waiting'])
  for (const words of ['Secret', 'Combien', louis.id, trainer.seat])
    expect(
      link.frames.some((frame) => frame.includes(words)),
      words,
    ).toBe(false)
  expect(trainer.presence.people.map(({ person }) => person)).not.toContain(awa.id)
})

it('[J3] a hostile link that waits does nothing, whatever it sends', async () => {
  const { room, awa, trainer, isTold } = await aClassWithADoor()
  const link = outside(room, awa)
  await isTold(link, 'waiting')
  const lines = async () => (await room.db.read((tx) => readLog(tx, room.room, 0))).happenings.length
  const before = await lines()
  const ask = (name: string, ...args: unknown[]) => link.socket.timeout(5_000).emitWithAck(name, ...args)
  for (const [name, payload] of [
    ['chat:say', { message: newId(), text: 'Coucou' }],
    ['hands:raise', {}],
    ['waiting:admit', { people: [awa.id] }],
    ['waiting:ask', { boot: newId() }],
    ['waiting:leave', { person: awa.id }],
    ['attendance:enter', { boot: newId() }],
    ['stage:show', { front: 'board' }],
    ['video:settle', {}],
  ] as const)
    expect(await ask(name, newId(), payload), name).toMatchObject({ ok: false, code: 'live/not-found' })
  for (const [name, payload] of [
    ['live:view', { slice: 'chat' }],
    ['live:clock', {}],
    ['live:leave', {}],
    ['document:open', { document: boardDocument(room.room) }],
    ['__proto__', {}],
  ] as const)
    expect(await ask(name, payload), name).toMatchObject({ ok: false, code: 'live/not-found' })
  link.socket.emit('video:signal', { to: trainer.seat, kind: 'hello' })
  link.socket.emit('video:trouble', { mic: 'refused', deaf: false })
  link.socket.emit('board:cursor', { x: 1, y: 1 })
  await pause(300)
  expect(await lines()).toBe(before)
  expect(trainer.whispers).toEqual([])
  expect([...link.told]).toEqual(['waiting'])

  // A flood ends the link; the class goes on.
  for (let i = 0; link.socket.connected && i < 200_000; i++) {
    link.socket.emit('junk', i)
    if (i % 500 === 0) await pause(1)
  }
  await expect.poll(() => link.socket.connected, { timeout: 10_000 }).toBe(false)
  expect(await trainer.send('chat:say', { message: newId(), text: 'Toujours là' })).toMatchObject({ ok: true })
})

it('[J1] a stranger, another contract and no sign-in do not even wait', async () => {
  const { room, awa, sees } = await aClassWithADoor()
  const eve = await room.aMember('Eve', null)
  const refusals = [
    [outside(room, eve), 'live/not-found'],
    [outside(room, { ...awa, cookie: '' }), 'live/signed-out'],
    [outside(room, awa, { contract: 'another' }), 'live/old-page'],
    [outside(room, awa, { room: newId() }), 'live/not-found'],
  ] as const
  for (const [link, code] of refusals) await expect.poll(() => link.refused?.code).toBe(code)
  await sees()
})

it('[J2] [J4] admitted, one enters, and comes back without waiting; learners inside see nothing of the door', async () => {
  const { room, awa, louis, trainer, sees, isTold } = await aClassWithADoor()
  const link = outside(room, awa)
  await isTold(link, 'waiting')
  expect(await trainer.send('waiting:admit', { people: [awa.id] })).toMatchObject({ ok: true })
  await isTold(link, 'admitted')
  const inside = await room.enter(awa)
  expect(inside.welcome).toBeDefined()
  const second = outside(room, louis)
  await isTold(second, 'waiting')
  await sees(louis.id)
  await pause(100)
  expect(inside.view<WaitingView>('waiting')).toBeNull()
  expect(inside.heard(louis.id)).toBe(false)
  expect(await inside.send('waiting:admit', { people: [louis.id] })).toMatchObject({ code: 'live/not-allowed' })
  inside.socket.emit('live:leave')
  await expect.poll(() => inside.socket.connected).toBe(false)
  expect((await room.enter(awa)).welcome).toBeDefined()
  await isTold(outside(room, awa), 'admitted')
})

it('[J5] denied, one is told and asks again after a pause, not before', async () => {
  const { room, awa, trainer, sees, isTold } = await aClassWithADoor()
  const link = outside(room, awa)
  await isTold(link, 'waiting')
  await trainer.send('waiting:deny', { person: awa.id })
  await isTold(link, 'denied')
  await sees()
  expect((await room.enter(awa)).refused?.code).toBe('waiting/at-the-door')
  const again = () => link.socket.timeout(5_000).emitWithAck('waiting:ask-again') as Promise<unknown>
  expect(await again()).toMatchObject({ code: 'waiting/too-soon' })
  // A reloaded page is no way around it.
  const reloaded = outside(room, awa)
  await isTold(reloaded, 'denied')
  await sees()
  room.clock.forward(askAgainAfter)
  expect(await again()).toMatchObject({ ok: true })
  await isTold(reloaded, 'waiting')
  await sees(awa.id)
})

it('[J6] a lost link keeps its place for a moment, who leaves does not; both links of a person are one', async () => {
  const { room, awa, sees, isTold } = await aClassWithADoor()
  const [first, second] = [outside(room, awa), outside(room, awa)]
  await isTold(first, 'waiting')
  await isTold(second, 'waiting')
  await sees(awa.id)
  first.socket.disconnect()
  await pause(100)
  await sees(awa.id)
  second.socket.io.engine.close()
  await pause(100)
  await sees(awa.id)
  const since = second.standing
  const back = outside(room, awa)
  await isTold(back, 'waiting')
  expect(back.standing).toEqual(since)
  room.clock.forward(20_000)
  await pause(100)
  await sees(awa.id)
  back.socket.io.engine.close()
  await pause(100)
  room.clock.forward(20_000)
  await sees()
  const last = outside(room, awa)
  await isTold(last, 'waiting')
  last.socket.disconnect()
  await sees()
})

it('[J6] a server that starts again finds who waits and who was let in', async () => {
  const { room, claire, awa, louis, trainer, isTold } = await aClassWithADoor()
  const [first, second] = [outside(room, awa), outside(room, louis)]
  await isTold(first, 'waiting')
  await isTold(second, 'waiting')
  const { standing } = second
  await trainer.send('waiting:admit', { people: [awa.id] })
  await isTold(first, 'admitted')
  await room.app.close()
  const after = await aClassroom({ beside: room })
  expect(second.bye).toBe('live/stopping')
  const again = outside(after, louis)
  await isTold(again, 'waiting')
  expect(again.standing).toEqual(standing)
  const inside = await after.enter(claire)
  expect(inside.view<WaitingView>('waiting')?.waiting.map(({ person }) => person)).toEqual([louis.id])
  expect((await after.enter(awa)).welcome).toBeDefined()
  expect((await after.enter(louis)).refused?.code).toBe('waiting/at-the-door')
})

it('rights that end, a role of the team, and the door thrown open reach who waits at once', async () => {
  const { room, claire, awa, louis, trainer, sees, isTold } = await aClassWithADoor()
  const [first, second] = [outside(room, awa), outside(room, louis)]
  await isTold(first, 'waiting')
  await isTold(second, 'waiting')
  await room.db.transaction((tx) => removeMember(tx, room.spoc, awa.id, room.clock.now()))
  await expect.poll(() => first.bye).toBe('live/revoked')
  await sees(louis.id)
  await room.db.transaction((tx) =>
    addMember(tx, { spoc: room.spoc, person: awa.id, role: 'mentor', organisation: null, now: room.clock.now() }),
  )
  await isTold(outside(room, awa), 'admitted')
  expect((await claire.fetch('PATCH', `/api/sessions/${room.session}`, { waits: false })).status).toBe(200)
  await isTold(second, 'admitted')
  expect((await room.enter(louis)).welcome).toBeDefined()
  expect(await trainer.send('waiting:deny', { person: louis.id })).toMatchObject({ ok: true })
})

it('[J2] a waiting room that is set up during the session asks nothing of those who are there; who comes then waits', async () => {
  const room = await aClassroom()
  const [claire, awa, louis] = [
    await room.aMember('Claire', 'trainer'),
    await room.aMember('Awa', 'learner'),
    await room.aMember('Louis', 'learner'),
  ]
  const inside = await room.enter(awa)
  expect((await claire.fetch('PATCH', `/api/sessions/${room.session}`, { waits: true })).status).toBe(200)
  inside.socket.disconnect()
  expect((await room.enter(awa)).welcome).toBeDefined()
  expect((await room.enter(louis)).refused?.code).toBe('waiting/at-the-door')
  // What the page of the room says of it is about whoever asks.
  const waits = async (who: Member) =>
    ((await (await who.fetch('GET', `/api/rooms/${room.room}`)).json()) as { value: { waits: boolean } }).value.waits
  expect([await waits(claire), await waits(louis)]).toEqual([false, true])
  expect((await awa.fetch('PATCH', `/api/sessions/${room.session}`, { waits: false })).status).toBe(403)
})

it('a session that ends sends away who waits', async () => {
  const { room, claire, awa, isTold } = await aClassWithADoor()
  const link = outside(room, awa)
  await isTold(link, 'waiting')
  expect((await claire.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(200)
  await expect.poll(() => link.bye).toBe('live/room-ended')
  const late = outside(room, awa)
  await expect.poll(() => late.refused?.code).toBe('session/ended')
})
