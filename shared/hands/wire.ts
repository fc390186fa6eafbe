import { z } from 'zod'
import { id } from '../live/wire.ts'

const nothing = z.strictObject({})

export const handsCommands = {
  'hands:raise': nothing,
  'hands:lower': nothing,
  'hands:clear': z.strictObject({ person: id }),
  'hands:clear-all': nothing,
  /** Gives somebody the floor. */
  'hands:give': z.strictObject({ person: id }),
  /** Takes it back from somebody. */
  'hands:take': z.strictObject({ person: id }),
  'hands:give-back': nothing,
}

/** Raised hands, first raised first, and who has the floor, first given first. */
export interface HandsView {
  queue: readonly { person: string; at: number }[]
  floor: readonly string[]
}

export type HandsRefusal = 'hands/floor-full' | 'hands/not-here'
