import { describe, expect, it } from 'vitest'
import type { Asker } from '#shared/live/slice.ts'
import {
  goesOn,
  instantAt,
  mayWatch,
  mediaAt,
  recordingSlice,
  standingOf,
  waitsFor,
  whyNotRecord,
  type PartStanding,
  type RecordingCommand,
  type RecordingState,
} from '#shared/recording/rules.ts'
import type { LedRecordingView } from '#shared/recording/wire.ts'

const claire: Asker = { person: 'claire', seat: 'seat-claire', role: 'trainer' }
const owner: Asker = { person: 'oumar', seat: 'seat-oumar', role: 'owner' }
const awa: Asker = { person: 'awa', seat: 'seat-awa', role: 'learner' }
const olga: Asker = { person: 'olga', seat: 'seat-olga', role: 'observer' }

const session = recordingSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
let seq = 0
function after(
  state: RecordingState,
  asker: Asker | null,
  name: RecordingCommand['name'],
  payload: unknown = {},
  at = ++seq,
): RecordingState {
  const decided = recordingSlice.decide(state, { name, payload } as RecordingCommand, asker, at)
  if (!decided.ok) throw new Error(decided.code)
  return decided.value.reduce(
    (now, draft) =>
      recordingSlice.apply(now, {
        ...draft,
        room: 'room',
        seq: ++seq,
        at,
        person: asker?.person ?? null,
        words: null,
        audience: null,
      } as never),
    state,
  )
}
const refused = (state: RecordingState, asker: Asker | null, name: RecordingCommand['name'], payload: unknown = {}) => {
  const decided = recordingSlice.decide(state, { name, payload } as RecordingCommand, asker, 0)
  return decided.ok ? undefined : decided.code
}
const seatLeft = (state: RecordingState, seat: string) =>
  recordingSlice.apply(state, { kind: 'attendance:left', at: 99, payload: { seat, person: 'x', heard: 1 } } as never)
const led = (state: RecordingState) => recordingSlice.viewFor(state, 'team') as LedRecordingView

describe('recording', () => {
  it('[R11] what is encrypted end to end is not recorded; a call has no session to ask', () => {
    expect(whyNotRecord({ encrypted: true })).toMatchObject({ code: 'recording/encrypted' })
    for (const free of [{ encrypted: false }, undefined]) expect(whyNotRecord(free)).toBeUndefined()
  })

  it('[R1] of nobody anything is recorded until they choose; each for themselves, changeable', () => {
    expect(led(session).agreed).toEqual({})
    const yes = after(session, awa, 'recording:choose', { voice: true, image: false })
    expect(led(yes).agreed).toEqual({ awa: { voice: true, image: false } })
    const no = after(yes, awa, 'recording:choose', { voice: false, image: false })
    expect(led(no).agreed['awa']).toEqual({ voice: false, image: false })
    expect(refused(session, olga, 'recording:choose', { voice: true, image: true })).toBe('live/not-allowed')
    expect(after(no, awa, 'recording:choose', { voice: false, image: false })).toBe(no)
  })

  it('[R2] only those who lead start, pause, resume and stop', () => {
    const on = after(session, claire, 'recording:start', { part: 'one' })
    for (const asker of [awa, olga, null]) {
      expect(refused(session, asker, 'recording:start', { part: 'two' })).toBe('live/not-allowed')
      for (const name of ['recording:pause', 'recording:stop'] as const) expect(refused(on, asker, name)).toBe('live/not-allowed')
      expect(refused(on, asker, 'recording:resume', { part: 'two' })).toBe('live/not-allowed')
    }
    expect(after(after(on, claire, 'recording:stop'), claire, 'recording:stop').phase).toBe('off')
  })

  it('[R3] everybody is told whether it is recorded', () => {
    const on = after(session, claire, 'recording:start', { part: 'one' }, 50)
    expect(recordingSlice.viewFor(on, 'all')).toEqual({ phase: 'on', by: 'claire', since: 50 })
    const paused = after(on, claire, 'recording:pause', {}, 60)
    expect(recordingSlice.viewFor(paused, 'all')).toEqual({ phase: 'paused', by: 'claire', since: 60 })
  })

  it('[R4] one seat records at a time; going on is a new part under a new identity', () => {
    const on = after(session, claire, 'recording:start', { part: 'one' })
    expect(refused(on, owner, 'recording:start', { part: 'two' })).toBe('recording/already-on')
    expect(refused(session, owner, 'recording:resume', { part: 'two' })).toBe('recording/not-on')
    const taken = after(on, owner, 'recording:resume', { part: 'two' })
    expect(led(taken)).toMatchObject({ phase: 'on', by: 'oumar', seat: 'seat-oumar', part: 'two' })
    expect(refused(taken, claire, 'recording:resume', { part: 'one' })).toBe('recording/taken')
    expect(after(taken, owner, 'recording:resume', { part: 'two' })).toBe(taken)
  })

  it('[R5] who records and leaves interrupts it; another seat’s leaving does not', () => {
    const on = after(session, claire, 'recording:start', { part: 'one' })
    expect(seatLeft(on, 'seat-awa')).toBe(on)
    const cut = seatLeft(on, 'seat-claire')
    expect(led(cut)).toMatchObject({ phase: 'paused', by: 'claire', seat: null, part: null })
    expect(led(after(cut, owner, 'recording:resume', { part: 'two' })).seat).toBe('seat-oumar')
  })

  it('[R5] the page that was lost goes on by itself when it is back soon, never after a pause that somebody made', () => {
    const on = after(session, claire, 'recording:start', { part: 'one' })
    const cut = led(seatLeft(on, 'seat-claire'))
    expect(goesOn(cut, 'claire', 99 + 299_000)).toBe(true)
    expect(goesOn(cut, 'claire', 99 + 301_000)).toBe(false)
    expect(goesOn(cut, 'oumar', 100)).toBe(false)
    const paused = led(after(on, owner, 'recording:pause', {}, 99))
    expect(goesOn(paused, 'claire', 100)).toBe(false)
    expect(goesOn(led(after(on, owner, 'recording:resume', { part: 'two' })), 'claire', 100)).toBe(false)
    expect(goesOn(led(after(seatLeft(on, 'seat-claire'), owner, 'recording:stop')), 'claire', 100)).toBe(false)
  })

  it('[R6] what each agreed to is told to those who lead and to themselves only', () => {
    const yes = after(session, awa, 'recording:choose', { voice: true, image: true })
    expect(JSON.stringify(recordingSlice.viewFor(yes, recordingSlice.audienceOf(yes, awa)))).not.toContain('awa')
    expect(recordingSlice.audienceOf(yes, { ...awa, role: 'mentor' })).toBe('all')
    expect(recordingSlice.mine(yes, 'awa')).toEqual({ voice: true, image: true })
    expect(recordingSlice.mine(yes, 'louis')).toBeNull()
  })

  it('[R7] a call is never recorded', () => {
    const call = recordingSlice.start({ id: 'room', spoc: 'spoc', kind: 'call' })
    expect(refused(call, claire, 'recording:start', { part: 'one' })).toBe('recording/not-here')
  })

  const done: PartStanding = { ended: 1000, complete: true, made: true, failed: false, bytes: 10 }
  const of = (parts: PartStanding[], more = {}, now = 2000) =>
    standingOf({ parts, hidden: false, deleted: false, objections: 0, ...more }, now)

  it('[R8] in preparation, ready, incomplete, failed', () => {
    expect(of([])).toBe('none')
    expect(of([{ ...done, ended: null }])).toBe('recording')
    expect(of([done, { ...done, complete: false }])).toBe('preparing')
    expect(of([done, { ...done, made: false }])).toBe('preparing')
    expect(of([done])).toBe('ready')
    expect(of([done, { ...done, complete: false }], {}, 1001 + waitsFor)).toBe('incomplete')
    expect(of([done, { ...done, made: false, failed: true }])).toBe('incomplete')
    expect(of([{ ...done, complete: false, made: false, bytes: 0 }], {}, 1001 + waitsFor)).toBe('failed')
    expect(of([{ ...done, made: false, failed: true }])).toBe('failed')
  })

  it('[R9] hidden, binned or objected to, only the team sees it', () => {
    for (const [standing, learner, team] of [
      [of([done]), true, true],
      [of([done], { hidden: true }), false, true],
      [of([done], { objections: 1 }), false, true],
      [of([done], { deleted: true }), false, false],
      [of([]), false, false],
    ] as const) {
      expect(mayWatch('learner', standing)).toBe(learner)
      expect(mayWatch('observer', standing)).toBe(learner)
      expect(mayWatch('mentor', standing)).toBe(team)
    }
  })

  it('anchors give the instant of a picture, and the picture of an instant', () => {
    const anchors = [
      [2000, 12_000],
      [4000, 14_200],
    ] as const
    expect(instantAt(anchors, 0)).toBe(10_000)
    expect(instantAt(anchors, 2000)).toBe(12_000)
    expect(instantAt(anchors, 3000)).toBe(13_100)
    expect(instantAt(anchors, 5000)).toBe(15_200)
    expect(mediaAt(anchors, 13_100)).toBe(3000)
    expect(mediaAt(anchors, 9_000)).toBe(-1000)
    expect(instantAt([], 5)).toBe(5)
  })
})
