import type { ToldPreflight } from '#shared/preflight/wire.ts'
import type { WaitingView } from '#shared/waiting/wire.ts'
import { api } from '#client/http.ts'
import type { RoomPort } from '#client/live/port.ts'

/** Who comes to the door checks a moment before or after (ms); and it is asked again now and then. */
const soon = 1_500
const again = 30_000

/** For the team in a room: what each person's last check before the session found. */
export class Checks {
  found = $state.raw<ReadonlyMap<string, ToldPreflight>>(new Map())
  readonly #room: RoomPort
  readonly #stops: (() => void)[]

  constructor(room: RoomPort) {
    this.#room = room
    const timer = setInterval(() => document.visibilityState === 'visible' && void this.load(), again)
    this.#stops = [
      () => clearInterval(timer),
      $effect.root(() => {
        $effect(() => {
          void room.presence.people.length
          void room.view<WaitingView>('waiting')?.waiting.length
          const load = setTimeout(() => void this.load(), soon)
          return () => clearTimeout(load)
        })
      }),
    ]
    void this.load()
  }

  async load(): Promise<void> {
    const said = await api('GET /api/rooms/:room/preflights', { params: { room: this.#room.room } })
    if (said.ok) this.found = new Map(said.value.map((one) => [one.person, one]))
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }
}
