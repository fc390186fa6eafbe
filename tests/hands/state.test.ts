import { describe, expect, it } from 'vitest'
import { Hands } from '#client/hands/hands.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const up = (...people: string[]) => ({ hands: { queue: people.map((person) => ({ person, at: 0 })) } })

describe('my hand', () => {
  it('goes up and down at once, and follows what the room says', async () => {
    const room = new FakeRoom()
    room.views = up('awa')
    const hands = new Hands(room)
    hands.toggle()
    expect([hands.isUp, hands.queue, room.waiting.map((w) => w.name)]).toEqual([true, ['awa', 'me'], ['hands:raise']])
    room.views = up('awa', 'me')
    await room.answer()
    expect([hands.queue, hands.placeOf('me')]).toEqual([['awa', 'me'], 2])
    hands.toggle()
    expect([hands.isUp, hands.queue, room.waiting.map((w) => w.name)]).toEqual([false, ['awa'], ['hands:lower']])
    await room.answer({ ok: false, code: 'live/not-allowed' })
    expect(hands.isUp).toBe(true)
  })

  it('only those who lead put others’ down', () => {
    expect([
      new Hands(new FakeRoom('trainer')).mayClear,
      new Hands(new FakeRoom('mentor')).mayClear,
      new Hands(new FakeRoom('observer')).mayRaise,
    ]).toEqual([true, false, false])
  })
})
