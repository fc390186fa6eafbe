import { describe, expect, it } from 'vitest'
import { judge, spread, type Measured } from '#shared/preflight/rules.ts'

const fine: Measured = {
  able: true,
  path: true,
  relay: 'none',
  roundTrip: 40,
  jitter: 8,
  lost: 0,
  up: 4_000,
  down: 20_000,
  mic: 'works',
  cam: 'works',
}
const of = (change: Partial<Measured>) => judge({ ...fine, ...change })

describe('the check before a session', () => {
  it('[U1] is good when nothing is in the way, devices that were not tried included', () => {
    expect(of({})).toEqual({ verdict: 'good', reasons: [] })
    expect(of({ mic: 'untried', cam: 'untried', relay: 'answers' })).toEqual({ verdict: 'good', reasons: [] })
  })

  it.each([
    ['a browser that carries none', { able: false, path: false }, ['unable']],
    ['no way at all', { path: false }, ['blocked']],
    ['a server that does not answer', { roundTrip: undefined, up: 0, down: 0 }, ['offline']],
    ['a network too slow for a voice', { up: 30 }, ['slow']],
    ['answers too late for a voice', { roundTrip: 1_500 }, ['far']],
  ] as const)('[U2] neither sound nor picture: %s', (_name, change, reasons) => {
    expect(of(change)).toEqual({ verdict: 'data', reasons })
  })

  it.each([
    ['missing', 'no-mic'],
    ['refused', 'mic-refused'],
    ['busy', 'mic-busy'],
    ['nothing', 'mic-silent'],
  ] as const)('[U3] not heard: a microphone that is %s', (mic, reason) => {
    expect(of({ mic })).toEqual({ verdict: 'listen', reasons: [reason] })
  })

  it.each([
    ['slow up', { up: 300 }, 'slow'],
    ['slow down', { down: 300 }, 'slow'],
    ['far', { roundTrip: 700 }, 'far'],
    ['varying', { jitter: 300 }, 'unsteady'],
    ['losing', { lost: 0.5 }, 'unsteady'],
  ] as const)('[U4] sound, the picture perhaps not: a network that is %s', (_name, change, reason) => {
    expect(of(change)).toEqual({ verdict: 'sound', reasons: [reason] })
  })

  it.each([
    ['missing', 'no-cam'],
    ['refused', 'cam-refused'],
    ['busy', 'cam-busy'],
    ['nothing', 'cam-dark'],
  ] as const)('[U4] sound, the picture perhaps not: a camera that is %s', (cam, reason) => {
    expect(of({ cam })).toEqual({ verdict: 'sound', reasons: [reason] })
  })

  it('[U5] says a relay that does not answer, and takes it no further than the picture', () => {
    expect(of({ relay: 'silent' })).toEqual({ verdict: 'sound', reasons: ['relay'] })
  })

  it('[U1] tells the weightiest first, and the class is that of the worst', () => {
    expect(of({ path: false, mic: 'refused', cam: 'missing', up: 300 })).toEqual({
      verdict: 'data',
      reasons: ['blocked', 'mic-refused', 'slow', 'no-cam'],
    })
    expect(of({ mic: 'missing', cam: 'missing' })).toEqual({ verdict: 'listen', reasons: ['no-mic', 'no-cam'] })
    // A network that is far too slow is said once.
    expect(of({ up: 10, roundTrip: 5_000 }).reasons).toEqual(['slow', 'far'])
  })

  it('takes the middle of some measures and how they vary', () => {
    expect(spread([])).toEqual({ middle: undefined, jitter: 0 })
    expect(spread([50])).toEqual({ middle: 50, jitter: 0 })
    expect(spread([40, 60, 900, 50, 40])).toEqual({ middle: 50, jitter: (20 + 840 + 850 + 10) / 4 })
  })
})
