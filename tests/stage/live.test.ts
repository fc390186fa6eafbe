import { expect, it } from 'vitest'
import type { StageView } from '#shared/stage/wire.ts'
import { aClassroom } from '#tests/support/classroom.ts'

it('[G1] the trainer puts the board in front of everybody, also of who comes later; nobody else may', async () => {
  const { aMember, enter } = await aClassroom()
  const [claire, marc, awa, olga] = await Promise.all([
    aMember('Claire', 'trainer'),
    aMember('Marc', 'mentor'),
    aMember('Awa', 'learner'),
    aMember('Olga', 'observer'),
  ])
  const [c, m, a] = await Promise.all([claire, marc, awa].map((who) => enter(who)))
  if (!c || !m || !a) throw new Error('somebody is missing')
  for (const who of [m, a]) expect(await who.send('stage:show', { front: 'board' })).toMatchObject({ code: 'live/not-allowed' })
  expect(await c.send('stage:show', { front: 'roof' })).toMatchObject({ code: 'live/bad-request' })
  expect(await c.send('stage:show', { front: 'board' })).toMatchObject({ ok: true })
  await expect.poll(() => a.view<StageView>('stage')).toMatchObject({ front: 'board', by: claire.id })
  const late = await enter(olga)
  await expect.poll(() => late.view<StageView>('stage')?.front).toBe('board')
})
