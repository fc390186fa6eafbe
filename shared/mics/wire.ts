import { z } from 'zod'
import { id } from '../live/wire.ts'

const whom = z.strictObject({ person: id })

export const micsCommands = {
  /** Closes somebody's microphone; `hold`: and keeps it closed. */
  'mics:mute': z.strictObject({ person: id, hold: z.boolean() }),
  /** Closes every microphone but the team's and these; `hold`: and keeps them closed, those of people who come later too. */
  'mics:mute-all': z.strictObject({ except: z.array(id).max(100), hold: z.boolean() }),
  /** Lets somebody open their microphone again. */
  'mics:allow': whom,
  /** Lets everybody. */
  'mics:allow-all': z.strictObject({}),
  /** Asks somebody to open their microphone; it is theirs to do. */
  'mics:ask': whom,
  /** Puts away what one was asked. */
  'mics:settle': z.strictObject({}),
}

/** Whose microphones are kept closed: everybody's but the team's and those of `free`, or those of `held`. */
export interface MicsView {
  all: boolean
  free: readonly string[]
  held: readonly string[]
}

/** What was asked of me last and not put away yet, and when my microphone was last closed for me (UTC ms), by whom. */
export interface MyMic {
  asked: { by: string; at: number } | null
  muted: { by: string; at: number } | null
}

export type MicsRefusal = 'mics/not-here'
