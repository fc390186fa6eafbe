import type { RoomPort } from '#client/live/port.ts'
import { leads } from '#shared/spoc/rules.ts'
import type { Front, StageView } from '#shared/stage/wire.ts'

const untold: StageView = { front: 'people', by: null, at: 0 }

/**
 * What is in front, for this person. By default what those who lead show; one may look elsewhere and come back, and who is typing,
 * drawing or answering when it changes keeps their place.
 */
export class Stage {
  readonly room: RoomPort
  /** Where I chose to look instead. */
  #own = $state<Front>()
  /** What keeps me here now, and since which stage. */
  #busy = $state.raw<{ with: ReadonlySet<string>; place: Front; at: number }>()

  constructor(room: RoomPort) {
    this.room = room
  }

  readonly view = $derived.by(() => this.room.view<StageView>('stage') ?? untold)
  readonly mayShow = $derived.by(() => leads(this.room.me.role))
  /** What is in front on my screen. */
  readonly shown: Front = $derived.by(() => this.#own ?? this.#busy?.place ?? this.view.front)
  /** Whether I look at something else than what is shown to everybody. */
  readonly elsewhere = $derived.by(() => this.shown !== this.view.front)
  /** Who shows it, by name; undefined before anybody did. */
  readonly by = $derived.by(() => (this.view.by === null ? undefined : this.room.person(this.view.by).name))

  /** Looks at something; what everybody sees is to follow again. Whoever leads looks like the others: showing is another act. */
  look(front: Front) {
    this.#own = front === this.view.front ? undefined : front
    if (this.#busy) this.#busy = { ...this.#busy, place: front, at: this.view.at }
  }

  /** Comes back to what is shown to everybody. */
  follow = () => {
    this.#own = undefined
    if (this.#busy) this.#busy = { ...this.#busy, place: this.view.front, at: this.view.at }
  }

  /** Puts it in front of everybody, on my screen too. */
  show = async (front: Front) => {
    this.follow()
    await this.room.send('stage:show', { front })
  }

  /**
   * Says that I began or ended something (`typing`, `drawing`, `answering`): meanwhile I keep my place. If the stage changed in
   * between I stay there until I ask to follow.
   */
  busy(what: string, on: boolean) {
    const doing = new Set(this.#busy?.with)
    if (on === doing.has(what)) return
    if (on) doing.add(what)
    else doing.delete(what)
    const from = this.#busy ?? { place: this.shown, at: this.view.at }
    if (doing.size > 0) this.#busy = { with: doing, place: from.place, at: from.at }
    else {
      if (this.#busy && this.#busy.at !== this.view.at && this.#own === undefined && this.#busy.place !== this.view.front)
        this.#own = this.#busy.place
      this.#busy = undefined
    }
  }
}
