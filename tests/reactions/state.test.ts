import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Reactions } from '#client/reactions/reactions.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function aRoom(role: 'learner' | 'observer' = 'learner') {
  const room = new FakeRoom(role)
  room.seat('me', 'awa')
  const said: unknown[] = []
  const reactions = new Reactions(room, (kinds) => said.push(kinds))
  const stop = reactions.start()
  return { room, reactions, said, stop }
}

describe('reactions in sight', () => {
  it('[X2] stay four seconds beside their author', () => {
    const { room, reactions } = aRoom()
    reactions.show('heart')
    room.hearFrom('seat-awa', 'reactions:show', { kind: 'thumb' })
    room.hearFrom('seat-gone', 'reactions:show', { kind: 'party' })
    expect([reactions.of('me').map((s) => s.kind), reactions.of('awa').map((s) => s.kind), reactions.shown.length]).toEqual([
      ['heart'],
      ['thumb'],
      2,
    ])
    vi.advanceTimersByTime(3_999)
    expect(reactions.shown).toHaveLength(2)
    vi.advanceTimersByTime(1)
    expect(reactions.shown).toEqual([])
  })

  it('[X1] an observer shows none, and nobody more than three in a second', () => {
    const watched = aRoom('observer')
    watched.reactions.show('heart')
    expect(watched.room.whispered).toEqual([])
    const { room, reactions } = aRoom()
    for (let i = 0; i < 10; i++) reactions.show('heart')
    expect(room.whispered).toHaveLength(3)
    room.clock += 1_001
    reactions.show('heart')
    expect(room.whispered).toHaveLength(4)
  })

  it('[X3] those of others are said together, at most once every two seconds', () => {
    const { room, said, stop } = aRoom()
    for (const kind of ['heart', 'heart', 'thumb'] as const) room.hearFrom('seat-awa', 'reactions:show', { kind })
    expect(said).toEqual([])
    vi.advanceTimersByTime(2_000)
    expect(said).toEqual([
      [
        ['heart', 2],
        ['thumb', 1],
      ],
    ])
    room.hearFrom('seat-awa', 'reactions:show', { kind: 'party' })
    stop()
    vi.advanceTimersByTime(10_000)
    expect(said).toHaveLength(1)
  })
})
