import { z } from 'zod'
import { id } from '../live/wire.ts'

const nothing = z.strictObject({})

export const handsCommands = {
  'hands:raise': nothing,
  'hands:lower': nothing,
  'hands:clear': z.strictObject({ person: id }),
  'hands:clear-all': nothing,
}

/** Raised hands, first raised first. */
export interface HandsView {
  queue: readonly { person: string; at: number }[]
}
