/** What a room needs once it is here, and nobody waits for to enter. */
export { openHeard } from './room-heard.ts'
export { openView } from './room-view.ts'
