import { expect, it } from 'vitest'
import type { MyMic } from '#shared/mics/wire.ts'
import { Mics } from '#client/mics/mics.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const aMic = (mine: MyMic | null) => ({ mics: mine ?? undefined })

it('a closing is obeyed once, and never one of before this page came', () => {
  const room = new FakeRoom('learner')
  const mics = new Mics(room)
  const told: (string | undefined)[] = []
  const obey = () => told.push(mics.closedBy())
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 100 } })
  obey()
  expect(told).toEqual([undefined])
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 200 } })
  obey()
  obey()
  expect(told).toEqual([undefined, 'claire', undefined])
  // A reconnection tells the same again.
  room.own = aMic(null)
  obey()
  room.own = aMic({ asked: null, muted: { by: 'claire', at: 200 } })
  obey()
  expect(told.filter(Boolean)).toEqual(['claire'])
})

it('the team’s microphones are never held', () => {
  const room = new FakeRoom('learner')
  const mics = new Mics(room)
  room.views = { mics: { all: true, free: ['awa'], held: [] } }
  expect([mics.held('claire', 'trainer'), mics.held('awa', 'learner'), mics.held('louis', 'learner')]).toEqual([false, false, true])
})
