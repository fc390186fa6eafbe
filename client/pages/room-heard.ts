import DemoLine from '#client/demo/DemoLine.svelte'
import { isDemo } from '#client/demo/here.ts'
import { Groups } from '#client/groups/groups.svelte.ts'
import GroupsButton from '#client/groups/GroupsButton.svelte'
import GroupsHere from '#client/groups/GroupsHere.svelte'
import GroupsLine from '#client/groups/GroupsLine.svelte'
import { mayInviteGuests } from '#shared/guests/rules.ts'
import InviteGuests from '#client/guests/InviteGuests.svelte'
import HandQueue from '#client/hands/HandQueue.svelte'
import type { Hands } from '#client/hands/hands.svelte.ts'
import { Heard } from '#client/video/heard.svelte.ts'
import HelpCard from '#client/video/HelpCard.svelte'
import { Checks } from '#client/preflight/checks.svelte.ts'
import CheckSign from '#client/preflight/CheckSign.svelte'
import FaultNotice from '#client/video/FaultNotice.svelte'
import NotHeard from '#client/video/NotHeard.svelte'
import SoundNotices from '#client/video/SoundNotices.svelte'
import type { Video } from '#client/video/video.svelte.ts'
import MicAsked from '#client/mics/MicAsked.svelte'
import type { Mics } from '#client/mics/mics.svelte.ts'
import MuteAll from '#client/mics/MuteAll.svelte'
import type { RoomPort } from '#client/live/port.ts'
import type { RoomPage as RoomCard } from '#shared/session/wire.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import AtTheDoor from './AtTheDoor.svelte'
import BarMore from './BarMore.svelte'
import { Floor } from './floor.svelte.ts'
import FloorNotice from './FloorNotice.svelte'
import SpeakerMenu from './SpeakerMenu.svelte'
import StageSign from './StageSign.svelte'

/**
 * Being heard, in which group, helping who is not, and leading who speaks; the queue of hands, the floor and the stage; for the team, who waits at the door; in a demonstration,
 * what it offers in its room; what a phone's bar holds behind one control. Loaded once the room is here, because nobody waits for it to enter.
 */
export const openHeard = (room: RoomPort, video: Video, mics: Mics, hands: Hands, { kind, video: carrier }: RoomCard) => ({
  ...{ heard: new Heard(room, video), HelpCard, NotHeard, SoundNotices, HandQueue },
  ...{ floor: new Floor(hands, video), FloorNotice, StageSign },
  ...{ mics, MicAsked, SpeakerMenu, MuteAll },
  ...{ groups: kind === 'session' ? new Groups(room, carrier) : undefined, GroupsButton, GroupsHere, GroupsLine },
  BarMore,
  /** Here before anything fails: the network may be what does. */
  FaultNotice,
  DemoLine: isDemo() ? DemoLine : undefined,
  /** For who leads a session: its guest link, and who came by it. */
  InviteGuests: kind === 'session' && mayInviteGuests(room.me.role) ? InviteGuests : undefined,
  /** For the team: who waits, and what each one’s check found. */
  team: isTeam(room.me.role) ? { checks: new Checks(room), CheckSign, AtTheDoor } : undefined,
})
export type HeardPart = ReturnType<typeof openHeard>
