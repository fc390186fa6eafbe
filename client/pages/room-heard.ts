import DemoLine from '#client/demo/DemoLine.svelte'
import { isDemo } from '#client/demo/here.ts'
import HandQueue from '#client/hands/HandQueue.svelte'
import { Heard } from '#client/video/heard.svelte.ts'
import HelpCard from '#client/video/HelpCard.svelte'
import NotHeard from '#client/video/NotHeard.svelte'
import SoundNotices from '#client/video/SoundNotices.svelte'
import type { Video } from '#client/video/video.svelte.ts'
import MicAsked from '#client/mics/MicAsked.svelte'
import type { Mics } from '#client/mics/mics.svelte.ts'
import MuteAll from '#client/mics/MuteAll.svelte'
import type { RoomPort } from '#client/live/port.ts'
import SpeakerMenu from './SpeakerMenu.svelte'

/**
 * Being heard, helping who is not, and leading who speaks; the queue of hands; in a demonstration, what it offers in its room. Loaded once
 * the room is here, because nobody waits for it to enter.
 */
export const openHeard = (room: RoomPort, video: Video, mics: Mics) => ({
  ...{ heard: new Heard(room, video), HelpCard, NotHeard, SoundNotices, HandQueue },
  ...{ mics, MicAsked, SpeakerMenu, MuteAll },
  DemoLine: isDemo() ? DemoLine : undefined,
})
export type HeardPart = ReturnType<typeof openHeard>
