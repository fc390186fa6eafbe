import type { Source } from '#shared/video/rules.ts'
import type { Wants } from '#shared/video/wire.ts'
import type { LinkStats } from './media-room.ts'

/** How sound and picture get to a seat: not at all yet, being made, made, cut off, or tried again and again without ever getting there. */
export type Path = 'none' | 'opening' | 'open' | 'broken' | 'unreachable'

/** What a carrier asks of the page and tells it. */
export interface CarrierPorts {
  /** What this page sends now on each line; a microphone that is off is a track that is not enabled. */
  track(source: Source): MediaStreamTrack | undefined
  isOn(source: Source): boolean
  /** Tracks or path of a seat changed, or, without a seat, how this page stands. */
  changed(seat?: string): void
  /** A path to a seat is made anew: what was measured of the last one says nothing of it. */
  renewed(seat: string): void
  /** There is no path to a seat any more. */
  gone(seat: string): void
}

/**
 * What carries sound and pictures between the seats of a room: peer connections from page to page (`mesh.ts`), or a LiveKit server
 * (`livekit.ts`). It knows nothing of devices, loudspeakers and levels: `media.ts` does, the same for both. Who is there and what is on
 * comes from the room's own link, never from here.
 */
export interface Carrier {
  /** Whether this seat has a place in it; asked when it joins and whenever something changed. */
  admits(): boolean
  /** Why there is no room for a source of a person: too many pictures, or only those on the stage send. Roles are not its concern. */
  whyNot(source: Source, person: string): 'limit' | 'floor' | undefined
  /** Persons on the stage, while only they send. */
  readonly stage: readonly string[] | undefined
  begin(): void
  end(): void
  /** Brings its paths in line with who is there; called at each change and twice a second. */
  arrange(): void
  /** Looks after its paths; called ten times a second. */
  watch(now: number): void
  /** The own track of this source is another one, or is on or off. */
  put(source: Source): void
  received(seat: string, source: Source): MediaStreamTrack | undefined
  /** The same, for a recorder: its pictures come also while nobody looks at them here. */
  kept(seat: string, source: Source): MediaStreamTrack | undefined
  /** Whether pictures of a camera that is on should be coming from a seat; not while nobody looks at them. */
  expects(seat: string): boolean
  /** Plays what was received in an element, or takes it out. */
  play(seat: string, source: Source, element: HTMLVideoElement): void
  stop(element: HTMLVideoElement): void
  /** How loud a seat is just now: read from its receiver, a few microseconds, no report needed. */
  loudness(seat: string): number
  stats(seat: string): Promise<LinkStats | undefined>
  path(seat: string): Path
  /** Which pictures of the others are taken here, and whether one's own goes out smaller. */
  spare(wants: Wants | undefined, small: boolean): void
  /** What carries this page is cut off and comes back by itself. */
  readonly cut: boolean
}

/** Puts a track into an element, unless it plays there already. */
export function playIn(element: HTMLVideoElement, track: MediaStreamTrack | undefined): void {
  const [playing] = (element.srcObject as MediaStream | null)?.getTracks() ?? []
  if (playing === track) return
  element.srcObject = track ? new MediaStream([track]) : null
}
