import { onePicture, type Choice, type Picture } from '#shared/video/low.rules.ts'
import { leads } from '#shared/spoc/rules.ts'
import { keepLow, keptLow } from './low-kept.ts'
import type { Look } from './look.svelte.ts'
import type { Low as Left } from './media-room.ts'
import { words } from './low-words.ts'
import type { Face, Video } from './video.svelte.ts'

/** What this page leaves out of the pictures: as the person chose, and which one picture it is (Y4). */
export class Low {
  readonly video: Video
  readonly #look: Pick<Look, 'screen' | 'pinned' | 'speaker'>
  /** What was put away of what is said, until something else is to be said. */
  #hushed = $state('')
  choice = $state<Choice>(keptLow())
  readonly now: Left | undefined = $derived.by(() => this.video.snapshot?.low)
  /** Whose pictures are on and not here. */
  readonly left: readonly Face[] = $derived.by(() => this.#faces(this.now?.left.map(({ seat }) => seat) ?? []))
  /** Who does not see the screen that is shared here. */
  readonly blind: readonly Face[] = $derived.by(() => (this.video.on('screen') ? this.#faces(this.now?.blind ?? []) : []))
  /** What is said of: names may come and go without it being said anew. */
  readonly #about: string = $derived.by(() => `${this.now?.step} ${this.now?.why} ${this.now?.own}`)
  /** What is left out and why, in words; nothing when it was put away. */
  readonly said: string = $derived.by(() =>
    this.#hushed === this.#about ? '' : [...this.#taken(), ...this.#sent()].filter((text) => text !== '').join(' '),
  )
  readonly #stop: () => void

  constructor(video: Video, look: Pick<Look, 'screen' | 'pinned' | 'speaker'>) {
    this.video = video
    this.#look = look
    this.#stop = $effect.root(() => {
      $effect(() => this.follow())
    })
  }

  close(): void {
    this.#stop()
  }

  /** Tells the media which one picture it would be: runs again at each change. */
  follow(): void {
    this.video.room?.want(this.choice, this.#picture())
  }

  /** From now on, on this browser. */
  choose(choice: Choice): void {
    this.choice = choice
    keepLow(choice)
  }

  /** Everything again, until it cannot be. */
  receiveAll(): void {
    this.choose('auto')
    this.video.room?.receiveAll()
  }

  /** Nothing more is said of it, until it is something else. */
  hush(): void {
    this.#hushed = this.#about
  }

  #faces(seats: readonly string[]): readonly Face[] {
    return this.video.faces.filter(({ seat, local }) => !local && seats.includes(seat))
  }

  #taken(): readonly string[] {
    const { now, left } = this
    if (!now?.why || now.step === 'all') return []
    const why = now.why === 'chosen' || now.why === 'path' ? words[now.why][now.step] : words[now.why]
    return [why, left.length > 0 ? words.left(left.map(({ name }) => name)) : '']
  }

  #sent(): readonly string[] {
    const { now } = this
    if (!now || now.own === 'whole' || !this.video.on('cam')) return []
    if (now.own === 'none') return [words.notSent]
    // That the machine cannot follow is said once.
    return [now.ownWhy === 'busy' && now.why !== 'busy' ? words.smallBusy : words.small]
  }

  #picture(): Picture | undefined {
    const { screen, pinned, speaker } = this.#look
    const others = this.video.faces.filter(({ local }) => !local)
    const cam = (face: Face | undefined): Picture | undefined => face && { seat: face.seat, source: 'cam' }
    const shown = others.flatMap(({ seat, on }) => (['screen', 'cam'] as const).flatMap((source) => (on[source] ? { seat, source } : [])))
    const there = [...shown, ...(this.now?.left ?? [])]
    return onePicture(
      [
        screen && !screen.local ? { seat: screen.seat, source: 'screen' } : undefined,
        ...pinned.map(({ face, source }) => ({ seat: face.seat, source })),
        cam(speaker),
        ...others.filter(({ role }) => leads(role)).map(cam),
      ],
      there,
    )
  }
}
