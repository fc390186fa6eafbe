import { createHash, hkdfSync } from 'node:crypto'
import type { MediaKey } from '#shared/video/wire.ts'

/** How many keys a page tells apart: LiveKit's own figure. */
const ring = 16

/**
 * V11, V13: what the sound and pictures of a room are encrypted with, 256 bits of its own. Made of the server's secret each time it is handed
 * out, so that it is kept nowhere. `gone`: who was in the room and may no longer be. Each is given only keys that are made without them, so that
 * none of those opens what is sent once they are gone, even where somebody else came back.
 */
export function mediaKey(secret: string, room: string, gone: readonly string[]): MediaKey {
  const without = createHash('sha256')
    .update([...new Set(gone)].sort().join(' '))
    .digest('base64')
  const bits = Buffer.from(hkdfSync('sha256', secret, room, `cercle media key ${without}`, 32)).toString('base64')
  return { index: new Set(gone).size % ring, bits }
}
