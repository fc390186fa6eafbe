import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Hands } from '#client/hands/hands.svelte.ts'
import { Floor } from '#client/pages/floor.svelte.ts'
import { announcer } from '#client/ui/announce.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'
import { FakeVideo } from '#tests/video/fake-video.svelte.ts'
import type { Role } from '#shared/spoc/rules.ts'

const stops: (() => void)[] = []
beforeEach(() => vi.useFakeTimers())
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
  vi.useRealTimers()
  announcer.toasts = []
})

function aPage(role: Role = 'learner', person = 'awa') {
  const room = new FakeRoom(role, person)
  const video = new FakeVideo()
  video.maySend = role !== 'observer'
  const floor = new Floor(new Hands(room), video.asVideo)
  stops.push(() => floor.close())
  return {
    ...{ room, video, floor },
    stage: (stage: string[] | undefined) => {
      video.snapshot = { stage }
      floor.follow()
    },
    give: (people: string[]) => {
      room.views = { hands: { queue: [], floor: people } }
      floor.follow()
    },
    pass: (ms: number) => {
      vi.advanceTimersByTime(ms)
      floor.follow()
    },
  }
}
const told = () => announcer.toasts.map(({ text }) => text)

it('[V9] a learner off the stage reads why their buttons are closed and is offered the floor, once it has lasted', () => {
  const { floor, video, stage, pass } = aPage()
  stage(['claire'])
  expect(video.closed).toMatch(/demander la parole/)
  expect(floor.why).toBeUndefined()
  pass(3_000)
  expect(floor.why).toBe('stage')
  floor.putAway()
  pass(60_000)
  expect(floor.why).toBeUndefined()
})

it('who reloads the page at the limit is no news', () => {
  const { floor, stage, pass } = aPage()
  stage(['claire'])
  pass(2_000)
  stage(undefined)
  pass(10_000)
  expect([floor.why, ...told()]).toEqual([undefined])
})

it('opening a closed microphone or camera offers the floor instead of failing; another fault stays what it is', () => {
  const { floor, video, stage } = aPage()
  stage(['claire'])
  video.fault = { code: 'floor', source: 'mic' }
  floor.follow()
  expect([video.fault, floor.why]).toEqual([undefined, 'stage'])
  video.fault = { code: 'permission', source: 'mic' }
  floor.follow()
  expect(video.fault).toEqual({ code: 'permission', source: 'mic' })
  stage(undefined)
  video.fault = { code: 'limit', source: 'cam' }
  floor.follow()
  expect([video.fault, floor.why]).toEqual([undefined, 'pictures'])
})

it('[H5] who is given the floor is led to the microphone until it is open or put away, and again the next time', () => {
  const { floor, video, stage, give } = aPage()
  stage(['claire'])
  video.fault = { code: 'floor', source: 'mic' }
  stage(['claire', 'awa'])
  give(['awa'])
  expect([floor.isGiven, floor.isClosed, floor.why, video.closed]).toEqual([true, false, undefined, undefined])
  video.mic = true
  expect(floor.isGiven).toBe(false)
  video.mic = false
  floor.decline()
  expect(floor.isGiven).toBe(false)
  give([])
  give(['awa'])
  expect(floor.isGiven).toBe(true)
})

it('who leads is told what to do, once, and when it is over', () => {
  const { floor, video, stage, pass } = aPage('trainer', 'claire')
  stage(['claire'])
  pass(3_000)
  stage(['claire', 'awa'])
  pass(10_000)
  expect(told()).toHaveLength(1)
  expect(told()[0]).toMatch(/à qui vous donnez la parole/)
  expect([floor.why, video.closed]).toEqual([undefined, undefined])
  stage(undefined)
  pass(3_000)
  expect(told().at(-1)).toMatch(/chacun peut de nouveau ouvrir son micro/)
})

it('an observer, who sends nothing, is offered nothing', () => {
  const { floor, video, stage, pass } = aPage('observer')
  stage(['claire'])
  pass(10_000)
  expect([floor.why, video.closed, ...told()]).toEqual([undefined, undefined])
})

it('only while there is a stage is somebody on it', () => {
  const { floor, stage } = aPage()
  expect(floor.isOn('claire')).toBe(false)
  stage(['claire'])
  expect([floor.isOn('claire'), floor.isOn('awa')]).toEqual([true, false])
})
