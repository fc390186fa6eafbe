import { api } from '#client/http.ts'
import type { PreparedSlides } from '#shared/slides/wire.ts'
import type { Refusal } from '#shared/wire.ts'

/** The documents of a room, as whoever prepares them sees them. */
export class Prepared {
  list = $state.raw<readonly PreparedSlides[]>()
  refusal = $state<Refusal>()
  /** Files being read, by identity: their names. */
  reading = $state.raw<readonly { file: string; name: string }[]>([])
  /** What cannot be shown, and why. */
  refused = $state.raw<readonly { file: string; name: string; code: Refusal }[]>([])
  readonly room: string
  readonly #onchange: () => void

  constructor(room: string, onchange: () => void = () => undefined) {
    this.room = room
    this.#onchange = onchange
  }

  load = async () => {
    const said = await api('GET /api/rooms/:room/slides', { params: { room: this.room } })
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.list = said.value
    this.#onchange()
  }

  /** Puts a file among what may be shown; gives whether it can be. */
  add = async ({ id: file, name }: { id: string; name: string }, download = false): Promise<boolean> => {
    this.reading = [...this.reading, { file, name }]
    this.dismiss(file)
    const said = await api('PUT /api/rooms/:room/slides/:file', { params: { room: this.room, file }, body: { download } })
    this.reading = this.reading.filter((one) => one.file !== file)
    if (!said.ok) this.refused = [...this.refused, { file, name, code: said.code }]
    await this.load()
    return said.ok
  }

  /** Says anew whether learners may take it. */
  allow = async (file: string, download: boolean) => {
    const said = await api('PUT /api/rooms/:room/slides/:file', { params: { room: this.room, file }, body: { download } })
    await this.load()
    if (!said.ok) this.refusal = said.code
  }

  remove = async (file: string) => {
    const said = await api('DELETE /api/rooms/:room/slides/:file', { params: { room: this.room, file } })
    await this.load()
    if (!said.ok) this.refusal = said.code
    return said.ok
  }

  dismiss = (file: string) => (this.refused = this.refused.filter((one) => one.file !== file))
}
