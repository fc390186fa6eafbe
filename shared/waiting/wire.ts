import { z } from 'zod'
import { id } from '../live/wire.ts'

/** Of the room; who waits has no seat in it, and so none of these. */
export const waitingCommands = {
  /** Of the door itself, for who asks to come in: which process holds their link. */
  'waiting:ask': z.strictObject({ boot: id }),
  /** Of the door itself: this person no longer waits. */
  'waiting:leave': z.strictObject({ person: id }),
  'waiting:admit': z.strictObject({ people: z.array(id).min(1).max(200) }),
  'waiting:deny': z.strictObject({ person: id }),
}

/** What the team sees: who waits, who came first first. Nobody else sees any of it. */
export type WaitingView = { waiting: readonly { person: string; since: number }[] } | null

/** What a link that waits is told, and all that it is told: where its person stands. */
export type Standing =
  | { state: 'waiting'; since: number }
  /** `again`: when they may ask again. */
  | { state: 'denied'; again: number }
  | { state: 'admitted' }

export type WaitingRefusal =
  /** Somebody of the team lets people in. */
  | 'waiting/at-the-door'
  /** Denied a moment ago. */
  | 'waiting/too-soon'
