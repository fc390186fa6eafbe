import { setTimeout as pause } from 'node:timers/promises'
import { encode } from '@msgpack/msgpack'
import * as encoding from 'lib0/encoding'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { pack } from '#shared/board/elements.ts'
import { boardDocument, boardRoot } from '#shared/board/rules.ts'
import type { Opened } from '#shared/live/documents.ts'
import { Decoder, Encoder, type Packet } from '#shared/live/parser.ts'
import type { Result } from '#shared/result.ts'
import type { commands } from '#shared/wire.ts'
import { newId } from '#server/db/ids.ts'
import { readLog } from '#server/live/log.ts'
import { createSession } from '#server/session/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aPen } from '../documents/pen.ts'
import { aGuest, aLink, letIn } from '../guests/coming.ts'
import { aClassroom, type Classroom, type Member, type Participant } from '../support/classroom.ts'

/** Bad input of every kind, while somebody else is in class: they get their answers, and the process lives (it is this one). */

const [question, choice, other] = [newId(), newId(), newId()]
/** One well-formed payload of each command; a new command does not compile until it has one. */
const wellFormed: Record<keyof typeof commands, Record<string, unknown>> = {
  'board:open': {},
  'board:lock': { locked: false },
  'recording:choose': { voice: true, image: true },
  'recording:start': { part: newId() },
  'recording:pause': {},
  'recording:resume': { part: newId() },
  'recording:stop': {},
  'captions:begin': { language: 'fr-FR' },
  'captions:end': {},
  'captions:say': { from: 1_700_000_000_000, text: 'Bonjour' },
  'captions:name': { person: newId() },
  'captions:resign': {},
  'captions:write': { from: 1_700_000_000_000, speaker: newId(), text: 'Bonjour' },
  'captions:correct': { line: 1, text: 'Bonsoir' },
  'captions:admit': { sum: newId() },
  'captions:dismiss': {},
  'captions:hear': { sum: newId(), from: 1_700_000_000_000, speaker: newId(), language: 'fr', text: 'Bonjour' },
  'chat:say': { message: newId(), text: 'Bonjour' },
  'chat:hear': { id: newId(), person: newId(), at: 1, text: 'Bonjour' },
  'chat:hide': { message: newId(), hidden: true },
  'mentoring:renew': { change: newId() },
  'hands:raise': {},
  'hands:lower': {},
  'hands:clear': { person: newId() },
  'hands:clear-all': {},
  'hands:give': { person: newId() },
  'hands:take': { person: newId() },
  'hands:give-back': {},
  'groups:open': { groups: [{ group: newId(), name: 'Les grands', people: [newId()] }] },
  'groups:move': { person: newId(), group: newId() },
  'groups:visit': { group: newId() },
  'groups:rename': { group: newId(), name: null },
  'groups:close': { after: 60 },
  'mics:mute': { person: newId(), hold: true },
  'mics:mute-all': { except: [newId()], hold: true },
  'mics:allow': { person: newId() },
  'mics:allow-all': {},
  'mics:ask': { person: newId() },
  'mics:settle': {},
  'session:start': {},
  'session:pause': {},
  'slides:show': { file: newId() },
  'slides:turn': { file: newId(), page: 2 },
  'slides:stop': {},
  'stage:show': { front: 'board' },
  'video:help': { person: newId(), why: 'muted' },
  'video:settle': {},
  'waiting:ask': { boot: newId() },
  'waiting:leave': { person: newId() },
  'waiting:admit': { people: [newId()] },
  'waiting:deny': { person: newId() },
  'quiz:open': {
    question,
    prepared: null,
    typed: {
      text: '?',
      choices: [
        { id: choice, text: 'a' },
        { id: other, text: 'b' },
      ],
      right: null,
      explanation: '',
    },
    seconds: null,
  },
  'quiz:answer': { question, choice },
  'quiz:extend': { question, seconds: 60 },
  'quiz:close': { question },
  'quiz:cancel': { question },
  'quiz:reopen': { question, seconds: null },
  'quiz:reveal': { question },
  'quiz:correct': { question, correction: newId(), right: choice, counts: true },
}

const nested = (depth: number): unknown => (depth === 0 ? 'deep' : [nested(depth - 1)])
/** What is never what was asked for. */
const junk: unknown[] = [
  undefined,
  null,
  0,
  -1,
  NaN,
  Infinity,
  2 ** 60,
  true,
  '',
  'x',
  'x'.repeat(5000),
  '\0',
  '\ud800',
  [],
  [[]],
  Array(10_000).fill('x'),
  nested(10),
  new Uint8Array(50_000),
]

async function aClass() {
  const room = await aClassroom()
  const claire = await room.enter(await room.aMember('Claire', 'trainer'))
  const awa = await room.enter(await room.aMember('Awa', 'learner'))
  const mallory = await room.aMember('Mallory', 'learner')
  /** Awa still gets an answer and Claire still hears her: whatever was done, it was done to nobody else. */
  const undisturbed = async () => {
    const text = `Tout va bien ${newId()}`
    expect(await awa.send('chat:say', { message: newId(), text })).toMatchObject({ ok: true })
    await expect.poll(() => claire.heard(text)).toBe(true)
    expect([claire.bye, awa.bye, claire.socket.connected]).toEqual([undefined, undefined, true])
  }
  const log = () => room.db.read(async (tx) => (await readLog(tx, room.room, 0)).happenings)
  return { room, claire, awa, mallory, undisturbed, log }
}

/** A socket without our client on it: any bytes may be sent. */
async function aRawLink(
  room: Classroom,
  who?: Member,
  { origin = room.base, query = room.room }: { origin?: string | null; query?: string } = {},
) {
  const socket = new WebSocket(`${room.base.replace('http', 'ws')}/live/?EIO=4&transport=websocket&room=${query}`, {
    headers: { ...(origin !== null && { origin }), ...(who && { cookie: who.cookie }) },
  })
  onTestFinished(() => socket.terminate())
  const packets: Packet[] = []
  const decoder = new Decoder().on('decoded', (packet) => packets.push(packet))
  const link = { socket, packets, status: 0, closed: 0, send: (packet: Packet) => socket.send(new Encoder().encode(packet)[0] ?? '') }
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) decoder.add(data)
    else if (String(data) === '2') socket.send('3')
  })
  socket.on('unexpected-response', (request, response) => {
    link.status = response.statusCode ?? 0
    request.destroy()
  })
  socket.on('error', () => undefined)
  socket.on('close', (code) => (link.closed = code))
  await expect.poll(() => socket.readyState === WebSocket.OPEN || link.status > 0, { timeout: 30_000 }).toBe(true)
  return link
}

const connect = (data: unknown): Packet => ({ type: 0, nsp: '/', data })
const code = /^[a-z]+\/[a-z-]+$/

describe('what is malformed', () => {
  it('is refused with a code, field by field, for every command', { timeout: 120_000 }, async () => {
    const { room, claire, awa, undisturbed, log } = await aClass()
    let sent = 0
    const answer = async (name: string, payload: unknown) => {
      // A person's budget is another test.
      if (++sent % 40 === 0) room.clock.forward(4000)
      const got = await (name === 'quiz:answer' ? awa : claire).send(name, payload)
      if (!got.ok) expect(got.code, name).toMatch(code)
      return got.ok ? 'ok' : got.code
    }
    // What only the room itself says does not exist for anybody else.
    const none = (name: string) =>
      [
        'captions:admit',
        'captions:dismiss',
        'captions:hear',
        'chat:hear',
        'chat:hide',
        'mentoring:renew',
        'session:pause',
        'waiting:ask',
        'waiting:leave',
      ].includes(name)
        ? 'live/unknown-command'
        : 'live/bad-request'
    for (const [name, payload] of Object.entries(wellFormed)) {
      for (const bad of junk) expect(await answer(name, bad), name).toBe(none(name))
      for (const field of Object.keys(payload)) {
        const { [field]: _left, ...without } = payload
        expect(await answer(name, without), `${name} without ${field}`).toBe(none(name))
        for (const bad of [undefined, NaN, {}, 'x'.repeat(5000), '\0', Array(10_000).fill('x'), nested(8)])
          expect(await answer(name, { ...payload, [field]: bad }), `${name} ${field}`).toBe(none(name))
      }
      await answer(name, { ...payload, mallory: 'was here', role: 'owner', person: newId(), seat: newId() })
    }
    for (const bad of junk) {
      const id = bad as string
      expect(await claire.socket.timeout(10_000).emitWithAck('hands:raise', id, {})).toMatchObject({ ok: false, code: 'live/bad-request' })
    }
    expect(sent).toBeGreaterThan(400)
    // What is not asked for is not kept.
    expect(JSON.stringify(await log())).not.toContain('was here')
    await undisturbed()
  })

  it('is refused with a code in every request of the link and of documents', async () => {
    const { claire, undisturbed } = await aClass()
    for (const name of ['live:view', 'document:open', 'document:commit', 'document:close'])
      for (const bad of [...junk, {}, { document: 1 }, { document: newId(), update: 'text' }])
        expect(await claire.ask(name, bad), name).toMatchObject({
          ok: false,
          code: expect.stringMatching(/^(live\/bad-request|document\/not-found)$/) as string,
        })
    for (const since of [-1, 1.5, NaN, 2 ** 60, '0'])
      expect(await claire.ask('document:open', { document: newId(), since })).toMatchObject({ code: 'live/bad-request' })
    await undisturbed()
  })

  it('under a name nobody knows is refused; the language’s own names are nobody’s', async () => {
    const { room, mallory, undisturbed } = await aClass()
    const here = await room.enter(mallory)
    for (const name of [
      'chat:shout',
      'chat',
      ':',
      'quiz:',
      'toString',
      'constructor',
      '__proto__',
      'hasOwnProperty',
      'welcome',
      'view',
      'live:everything',
      'attendance:enter',
      'é'.repeat(20),
    ])
      expect(await here.send(name, {}), name).toEqual({ ok: false, code: 'live/unknown-command' })
    await undisturbed()
  })

  it('and enormous ends that link alone: a megabyte, a text beyond the frame’s bound, a key that would reach a prototype', async () => {
    const { room, mallory, undisturbed } = await aClass()
    const proto: unknown = JSON.parse('{"message":"m","text":"x","__proto__":{"role":"owner"}}')
    for (const payload of [
      { message: newId(), text: 'x'.repeat(1_000_000) },
      { message: newId(), text: 'x'.repeat(300_000) },
      Array(30_000).fill(0),
      proto,
    ]) {
      const here = await room.enter(mallory)
      here.socket.emit('chat:say', newId(), payload)
      await expect.poll(() => here.socket.connected).toBe(false)
    }
    expect(({} as { role?: string }).role).toBeUndefined()
    await undisturbed()
  })
})

describe('a flood', () => {
  it(
    'of commands is refused with a code and may be sent again; of frames ends the seat; the others get their answers',
    { timeout: 60_000 },
    async () => {
      const { room, mallory, undisturbed, log } = await aClass()
      const here = await room.enter(mallory)
      const answers = await Promise.all(Array.from({ length: 300 }, () => here.send('chat:say', { message: newId(), text: 'Encore' })))
      expect(answers.filter(({ ok }) => ok).length).toBeLessThan(150)
      expect(new Set(answers.flatMap((one) => (one.ok ? [] : [one.code])))).toEqual(new Set(['live/too-many']))
      await undisturbed()

      const sending = (async () => {
        for (let i = 0; here.socket.connected && i < 200_000; i++) {
          here.whisper('chat:typing', {})
          here.socket.emit('nobody:knows', i)
          if (i % 500 === 0) await pause(1)
        }
      })()
      await Promise.all([sending, undisturbed(), undisturbed()])
      await expect.poll(() => [here.bye, here.socket.connected], { timeout: 30_000 }).toEqual(['live/flooding', false])
      expect((await log()).filter(({ kind, person }) => kind === 'chat:said' && person === mallory.id).length).toBeLessThan(150)
      // It may come back, and behave.
      expect(await (await room.enter(mallory)).send('hands:raise', {})).toMatchObject({ ok: true })
      await undisturbed()
    },
  )
})

describe('a page that is not ours', () => {
  it('opens nothing, by either transport, whatever it calls itself', { timeout: 60_000 }, async () => {
    const { room, mallory, undisturbed } = await aClass()
    const port = Number(new URL(room.base).port)
    const foreign = [
      null,
      'null',
      'http://evil.example',
      `http://127.0.0.1.evil.example:${port}`,
      `http://127.0.0.1:${port + 1}`,
      `https://127.0.0.1:${port}`,
      `http://127.0.0.1:${port}.evil.example`,
      'file://',
      '',
    ]
    for (const origin of foreign) {
      expect((await aRawLink(room, mallory, { origin })).status, `websocket ${origin}`).toBe(400)
      const polled = await fetch(`${room.base}/live/?EIO=4&transport=polling&room=${room.room}`, {
        headers: { cookie: mallory.cookie, ...(origin !== null && { origin }) },
      })
      expect(polled.status, `polling ${origin}`).toBe(403)
    }
    for (const transports of [['websocket'], ['polling']] as const)
      expect((await room.enter(mallory, { transports: [...transports] })).welcome, transports[0]).toBeDefined()
    await undisturbed()
  })

  it('is answered once by polling, by the link and not by the pages', async () => {
    const { room, mallory } = await aClass()
    const reply = await fetch(`${room.base}/live/?EIO=4&transport=polling&room=${room.room}`, {
      headers: { origin: room.base, cookie: mallory.cookie },
    })
    expect([reply.status, (await reply.text())[0], reply.headers.get('content-security-policy')]).toEqual([200, '0', null])
  })
})

describe('a link that does not say what it should', () => {
  it(
    'gets no seat without a handshake, a sign-in, a room of its own or the right contract, each with a code',
    { timeout: 60_000 },
    async () => {
      const { room, mallory, undisturbed, log } = await aClass()
      const lines = (await log()).length
      const refusal = async (packet: Packet, who?: Member, query = room.room) => {
        const link = await aRawLink(room, who, { query })
        link.send(packet)
        await expect.poll(() => link.packets[0], { timeout: 30_000 }).toBeDefined()
        // It goes on as if it had been let in.
        link.send({ type: 2, nsp: '/', data: ['chat:say', newId(), { message: newId(), text: 'Me voilà' }], id: 1 })
        await expect.poll(() => link.closed, { timeout: 10_000 }).toBeGreaterThan(0)
        expect(link.packets.map(({ type }) => type)).toEqual([4])
        return (link.packets[0]?.data as { data?: { code?: string } }).data?.code
      }
      const auth = { epoch: newId(), contract: room.app.contract }
      for (const bad of [
        undefined,
        {},
        { epoch: 1, contract: 2 },
        { ...auth, epoch: 'short' },
        { ...auth, contract: 'x'.repeat(500) },
        { ...auth, epoch: nested(5) },
      ])
        expect(await refusal(connect(bad), mallory)).toBe('live/bad-request')
      expect(await refusal(connect(auth))).toBe('live/signed-out')
      expect(await refusal(connect(auth), { ...mallory, cookie: mallory.cookie.replace(/=./g, '=x') })).toBe('live/signed-out')
      expect(await refusal(connect(auth), mallory, 'x')).toBe('live/bad-request')
      expect(await refusal(connect(auth), mallory, newId())).toBe('live/not-found')
      expect(await refusal(connect({ ...auth, contract: 'of yesterday' }), mallory)).toBe('live/old-page')
      expect(await log()).toHaveLength(lines)
      await undisturbed()
    },
  )

  it('is closed alone when its frames are not ours', { timeout: 60_000 }, async () => {
    const { room, mallory, undisturbed } = await aClass()
    const random = Uint8Array.from({ length: 400 }, (_, i) => (i * 197 + 31) % 256)
    const event = (...data: unknown[]) => encode([2, '/', data])
    const frames: (string | Uint8Array)[] = [
      '4',
      '40',
      '42["chat:say"]',
      '4{"type":2}',
      '451-["x",{"_placeholder":true,"num":0}]',
      '9',
      'hello',
      '5',
      '0{}',
      '6'.repeat(50_000),
      new Uint8Array(0),
      random,
      random.subarray(7),
      Uint8Array.of(0xc1),
      Uint8Array.of(0xdd, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0xc6, 0xff, 0xff, 0xff, 0xff),
      Uint8Array.of(0xdf, 0xff, 0xff, 0xff, 0xff),
      encode(null),
      encode([]),
      encode(['2', '/', ['x']]),
      encode([2, 3, ['x']]),
      encode([2, '/', 'x']),
      encode([2, '/', [], 1]),
      encode([2, '/', ['x'], 1.5]),
      encode([99, '/', ['x']]),
      encode([-1, '/', ['x']]),
      encode([5, '/', ['x', { _placeholder: true, num: 1e9 }]]),
      encode([6, '/', []]),
      encode([3, '/', 'x', 0]),
      encode([4, '/', 'boum']),
      encode([4, '/', null]),
      encode([1, '/', 'x']),
      encode([0, '/', [1]]),
      event(''),
      event(1),
      event('x'.repeat(64)),
      event('error', new Error('boum')),
      event('disconnect'),
      event('disconnecting'),
      event('newListener', 'x'),
      event('removeListener'),
      event('connect'),
      event('connect_error'),
      event('chat:say', newId(), nested(40)),
      event('chat:say', newId(), Array(25_000).fill(0)),
      event('chat:say', newId(), new Date()),
      encode([2, '/', ['x'], 0, 'more']),
      encode([2, '/unknown', ['x']]),
      encode([0, '/unknown', {}]),
    ]
    for (const [i, frame] of frames.entries())
      for (const seated of [false, true]) {
        const link = await aRawLink(room, mallory)
        if (seated) {
          link.send(connect({ epoch: newId(), contract: room.app.contract }))
          await expect
            .poll(() => link.packets.some(({ data }) => Array.isArray(data) && data[0] === 'welcome'), {
              timeout: 30_000,
              message: `seat ${i}`,
            })
            .toBe(true)
        }
        link.socket.send(frame)
        // Closed for it, or left as nothing: an answer would mean that it was taken for something.
        await Promise.race([
          expect
            .poll(() => link.closed, { timeout: 60 })
            .toBeGreaterThan(0)
            .catch(() => undefined),
          pause(60),
        ])
        expect(
          link.packets.filter(({ type }) => type === 3),
          `frame ${i}`,
        ).toEqual([])
        link.socket.terminate()
      }
    await undisturbed()
  })
})

describe('a room that is not mine', () => {
  it('does not exist for me: not its link, not its board, not its seats', async () => {
    const { room, claire, mallory, undisturbed } = await aClass()
    const zoe = await room.aMember('Zoe', null)
    const elsewhere = await room.db.transaction(async (tx) => {
      const now = room.clock.now()
      const spoc = await createSpoc(
        tx,
        zoe.id,
        {
          title: 'Autre',
          purpose: '',
          objectives: [],
          audience: 'inter',
          capacity: 9,
          starts: null,
          ends: null,
          language: 'fr',
          zone: 'Europe/Paris',
          outcome: 'certify',
        },
        now,
      )
      if (!spoc.ok) throw new Error(spoc.code)
      const session = await createSession(
        tx,
        { spoc: spoc.value.id, title: 'Ailleurs', intention: '', starts: now, ends: now + 3_600_000 },
        now,
      )
      if (!session.ok) throw new Error(session.code)
      return session.value.room
    })
    const theirs = await room.enter(zoe, { room: elsewhere })
    expect(await theirs.send('board:open', {})).toMatchObject({ ok: true })
    expect((await room.enter(mallory, { room: elsewhere })).refused).toEqual({ ok: false, code: 'live/not-found' })
    const here = await room.enter(mallory)
    for (const name of ['document:open', 'document:close'])
      expect(await here.ask(name, { document: boardDocument(elsewhere) })).toEqual({ ok: false, code: 'document/not-found' })
    expect(await here.ask('document:commit', { document: boardDocument(elsewhere), update: new Uint8Array([0, 0]) })).toEqual({
      ok: false,
      code: 'document/not-found',
    })
    here.whisper('video:signal', { to: theirs.seat, kind: 'hello' })
    here.whisper('video:signal', { to: claire.seat, kind: 'hello' })
    await expect.poll(() => claire.whispers.length).toBe(1)
    expect(theirs.whispers).toEqual([])
    await undisturbed()
    expect(theirs.heard('Tout va bien')).toBe(false)
  })
})

describe('a guest', () => {
  it('who is hostile opens no other room, forges no cookie, guesses no link, and disturbs nobody', { timeout: 60_000 }, async () => {
    const { room, claire, undisturbed, log } = await aClass()
    const lead = await room.aMember('Lina', 'trainer')
    const token = await aLink(room, lead)
    const nora = await aGuest(room, token, 'Nora')
    const other = await room.db.transaction((tx) =>
      createSession(
        tx,
        { spoc: room.spoc, title: 'Autre', intention: '', starts: room.clock.now(), ends: room.clock.now() + 1 },
        room.clock.now(),
      ),
    )
    if (!other.ok) throw new Error(other.code)
    expect((await room.enter(nora, { room: other.value.room })).refused?.code).toBe('live/signed-out')
    for (const cookie of [
      `cercle_guest=${'x'.repeat(22)}`,
      `cercle_guest=${token}`,
      `cercle_guest=${nora.id}`,
      `cercle_sign_in=${nora.cookie.split('=')[1]}`,
      `__Secure-${nora.cookie}`,
      "cercle_guest=' or 1=1",
      `cercle_guest=${'x'.repeat(5000)}`,
    ])
      expect((await room.enter(nora, { cookie })).refused?.code, cookie.slice(0, 60)).toBe('live/signed-out')
    // Not let in, whatever is pushed down the link leaves no line.
    const before = (await log()).length
    const outside = await room.enter(nora)
    expect(outside.refused?.code).toBe('waiting/at-the-door')
    for (const [name, payload] of Object.entries(wellFormed)) outside.socket.emit(name, newId(), payload)
    await undisturbed()
    expect((await log()).filter(({ person }) => person === nora.id)).toEqual([])
    expect((await log()).length).toBe(before + 1)
    // In the room, junk is refused, and a name is not what they say.
    const seat = await letIn(room, claire, nora)
    for (const bad of junk) expect((await seat.send('chat:say', bad)).ok).toBe(false)
    const said = { message: newId(), text: 'Bonjour' }
    for (const forged of [{ role: 'owner' }, { person: claire.person }, { name: 'Claire' }]) {
      const answer = await seat.send('chat:say', { ...said, ...forged })
      if (!answer.ok) expect(answer.code).toBe('live/bad-request')
    }
    expect(await seat.send('chat:say', { ...said, message: newId() })).toMatchObject({ ok: true })
    const lines = (await log()).filter(({ kind, words }) => kind === 'chat:said' && JSON.stringify(words).includes('"Bonjour"'))
    expect(new Set(lines.map(({ person }) => person))).toEqual(new Set([nora.id]))
    await undisturbed()

    const guess = async () =>
      (
        await fetch(`${room.base}/api/guests/open`, {
          method: 'POST',
          headers: { origin: room.base, 'content-type': 'application/json' },
          body: JSON.stringify({ token: newId() }),
        })
      ).status
    const answers = new Set<number>()
    for (let i = 0; i < 70; i++) answers.add(await guess())
    expect([...answers]).toEqual([409, 429])
    await undisturbed()
  })
})

describe('a forged stroke', () => {
  it('is refused with a code and reaches nobody: another’s id, a jump of the clock, a hole, a wipe, other shapes, other bytes', async () => {
    const { room, claire, awa, mallory, undisturbed } = await aClass()
    expect(await claire.send('board:open', {})).toMatchObject({ ok: true })
    const document = boardDocument(room.room)
    const penOf = async (who: Participant) => {
      const opened = await who.ask<Opened>('document:open', { document })
      if (!opened.ok) throw new Error(opened.code)
      return { id: opened.value.client, ...aPen(opened.value.client) }
    }
    const here = await room.enter(mallory)
    const [hers, mine] = [await penOf(awa), await penOf(here)]
    const line = pack({ kind: 'line', z: 1, colour: 1, width: 2, x1: 0, y1: 0, x2: 9, y2: 9 })
    const commit = (who: Participant, update: Uint8Array): Promise<Result<unknown>> => who.ask('document:commit', { document, update })
    const drawn = hers.set(newId(), line)
    expect(await commit(awa, drawn)).toMatchObject({ ok: true })
    let heard = 0
    claire.socket.on('document', (_: string, increments: unknown[]) => (heard += increments.length))
    await claire.ask('document:open', { document })

    /** One skipped or dead piece of any length, under any id: eleven bytes that would end an id for ever. */
    const jump = (kind: number, client: number, length: number) => {
      const bytes = encoding.createEncoder()
      for (const n of [1, 1, client, 0]) encoding.writeVarUint(bytes, n)
      encoding.writeUint8(bytes, kind)
      encoding.writeVarUint(bytes, length)
      encoding.writeVarUint(bytes, 0)
      return encoding.toUint8Array(bytes)
    }
    const forged = aPen(hers.id).set(newId(), line)
    const hole = aPen(mine.id)
    hole.set(newId(), line)
    const other = new Y.Doc()
    other.clientID = mine.id
    other.getText('secret').insert(0, 'une autre racine')
    const tries: Record<string, [Uint8Array, RegExp]> = {
      'another’s id': [forged, /not-yours/],
      'a jump of mine': [jump(0, mine.id, 2 ** 40), /clock|shape|gap/],
      'a jump of hers': [jump(0, hers.id, 2 ** 40), /not-yours/],
      'a skip': [jump(10, mine.id, 2 ** 30), /gap|shape|not-yours/],
      'a hole': [hole.set(newId(), line), /gap/],
      'another root': [Y.encodeStateAsUpdate(other), /shape/],
      'a value that is no stroke': [aPen(mine.id).set(newId(), { x: NaN }), /shape/],
      'a key that is no name': [aPen(mine.id).set('__proto__', line), /shape/],
      'no bytes': [new Uint8Array(0), /malformed/],
      'any bytes': [Uint8Array.from({ length: 99 }, (_, i) => 255 - i), /malformed|shape|not-yours|foreign|gap/],
      'too many bytes': [new Uint8Array(65 * 1024 + 1), /too-large/],
    }
    for (const [what, [update, refused]] of Object.entries(tries)) {
      const answer = await commit(here, update)
      expect(answer.ok ? 'ok' : answer.code, what).toMatch(new RegExp(`^document/(${refused.source})$`))
    }
    await claire.ask('live:clock', {})
    expect(heard).toBe(0)
    // Her id is as it was, and so is mine.
    expect(await commit(awa, hers.set(newId(), line))).toMatchObject({ ok: true })
    expect(await commit(here, mine.set(newId(), line))).toMatchObject({ ok: true })
    await expect.poll(() => heard).toBe(2)
    const now = new Y.Doc()
    const opened = await claire.ask<Opened>('document:open', { document })
    if (opened.ok) for (const bytes of opened.value.updates) Y.applyUpdate(now, bytes)
    expect([now.getMap(boardRoot).size, now.store.pendingStructs]).toEqual([3, null])
    await undisturbed()
  })
})
