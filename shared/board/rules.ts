import type { DocumentContent } from '../live/document-shape.ts'
import type { Asker, Command, Draft, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { leads, takesPart } from '../spoc/rules.ts'
import { limits, unpack } from './elements.ts'
import type { boardCommands, BoardRefusal, BoardView } from './wire.ts'

/**
 * Rules of the board.
 *
 * B1 Only those who lead open, lock and unlock the board.
 * B2 A room has one shared board, whose document is known from the room; opening it again changes nothing.
 * B3 Before it is opened nobody draws.
 * B4 Everyone who takes part draws on an open board; on a locked one only those who lead. A lock holds at once, without grace.
 * B5 An observer never draws.
 * B6 An entry of the document is a random name and a packed element within the limits; nothing else is accepted.
 * B7 What is drawn over a page of a document stays with that page: see `sheets.ts`.
 */

export interface BoardState {
  room: string
  document: string | null
  locked: boolean
  /** Who locked it; null when it is not. */
  by: string | null
}

export type BoardCommand = Command<typeof boardCommands>
export interface BoardOpened {
  document: string
}
export type BoardDraft = Draft<'board:opened', BoardOpened, null> | Draft<'board:locked', { locked: boolean }, null>

/** B2: the document of a room's shared board. As hard to guess as the room itself, and the same in every process. */
export const boardDocument = (room: string) => `${room}-board`

/** B3–B5: why this person may not draw now; undefined when they may. */
export function whyNotDraw(state: BoardView, asker: Pick<Asker, 'role'>): BoardRefusal | 'live/not-allowed' | undefined {
  if (!takesPart(asker.role)) return 'live/not-allowed'
  if (state.document === null) return 'board/not-open'
  if (state.locked && !leads(asker.role)) return 'board/locked'
  return undefined
}

/** B3–B5 */
export const mayDraw = (state: BoardView, asker: Pick<Asker, 'role'>): boolean => whyNotDraw(state, asker) === undefined

/** B6: whether the document may hold this under this name. Takes anything, throws never. */
export function isAllowedEntry(key: string, value: unknown): boolean {
  return /^[A-Za-z0-9_-]{16,64}$/.test(key) && value instanceof Uint8Array && value.length <= limits.entry && unpack(value) !== undefined
}

/** What a board's document is made of, for the documents mechanism, which knows no feature. */
export const boardRoot = 'elements'
export const boardContent: DocumentContent = { root: boardRoot, isAllowedEntry }

export const boardSlice: Slice<BoardState, BoardCommand, BoardDraft, BoardView, null> = {
  name: 'board',
  start: (room) => ({ room: room.id, document: null, locked: false, by: null }),

  decide(state, command, asker) {
    if (asker && !leads(asker.role)) return refuse('live/not-allowed')
    switch (command.name) {
      case 'board:open':
        return ok(state.document === null ? [{ kind: 'board:opened', v: 1, payload: { document: boardDocument(state.room) } }] : [])
      case 'board:lock':
        return ok(
          state.locked === command.payload.locked ? [] : [{ kind: 'board:locked', v: 1, payload: { locked: command.payload.locked } }],
        )
    }
  },

  apply(state, happening) {
    switch (happening.kind) {
      case 'board:opened':
        return { ...state, document: happening.payload.document }
      case 'board:locked':
        return { ...state, locked: happening.payload.locked, by: happening.payload.locked ? happening.person : null }
      // Each slice is shown the whole log.
      default:
        return state
    }
  },

  audienceOf: () => 'all',
  viewFor: (state) => ({ document: state.document, locked: state.locked, by: state.by }),
  mine: () => null,
}
