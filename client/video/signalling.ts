import type { Role } from '#shared/spoc/rules.ts'
import type { VideoSignal, VideoState } from '#shared/video/wire.ts'

export interface SeatHere {
  seat: string
  person: string
  role: Role
  state: 'here' | 'away'
  /** When that person came (UTC ms). */
  since: number
}

/** Distributes over the union, unlike the built-in one. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never
export type SignalBody = Without<VideoSignal, 'to'>

/** All that sound and picture ask of the room: it knows no socket, so it runs in a test over any relay. */
export interface Signalling {
  me(): SeatHere
  /** The other seats of the room that are in the group of this one, as presence has them. */
  people(): readonly SeatHere[]
  /** The sub-group that this page is in; null: the plenary. */
  group(): string | null
  /** Whether a seat is in another group: neither is seen or heard by the other (V12). */
  apart(seat: string): boolean
  /** What each seat last said of its own media. */
  states(): ReadonlyMap<string, VideoState>
  /**
   * When this page has just come: the seats that were in the room before it. Those of them in the mesh open to it. Empty for a page
   * that has been here a while.
   */
  elders(): ReadonlySet<string>
  /** Persons who have the floor. */
  floor(): readonly string[]
  /** Whether somebody's microphone is kept closed by those who lead. */
  held(person: string, role: Role): boolean
  send(seat: string, signal: SignalBody): void
  /** To everybody, those who come later included. */
  tell(state: VideoState): void
  /** What came before is told first. */
  hear(fn: (signal: SignalBody, seat: string) => void): () => void
  /** Called when people, groups, states or the floor changed. */
  changed(fn: () => void): () => void
}
