import { Replica } from '#client/live/replica.svelte.ts'
import { documentsOf } from '#client/live/room-documents.ts'
import type { Room } from '#client/live/room.svelte.ts'
import { unsentOf } from '#client/live/unsent.ts'
import CallPanel from '#client/mentoring/CallPanel.svelte'
import { notesRoot } from '#shared/mentoring/rules.ts'

/** What only a call's room shows, with what keeps its notes: loaded when the room is one. */
export { CallPanel }

/** Opens this page's copy of a call's shared notes; `close()` it when the room is left. */
export const openNotes = (room: Room, document: string, person: string) =>
  new Replica(documentsOf(room), document, notesRoot, unsentOf(person, document))
