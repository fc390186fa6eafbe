import type { z } from 'zod'
import { ok, type Result } from '../result.ts'
import type { Role } from '../spoc/rules.ts'

/** A live feature's commands: name → schema of the payload. Types are inferred from them. */
export type CommandSchemas = Record<string, z.ZodType>

/** The union of a feature's commands, as `decide` receives them: parsed, never raw. */
export type Command<S extends CommandSchemas> = { [K in keyof S & string]: { name: K; payload: z.infer<S[K]> } }[keyof S & string]

/** Who asks: one seat of one person, with the role the server looked up (never one the client claims). */
export interface Asker {
  person: string
  seat: string
  role: Role
}

/** What a room is, for the rules: identity only, never names. */
export interface RoomCard {
  id: string
  spoc: string
  kind: 'session' | 'call'
}

/**
 * What `decide` wants written. `kind` is past tense (`quiz:answered`); `payload` holds ids, numbers and choices; free text and
 * names go into `words`, which erasure sets to null (so `apply` accepts null). `v` is the version of the payload's shape.
 */
export interface Draft<Kind extends string = string, Payload = unknown, Words = unknown> {
  kind: Kind
  v: number
  payload: Payload
  words?: Words | null
  /** Who it concerns, when not the whole room (kept for the replay). */
  audience?: string
}

/** A line of the room's log: a draft that was saved. `at` is UTC ms and never earlier than the line before. */
export interface Happening<D extends Draft = Draft> {
  room: string
  seq: number
  at: number
  /** The pseudonym of who caused it; null when the room itself did (a deadline). */
  person: string | null
  kind: D['kind']
  v: number
  payload: D['payload']
  words: Exclude<D['words'], undefined> | null
  audience: string | null
}

/** Distributes over a union of drafts. */
export type HappeningOf<D extends Draft> = D extends Draft ? Happening<D> : never

/**
 * A live feature as the room engine runs it. All functions are pure; the state is immutable; none reads a clock.
 *
 * The engine calls `decide` on the tentative state, saves, applies, and then tells each audience its view. `viewFor` and
 * `mine` are the only place where secrecy is decided: what they leave out never reaches a browser.
 */
export interface Slice<
  State = unknown,
  C extends { name: string; payload: unknown } = { name: string; payload: unknown },
  D extends Draft = Draft,
  View = unknown,
  Mine = unknown,
> {
  /** The feature's name, also the prefix of its commands and happenings (`quiz`). */
  name: string
  start(room: RoomCard): State
  /** What the command would make happen, or a refusal. An empty list is a success that changes nothing. `asker` is null for the room's own knock (a job). */
  decide(state: State, command: C, asker: Asker | null, now: number): Result<readonly D[]>
  /** Folds one saved line; reads every version ever written and accepts `words: null`. */
  apply(state: State, happening: HappeningOf<D>): State
  /** Which audience a seat belongs to: few, stable names (`team`, `all`), each encoded once. */
  audienceOf(state: State, asker: Asker): string
  /** What that audience may see. Replaces the last view. */
  viewFor(state: State, audience: string): View
  /** What only this person may see (their answer, their pending work); null when nothing. Sent apart and only when it changed. */
  mine(state: State, person: string): Mine | null
  /**
   * For growing lists: what to add to the view of `before` to get the view of `after`; undefined to send the whole view.
   * The client applies it only on top of the view it has.
   */
  grown?(before: State, after: State, audience: string): unknown
  /** The client's half of `grown`: adds the increment to the view it has. */
  grow?(view: View, increment: never): View
  /** How long changes of this slice may be gathered before they are told when the room is busy (ms, default 33). */
  tick?: number
  /** The next instant at which the room must be knocked (a deadline) and the command to knock with; undefined when none. */
  deadline?(state: State): { at: number; command: C } | undefined
}

/** A slice whose types the engine does not need to know. */
export type AnySlice = Slice<any, any, any, any, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- the engine is feature-blind: it hands each slice only what that slice made

/** The slice of a feature that leaves no trace in the room: it has messages that are not kept, and no state. */
export const traceless = (name: string): Slice<null, never, never, null, never> => ({
  name,
  start: () => null,
  decide: () => ok([]),
  apply: () => null,
  audienceOf: () => 'all',
  viewFor: () => null,
  mine: () => null,
})
