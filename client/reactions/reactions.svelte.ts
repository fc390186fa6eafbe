import type { RoomPort } from '#client/live/port.ts'
import { announcedEvery, gathered, mayReact, shownFor } from '#shared/reactions/rules.ts'
import type { ReactionKind } from '#shared/reactions/wire.ts'

export interface Shown {
  id: number
  person: string
  kind: ReactionKind
}

/** More than this per second are not sent: the room would drop them. */
const mostPerSecond = 3

/** The reactions in sight in a room. They pass; nothing is kept. */
export class Reactions {
  readonly room: RoomPort
  shown = $state.raw<readonly Shown[]>([])
  #say: (kinds: readonly [ReactionKind, number][]) => void
  #pending: ReactionKind[] = []
  #speaking: ReturnType<typeof setTimeout> | undefined
  #fading = new Set<ReturnType<typeof setTimeout>>()
  #sent: number[] = []
  #count = 0

  /** `say` is told what others showed, gathered, at most once every two seconds. */
  constructor(room: RoomPort, say: (kinds: readonly [ReactionKind, number][]) => void) {
    this.room = room
    this.#say = say
  }

  readonly mayReact = $derived.by(() => mayReact(this.room.me))

  /** Begins to hear the others; gives back how to stop. */
  start(): () => void {
    const deaf = this.room.hear('reactions:show', ({ kind }, seat) => {
      const who = this.room.presence.people.find((p) => p.seats.some((s) => s.seat === seat))
      if (!who) return
      this.#put(who.person, kind)
      this.#pending.push(kind)
      this.#speaking ??= setTimeout(() => {
        this.#speaking = undefined
        this.#say(gathered(this.#pending.splice(0)))
      }, announcedEvery)
    })
    return () => {
      deaf()
      clearTimeout(this.#speaking)
      this.#fading.forEach(clearTimeout)
    }
  }

  /** Shows mine, at once here and to the others; too many in a second are left out. */
  show(kind: ReactionKind) {
    const now = this.room.now()
    this.#sent = this.#sent.filter((at) => at > now - 1_000)
    if (!this.mayReact || this.#sent.length >= mostPerSecond) return
    this.#sent.push(now)
    this.#put(this.room.me.person, kind)
    this.room.whisper('reactions:show', { kind })
  }

  of = (person: string) => this.shown.filter((s) => s.person === person)

  #put(person: string, kind: ReactionKind) {
    const id = ++this.#count
    // A few per person: a storm of them stays readable.
    const others = this.shown.filter((s) => s.person !== person)
    this.shown = [...others, ...this.of(person).slice(-4), { id, person, kind }]
    const fade = setTimeout(() => {
      this.#fading.delete(fade)
      this.shown = this.shown.filter((s) => s.id !== id)
    }, shownFor)
    this.#fading.add(fade)
  }
}
