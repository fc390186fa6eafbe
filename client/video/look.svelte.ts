import { untrack } from 'svelte'
import { on } from 'svelte/events'
import { leads } from '#shared/spoc/rules.ts'
import { broughtIn, hold, largest, newestFirst, order, patience, screenInFront, type Held, type Shown } from '#shared/video/view.rules.ts'
import type { Face } from './video.svelte.ts'
import type { Picture, Pin, View } from './view.svelte.ts'

const same = (a: Pin, b: Pin) => a.person === b.person && a.source === b.source
const shown = (faces: readonly Face[]): Shown[] => faces.map(({ person, local, role }) => ({ person, local, leads: leads(role) }))
const idOf = ({ person }: { person: string }) => person

/** Who is large, what is pinned, who stands where: follows who is in the room and who speaks. */
export class Look {
  /** Whether there is room beside what is in front: less is a phone, as in the frame of a room. */
  wide = $state(true)
  /** Whose tile the keyboard was at last. */
  at = $state<string>()
  readonly #view: View
  #pins = $state.raw<readonly Pin[]>([])
  #chosen = $state<string>()
  #held = $state.raw<Held>({ person: undefined })
  #order = $state.raw<readonly string[]>([])
  #screens = $state.raw<readonly string[]>([])
  readonly #spoke = new Map<string, number>()
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #stop: () => void

  /** Everybody, in order (L6). */
  readonly faces: readonly Face[] = $derived.by(() => {
    const { faces } = this.#view.video
    return order(this.#order, shown(faces)).flatMap((person) => faces.find((face) => face.person === person) ?? [])
  })
  /** Who shares a screen, newest first (L7). */
  readonly screens: readonly Face[] = $derived.by(() => {
    const { screens } = this.#view.video
    return newestFirst(this.#screens, screens.map(idOf)).flatMap((person) => screens.find((face) => face.person === person) ?? [])
  })
  /** The screen in front, for me (L7). */
  readonly screen: Face | undefined = $derived.by(() => {
    const front = screenInFront(this.screens.map(idOf), this.#chosen, this.#view.video.me?.person ?? '')
    return this.screens.find(({ person }) => person === front)
  })
  /** What was pinned and is still there (L3). */
  readonly pinned: readonly Picture[] = $derived.by(() =>
    this.#pins.flatMap(({ person, source }) => {
      const face = this.#view.video.faces.find((one) => one.person === person && (source === 'cam' || one.on.screen))
      return face ? [{ face, source }] : []
    }),
  )
  /** Who speaks, or spoke last (L2, L4); undefined when nobody is here. */
  readonly speaker: Face | undefined = $derived.by(() => {
    const { faces } = this.#view.video
    const person = largest(shown(faces), this.#held.person)
    return faces.find((face) => face.person === person)
  })
  /** What is large among people (L2, L3); nothing in a grid. */
  readonly large: readonly Picture[] = $derived.by(() => {
    if (this.pinned.length > 0) return this.pinned
    const { layout, video } = this.#view
    return layout === 'speaker' && this.speaker && video.faces.length > 1 ? [{ face: this.speaker, source: 'cam' }] : []
  })

  constructor(view: View) {
    this.#view = view
    const wide = matchMedia('(min-width: 48rem)')
    this.wide = wide.matches
    const stops = [
      on(wide, 'change', () => (this.wide = wide.matches)),
      $effect.root(() => {
        $effect(() => this.follow())
      }),
    ]
    this.#stop = () => stops.forEach((stop) => stop())
  }

  close(): void {
    this.#stop()
    clearTimeout(this.#timer)
  }

  /** Reads who is here and who speaks: runs again at each change. */
  follow(now = performance.now()): void {
    const { faces, screens, speakers, me } = this.#view.video
    untrack(() => {
      this.#screens = newestFirst(this.#screens, screens.map(idOf))
      const others = speakers.filter((person) => person !== me?.person)
      for (const person of others) this.#spoke.set(person, now)
      const gone = this.#held.person !== undefined && !faces.some(({ person }) => person === this.#held.person)
      this.#held = hold(gone ? { person: undefined } : this.#held, others, now)
      const people = shown(faces)
      this.#order = order(this.#order, people)
      const { person, rival } = this.#held
      if (person !== undefined) {
        const standing = this.#order.flatMap((one) => people.find((each) => each.person === one) ?? [])
        this.#order = broughtIn(standing, person, { each: this.#view.each, page: this.#view.page, spoke: this.#spoke })
      }
      clearTimeout(this.#timer)
      if (rival) this.#timer = setTimeout(() => this.follow(), rival.since + patience(this.#held, others) - now)
    })
  }

  isPinned = (pin: Pin): boolean => this.#pins.some((one) => same(one, pin))
  /** Pins, or no longer. A screen that is pinned is also the one in front. */
  pin(pin: Pin): void {
    const pinned = this.isPinned(pin)
    this.#pins = pinned ? this.#pins.filter((one) => !same(one, pin)) : [...this.#pins, pin]
    if (!pinned && pin.source === 'screen') this.#chosen = pin.person
  }
  /** Nothing is pinned any more. */
  unpin(): void {
    this.#pins = []
  }
  /** L7: this screen in front, until it ends. */
  choose(person: string): void {
    this.#chosen = person
  }
}
