import type { Simulated as View } from '#shared/demo/wire.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'

/** The simulated participants of the session in progress, for who leads it. */
export class Simulated {
  /** Undefined while unknown, null where this room has none: it is not the one of the demonstration. */
  view = $state.raw<View | null>()
  busy = $state(false)
  readonly #room: string

  constructor(room: string) {
    this.#room = room
  }

  get there() {
    return (this.view?.people ?? 0) > 0
  }

  async load(): Promise<void> {
    const said = await api('GET /api/demo/simulated')
    if (said.ok) this.view = said.value.room === this.#room ? said.value : null
    else if (said.code === 'http/not-found') this.view = null
  }

  /** Has them come in, or leave. Gives the refusal, if any. */
  async turn(on: boolean): Promise<Refusal | undefined> {
    if (this.busy) return undefined
    this.busy = true
    const said = on ? await api('POST /api/demo/simulated') : await api('DELETE /api/demo/simulated')
    this.busy = false
    if (!said.ok) return said.code
    this.view = said.value
    return undefined
  }
}
