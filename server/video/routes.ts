import { ok, refuse } from '#shared/result.ts'
import type { MediaKey, videoRoutes } from '#shared/video/wire.ts'
import { inRoom, type Handlers } from '../http/door.ts'
import type { LiveKit } from '../outside/livekit.ts'
import { mediaRoom, type SeatMedia } from './media-seats.ts'

/**
 * `ownerOf`: whose seat of a room it is, with its media; undefined when the room has no such seat. `keyOf`: what the media of a room are
 * encrypted with; null when they are not.
 */
export const videoHandlers = (
  livekit: LiveKit | undefined,
  ownerOf: (room: string, seat: string) => Promise<({ person: string } & SeatMedia) | undefined>,
  keyOf: (room: string) => Promise<MediaKey | null>,
): Handlers<typeof videoRoutes> => ({
  'GET /api/rooms/:room/media': {
    who: inRoom,
    async run({ params, query, asker, headers }) {
      if (!livekit) return refuse('video/no-livekit')
      // A key is for this once: no browser keeps it.
      headers.set('cache-control', 'no-store')
      const owner = await ownerOf(params.room, query.seat)
      if (owner?.person !== asker.person) return refuse('video/no-seat')
      const token = await livekit.token(mediaRoom(params.room, owner.group), query.seat, owner.sends)
      return ok({ address: livekit.address, token, key: await keyOf(params.room) })
    },
  },
})
