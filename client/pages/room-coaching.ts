import { CallDesk } from '#client/mentoring/mentoring.svelte.ts'
import { titleOf } from '#client/mentoring/names.ts'

/** What the room of a coaching call needs from its first second, and that of a session never. */
export const openCoaching = (room: string) => ({ desk: new CallDesk(room), titleOf })
export type Coaching = ReturnType<typeof openCoaching>
