import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse, type Refused } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import type { Choice, LedRecordingView, RecordingPhase, RecordingView, recordingCommands, recordingStates } from './wire.ts'

/**
 * Rules of recording.
 *
 * R1 Of nobody anything is recorded until they choose; each chooses for themselves, voice and image apart, and may change it at any time.
 * R2 Those who lead start, pause, resume and stop; nothing is captured before the start, during a pause, or after the end.
 * R3 Everybody in the room is told at each moment whether it is recorded; a late comer too.
 * R4 One seat records at a time. A pause, a reload or another page that takes over ends its part; going on is a new part.
 * R5 Who records and leaves the room interrupts it: it is paused, and any of those who lead may go on. The page that lost its link or its
 *    server goes on by itself when it is back within five minutes, unless somebody acted meanwhile.
 * R6 Who records is told what each person agreed to; nobody else is told what others chose.
 * R7 Only sessions are recorded, never a call.
 * R8 Once its parts are one film each it is ready; while bytes are still with a browser it is being prepared, at most an hour, then it is
 *    said to be incomplete and yet watched. What comes later completes it.
 * R9 Hidden, binned or objected to, nobody but the team sees it; a guest never does. An objection waits until the team has acted: shown it again, or binned it.
 * R10 A recording is kept for a year, one in the bin for thirty days.
 * R11 A session that is encrypted end to end is not recorded, whoever asks.
 */
const day = 86_400_000
/** R10 */
export const keptFor = 365 * day
/** R10 */
export const binFor = 30 * day
/** R8 */
export const waitsFor = 3_600_000
/** R5 */
const backWithin = 300_000
/** One chunk: two seconds are some 300 kB; a browser that was asleep sends more at once. */
export const chunkLimit = 16_000_000

/** R2 */
export const mayRecord = (asker: { role: Role }) => leads(asker.role)

/** R11: of the session that happens in a room; a call has none. */
export const whyNotRecord = (session: { encrypted: boolean } | undefined): Refused | undefined =>
  session?.encrypted ? refuse('recording/encrypted') : undefined

/** A chunk's anchor, and what stands in a file's name: two numbers. */
export type Anchor = readonly [media: number, server: number]

export interface RecordingState {
  kind: 'session' | 'call'
  phase: RecordingPhase
  by: string | null
  seat: string | null
  part: string | null
  since: number
  /** R5: nobody paused it, its page was lost. */
  cut: boolean
  choices: Readonly<Record<string, Choice>>
  /** Every part there was: an identity serves once. */
  parts: ReadonlySet<string>
}

export type RecordingCommand = Command<typeof recordingCommands>
export type RecordingDraft =
  | Draft<'recording:chosen', Choice, null>
  | Draft<'recording:started' | 'recording:resumed', { part: string; seat: string }, null>
  | Draft<'recording:paused' | 'recording:stopped', { part: string | null }, null>
export type RecordingHappening = HappeningOf<RecordingDraft>

/** What this slice needs of the lines of attendance. */
type SeatLeft = { kind: 'attendance:left'; at: number; payload: { seat: string } }

const nothing: Choice = { voice: false, image: false }

/** R1 */
export const choiceOf = (choices: Readonly<Record<string, Choice>>, person: string): Choice => choices[person] ?? nothing

export const recordingSlice: Slice<RecordingState, RecordingCommand, RecordingDraft, RecordingView | LedRecordingView, Choice> = {
  name: 'recording',
  start: ({ kind }) => ({ kind, phase: 'off', by: null, seat: null, part: null, since: 0, cut: false, choices: {}, parts: new Set() }),
  decide(state, { name, payload }, asker) {
    if (!asker) return refuse('live/not-allowed')
    if (name === 'recording:choose') {
      if (!takesPart(asker.role)) return refuse('live/not-allowed')
      const before = state.choices[asker.person]
      const { voice, image } = payload
      const same = before && before.voice === voice && before.image === image
      return ok(same ? [] : [{ kind: 'recording:chosen', v: 1, payload: { voice, image } }]) // R1
    }
    if (!mayRecord(asker)) return refuse('live/not-allowed') // R2
    if (state.kind !== 'session') return refuse('recording/not-here') // R7
    switch (name) {
      case 'recording:start':
      case 'recording:resume': {
        const first = name === 'recording:start'
        if (first && state.phase !== 'off') return refuse('recording/already-on') // R4
        if (!first && state.phase === 'off') return refuse('recording/not-on')
        if (state.parts.has(payload.part)) return state.part === payload.part ? ok([]) : refuse('recording/taken')
        return ok([{ kind: first ? 'recording:started' : 'recording:resumed', v: 1, payload: { part: payload.part, seat: asker.seat } }])
      }
      case 'recording:pause':
        return ok(state.phase === 'on' ? [{ kind: 'recording:paused', v: 1, payload: { part: state.part } }] : [])
      case 'recording:stop':
        return ok(state.phase === 'off' ? [] : [{ kind: 'recording:stopped', v: 1, payload: { part: state.part } }])
    }
  },
  apply(state, happening: RecordingHappening | SeatLeft) {
    switch (happening.kind) {
      case 'recording:chosen':
        return happening.person === null
          ? state
          : {
              ...state,
              choices: { ...state.choices, [happening.person]: { voice: happening.payload.voice, image: happening.payload.image } },
            }
      case 'recording:started':
      case 'recording:resumed': {
        const { part, seat } = happening.payload
        return {
          ...state,
          phase: 'on',
          by: happening.person,
          seat,
          part,
          since: happening.at,
          cut: false,
          parts: new Set(state.parts).add(part),
        }
      }
      case 'recording:paused':
        return { ...state, phase: 'paused', seat: null, part: null, since: happening.at, cut: false }
      case 'recording:stopped':
        return { ...state, phase: 'off', by: null, seat: null, part: null, since: happening.at, cut: false }
      case 'attendance:left': // R5
        return state.phase === 'on' && state.seat === happening.payload.seat
          ? { ...state, phase: 'paused', seat: null, part: null, since: happening.at, cut: true }
          : state
      default:
        return state
    }
  },
  audienceOf: (_, asker) => (leads(asker.role) ? 'team' : 'all'),
  viewFor: ({ phase, by, since, seat, part, cut, choices }, audience) =>
    audience === 'team' ? { phase, by, since, seat, part, cut, agreed: choices } : { phase, by, since }, // R3, R6
  mine: (state, person) => state.choices[person] ?? null,
}

/** R5: whether the page of this person, which recorded until it was lost, goes on by itself. */
export const goesOn = ({ phase, cut, by, since }: LedRecordingView, person: string, now: number): boolean =>
  phase === 'paused' && cut && by === person && now - since < backWithin

export type RecordingStanding = (typeof recordingStates)[number]

/** What R8 and R9 read of a part. */
export interface PartStanding {
  /** When it stopped being recorded; null while it goes on. */
  ended: number | null
  /** The browser has said that all of it was sent. */
  complete: boolean
  /** It has a film. */
  made: boolean
  /** No film could be made of what came. */
  failed: boolean
  /** Bytes received. */
  bytes: number
}

export interface Standing {
  parts: readonly PartStanding[]
  hidden: boolean
  deleted: boolean
  objections: number
}

/** R8, R9: how a recording stands. A part of which nothing came is nothing, unless it was the only one. */
export function standingOf({ parts, hidden, deleted, objections }: Standing, now: number): RecordingStanding {
  if (parts.length === 0) return 'none'
  if (deleted) return 'deleted'
  if (parts.some(({ ended }) => ended === null)) return 'recording'
  const late = (part: PartStanding) => part.ended !== null && now - part.ended > waitsFor
  if (parts.some((part) => !part.failed && ((!part.complete && !late(part)) || (!part.made && part.bytes > 0)))) return 'preparing'
  if (!parts.some(({ made }) => made)) return 'failed'
  if (hidden || objections > 0) return 'hidden'
  return parts.some(({ complete, failed }) => !complete || failed) ? 'incomplete' : 'ready'
}

/** R9 */
export const mayWatch = (role: Role, standing: RecordingStanding): boolean =>
  role !== 'guest' && (standing === 'ready' || standing === 'incomplete' || (standing === 'hidden' && isTeam(role)))

/** The server's instant at a place of a part: between two anchors in proportion, outside them at the clock's pace. */
export const instantAt = (anchors: readonly Anchor[], media: number): number => along(anchors, media, 0, 1)

/** The place in a part at an instant: the other way round. */
export const mediaAt = (anchors: readonly Anchor[], instant: number): number => along(anchors, instant, 1, 0)

/** Found by halves: two hours have thousands of anchors, and each change of a board asks. */
function along(anchors: readonly Anchor[], at: number, from: 0 | 1, to: 0 | 1): number {
  const first = anchors[0]
  if (!first) return at
  let [low, high] = [0, anchors.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((anchors[middle]?.[from] ?? Infinity) >= at) high = middle
    else low = middle + 1
  }
  if (low === 0) return first[to] - (first[from] - at)
  const before = anchors[low - 1] ?? first
  const after = anchors[low]
  if (!after || after[from] === before[from]) return before[to] + (at - before[from])
  return before[to] + ((at - before[from]) * (after[to] - before[to])) / (after[from] - before[from])
}
