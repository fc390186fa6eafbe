import { expect, it } from 'vitest'
import type { HandsView } from '#shared/hands/wire.ts'
import { aClassroom, type Participant } from '#tests/support/classroom.ts'

const queue = (who: Participant) => who.view<HandsView>('hands')?.queue.map((h) => h.person)

it('hands stand in order for everybody; those who lead put them down; who leaves takes theirs along', async () => {
  const { aMember, enter } = await aClassroom()
  const [claire, awa, louis, olga] = await Promise.all([
    aMember('Claire', 'trainer'),
    aMember('Awa', 'learner'),
    aMember('Louis', 'learner'),
    aMember('Olga', 'observer'),
  ])
  const [c, a, l, o] = await Promise.all([claire, awa, louis, olga].map((who) => enter(who)))
  if (!c || !a || !l || !o) throw new Error('somebody is missing')
  const second = await enter(louis)

  expect(await o.send('hands:raise', {})).toMatchObject({ code: 'live/not-allowed' })
  await l.send('hands:raise', {})
  await a.send('hands:raise', {})
  await second.send('hands:raise', {})
  for (const who of [c, a, l, o]) await expect.poll(() => queue(who)).toEqual([louis.id, awa.id])
  for (const who of [a, o]) {
    expect(await who.send('hands:clear', { person: louis.id })).toMatchObject({ code: 'live/not-allowed' })
    expect(await who.send('hands:clear-all', {})).toMatchObject({ code: 'live/not-allowed' })
  }

  await l.ask('live:leave', {}).catch(() => undefined)
  await a.send('hands:lower', {})
  await a.send('hands:raise', {})
  await expect.poll(() => queue(c)).toEqual([louis.id, awa.id])
  await second.ask('live:leave', {}).catch(() => undefined)
  await expect.poll(() => queue(c)).toEqual([awa.id])
  await c.send('hands:clear', { person: awa.id })
  await expect.poll(() => queue(o)).toEqual([])
})
