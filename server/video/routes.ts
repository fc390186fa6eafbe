import { ok, refuse } from '#shared/result.ts'
import type { MediaEntrance, MediaKey, videoRoutes } from '#shared/video/wire.ts'
import { inRoom, type Handlers } from '../http/door.ts'
import type { LiveKit } from '../outside/livekit.ts'
import { mediaRoom, type SeatMedia } from './media-seats.ts'

interface Tools {
  livekit: LiveKit
  /** Whose seat of a room it is, with its media; undefined when the room has no such seat. */
  ownerOf(room: string, seat: string): Promise<({ person: string } & SeatMedia) | undefined>
  /** What the media of a room are encrypted with; null when they are not. */
  keyOf(room: string): Promise<MediaKey | null>
}

/** How a seat of a room gets into its media on LiveKit, and whose seat it is; undefined when the room has no such seat. */
export const mediaEntrance =
  ({ livekit, ownerOf, keyOf }: Tools) =>
  async (room: string, seat: string): Promise<{ person: string; entrance: MediaEntrance } | undefined> => {
    const owner = await ownerOf(room, seat)
    if (!owner) return undefined
    const token = await livekit.token(mediaRoom(room, owner.group), seat, owner.sends)
    return { person: owner.person, entrance: { address: livekit.address, token, key: await keyOf(room) } }
  }

/** `entranceOf`: undefined without LiveKit. */
export const videoHandlers = (entranceOf: ReturnType<typeof mediaEntrance> | undefined): Handlers<typeof videoRoutes> => ({
  'GET /api/rooms/:room/media': {
    who: inRoom,
    async run({ params, query, asker, headers }) {
      if (!entranceOf) return refuse('video/no-livekit')
      // A key is for this once: no browser keeps it.
      headers.set('cache-control', 'no-store')
      const found = await entranceOf(params.room, query.seat)
      return found?.person === asker.person ? ok(found.entrance) : refuse('video/no-seat')
    },
  },
})
