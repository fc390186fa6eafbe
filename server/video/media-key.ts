import { hkdfSync } from 'node:crypto'

/**
 * V11: what the sound and pictures of a room are encrypted with, 256 bits of its own. Made of the server's secret each time it is handed out,
 * so that it is kept nowhere. It stays the same while the room lives: who was removed gets no more of the media to try it on.
 */
export const mediaKey = (secret: string, room: string): string =>
  Buffer.from(hkdfSync('sha256', secret, room, 'cercle media key', 32)).toString('base64')
