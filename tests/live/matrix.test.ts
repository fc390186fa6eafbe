import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { boardDocument } from '#shared/board/rules.ts'
import { pack } from '#shared/board/elements.ts'
import type { attendanceCommands } from '#shared/attendance/wire.ts'
import type { documentRequests, Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import { isTeam, leads, roles as memberRoles, takesPart, type Role } from '#shared/spoc/rules.ts'
import { commands, ephemerals } from '#shared/wire.ts'
import { newId } from '#server/db/ids.ts'
import { liveFeatures } from '#server/live/features.ts'
import { listUpdates } from '#server/live/documents.store.ts'
import { readLog } from '#server/live/log.ts'
import { aPen } from '../documents/pen.ts'
import { aGuest, aLink, letIn } from '../guests/coming.ts'
import { aClassroom, type Classroom, type Member, type Participant } from '../support/classroom.ts'
import { aStore } from '../support/store.ts'

/** Who may do what in a room: every live command, whisper and document request, for every role. One without a line does not compile. */

type Command = keyof typeof commands | keyof typeof attendanceCommands
type Whisper = keyof typeof ephemerals
type Request = keyof typeof documentRequests

const roles: readonly Role[] = [...memberRoles, 'guest']
const lead = roles.filter(leads)
const part = roles.filter(takesPart)
const team = roles.filter(isTeam)
const learners: readonly Role[] = part.filter((role) => !isTeam(role))
const nobody: readonly Role[] = []

const stroke = () => pack({ kind: 'line', z: 1, colour: 1, width: 2, x1: 0, y1: 0, x2: 9, y2: 9 })
const somebody = 'p'.repeat(22)
const [question, right, wrong] = [newId(), newId(), newId()]
const typed = {
  text: 'Combien ?',
  choices: [
    { id: right, text: 'Douze' },
    { id: wrong, text: 'Cent' },
  ],
  right,
  explanation: '',
}

/** What each asks, well formed, and who may. What is refused to one role is asked before it is done by another. */
const asked: Record<Command, { who: readonly Role[]; payload: unknown }> = {
  'attendance:enter': { who: nobody, payload: { boot: newId() } },
  'attendance:leave': { who: nobody, payload: { seat: newId(), boot: newId(), heard: 0 } },
  'board:open': { who: lead, payload: {} },
  'board:lock': { who: lead, payload: { locked: false } },
  'captions:begin': { who: part, payload: { language: 'fr-FR' } },
  'captions:end': { who: part, payload: {} },
  'captions:say': { who: part, payload: { from: Date.now(), text: 'Bonjour' } },
  'captions:name': { who: team, payload: { person: somebody } },
  // Whoever was named: nobody was.
  'captions:resign': { who: roles, payload: {} },
  'captions:write': { who: roles, payload: { from: Date.now(), speaker: null, text: 'Bonjour' } },
  'captions:correct': { who: roles, payload: { line: 1, text: 'Bonsoir' } },
  'captions:admit': { who: nobody, payload: { sum: 's'.repeat(43) } },
  'captions:dismiss': { who: nobody, payload: {} },
  'captions:hear': { who: nobody, payload: { sum: 's'.repeat(43), from: Date.now(), speaker: null, language: null, text: 'Bonjour' } },
  'chat:say': { who: part, payload: { message: newId(), text: 'Bonjour' } },
  'chat:hear': { who: nobody, payload: { id: newId(), person: somebody, at: 1, text: 'Bonjour' } },
  'chat:hide': { who: nobody, payload: { message: newId(), hidden: true } },
  'groups:open': { who: lead, payload: { groups: [{ group: newId(), name: null, people: [] }] } },
  'groups:move': { who: lead, payload: { person: somebody, group: null } },
  'groups:visit': { who: team, payload: { group: null } },
  'groups:rename': { who: lead, payload: { group: newId(), name: 'Les grands' } },
  'groups:close': { who: lead, payload: { after: 0 } },
  'hands:raise': { who: part, payload: {} },
  'hands:lower': { who: part, payload: {} },
  'hands:clear': { who: lead, payload: { person: somebody } },
  'hands:clear-all': { who: lead, payload: {} },
  'hands:give': { who: lead, payload: { person: somebody } },
  'hands:take': { who: lead, payload: { person: somebody } },
  'hands:give-back': { who: part, payload: {} },
  'mics:mute': { who: lead, payload: { person: somebody, hold: false } },
  'mics:mute-all': { who: lead, payload: { except: [], hold: false } },
  'mics:allow': { who: lead, payload: { person: somebody } },
  'mics:allow-all': { who: lead, payload: {} },
  'mics:ask': { who: lead, payload: { person: somebody } },
  'mics:settle': { who: roles, payload: {} },
  'recording:choose': { who: part, payload: { voice: true, image: false } },
  'recording:start': { who: lead, payload: { part: newId() } },
  'recording:pause': { who: lead, payload: {} },
  'recording:resume': { who: lead, payload: { part: newId() } },
  'recording:stop': { who: lead, payload: {} },
  'mentoring:renew': { who: nobody, payload: { change: newId() } },
  'session:start': { who: ['owner', 'trainer', 'mentor'], payload: {} },
  'session:pause': { who: nobody, payload: {} },
  'slides:show': { who: lead, payload: { file: newId() } },
  'slides:turn': { who: lead, payload: { file: newId(), page: 2 } },
  'slides:stop': { who: lead, payload: {} },
  'stage:show': { who: lead, payload: { front: 'board' } },
  'video:help': { who: ['owner', 'trainer', 'mentor'], payload: { person: somebody, why: 'muted' } },
  'video:settle': { who: roles, payload: {} },
  'waiting:ask': { who: nobody, payload: { boot: newId() } },
  'waiting:leave': { who: nobody, payload: { person: somebody } },
  'waiting:admit': { who: ['owner', 'trainer', 'mentor'], payload: { people: [somebody] } },
  'waiting:deny': { who: ['owner', 'trainer', 'mentor'], payload: { person: somebody } },
  'quiz:open': { who: lead, payload: { question, prepared: null, typed, seconds: null } },
  'quiz:answer': { who: learners, payload: { question, choice: right } },
  'quiz:extend': { who: lead, payload: { question, seconds: 60 } },
  'quiz:close': { who: lead, payload: { question } },
  'quiz:cancel': { who: lead, payload: { question } },
  'quiz:reopen': { who: lead, payload: { question, seconds: null } },
  'quiz:reveal': { who: lead, payload: { question } },
  'quiz:correct': { who: lead, payload: { question, correction: newId(), right: wrong, counts: true } },
}

const whispered: Record<Whisper, { who: readonly Role[]; payload: (to: string) => unknown }> = {
  'board:live': { who: part, payload: () => ({ stroke: newId(), part: stroke() }) },
  'board:cursor': { who: part, payload: () => ({ x: 1, y: 2 }) },
  'captions:saying': { who: part, payload: () => ({ text: 'Bon' }) },
  'chat:typing': { who: part, payload: () => ({}) },
  'reactions:show': { who: part, payload: () => ({ kind: 'heart' }) },
  'video:state': { who: part, payload: () => ({ in: true, mic: true, cam: true, screen: false }) },
  'video:trouble': { who: part, payload: () => ({ mic: 'refused', deaf: false, unlinked: [] }) },
  'video:signal': { who: roles, payload: (to) => ({ to, kind: 'hello' }) },
}

const requested: Record<Request, readonly Role[]> = { 'document:open': roles, 'document:commit': part, 'document:close': roles }

/** A room with its board open, and somebody of each role in it; a trainer watches. */
async function aWorld() {
  const room = await aClassroom()
  const own = await room.aMember('Watcher', 'trainer')
  const watcher = await room.enter(own)
  expect(await watcher.send('board:open', {})).toMatchObject({ ok: true })
  const seats = new Map<Role, Participant>()
  for (const role of memberRoles) seats.set(role, await room.enter(await room.aMember(role, role)))
  seats.set('guest', await letIn(room, watcher, await aGuest(room, await aLink(room, own), 'Nora')))
  const document = boardDocument(room.room)
  const written = () =>
    room.db.read(async (tx) => ({
      lines: (await readLog(tx, room.room, 0)).happenings.length,
      strokes: (await listUpdates(tx, document, 0, 1000)).length,
    }))
  return { room, watcher, seats, document, written }
}

/** A person's own pen on the board; each stroke is a commit. */
async function takePen(who: Participant, document: string) {
  const opened = await who.ask<Opened>('document:open', { document })
  if (!opened.ok) throw new Error(opened.code)
  const pen = aPen(opened.value.client)
  return { draw: (): Promise<Result<unknown>> => who.ask('document:commit', { document, update: pen.set(newId(), stroke()) }) }
}

describe('every live message', () => {
  it('is named here', () => {
    expect(Object.keys(asked).sort()).toEqual(liveFeatures.flatMap((feature) => Object.keys(feature.commands)).sort())
    expect(Object.keys(whispered).sort()).toEqual(liveFeatures.flatMap((feature) => Object.keys(feature.ephemerals)).sort())
    for (const name of Object.keys(commands)) expect(asked).toHaveProperty([name])
    for (const name of Object.keys(ephemerals)) expect(whispered).toHaveProperty([name])
  })

  it('that is a command is done for the roles that may, and for nobody else', { timeout: 60_000 }, async () => {
    const { seats, written } = await aWorld()
    for (const [name, { who, payload }] of Object.entries(asked)) {
      for (const role of roles.filter((each) => !who.includes(each))) {
        const before = await written()
        const answer = await seats.get(role)?.send(name, payload)
        expect(answer, `${role} ${name}`).toEqual({ ok: false, code: who === nobody ? 'live/unknown-command' : 'live/not-allowed' })
        expect(await written(), `${role} ${name}`).toEqual(before)
      }
      for (const role of who) {
        const answer = await seats.get(role)?.send(name, payload)
        // Let in: it was done, or the state was at fault, in the feature's own words.
        if (!answer?.ok) expect(answer?.code, `${role} ${name}`).toMatch(new RegExp(`^${name.split(':')[0]}/`))
      }
      expect(who.length === 0 || (await written()).lines > 0).toBe(true)
    }
  })

  it('that is whispered is heard from the roles that may, and from nobody else', { timeout: 60_000 }, async () => {
    const { watcher, seats } = await aWorld()
    const heard = (name: string, seat: string | undefined) => watcher.whispers.some((each) => each.name === name && each.from === seat)
    for (const [name, { who, payload }] of Object.entries(whispered)) {
      for (const role of roles) seats.get(role)?.whisper(name, payload(watcher.seat))
      // Each link is in order: what these seats said before is passed on or dropped by now.
      for (const seat of seats.values()) await seat.ask('live:clock', {})
      await expect.poll(() => who.filter((role) => !heard(name, seats.get(role)?.seat)), { message: name }).toEqual([])
      await pause(120)
      for (const role of roles) expect(heard(name, seats.get(role)?.seat), `${role} ${name}`).toBe(who.includes(role))
    }
    // A screen in front for all is for those who lead.
    for (const role of roles) seats.get(role)?.whisper('video:state', { in: true, mic: false, cam: false, screen: true })
    const screens = () => watcher.whispers.filter(({ payload }) => (payload as { screen?: boolean }).screen).map(({ from }) => from)
    await expect.poll(() => new Set(screens())).toEqual(new Set(lead.map((role) => seats.get(role)?.seat)))
  })

  it(
    'that asks for a document is answered to the roles that may; a lock leaves it to those who lead, at once',
    { timeout: 60_000 },
    async () => {
      const { watcher, seats, document, written } = await aWorld()
      const walk = async (who: readonly Role[]) => {
        for (const role of roles) {
          const seat = seats.get(role)
          if (!seat) continue
          expect((await seat.ask('document:open', { document })).ok, role).toBe(requested['document:open'].includes(role))
          const { draw } = await takePen(seat, document)
          const { strokes } = await written()
          if (who.includes(role)) expect(await draw(), role).toMatchObject({ ok: true })
          else expect(await draw(), role).toEqual({ ok: false, code: 'document/locked' })
          expect((await written()).strokes - strokes, role).toBe(who.includes(role) ? 1 : 0)
          expect((await seat.ask('document:close', { document })).ok, role).toBe(requested['document:close'].includes(role))
        }
      }
      await walk(requested['document:commit'])
      expect(await watcher.send('board:lock', { locked: true })).toMatchObject({ ok: true })
      await walk(lead)
    },
  )

  it('is nothing for a stranger or a former member, whatever they send', { timeout: 60_000 }, async () => {
    const { room, watcher, written } = await aWorld()
    const owner = await room.aMember('Olga', 'owner')
    const [stranger, former] = [await room.aMember('Zoe', null), await room.aMember('Former', 'trainer')]
    const seat = await room.enter(former)
    expect((await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${former.id}`)).status).toBe(200)
    await expect.poll(() => seat.socket.connected).toBe(false)
    const before = await written()
    const heard = watcher.whispers.length
    for (const who of [stranger, former]) {
      const outside = await room.enter(who)
      expect(outside.refused).toEqual({ ok: false, code: 'live/not-found' })
      // The link is refused; what is pushed down it all the same is nobody's.
      for (const [name, { payload }] of Object.entries(asked)) outside.socket.emit(name, newId(), payload)
      for (const [name, { payload }] of Object.entries(whispered)) outside.socket.emit(name, payload(watcher.seat))
    }
    await watcher.ask('live:clock', {})
    expect({ ...(await written()), heard: watcher.whispers.length }).toEqual({ ...before, heard })
  })
})

describe('a right that is taken away', () => {
  /** Somebody at work: they write and draw without a pause until their link is gone. Gives when the last act of each kind was kept. */
  const atWork = async (room: Classroom, who: Participant) => {
    const pen = await takePen(who, boardDocument(room.room))
    let working = true
    const refusals = new Set<string>()
    const note = (answer: Result<unknown>) => !answer.ok && refusals.add(answer.code)
    const work = (async () => {
      while (working && who.socket.connected) {
        who.send('chat:say', { message: newId(), text: 'Encore' }).then(note, () => undefined)
        pen.draw().then(note, () => undefined)
        await pause(60)
      }
    })()
    return {
      refusals,
      stop: () => {
        working = false
        return work
      },
      /** The last instants at which something of theirs was saved. */
      last: () =>
        room.db.read(async (tx) => ({
          line:
            (await readLog(tx, room.room, 0)).happenings.filter(({ kind, person }) => kind === 'chat:said' && person === who.person).at(-1)
              ?.at ?? 0,
          stroke:
            (await listUpdates(tx, boardDocument(room.room), 0, 10_000)).filter(({ person }) => person === who.person).at(-1)?.at ?? 0,
        })),
    }
  }

  /** A file of the course that all its members may open: gives what comes of opening it. */
  async function aFile(room: Classroom, owner: Member) {
    const file = newId()
    const sent = await fetch(`${room.base}/api/spocs/${room.spoc}/files/${file}?name=plan.txt&audience=spoc`, {
      method: 'PUT',
      headers: { cookie: owner.cookie, origin: room.base, 'content-type': 'application/octet-stream' },
      body: 'Le plan',
    })
    expect(sent.status).toBe(200)
    return async (who: Member) => (await who.fetch('GET', `/api/spocs/${room.spoc}/files/${file}`)).status
  }

  it('with the membership: within a second no handshake, command, stroke, write over HTTP or file', { timeout: 60_000 }, async () => {
    const { room, watcher } = await aWorld()
    const [owner, awa] = [await room.aMember('Olga', 'owner'), await room.aMember('Awa', 'learner')]
    const opens = await aFile(room, owner)
    expect(await opens(awa)).toBe(200)
    const here = await room.enter(awa)
    const work = await atWork(room, here)
    await expect.poll(async () => Object.values(await work.last()).every((at) => at > 0)).toBe(true)
    expect((await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)).status).toBe(200)
    const taken = room.clock.now()
    await expect.poll(() => [here.bye, here.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    expect((await room.enter(awa)).refused?.code).toBe('live/not-found')
    expect((await awa.fetch('POST', `/api/spocs/${room.spoc}/messages`, { message: newId(), text: 'Encore' })).status).toBe(404)
    expect(await opens(awa)).toBe(404)
    await work.stop()
    const { line, stroke } = await work.last()
    expect(line - taken).toBeLessThan(1000)
    expect(stroke - taken).toBeLessThan(1000)
    await expect.poll(() => watcher.presence.people.some(({ person }) => person === awa.id)).toBe(false)
  })

  it('with the sign-in, everywhere: all seats of the person end, and no cookie opens anything', { timeout: 60_000 }, async () => {
    const { room } = await aWorld()
    const [owner, awa] = [await room.aMember('Olga', 'owner'), await room.aMember('Awa', 'learner')]
    const opens = await aFile(room, owner)
    expect(await opens(awa)).toBe(200)
    const [phone, desk] = [await room.enter(awa), await room.enter(awa)]
    const work = await atWork(room, desk)
    await expect.poll(async () => Object.values(await work.last()).every((at) => at > 0)).toBe(true)
    expect((await awa.fetch('POST', '/api/me/sign-out-everywhere')).status).toBe(200)
    const taken = room.clock.now()
    for (const seat of [phone, desk])
      await expect.poll(() => [seat.bye, seat.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    expect((await room.enter(awa)).refused?.code).toBe('live/signed-out')
    expect((await awa.fetch('POST', `/api/spocs/${room.spoc}/messages`, { message: newId(), text: 'Encore' })).status).toBe(401)
    expect(await opens(awa)).toBe(401)
    await work.stop()
    const { line, stroke } = await work.last()
    expect(Math.max(line, stroke) - taken).toBeLessThan(1000)
  })

  it('with the role: the same seat goes on as a learner, who leads nothing and sees nothing of it', { timeout: 60_000 }, async () => {
    const { room, watcher, document } = await aWorld()
    const [owner, theo] = [await room.aMember('Olga', 'owner'), await room.aMember('Theo', 'trainer')]
    const here = await room.enter(theo)
    const pen = await takePen(here, document)
    expect(await watcher.send('board:lock', { locked: true })).toMatchObject({ ok: true })
    expect(await pen.draw()).toMatchObject({ ok: true })
    expect(await watcher.send('quiz:open', { question, prepared: null, typed, seconds: null })).toMatchObject({ ok: true })
    await expect.poll(() => JSON.stringify(here.view('quiz'))).toContain('"answered":0')
    expect((await owner.fetch('PATCH', `/api/spocs/${room.spoc}/members/${theo.id}`, { role: 'learner' })).status).toBe(200)
    await expect.poll(() => here.send('stage:show', { front: 'board' }), { timeout: 1000 }).toEqual({ ok: false, code: 'live/not-allowed' })
    expect(await pen.draw()).toEqual({ ok: false, code: 'document/locked' })
    expect((await theo.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(403)
    await expect.poll(() => JSON.stringify(here.view('quiz'))).not.toContain('answered')
    const frames = here.frames.length
    const learner = await room.enter(await room.aMember('Ines', 'learner'))
    expect(await learner.send('quiz:answer', { question, choice: wrong })).toMatchObject({ ok: true })
    await expect.poll(() => JSON.stringify(watcher.view('quiz'))).toContain(learner.person)
    await here.ask('live:clock', {})
    expect(here.frames.slice(frames).some((frame) => frame.includes('"tally"') || frame.includes('answered'))).toBe(false)
    expect((await room.enter(theo)).welcome?.role).toBe('learner')
  })

  it('while who had it is coming in: no seat is left behind', { timeout: 60_000 }, async () => {
    const db = await aStore()
    onTestFinished(() => db.close())
    let gate: Promise<void> | undefined
    let letGo: () => void = () => undefined
    // Lines of the log wait here, so that somebody is let in and not yet seated.
    const room = await aClassroom({
      db: {
        ...db,
        transaction: async (fn, turn) => {
          if (turn?.live) await gate
          return db.transaction(fn, turn)
        },
        write: async (statement, turn) => {
          if (turn?.live) await gate
          return db.write(statement, turn)
        },
      },
    })
    const [owner, awa, theo] = [
      await room.aMember('Olga', 'owner'),
      await room.aMember('Awa', 'learner'),
      await room.aMember('Theo', 'trainer'),
    ]
    const watcher = await room.enter(await room.aMember('Watcher', 'trainer'))
    gate = new Promise((go) => (letGo = go))
    const entering = [room.enter(awa), room.enter(theo)] as const
    await pause(300)
    expect((await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)).status).toBe(200)
    expect((await owner.fetch('PATCH', `/api/spocs/${room.spoc}/members/${theo.id}`, { role: 'learner' })).status).toBe(200)
    await pause(100)
    gate = undefined
    letGo()
    const [removed, lowered] = await Promise.all(entering)
    await expect.poll(() => [removed.bye, removed.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    expect(await removed.ask('live:clock', {}).catch(() => 'nobody')).toBe('nobody')
    await expect
      .poll(() => lowered.send('stage:show', { front: 'board' }), { timeout: 1000 })
      .toEqual({ ok: false, code: 'live/not-allowed' })
    await expect
      .poll(() => watcher.presence.people.map(({ person, role }) => `${person} ${role}`).sort())
      .toEqual([`${theo.id} learner`, `${watcher.person} trainer`].sort())
  })
})
