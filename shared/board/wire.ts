import { z } from 'zod'
import { id } from '../live/wire.ts'
import { limits } from './elements.ts'

/** What a room's people ask of their board. The board's contents travel as document increments, not as commands. */
export const boardCommands = {
  /** Bring the room's board out. Opening it again changes nothing. */
  'board:open': z.strictObject({}),
  /** Keep the pens to those who lead, or give them back. */
  'board:lock': z.strictObject({ locked: z.boolean() }),
}

/** Seen while it happens, never kept. Who sends is the server's knowledge, never the payload's. */
export const boardEphemerals = {
  /**
   * What is being drawn: a packed element. Parts of one freehand stroke follow each other; a part of another kind replaces the
   * one before. Null gives it up; at pen-up the committed entry of the same id takes its place.
   */
  'board:live': z.object({
    stroke: id,
    part: z
      .instanceof(Uint8Array)
      .refine((part) => part.length <= limits.livePart, 'too long')
      .nullable(),
  }),
  /** Where a pointer is on the board's plane; null when it left. */
  'board:cursor': z.object({ x: z.number().min(-1e6).max(1e6), y: z.number().min(-1e6).max(1e6) }).nullable(),
}

/** What everyone in the room sees of the board, besides its contents. */
export interface BoardView {
  /** The document to follow; null while nobody has opened the board. */
  document: string | null
  /** The pens are kept to those who lead, by this person. */
  locked: boolean
  by: string | null
}

export type BoardRefusal = 'board/not-open' | 'board/locked'
