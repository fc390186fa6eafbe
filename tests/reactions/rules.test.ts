import { describe, expect, it } from 'vitest'
import { gathered, mayReact } from '#shared/reactions/rules.ts'
import { reactionEphemerals } from '#shared/reactions/wire.ts'

describe('reactions', () => {
  it('[X1] whoever takes part reacts, with one of the six and nothing else', () => {
    expect(
      ['owner', 'trainer', 'mentor', 'learner', 'observer'].map((role) => mayReact({ role } as Parameters<typeof mayReact>[0])),
    ).toEqual([true, true, true, true, false])
    const { 'reactions:show': schema } = reactionEphemerals
    expect(schema.safeParse({ kind: 'heart' }).success).toBe(true)
    for (const bad of [{ kind: '💣' }, { kind: 'heart', person: 'another' }, {}, 'heart']) expect(schema.safeParse(bad).success).toBe(false)
  })

  it('[X3] many are said as one', () => {
    expect(gathered(['heart', 'thumb', 'heart', 'heart'])).toEqual([
      ['heart', 3],
      ['thumb', 1],
    ])
  })
})
