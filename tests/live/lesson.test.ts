import { describe, expect, it } from 'vitest'
import { newId } from '#server/db/ids.ts'
import { readLog } from '#server/live/log.ts'
import { grace } from '#server/live/seats.ts'
import { aClassroom } from '../support/classroom.ts'

interface Hands {
  queue: { person: string }[]
}
interface Chat {
  messages: { id: string; person: string; text: string | null }[]
}

describe('a lesson', () => {
  it('seats those who belong and shows them to each other; several tabs of one person are one person', async () => {
    const room = await aClassroom()
    const [claire, awa] = [await room.aMember('Claire', 'trainer'), await room.aMember('Awa', 'learner')]
    const claireHere = await room.enter(claire)
    const awaHere = await room.enter(awa)
    await room.enter(awa)
    await expect
      .poll(() => claireHere.presence.people.map(({ person, seats }) => [person, seats.length]).sort())
      .toEqual(
        [
          [awa.id, 2],
          [claire.id, 1],
        ].sort(),
      )
    expect(awaHere.welcome?.role).toBe('learner')
  })

  it('gives a stranger, a wrong origin, a signed-out browser and an old page no seat', async () => {
    const room = await aClassroom()
    const [awa, stranger] = [await room.aMember('Awa', 'learner'), await room.aMember('Zoe', null)]
    expect((await room.enter(stranger)).refused?.code).toBe('live/not-found')
    expect((await room.enter(awa, { room: newId() })).refused?.code).toBe('live/not-found')
    expect((await room.enter(awa, { cookie: '' })).refused?.code).toBe('live/signed-out')
    expect((await room.enter(awa, { contract: 'another' })).refused?.code).toBe('live/old-page')
  })

  it('tells what is said to everybody, once, in order, and again to who comes later', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const texts = ['un', 'deux', 'trois']
    const ids = texts.map(() => newId())
    for (const [i, text] of texts.entries()) expect((await awa.send('chat:say', { message: ids[i], text }, ids[i])).ok).toBe(true)
    // The acknowledgement was lost and the browser sends again.
    expect((await awa.send('chat:say', { message: ids[2], text: 'trois' }, ids[2])).ok).toBe(true)
    await expect.poll(() => claire.view<Chat>('chat')?.messages.map(({ text }) => text)).toEqual(texts)
    const louis = await room.enter(await room.aMember('Louis', 'learner'))
    expect(louis.view<Chat>('chat')?.messages.map(({ text }) => text)).toEqual(texts)
  })

  it('comes back to the same seat after a cut, without having left', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const member = await room.aMember('Awa', 'learner')
    const epoch = newId()
    const before = await room.enter(member, { epoch })
    await before.send('hands:raise', {})
    before.socket.disconnect()
    await expect.poll(() => claire.presence.people.find(({ person }) => person === member.id)?.state).toBe('away')
    const after = await room.enter(member, { epoch })
    expect(after.seat).toBe(before.seat)
    await expect.poll(() => claire.presence.people.find(({ person }) => person === member.id)?.state).toBe('here')
    expect(after.view<Hands>('hands')?.queue).toHaveLength(1)
    room.clock.forward(grace + 1000)
    await expect.poll(() => claire.presence.people.length).toBe(2)
  })

  it('lets a seat go that does not come back, with its hand', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    await awa.send('hands:raise', {})
    awa.socket.disconnect()
    await expect.poll(() => claire.presence.people.some(({ state }) => state === 'away')).toBe(true)
    room.clock.forward(grace + 1000)
    await expect.poll(() => claire.presence.people.length).toBe(1)
    expect(claire.view<Hands>('hands')?.queue).toEqual([])
  })

  it('keeps the right answer and the others’ answers from a learner until the reveal', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    const louis = await room.enter(await room.aMember('Louis', 'learner'))
    const question = newId()
    const [right, wrong] = [newId(), newId()]
    const opened = await claire.send('quiz:open', {
      question,
      prepared: null,
      seconds: null,
      typed: {
        text: 'Combien de personnes ?',
        choices: [
          { id: right, text: 'Douze' },
          { id: wrong, text: 'Deux mille' },
        ],
        right,
        explanation: 'Parce que le groupe est petit.',
      },
    })
    expect(opened).toMatchObject({ ok: true })
    await expect.poll(() => JSON.stringify(awa.view('quiz'))).toContain('Combien de personnes')
    expect((await louis.send('quiz:answer', { question, choice: wrong })).ok).toBe(true)
    expect((await awa.send('quiz:answer', { question, choice: right })).ok).toBe(true)
    await expect.poll(() => JSON.stringify(claire.view('quiz'))).toContain(louis.person)
    expect(JSON.stringify(awa.mine('quiz'))).toContain(right)
    expect((await claire.send('quiz:close', { question })).ok).toBe(true)
    await expect.poll(() => JSON.stringify(awa.view('quiz'))).toContain('closed')
    expect(awa.heard('Parce que le groupe est petit.')).toBe(false)
    expect(awa.heard(JSON.stringify({ right }).slice(1, -1))).toBe(false)
    expect((await claire.send('quiz:reveal', { question })).ok).toBe(true)
    await expect.poll(() => awa.heard('Parce que le groupe est petit.')).toBe(true)
  })

  it('refuses what a role may not ask, what is malformed and what does not exist, and disturbs nobody else', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    expect(await awa.send('stage:show', { front: 'board' })).toMatchObject({ ok: false, code: 'live/not-allowed' })
    expect(await awa.send('attendance:enter', { boot: newId() })).toMatchObject({ ok: false, code: 'live/unknown-command' })
    expect(await awa.send('chat:say', { message: newId(), text: 12 })).toMatchObject({ ok: false, code: 'live/bad-request' })
    expect(await awa.send('chat:say', { message: newId(), text: 'x', role: 'owner' })).toMatchObject({
      ok: false,
      code: 'live/bad-request',
    })
    expect(await awa.send('chat:shout', {})).toMatchObject({ ok: false, code: 'live/unknown-command' })
    expect(await awa.send('chat:say', { message: newId(), text: 'x' }, 'short')).toMatchObject({ ok: false, code: 'live/bad-request' })
    expect((await claire.send('chat:say', { message: newId(), text: 'Tout va bien.' })).ok).toBe(true)
  })

  it('ends the seats of who is removed or signs out everywhere, at once', async () => {
    const room = await aClassroom()
    const owner = await room.aMember('Olga', 'owner')
    const [awa, louis] = [await room.aMember('Awa', 'learner'), await room.aMember('Louis', 'learner')]
    const [awaHere, louisHere] = [await room.enter(awa), await room.enter(louis)]
    expect((await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)).status).toBe(200)
    await expect.poll(() => [awaHere.bye, awaHere.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    expect((await room.enter(awa)).refused?.code).toBe('live/not-found')
    expect((await louis.fetch('POST', '/api/me/sign-out-everywhere')).status).toBe(200)
    await expect.poll(() => [louisHere.bye, louisHere.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    expect((await room.enter(louis)).refused?.code).toBe('live/signed-out')
  })

  it('hears in the room what is written on the course page', async () => {
    const room = await aClassroom()
    const claire = await room.enter(await room.aMember('Claire', 'trainer'))
    const awa = await room.aMember('Awa', 'learner')
    expect(
      (await awa.fetch('POST', `/api/spocs/${room.spoc}/messages`, { message: newId(), text: 'Je lis depuis la page du cours.' })).status,
    ).toBe(200)
    await expect.poll(() => claire.view<Chat>('chat')?.messages.at(-1)?.text).toBe('Je lis depuis la page du cours.')
  })

  it('sees everybody out when the session is ended', async () => {
    const room = await aClassroom()
    const claire = await room.aMember('Claire', 'trainer')
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    expect((await claire.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(200)
    await expect.poll(() => awa.bye).toBe('live/room-ended')
  })

  it('[A2] counts who says nothing as there until they are seen out', async () => {
    const room = await aClassroom()
    const claire = await room.aMember('Claire', 'trainer')
    const awa = await room.enter(await room.aMember('Awa', 'learner'))
    // Less than from one sign of life of a link to the next.
    room.clock.forward(4000)
    const before = room.clock.now()
    expect((await claire.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(200)
    await expect.poll(() => awa.bye).toBe('live/room-ended')
    const left = async () =>
      (await room.db.read((tx) => readLog(tx, room.room, 0))).happenings.flatMap(({ kind, payload }) =>
        kind === 'attendance:left' ? [(payload as { heard: number }).heard] : [],
      )
    await expect.poll(left).toHaveLength(1)
    expect((await left())[0]).toBeGreaterThanOrEqual(before)
  })
})
