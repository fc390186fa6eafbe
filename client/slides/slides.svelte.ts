import type { RoomPort } from '#client/live/port.ts'
import { api } from '#client/http.ts'
import type { BoardView } from '#shared/board/wire.ts'
import type { Result } from '#shared/result.ts'
import type { pictureSides } from '#shared/slides/rules.ts'
import type { PreparedSlides, SlidePage, SlidesView } from '#shared/slides/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import type { Refusal } from '#shared/wire.ts'

export type Side = (typeof pictureSides)[number]

/** Where the picture of a page is. */
export const pictureAddress = (room: string, file: string, page: number, side: Side) =>
  `/api/rooms/${room}/slides/${file}/picture?page=${page}&side=${side}`
/** Where the document itself is. */
export const documentAddress = (room: string, file: string) => `/api/rooms/${room}/slides/${file}`

/** A page in front, with what is known of it. */
export interface FrontPage extends SlidePage {
  file: string
  page: number
}

/** What is shown page by page, as this person sees it. Who leads turns: their own screen does not wait for the answer. */
export class Slides {
  /** What is prepared; only who leads knows it. */
  prepared = $state.raw<readonly PreparedSlides[]>([])
  /** The last page that came. */
  page = $state.raw<FrontPage>()
  /** Why the page in front did not come. */
  refusal = $state<Refusal>()

  readonly room: RoomPort
  readonly #known = new Map<string, FrontPage>()
  /** Where I am turning to. */
  #wanted = $state.raw<{ file: string; page: number }>()
  #acts = 0

  constructor(room: RoomPort) {
    this.room = room
  }

  readonly mayLead = $derived.by(() => leads(this.room.me.role))
  readonly #view = $derived.by(() => this.room.view<SlidesView>('slides')?.shown ?? undefined)
  /** What is in front; undefined when nothing is. */
  readonly shown = $derived.by(() => {
    const view = this.#view
    return view && this.#wanted?.file === view.file ? { ...view, page: this.#wanted.page } : view
  })
  /** The page in front once it is known. */
  readonly front = $derived.by(() =>
    this.shown && this.page?.file === this.shown.file && this.page.page === this.shown.page ? this.page : undefined,
  )
  readonly #at = $derived.by(() => this.prepared.findIndex(({ file }) => file === this.shown?.file))
  /** The documents before and after this one, where its pages end. */
  readonly before = $derived.by(() => (this.#at > 0 ? this.prepared[this.#at - 1] : undefined))
  readonly after = $derived.by(() => (this.#at >= 0 ? this.prepared[this.#at + 1] : undefined))

  load = async () => {
    if (!this.mayLead) return
    const said = await api('GET /api/rooms/:room/slides', { params: { room: this.room.room } })
    if (said.ok) this.prepared = said.value
  }

  /** Fetches what is known of a page, once. */
  async #fetch(file: string, page: number): Promise<Result<FrontPage>> {
    const key = `${file} ${page}`
    const known = this.#known.get(key)
    if (known) return { ok: true, value: known }
    const said = await api('GET /api/rooms/:room/slides/:file/page', { params: { room: this.room.room, file }, query: { page } })
    if (!said.ok) return said
    const value = { ...said.value, file, page }
    this.#known.set(key, value)
    return { ok: true, value }
  }

  /** Brings the page that is in front now. */
  bring = async () => {
    const { shown } = this
    this.refusal = undefined
    if (!shown) return
    const said = await this.#fetch(shown.file, shown.page)
    if (this.shown?.file !== shown.file || this.shown.page !== shown.page) return
    if (said.ok) this.page = said.value
    else this.refusal = said.code
  }

  /** Has the next page ready before it is turned: only who leads may see it. */
  expect = async (side: Side) => {
    const { shown } = this
    if (!this.mayLead || !shown || shown.page >= shown.pages) return
    const said = await this.#fetch(shown.file, shown.page + 1)
    if (said.ok) new Image().src = pictureAddress(this.room.room, shown.file, shown.page + 1, side)
  }

  async #act(act: () => Promise<Result<unknown>>): Promise<Refusal | undefined> {
    const turn = ++this.#acts
    const said = await act()
    if (turn === this.#acts) this.#wanted = undefined
    return said.ok ? undefined : said.code
  }

  /** Shows a document to everybody, and brings the board out, which is drawn over it. */
  show = (file: string, page = 1) =>
    this.#act(async () => {
      const said = await this.room.send('slides:show', { file, page })
      if (said.ok && this.room.view<BoardView>('board')?.document === null) await this.room.send('board:open', {})
      return said
    })

  turn = async (page: number): Promise<Refusal | undefined> => {
    const { shown } = this
    if (!shown || page < 1 || page > shown.pages || page === shown.page) return undefined
    this.#wanted = { file: shown.file, page }
    return this.#act(() => this.room.send('slides:turn', { file: shown.file, page }))
  }

  next = async () => {
    const { shown, after } = this
    if (!shown) return undefined
    if (shown.page < shown.pages) return this.turn(shown.page + 1)
    return after && this.show(after.file)
  }
  previous = async () => {
    const { shown, before } = this
    if (!shown) return undefined
    if (shown.page > 1) return this.turn(shown.page - 1)
    return before && this.show(before.file, before.pages)
  }

  stop = () => this.#act(() => this.room.send('slides:stop', {}))
}
