/**
 * Rules of the check before a session.
 *
 * U1 The result is one of four classes. `good`: sound and picture go both ways. `sound`: sound goes, the picture perhaps not. `listen`: one
 *    hears and sees, and is not heard. `data`: neither sound nor picture; discussion, hand, questions and board go on.
 * U2 Neither sound nor picture: the browser carries none, no way could be made at all, or the network is too slow or too far for a voice.
 * U3 Not heard: no microphone, a refused one, or one from which nothing comes although it is on. A microphone that is only off, and was not
 *    tried, is no fault.
 * U4 Picture perhaps not: no camera, a refused one, no frames from it, or a network that is slow, far or unsteady. A camera that was not
 *    tried is no fault.
 * U5 Where a relay is configured and does not answer, a strict network may hold sound and picture back: it is said and takes the class
 *    down to `sound`, never further, because most people need no relay.
 * U6 Only the team and the person see a result; only the class, its reasons and its time are kept, until the session is over.
 */
export const verdicts = ['good', 'sound', 'listen', 'data'] as const
export type Verdict = (typeof verdicts)[number]

export const reasons = [
  'unable',
  'blocked',
  'offline',
  'slow',
  'far',
  'unsteady',
  'relay',
  'no-mic',
  'mic-refused',
  'mic-busy',
  'mic-silent',
  'no-cam',
  'cam-refused',
  'cam-busy',
  'cam-dark',
] as const
export type Reason = (typeof reasons)[number]

/** What one device was found to be; `untried`: off, and nobody asked for it; `nothing`: open, and nothing comes from it. */
export type Tried = 'works' | 'untried' | 'missing' | 'refused' | 'busy' | 'nothing'

/** What was measured in the browser; none of it leaves it. */
export interface Measured {
  /** The browser carries sound and picture between people. */
  able: boolean
  /** Two connections of this browser found each other, with the server's own STUN and TURN. */
  path: boolean
  /** A relay is configured; whether one answered. */
  relay: 'none' | 'answers' | 'silent'
  /** To the server and back (ms), the middle of several; undefined: it did not answer. */
  roundTrip: number | undefined
  /** How much that varies (ms). */
  jitter: number
  /** Of those that were sent, how many were not answered in time (0–1). */
  lost: number
  /** Up to the server (kbit/s). */
  up: number
  down: number
  mic: Tried
  cam: Tried
}

/** Bytes of one probe, each way: enough to tell a picture's worth of network from a voice's, little enough to cost nothing. */
export const probeBytes = 48_000

/** U2, U4: what a voice and a picture need (kbit/s, ms). A measure over HTTP is coarse: these leave room. */
const voice = { rate: 60, roundTrip: 1_200 }
const picture = { rate: 600, roundTrip: 400, jitter: 120, lost: 0.2 }

const ofDevice = { missing: 'no', refused: 'refused', busy: 'busy', nothing: 'nothing' } as const
const micReasons = { no: 'no-mic', refused: 'mic-refused', busy: 'mic-busy', nothing: 'mic-silent' } as const
const camReasons = { no: 'no-cam', refused: 'cam-refused', busy: 'cam-busy', nothing: 'cam-dark' } as const

/** U1–U5: the class and its reasons, the weightiest first. */
export function judge(m: Measured): { verdict: Verdict; reasons: Reason[] } {
  const rate = Math.min(m.up, m.down)
  const answered = m.roundTrip !== undefined
  const roundTrip = m.roundTrip ?? 0
  const neither: Reason[] = [
    ...(m.able ? [] : (['unable'] as const)),
    ...(m.able && !m.path ? (['blocked'] as const) : []),
    ...(answered ? [] : (['offline'] as const)),
    ...(answered && rate < voice.rate ? (['slow'] as const) : []),
    ...(roundTrip > voice.roundTrip ? (['far'] as const) : []),
  ]
  const unheard: Reason[] = m.mic === 'works' || m.mic === 'untried' ? [] : [micReasons[ofDevice[m.mic]]]
  const unseen: Reason[] = [
    ...(answered && rate >= voice.rate && rate < picture.rate ? (['slow'] as const) : []),
    ...(roundTrip > picture.roundTrip && roundTrip <= voice.roundTrip ? (['far'] as const) : []),
    ...(m.jitter > picture.jitter || m.lost > picture.lost ? (['unsteady'] as const) : []),
    ...(m.relay === 'silent' ? (['relay'] as const) : []),
    ...(m.cam === 'works' || m.cam === 'untried' ? [] : [camReasons[ofDevice[m.cam]]]),
  ]
  const verdict = neither.length > 0 ? 'data' : unheard.length > 0 ? 'listen' : unseen.length > 0 ? 'sound' : 'good'
  return { verdict, reasons: [...neither, ...unheard, ...unseen] }
}

/** The middle of some measures, and how much they vary: the mean step from one to the next. */
export function spread(times: readonly number[]): { middle: number | undefined; jitter: number } {
  const sorted = [...times].sort((a, b) => a - b)
  const steps = times.slice(1).map((time, i) => Math.abs(time - (times[i] ?? time)))
  return {
    middle: sorted[Math.floor((sorted.length - 1) / 2)],
    jitter: steps.length > 0 ? steps.reduce((sum, step) => sum + step, 0) / steps.length : 0,
  }
}
