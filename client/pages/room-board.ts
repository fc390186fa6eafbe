import Board from '#client/board/Board.svelte'
import { clearScreen } from '#client/board/clear-screen.ts'
import BoardStage from '#client/board/BoardStage.svelte'
import { Replica } from '#client/live/replica.svelte.ts'
import { documentsOf } from '#client/live/room-documents.ts'
import type { Room } from '#client/live/room.svelte.ts'
import { unsentOf } from '#client/live/unsent.ts'
import { boardRoot } from '#shared/board/rules.ts'

/**
 * The board and what keeps its document, a third of all that a room loads: they come together, when somebody looks at the board or
 * has work on it that was not sent.
 */
export { Board, BoardStage, clearScreen }

/** Opens this page's copy of a room's board; `close()` it when it is no longer the room's. */
export const openBoard = (room: Room, document: string, person: string) =>
  new Replica(documentsOf(room), document, boardRoot, unsentOf(person, document))
