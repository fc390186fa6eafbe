import { api } from '#client/http.ts'
import type { OpenOptions } from './media-code.ts'

/** A key that was asked for ahead is used within this (ms): what its seat may send, and where, may be different by then. */
const freshFor = 5_000

/** A room as this needs it: where one sits, and when. */
interface Seated {
  readonly room: string
  readonly me: { seat: string }
  linked(fn: (up: boolean) => void): () => void
}

/** How a page asks LiveKit's keys of the server. The first is asked for as soon as there is a seat: it comes while the room is being drawn. */
export function keysOf(room: Seated): OpenOptions['enter'] {
  const ask = async () => {
    const key = await api('GET /api/rooms/:room/media', { params: { room: room.room }, query: { seat: room.me.seat } })
    return key.ok ? key.value : undefined
  }
  let ahead: { key: ReturnType<typeof ask>; until: number } | undefined
  const stop = room.linked((up) => {
    if (!up) return
    stop()
    ahead = { key: ask(), until: performance.now() + freshFor }
  })
  return () => {
    const one = ahead
    ahead = undefined
    return one && performance.now() < one.until ? one.key : ask()
  }
}
