import { expect, it } from 'vitest'
import type { Help, HelpView } from '#shared/video/wire.ts'
import { readLog } from '#server/live/log.ts'
import { aClassroom, type Participant } from '#tests/support/classroom.ts'

const troubles = (who: Participant) => who.whispers.filter(({ name }) => name === 'video:trouble').map(({ payload }) => payload)

async function aLesson() {
  const room = await aClassroom()
  const seat = async (name: string, role: 'trainer' | 'mentor' | 'learner' | 'observer') => room.enter(await room.aMember(name, role))
  const awaHerself = await room.aMember('Awa', 'learner')
  const [claire, marc, awa, louis, olga] = [
    await seat('Claire', 'trainer'),
    await seat('Marc', 'mentor'),
    await room.enter(awaHerself),
    await seat('Louis', 'learner'),
    await seat('Olga', 'observer'),
  ]
  const kinds = () => room.db.read(async (tx) => (await readLog(tx, room.room, 0)).happenings.map(({ kind }) => kind))
  return { room, claire, marc, awa, awaHerself, louis, olga, kinds }
}

it('[N7] why somebody is not heard is told to the team, never to another learner, and is not kept', async () => {
  const { claire, marc, awa, louis, olga, kinds } = await aLesson()
  awa.whisper('video:state', { in: true, mic: false, cam: false, screen: false })
  awa.whisper('video:trouble', { mic: 'refused', deaf: false, unlinked: [] })
  for (const who of [claire, marc]) await expect.poll(() => troubles(who)).toEqual([{ mic: 'refused', deaf: false, unlinked: [] }])
  // What everybody may see has arrived, so the rest would have too.
  for (const who of [louis, olga]) {
    await expect.poll(() => who.whispers.some(({ name }) => name === 'video:state')).toBe(true)
    await who.ask('live:clock', {})
    expect(troubles(who)).toEqual([])
    expect(who.heard('refused')).toBe(false)
  }
  // An observer has no microphone to speak of; what is not a reason is nobody's.
  olga.whisper('video:trouble', { mic: 'silent', deaf: false, unlinked: [] })
  louis.whisper('video:trouble', { mic: 'tired', deaf: false, unlinked: [] })
  await Promise.all([olga, louis].map((who) => who.ask('live:clock', {})))
  await claire.ask('live:clock', {})
  expect(troubles(claire)).toHaveLength(1)
  expect((await kinds()).filter((kind) => kind.startsWith('video:'))).toEqual([])
})

it('[N7] who joins the team hears the reasons, who leaves it hears none', async () => {
  const { room, awa, louis, claire } = await aLesson()
  const olga = await room.aMember('Odile', 'owner')
  expect((await olga.fetch('PATCH', `/api/spocs/${room.spoc}/members/${louis.person}`, { role: 'mentor' })).status).toBe(200)
  await expect.poll(() => claire.presence.people.find(({ person }) => person === louis.person)?.role).toBe('mentor')
  awa.whisper('video:trouble', { mic: 'silent', deaf: false, unlinked: [] })
  await expect.poll(() => troubles(louis)).toHaveLength(1)
  expect((await olga.fetch('PATCH', `/api/spocs/${room.spoc}/members/${louis.person}`, { role: 'learner' })).status).toBe(200)
  await expect.poll(() => claire.presence.people.find(({ person }) => person === louis.person)?.role).toBe('learner')
  room.clock.forward(1_000)
  awa.whisper('video:trouble', { mic: null, deaf: true, unlinked: [] })
  await expect.poll(() => troubles(claire)).toHaveLength(2)
  await louis.ask('live:clock', {})
  expect(troubles(louis)).toHaveLength(1)
})

it('[N8] [N9] help reaches one person, is known to the team, is refused too soon, and outlives a restart of the page', async () => {
  const { room, claire, marc, awa, awaHerself, louis, olga } = await aLesson()
  const help = { person: awa.person, why: 'refused' }
  for (const who of [awa, louis, olga]) expect(await who.send('video:help', help)).toEqual({ ok: false, code: 'live/not-allowed' })
  expect(await claire.send('video:help', help)).toMatchObject({ ok: true })
  await expect.poll(() => awa.mine<Help>('video')).toMatchObject({ by: claire.person, why: 'refused' })
  for (const who of [claire, marc])
    await expect.poll(() => who.view<HelpView>('video')?.[awa.person]).toMatchObject({ why: 'refused', open: true })
  for (const who of [louis, olga]) {
    await who.ask('live:clock', {})
    expect([who.mine('video'), who.view('video'), who.heard('refused')]).toEqual([null, null, false])
  }
  expect(await marc.send('video:help', { ...help, why: 'muted' })).toEqual({ ok: false, code: 'video/too-soon' })
  expect(await marc.send('video:help', { person: olga.person, why: 'muted' })).toEqual({ ok: false, code: 'video/not-here' })

  const again = await room.enter(awaHerself)
  await expect.poll(() => again.mine<Help>('video')?.why).toBe('refused')
  expect(await again.send('video:settle', {})).toMatchObject({ ok: true })
  await expect.poll(() => awa.mine<Help>('video')).toBeNull()
  await expect.poll(() => marc.view<HelpView>('video')?.[awa.person]?.open).toBe(false)
  room.clock.forward(30_000)
  expect(await marc.send('video:help', { ...help, why: 'silent' })).toMatchObject({ ok: true })
  await expect.poll(() => awa.mine<Help>('video')).toMatchObject({ by: marc.person, why: 'silent' })
})

it('[Y5] what a page takes is told to everybody, an observer’s too; what is no such wish is told to nobody', async () => {
  const { claire, awa, olga } = await aLesson()
  const states = () => claire.whispers.filter(({ name }) => name === 'video:state').map(({ payload }) => payload)
  const state = { in: true, mic: false, cam: false, screen: false }
  awa.whisper('video:state', { ...state, wants: { seat: claire.seat, source: 'cam', quality: 'low' } })
  olga.whisper('video:state', { ...state, wants: ['cam'] })
  await Promise.all([awa, olga].map((who) => who.ask('live:clock', {})))
  awa.whisper('video:state', { ...state, wants: { seat: claire.seat, source: 'cam' } })
  olga.whisper('video:state', { ...state, wants: 'sound' })
  await expect.poll(states).toHaveLength(2)
  expect(states()).toEqual(
    expect.arrayContaining([
      { ...state, wants: { seat: claire.seat, source: 'cam' } },
      { ...state, wants: 'sound' },
    ]),
  )
})
