import { expect, test } from 'vitest'
import type { LinkStats } from '#client/video/media-room.ts'
import { SILENT_AFTER } from '#shared/video/heard.rules.ts'
import { Sight, Voice, remedy, type Path } from '#client/video/senses.ts'

const line = (frames: number) => ({ frames, width: 320, height: 180, bytes: frames * 500 })
const report = (frames: number, given: Partial<LinkStats> = {}): LinkStats => ({
  rttMs: 20,
  lost: 0,
  received: frames * 3,
  lostThere: [],
  roomKbps: undefined,
  busy: false,
  sound: { energy: 0, seconds: 0 },
  in: { mic: line(0), cam: line(frames), screen: line(0), screenAudio: line(0) },
  out: { mic: line(0), cam: line(0), screen: line(0), screenAudio: line(0) },
  ...given,
})

test('speaking is said at once and held through the gaps of speech, then it ends', () => {
  const voice = new Voice(0)
  voice.hear(0.2, 100)
  expect(voice.speaks(100)).toBe(true)
  voice.hear(0, 200)
  expect(voice.speaks(900)).toBe(true)
  expect(voice.speaks(1_001)).toBe(false)
})

test('a sound that falls between two looks is heard from the report, and what fell silent is not heard again', () => {
  const voice = new Voice(0)
  for (let beat = 0; beat < 5; beat++) voice.hear(0.01, beat * 100)
  // A beep of 20 ms in half a second.
  voice.heard({ energy: 0.005, seconds: 0.5 }, 500)
  expect(voice.speaks(500)).toBe(true)
  voice.heard({ energy: 0.005, seconds: 1 }, 1_000)
  voice.heard({ energy: 0.005, seconds: 1 }, 1_500)
  expect(voice.speaks(1_500)).toBe(false)
  // Half a second of a quiet room.
  voice.heard({ energy: 0.0052, seconds: 1.5 }, 2_000)
  expect(voice.speaks(2_000)).toBe(false)
})

test('[N2] a cough is not "you are speaking", a sentence is', () => {
  const cough = new Voice(0)
  for (let beat = 0; beat < 16; beat++) cough.hear(beat < 3 ? 0.5 : 0, beat * 100)
  expect(cough.insists(1_600)).toBe(false)
  const sentence = new Voice(0)
  for (let beat = 0; beat < 16; beat++) sentence.hear(beat % 3 ? 0.1 : 0, beat * 100)
  expect(sentence.insists(1_600)).toBe(true)
  // Said through a pause for breath, and not for ever; closing the microphone at the end of a sentence is no such thing.
  for (let beat = 16; beat < 80; beat++) sentence.hear(0, beat * 100)
  expect([sentence.insists(4_500), sentence.insists(7_900)]).toEqual([true, false])
  for (let beat = 80; beat < 90; beat++) sentence.hear(0.5, beat * 100)
  sentence.listen(9_000)
  expect(sentence.insists(9_000)).toBe(false)
})

test('[N1] a microphone from which nothing comes for twenty seconds is silent; a quiet room is not, nor what could not be measured', () => {
  const voice = new Voice(0)
  const hear = (level: number | undefined, from: number, to: number) => {
    for (let at = from; at <= to; at += 100) voice.hear(level, at)
  }
  hear(0, 100, 20_100)
  expect([voice.silent(20_000, SILENT_AFTER), voice.silent(20_001, SILENT_AFTER)]).toEqual([false, true])
  hear(0.002, 20_200, 20_200)
  expect(voice.silent(20_300, SILENT_AFTER)).toBe(false)
  hear(0.0005, 20_300, 45_000)
  expect(voice.silent(45_000, SILENT_AFTER)).toBe(true)
  hear(undefined, 45_100, 90_000)
  expect(voice.silent(90_000, SILENT_AFTER)).toBe(false)
  voice.listen(95_000)
  expect(voice.silent(110_000, SILENT_AFTER)).toBe(false)
})

test('a picture that stands still for 1.5 s is a person cut off; a camera that is off is not', () => {
  const sight = new Sight(0)
  sight.see(report(10), true, 500)
  sight.see(report(10), true, 1_900)
  expect(sight.quality(1_900)).toBe('good')
  sight.see(report(10), true, 2_100)
  expect(sight.quality(2_100)).toBe('lost')
  sight.see(report(11), true, 2_200)
  expect(sight.quality(2_200)).toBe('good')
  sight.see(report(11), false, 9_000)
  expect(sight.quality(9_000)).toBe('good')
})

test('a slow or lossy path is poor, judged on what came since the last look', () => {
  const sight = new Sight(0)
  sight.see(report(10, { rttMs: 900 }), true, 500)
  expect(sight.quality(500)).toBe('poor')
  sight.see(report(20, { lost: 20, received: 100 }), true, 1_000)
  expect(sight.quality(1_000)).toBe('poor')
  sight.see(report(30, { lost: 20, received: 300 }), true, 1_500)
  expect(sight.quality(1_500)).toBe('good')
})

test('a dead path is restarted every 2.5 s, then made anew by one side first, and less and less often', () => {
  const path: Path = { state: 'disconnected', soundAt: 0, remedyAt: 0, renewals: 0, opens: true }
  expect(remedy({ ...path, state: 'connected' }, 60_000)).toBe('none')
  expect(remedy(path, 1_000)).toBe('none')
  expect(remedy(path, 3_000)).toBe('restart')
  expect(remedy({ ...path, remedyAt: 3_000 }, 4_000)).toBe('none')
  expect(remedy({ ...path, state: 'new' }, 3_000)).toBe('repeat')
  expect(remedy(path, 10_001)).toBe('renew')
  expect(remedy({ ...path, opens: false }, 10_001)).not.toBe('renew')
  expect(remedy({ ...path, opens: false }, 15_001)).toBe('renew')
  expect(remedy({ ...path, renewals: 2 }, 20_000)).not.toBe('renew')
  expect(remedy({ ...path, renewals: 9 }, 40_001)).toBe('renew')
})
