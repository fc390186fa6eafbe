import DemoLine from '#client/demo/DemoLine.svelte'
import { isDemo } from '#client/demo/here.ts'
import HandQueue from '#client/hands/HandQueue.svelte'
import { Heard } from '#client/video/heard.svelte.ts'
import HelpCard from '#client/video/HelpCard.svelte'
import NotHeard from '#client/video/NotHeard.svelte'
import SoundNotices from '#client/video/SoundNotices.svelte'
import type { Video } from '#client/video/video.svelte.ts'
import type { RoomPort } from '#client/live/port.ts'

/**
 * Being heard, and helping who is not; the queue of hands; in a demonstration, what it offers in its room. Loaded once the room is here,
 * because nobody waits for it to enter.
 */
export const openHeard = (room: RoomPort, video: Video) => ({
  ...{ heard: new Heard(room, video), HelpCard, NotHeard, SoundNotices, HandQueue },
  DemoLine: isDemo() ? DemoLine : undefined,
})
export type HeardPart = ReturnType<typeof openHeard>
