import { untrack } from 'svelte'
import type { RoomPort } from '#client/live/port.ts'
import { newId } from '#client/live/identity.ts'
import { mayRecord } from '#shared/recording/rules.ts'
import type { Choice, LedRecordingView, RecordingView } from '#shared/recording/wire.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import type { Filming, Seen } from './filming.svelte.ts'
import type { Sending } from './upload.ts'

const off: RecordingView = { phase: 'off', by: null, since: 0 }

/**
 * The recording of a room as one person has it: what everybody is told and what they agreed to. The page that records films; what does it
 * comes then.
 */
export class Recording {
  readonly room: RoomPort
  readonly #seen: () => readonly Seen[]
  #filming = $state.raw<Filming | undefined>(undefined)
  #loading = false
  #closed = false
  /** This browser cannot record, or failed to. */
  failed = $state(false)
  readonly #stop: () => void

  readonly view: RecordingView = $derived.by(() => this.room.view<RecordingView>('recording') ?? off)
  /** As those who lead are told of it. */
  readonly led = $derived.by(() => {
    const view = this.room.view<RecordingView | LedRecordingView>('recording')
    return view && 'agreed' in view ? view : undefined
  })
  readonly choice: Choice | undefined = $derived.by(() => {
    const waiting = this.room.waiting.findLast(({ name }) => name === 'recording:choose')?.payload as Choice | undefined
    return waiting ?? this.room.mine<Choice>('recording')
  })
  readonly mayLead = $derived.by(() => mayRecord({ role: this.room.me.role }))
  readonly mayChoose = $derived.by(() => takesPart(this.room.me.role))
  /** Whether this very page records. */
  readonly here = $derived.by(() => this.view.phase === 'on' && this.led?.seat === this.room.me.seat && this.room.me.seat !== '')
  /** It is recorded, and this person has not said yet what of them may be. */
  readonly asks = $derived.by(() => this.mayChoose && this.view.phase !== 'off' && this.choice === undefined)
  /** This person records, and no page of theirs does: it was paused, or the page that did is gone. */
  readonly interrupted = $derived.by(
    () => this.mayLead && this.view.phase !== 'off' && !this.here && (this.view.phase === 'paused' || this.view.by === this.room.me.person),
  )
  /** How many of those present agreed to something, and how many are here; only for those who lead. */
  readonly agreed = $derived.by(() => {
    const present = this.room.presence.people.filter(({ role }) => takesPart(role))
    const yes = present.filter(({ person }) => this.led?.agreed[person]?.voice || this.led?.agreed[person]?.image)
    return { yes: yes.length, of: present.length }
  })
  /** What waits to be sent. */
  readonly waiting: Sending | undefined = $derived.by(() => this.#filming?.waiting)

  constructor(room: RoomPort, seen: () => readonly Seen[]) {
    this.room = room
    this.#seen = seen
    this.#stop = $effect.root(() => {
      $effect(() => {
        if (this.here && this.room.link !== 'ended') untrack(() => void this.#film())
      })
    })
  }

  close(): void {
    this.#closed = true
    this.#stop()
    this.#filming?.close()
  }

  choose = (choice: Choice) => void this.room.send('recording:choose', choice)
  start = () => this.room.send('recording:start', { part: newId() })
  pause = () => this.room.send('recording:pause', {})
  resume = () => this.room.send('recording:resume', { part: newId() })
  stop = () => this.room.send('recording:stop', {})

  async #film(): Promise<void> {
    if (this.#filming || this.#loading) return
    this.#loading = true
    const code = await import('./filming.svelte.ts').catch(() => undefined)
    this.#loading = false
    if (this.#closed) return
    if (code) this.#filming = new code.Filming(this, this.#seen)
    else if (this.here) this.fail()
  }

  /** Whoever records is told, and everybody that it stands still. */
  fail(): void {
    this.failed = true
    void this.pause()
  }
}
