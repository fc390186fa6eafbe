import { isNull } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import type { Result } from '#shared/result.ts'
import { roles, type Role } from '#shared/spoc/rules.ts'
import type { SpocCard, Standing } from '#shared/spoc/wire.ts'
import type { Today } from '#shared/session/wire.ts'
import { consequences } from '#server/consequences/tables.ts'
import { deckCards } from '#server/deck/tables.ts'
import { newId } from '#server/db/ids.ts'
import { jobs } from '#server/jobs/tables.ts'
import { readLog } from '#server/live/log.ts'
import { mails } from '#server/mail/tables.ts'
import { invitations } from '#server/spoc/tables.ts'
import { hashOf } from '#server/http/secrets.ts'
import { aClassroom, type Member, type Participant } from '#tests/support/classroom.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

/** A class in its room, one person of each role, and Nadia who owns the course; another session is planned in three days. */
async function aClass() {
  const room = await aClassroom()
  const nadia = await room.aMember('Responsable', 'owner')
  const people = new Map<Role, Member>()
  for (const role of roles) people.set(role, await room.aMember(role, role))
  const said = async <T = unknown>(who: Member, method: string, path: string, body?: unknown) =>
    (await (await who.fetch(method, path, body)).json()) as Result<T>
  const starts = room.clock.now() + 3 * day
  const planned = await said<{ id: string; room: string }>(nadia, 'POST', `/api/spocs/${room.spoc}/sessions`, {
    title: 'Donner le rythme',
    starts,
    ends: starts + hour,
  })
  if (!planned.ok) throw new Error(planned.code)
  const archive = () => said(nadia, 'POST', `/api/spocs/${room.spoc}/archive`)
  const reopen = () => said(nadia, 'POST', `/api/spocs/${room.spoc}/reopen`)
  const settled = () =>
    expect.poll(() => room.db.read((tx) => tx.$count(consequences, isNull(consequences.done))), { timeout: 30_000 }).toBe(0)
  const passes = async (ms: number) => {
    await settled()
    room.clock.forward(ms)
    await settled()
  }
  const sent = async () =>
    (await room.db.read((tx) => tx.select().from(mails).orderBy(mails.created, mails.recipient, mails.subject))).map(
      ({ recipient, subject }) => ({ recipient, subject }),
    )
  const learner = people.get('learner')
  if (!learner) throw new Error('no learner')
  return { room, nadia, people, learner, planned: planned.value, starts, said, archive, reopen, passes, sent }
}

const lines = async ({ db, room }: Awaited<ReturnType<typeof aClassroom>>) => (await db.read((tx) => readLog(tx, room, 0))).happenings

describe('the rooms of an archived SPOC', () => {
  it('[M14] are left at once with a plain word, and nobody comes in, whatever their role, to say anything more', async () => {
    const { room, people, archive, reopen } = await aClass()
    const seats: Participant[] = []
    for (const member of people.values()) seats.push(await room.enter(member))
    const trainer = seats[1]!
    expect(await trainer.send('session:start', {})).toMatchObject({ ok: true })
    expect(await trainer.send('chat:say', { message: newId(), text: 'Bonjour' })).toMatchObject({ ok: true })
    const before = (await lines(room)).length

    expect(await archive()).toMatchObject({ ok: true })
    for (const seat of seats) await expect.poll(() => seat.bye, { timeout: 10_000 }).toBe('spoc/archived')
    for (const seat of seats) await expect.poll(() => seat.socket.connected, { timeout: 10_000 }).toBe(false)
    // What is written in the room since is that they left.
    await expect.poll(async () => (await lines(room)).length, { timeout: 10_000 }).toBe(before + seats.length)
    expect(new Set((await lines(room)).slice(before).map(({ kind }) => kind))).toEqual(new Set(['attendance:left']))
    for (const member of people.values()) {
      const refused = await room.enter(member)
      expect({ welcome: refused.welcome, code: refused.refused?.code }, member.role).toEqual({ welcome: undefined, code: 'spoc/archived' })
    }
    expect((await lines(room)).length).toBe(before + seats.length)

    // Taken back, the lesson goes on where it was.
    expect(await reopen()).toMatchObject({ ok: true })
    const back = await room.enter([...people.values()][1]!)
    expect(await back.send('chat:say', { message: newId(), text: 'De retour' })).toMatchObject({ ok: true })
  })

  it('[M14] of a session to come is not entered by its team either; each member of the team could before', async () => {
    const { room, people, planned, archive } = await aClass()
    const trainer = people.get('trainer')!
    expect((await room.enter(trainer, { room: planned.room })).welcome).toBeDefined()
    await archive()
    expect((await room.enter(trainer, { room: planned.room })).refused?.code).toBe('spoc/archived')
  })
})

describe('what was to come in an archived SPOC', () => {
  it('[M16] is named before, is told as cancelled, and comes back to calendars when it is reopened', async () => {
    const { room, nadia, learner, planned, said, archive, reopen, passes, sent } = await aClass()
    await passes(11 * minute)
    const told = async () => (await sent()).filter(({ recipient }) => recipient === 'learner@example.org').map(({ subject }) => subject)
    expect(await told()).toHaveLength(1)
    const standing = await said<Standing>(nadia, 'GET', `/api/spocs/${room.spoc}/archive`)
    expect(standing).toMatchObject({ value: { sessions: [{ title: 'Séance 1' }, { id: planned.id }], calls: [], meetings: [] } })

    await archive()
    await passes(11 * minute)
    await expect.poll(told, { timeout: 10_000 }).toEqual([expect.anything(), expect.stringMatching(/^Annulé/)])
    // The day before and the hour before pass without a word.
    await passes(3 * day)
    expect(await told()).toHaveLength(2)
    expect(await said<Today>(learner, 'GET', '/api/today')).toMatchObject({ value: { next: null, coming: [], spocs: [] } })

    await reopen()
    const later = room.clock.now() + 2 * day
    await said(nadia, 'PATCH', `/api/sessions/${planned.id}`, { starts: later, ends: later + hour })
    await passes(11 * minute)
    await expect.poll(told, { timeout: 10_000 }).toHaveLength(3)
  })

  it('[M14, M16] archived and reopened at once, nobody is told anything', async () => {
    const { archive, reopen, passes, sent } = await aClass()
    await passes(11 * minute)
    const before = await sent()
    await archive()
    await passes(minute)
    await reopen()
    await passes(11 * minute)
    expect(await sent()).toEqual(before)
  })

  it('[M14] waits when it follows from a session that was held, and is done once it is reopened', async () => {
    const { room, learner, archive, reopen, passes, sent } = await aClass()
    const trainer = await room.aMember('Claire', 'trainer')
    const seat = await room.enter(trainer)
    expect(await seat.send('session:start', {})).toMatchObject({ ok: true })
    await trainer.fetch('POST', `/api/sessions/${room.session}/end`)
    await archive()
    await passes(hour)
    const missed = async () =>
      (await sent()).filter(({ recipient, subject }) => recipient === 'learner@example.org' && /rattraper/i.test(subject))
    expect(await missed()).toEqual([])
    expect((await room.db.read((tx) => tx.select().from(jobs))).map(({ kind }) => kind)).toContain('session-over')
    await reopen()
    await passes(day)
    await expect.poll(async () => (await missed()).length, { timeout: 10_000 }).toBe(1)
    expect(learner.role).toBe('learner')
  })
})

describe('an archived SPOC', () => {
  it('[M17] leaves Today and the decks, is listed apart, and refuses a review with the same word', async () => {
    const { room, learner, said, archive, reopen } = await aClass()
    const card = newId()
    await room.db.transaction((tx) =>
      tx.insert(deckCards).values({
        id: card,
        person: learner.id,
        spoc: room.spoc,
        question: newId(),
        source: newId(),
        seen: { text: 'Combien ?', choices: [{ id: 'a'.repeat(22), text: 'Douze' }], right: 'a'.repeat(22), explanation: '' },
        reason: 'missed',
        step: 0,
        due: '2020-01-01',
        entered: room.clock.now(),
      }),
    )
    const due = async () => {
      const deck = await said<{ due: unknown[] }>(learner, 'GET', '/api/deck')
      return deck.ok ? deck.value.due.length : -1
    }
    expect(await due()).toBe(1)
    await archive()
    expect(await due()).toBe(0)
    expect(await said(learner, 'POST', `/api/deck/${card}/review`, { answer: 'a'.repeat(22) })).toMatchObject({ code: 'spoc/archived' })
    expect(await said<Today>(learner, 'GET', '/api/today')).toMatchObject({ value: { spocs: [] } })
    expect(await said<SpocCard[]>(learner, 'GET', '/api/spocs')).toMatchObject({ value: [{ archived: expect.any(Number), next: null }] })
    await reopen()
    expect(await due()).toBe(1)
    expect(await said<Today>(learner, 'GET', '/api/today')).toMatchObject({ value: { spocs: [{ id: room.spoc }] } })
  })

  it('[M14] opens to nobody new: an invitation that was sent says why, and works again later', async () => {
    const { room, nadia, said, archive, reopen } = await aClass()
    const stranger = await room.aMember('Yann', null)
    const token = newId()
    await room.db.transaction((tx) =>
      tx.insert(invitations).values({
        id: newId(),
        spoc: room.spoc,
        hash: hashOf(token),
        role: 'learner',
        usesLeft: 5,
        expires: room.clock.now() + day,
        created: room.clock.now(),
        author: nadia.id,
      }),
    )
    await archive()
    for (const act of ['open', 'accept', 'ask'])
      expect(await said(stranger, 'POST', `/api/invitations/${act}`, { token }), act).toMatchObject({ code: 'spoc/archived' })
    expect(await said(stranger, 'GET', `/api/spocs/${room.spoc}`)).toMatchObject({ code: 'http/not-found' })
    await reopen()
    expect(await said(stranger, 'POST', '/api/invitations/accept', { token })).toMatchObject({ ok: true })
  })

  it('[M15] lets each member leave, and their account be erased; owners alone archive and reopen', async () => {
    const { room, people, learner, said, archive } = await aClass()
    for (const role of ['trainer', 'mentor', 'learner', 'observer'] as const)
      for (const act of ['archive', 'reopen'])
        expect(await said(people.get(role)!, 'POST', `/api/spocs/${room.spoc}/${act}`), `${role} ${act}`).toMatchObject({
          code: 'http/not-allowed',
        })
    await archive()
    expect(await archive()).toMatchObject({ ok: true })
    expect(await said(learner, 'POST', `/api/spocs/${room.spoc}/leave`, {})).toMatchObject({ ok: true })
    const observer = people.get('observer')!
    expect(await said(observer, 'POST', '/api/me/erase', { current: 'correct horse battery' })).toMatchObject({ ok: true })
  })

  it('[M14] says so with each reply of one of its places, and says too that it is reopened', async () => {
    const { room, learner, archive, reopen } = await aClass()
    const word = async (path: string) => (await learner.fetch('GET', path)).headers.get('cercle-archived')
    const places = [`/api/spocs/${room.spoc}`, `/api/sessions/${room.session}`, `/api/rooms/${room.room}`]
    for (const place of places) expect(await word(place)).toBe('no')
    await archive()
    for (const place of places) expect(await word(place)).toMatch(new RegExp(`^${room.spoc} \\d+$`))
    expect(await word('/api/today')).toBe(null)
    await reopen()
    for (const place of places) expect(await word(place)).toBe('no')
  })
})
