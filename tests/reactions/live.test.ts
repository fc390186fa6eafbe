import { expect, it } from 'vitest'
import { happenings } from '#server/live/tables.ts'
import { aClassroom } from '#tests/support/classroom.ts'

it('[X1] a reaction reaches the others under its author’s seat and leaves no trace; an observer’s and a made-up one reach nobody', async () => {
  const { aMember, enter, db } = await aClassroom()
  const [awa, louis, olga] = await Promise.all([aMember('Awa', 'learner'), aMember('Louis', 'learner'), aMember('Olga', 'observer')])
  const [a, l, o] = await Promise.all([awa, louis, olga].map((who) => enter(who)))
  if (!a || !l || !o) throw new Error('somebody is missing')
  o.whisper('reactions:show', { kind: 'heart' })
  a.whisper('reactions:show', { kind: 'bomb' })
  a.whisper('reactions:show', { kind: 'heart', person: louis.id })
  a.whisper('reactions:show', { kind: 'party' })
  await expect.poll(() => l.whispers).toEqual([{ name: 'reactions:show', from: a.seat, payload: { kind: 'party' } }])
  const lines = await db.read((tx) => tx.select({ kind: happenings.kind }).from(happenings))
  expect(lines.filter(({ kind }) => kind.startsWith('reactions'))).toEqual([])
})
