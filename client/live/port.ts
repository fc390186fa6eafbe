import type { z } from 'zod'
import type { Presence, Saved } from '#shared/live/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { commands, ephemerals } from '#shared/wire.ts'

type Commands = typeof commands
type Ephemerals = typeof ephemerals

/** A durable command that is not acknowledged yet: kept by the browser, sent in order, applied once. */
export interface Waiting {
  id: string
  name: string
  payload: unknown
  /** When it was made (server clock, UTC ms). */
  at: number
}

export interface PersonCard {
  id: string
  name: string
  initials: string
  /** Index in the palette of people (0–11). */
  colour: number
  /** The address of their picture; null: initials. */
  picture: string | null
  role: Role
  organisation: string | null
  /** False for somebody who left the SPOC: still named beside what they did. */
  current: boolean
  /** This page does not know them yet. */
  stranger?: true
}

/** The room as a feature sees it. All getters are reactive. */
export interface RoomPort {
  readonly room: string
  readonly spoc: string
  readonly me: { person: string; seat: string; role: Role }
  /** `lost`: the link is down and comes back by itself; `ended`: this seat is over, see `bye`. */
  readonly link: 'connecting' | 'here' | 'lost' | 'ended'
  readonly presence: Presence
  readonly waiting: readonly Waiting[]
  /** The newest view of a slice; undefined before the first. */
  view<V>(slice: string): V | undefined
  /** What only I may see of a slice; undefined when there is nothing. */
  mine<M>(slice: string): M | undefined
  person(id: string): PersonCard
  /** The server's clock (UTC ms). */
  now(): number
  /** Sends a durable command; resolves when it is saved or refused, however long the link is down. */
  send<N extends keyof Commands & string>(
    name: N,
    payload: Commands[N] extends z.ZodType ? z.input<Commands[N]> : never,
  ): Promise<Result<Saved>>
  /** Tells the others something that is not kept; lost when the link is down. */
  whisper<N extends keyof Ephemerals & string>(name: N, payload: Ephemerals[N] extends z.ZodType ? z.input<Ephemerals[N]> : never): void
  /** Hears what others whisper, with the seat it came from (the server's word). Returns a function to stop. */
  hear<N extends keyof Ephemerals & string>(
    name: N,
    fn: (payload: Ephemerals[N] extends z.ZodType ? z.output<Ephemerals[N]> : never, from: string) => void,
  ): () => void
}
