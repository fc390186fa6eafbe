import { expect, it } from 'vitest'
import type { MyMic } from '#shared/mics/wire.ts'
import { Mics } from '#client/mics/mics.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const aMic = (mine: MyMic | null) => ({ mics: mine ?? undefined })

it('a closing is obeyed once, and never one of before this page came', () => {
  const room = new FakeRoom('learner')
  const mics = new Mics(room)
  let closed = 0
  const obey = () => mics.obey(() => closed++)
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 100 } })
  obey()
  expect(closed).toBe(0)
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 200 } })
  obey()
  obey()
  expect(closed).toBe(1)
  // A reconnection tells the same again.
  room.own = aMic(null)
  obey()
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 200 } })
  obey()
  expect(closed).toBe(1)
})

it('the team’s microphones are never held', () => {
  const room = new FakeRoom('learner')
  const mics = new Mics(room)
  room.views = { mics: { all: true, free: ['awa'], held: [] } }
  expect([mics.held('claire', 'trainer'), mics.held('awa', 'learner'), mics.held('louis', 'learner')]).toEqual([false, false, true])
})
