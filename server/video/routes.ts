import { ok, refuse } from '#shared/result.ts'
import type { Source } from '#shared/video/rules.ts'
import type { videoRoutes } from '#shared/video/wire.ts'
import { inRoom, type Handlers } from '../http/door.ts'
import type { LiveKit } from '../outside/livekit.ts'

/**
 * `ownerOf`: whose seat of a room it is, and what it may send; undefined when the room has no such seat. `keyOf`: what its media are encrypted
 * with; null when they are not.
 */
export const videoHandlers = (
  livekit: LiveKit | undefined,
  ownerOf: (room: string, seat: string) => Promise<{ person: string; sends: readonly Source[] } | undefined>,
  keyOf: (room: string) => Promise<string | null>,
): Handlers<typeof videoRoutes> => ({
  'GET /api/rooms/:room/media': {
    who: inRoom,
    async run({ params, query, asker, headers }) {
      if (!livekit) return refuse('video/no-livekit')
      // A key is for this once: no browser keeps it.
      headers.set('cache-control', 'no-store')
      const owner = await ownerOf(params.room, query.seat)
      if (owner?.person !== asker.person) return refuse('video/no-seat')
      const token = await livekit.token(params.room, query.seat, owner.sends)
      return ok({ address: livekit.address, token, key: await keyOf(params.room) })
    },
  },
})
