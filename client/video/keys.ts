import type { MediaEntrance } from '#shared/video/wire.ts'
import { api } from '#client/http.ts'
import type { OpenOptions } from './media.ts'

/** A key that was sent along is used within this (ms): what its seat may send, and where, may be different by then. */
const freshFor = 5_000
/** How long one that is sent along is waited for once there is a seat (ms), before it is asked for. */
const comesWithin = 1_000

/** A room as this needs it: where one sits, and what comes with the seat. */
interface Seated {
  readonly room: string
  readonly me: { seat: string }
  onceLinked(fn: () => void): () => void
  hearKey(fn: (key: MediaEntrance) => void): () => void
}

/** How a page comes by LiveKit's keys: the first comes with its seat, each later one is asked of the server. */
export function keysOf(room: Seated): OpenOptions['enter'] {
  const ask = async () => {
    const key = await api('GET /api/rooms/:room/media', { params: { room: room.room }, query: { seat: room.me.seat } })
    return key.ok ? key.value : undefined
  }
  let first: { key: Promise<MediaEntrance | undefined>; until: number } | undefined
  room.onceLinked(() => {
    const key = new Promise<MediaEntrance | undefined>((given) => {
      const stop = room.hearKey((key) => {
        stop()
        given(key)
      })
      setTimeout(() => {
        stop()
        given(undefined)
      }, comesWithin)
    })
    first = { key, until: performance.now() + freshFor }
  })
  return async () => {
    const one = first
    first = undefined
    return (one && performance.now() < one.until ? await one.key : undefined) ?? ask()
  }
}
