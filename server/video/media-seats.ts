import { maySend, sources, type Source } from '#shared/video/rules.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Clock } from '../clock.ts'
import type { Log } from '../logger.ts'
import type { LiveKit } from '../outside/livekit.ts'

/** What a seat of that role may send through LiveKit (V4, V5); `speaks`: its microphone is not held. */
export const sendsOf = (role: Role, speaks = true): readonly Source[] =>
  sources.filter((source) => maySend(source, role) && (speaks || source !== 'mic'))

/** The media room of a group, or of the plenary (null): identities hold no full stop. */
export const mediaRoom = (room: string, group: string | null): string => (group === null ? room : `${room}.${group}`)
/** Whose media room it is. */
export const roomOf = (mediaRoom: string): string => mediaRoom.split('.', 1)[0] ?? ''

/** What a seat has of its room’s media: in which group it is, and what it may send. */
export interface SeatMedia {
  group: string | null
  sends: readonly Source[]
}

interface Parts {
  livekit: LiveKit
  clock: Clock
  log: Log
  /** The seats of a room as its log has them; undefined when there is no such room. */
  seatsOf(room: string): Promise<ReadonlyMap<string, SeatMedia> | undefined>
  /** Rooms that somebody is in. */
  rooms(): Promise<readonly string[]>
}

/** After a change, others of the same moment are waited for (ms). */
const together = 30
/** How often every room is looked over, whatever was noticed (ms). */
const round = 10_000

/**
 * Keeps LiveKit's rooms in line with ours: who has no seat goes, and who is in another group than their seat, also with a token that was good
 * once; who has another role sends what it may. It compares and corrects, whatever made it look: a change here, a notice of LiveKit's, or the round. Nothing is believed of
 * LiveKit about who is there (attendance never comes from it).
 */
export class MediaSeats {
  private readonly parts: Parts
  private readonly waiting = new Map<string, () => void>()
  private readonly busy = new Map<string, Promise<void>>()
  private cancelRound: () => void
  private stopped = false

  constructor(parts: Parts) {
    this.parts = parts
    this.cancelRound = parts.clock.after(round, () => void this.goRound())
  }

  /** Something changed in a room, or may have. */
  touch(room: string): void {
    if (this.stopped || this.waiting.has(room)) return
    this.waiting.set(
      room,
      this.parts.clock.after(together, () => {
        this.waiting.delete(room)
        void this.settle(room)
      }),
    )
  }

  async stop(): Promise<void> {
    this.stopped = true
    this.cancelRound()
    for (const cancel of this.waiting.values()) cancel()
    await Promise.all(this.busy.values())
  }

  /** One look at a time for each room. A server that does not answer is asked again by the round. */
  private settle(room: string): Promise<void> {
    const turn = (this.busy.get(room) ?? Promise.resolve())
      .then(() => this.compare(room))
      .catch((error: unknown) => this.parts.log.debug({ error: nameOf(error), room }, 'LiveKit could not be brought in line'))
      .finally(() => this.busy.get(room) === turn && this.busy.delete(room))
    this.busy.set(room, turn)
    return turn
  }

  private async compare(room: string): Promise<void> {
    const { livekit, seatsOf } = this.parts
    // Those of groups that are closed too: a key outlives them.
    const names = (await livekit.rooms()).filter((name) => roomOf(name) === room)
    const inside = await Promise.all(names.map(async (name) => (await livekit.list(name)).map((one) => ({ ...one, name }))))
    if (inside.flat().length === 0) return
    const seats = await seatsOf(room)
    await Promise.all(
      inside.flat().map(async ({ name, seat, sends }) => {
        const media = seats?.get(seat)
        if (!media || mediaRoom(room, media.group) !== name) return livekit.remove(name, seat)
        const may = media.sends
        if (may.length !== sends.length || may.some((source) => !sends.includes(source))) await livekit.permit(name, seat, may)
      }),
    )
  }

  private async goRound(): Promise<void> {
    const rooms = await this.parts.rooms().catch(() => [])
    await Promise.all(rooms.map((room) => this.settle(room)))
    if (!this.stopped) this.cancelRound = this.parts.clock.after(round, () => void this.goRound())
  }
}

/** Its message may hold a token. */
const nameOf = (error: unknown) => (error instanceof Error ? error.name : 'unknown')
