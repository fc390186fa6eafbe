import type { Hands } from '#client/hands/hands.svelte.ts'
import { toast } from '#client/ui/announce.svelte.ts'
import type { Video } from '#client/video/video.svelte.ts'
import { leads } from '#shared/spoc/rules.ts'
import { words } from './floor-words.ts'

/** How long a room is a stage, or none, before it is told: somebody who reloads the page at the limit is no news (ms). */
const settled = 3_000

/**
 * While only those on the stage are heard and seen (V9): who they are, why one's own microphone is closed, and the floor that opens it.
 * Where LiveKit carries, or few are there, it says nothing but that one was given the floor.
 */
export class Floor {
  readonly hands: Hands
  readonly video: Video
  /** Why this person sees the way to ask for the floor; undefined: it was put away, or nothing is closed. */
  why = $state<'stage' | 'pictures'>()
  /** One was given the floor and said "not now". */
  #declined = $state(false)
  /** What was told last, and what will be once it has lasted. */
  #told = false
  #heading = false
  #later: ReturnType<typeof setTimeout> | undefined
  readonly #stop: () => void

  /** Only those on the stage send. */
  readonly isStage: boolean = $derived.by(() => this.video.snapshot?.stage !== undefined)
  /** Whether this person is to ask before they are heard. */
  readonly isClosed: boolean = $derived.by(() => this.video.maySend && this.isStage && !this.isOn(this.hands.room.me.person))
  /** Whether this person has the floor and was not led to the microphone yet. */
  readonly isGiven: boolean = $derived.by(
    () =>
      this.hands.floor.includes(this.hands.room.me.person) &&
      this.video.able &&
      !this.video.full &&
      !this.video.on('mic') &&
      !this.#declined,
  )

  constructor(hands: Hands, video: Video) {
    this.hands = hands
    this.video = video
    this.#stop = $effect.root(() => {
      $effect(() => this.follow())
    })
  }

  close(): void {
    this.#stop()
    clearTimeout(this.#later)
    this.video.closed = undefined
  }

  /** Whether somebody is on the stage, while there is one. */
  isOn = (person: string): boolean => this.video.snapshot?.stage?.includes(person) ?? false
  /** Puts away the way to ask for the floor. */
  putAway = () => (this.why = undefined)
  /** Has the floor and keeps the microphone closed for now. */
  decline = () => (this.#declined = true)

  /** Reads how the stage and the floor stand: runs again at each change. */
  follow(): void {
    this.video.closed = this.isClosed ? words.closed : undefined
    if (!this.hands.floor.includes(this.hands.room.me.person)) this.#declined = false
    else if (!this.isClosed) this.why = undefined
    this.#followFault()
    this.#followStage()
  }

  /** A microphone or camera that the number of people keeps closed offers the way to open it. */
  #followFault(): void {
    const { fault } = this.video
    if (!this.video.maySend || (fault?.code !== 'floor' && (fault?.code !== 'limit' || fault.source !== 'cam'))) return
    this.video.fault = undefined
    this.why = fault.code === 'floor' ? 'stage' : 'pictures'
  }

  #followStage(): void {
    const { isStage } = this
    if (isStage === this.#heading) return
    this.#heading = isStage
    clearTimeout(this.#later)
    if (isStage !== this.#told) this.#later = setTimeout(() => this.#tell(isStage), settled)
  }

  #tell(isStage: boolean): void {
    this.#told = isStage
    if (!isStage) {
      this.why = undefined
      toast(words.over, { kind: 'info' })
    } else if (this.isClosed) this.why = 'stage'
    else if (leads(this.hands.room.me.role)) toast(words.stageLeads, { kind: 'info' })
  }
}
