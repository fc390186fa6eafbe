import { untrack } from 'svelte'
import type { RoomPort } from '#client/live/port.ts'
import { newId } from '#client/live/identity.ts'
import { goesOn, mayRecord } from '#shared/recording/rules.ts'
import type { Choice, LedRecordingView, RecordingView } from '#shared/recording/wire.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import type { Capture, InFront } from './capture.ts'
import type { Sending, Upload } from './upload.ts'

/** One person as the room shows them now: what they send, when it is on. */
export interface Seen {
  person: string
  voice: MediaStreamTrack | undefined
  face: MediaStreamTrack | undefined
  screen: MediaStreamTrack | undefined
}

const off: RecordingView = { phase: 'off', by: null, since: 0 }

/**
 * The recording of a room as one person has it: what everybody is told, what they agreed to, and on the page that records, the film in the
 * making. A page records exactly while the room says that its seat does; what it may show is what the room says that each agreed to.
 */
export class Recording {
  readonly room: RoomPort
  readonly #seen: () => readonly Seen[]
  #capture = $state.raw<{ part: string; capture: Promise<Capture | undefined>; upload: Upload; ready: Capture | undefined } | undefined>(
    undefined,
  )
  /** What waits to be sent, by part. */
  sending = $state.raw<ReadonlyMap<string, Sending>>(new Map())
  /** This browser cannot record, or failed to. */
  failed = $state(false)
  readonly #stop: () => void

  readonly view: RecordingView = $derived.by(() => this.room.view<RecordingView>('recording') ?? off)
  readonly #led = $derived.by(() => {
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
  readonly here = $derived.by(() => this.view.phase === 'on' && this.#led?.seat === this.room.me.seat && this.room.me.seat !== '')
  /** It is recorded, and this person has not said yet what of them may be. */
  readonly asks = $derived.by(() => this.mayChoose && this.view.phase !== 'off' && this.choice === undefined)
  /** This person records, and no page of theirs does: it was paused, or the page that did is gone. */
  readonly interrupted = $derived.by(
    () => this.mayLead && this.view.phase !== 'off' && !this.here && (this.view.phase === 'paused' || this.view.by === this.room.me.person),
  )
  /** How many of those present agreed to something, and how many are here; only for those who lead. */
  readonly agreed = $derived.by(() => {
    const present = this.room.presence.people.filter(({ role }) => takesPart(role))
    const yes = present.filter(({ person }) => this.#led?.agreed[person]?.voice || this.#led?.agreed[person]?.image)
    return { yes: yes.length, of: present.length }
  })
  readonly waiting: Sending | undefined = $derived.by(() => {
    const all = [...this.sending.values()].filter(({ pieces }) => pieces > 0)
    if (all.length === 0) return undefined
    const known = all.every(({ seconds }) => seconds !== undefined)
    return {
      pieces: all.reduce((sum, { pieces }) => sum + pieces, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: known ? all.reduce((sum, { seconds = 0 }) => sum + seconds, 0) : undefined,
      refused: all.find(({ refused }) => refused)?.refused,
    }
  })

  constructor(room: RoomPort, seen: () => readonly Seen[]) {
    this.room = room
    this.#seen = seen
    this.#stop = $effect.root(() => {
      $effect(() => {
        const part = this.here && this.room.link !== 'ended' ? (this.#led?.part ?? undefined) : undefined
        const led = this.#led
        untrack(() => {
          // R5: this page recorded until its link was lost, and has it back.
          const lost = this.#capture !== undefined && led !== undefined && goesOn(led, this.room.me.person, this.room.now())
          this.#follow(part)
          if (lost) void this.resume()
        })
      })
      $effect(() => {
        const front = this.#front()
        this.#capture?.ready?.show(front)
      })
      $effect(() => {
        if (!this.#capture && !this.waiting) return
        const warn = (event: BeforeUnloadEvent) => event.preventDefault()
        addEventListener('beforeunload', warn)
        return () => removeEventListener('beforeunload', warn)
      })
    })
  }

  close(): void {
    this.#follow(undefined)
    this.#stop()
  }

  choose = (choice: Choice) => void this.room.send('recording:choose', choice)
  start = () => this.room.send('recording:start', { part: newId() })
  pause = () => this.room.send('recording:pause', {})
  resume = () => this.room.send('recording:resume', { part: newId() })
  stop = () => this.room.send('recording:stop', {})

  /** R1: of each only what they agreed to. A screen is a picture; the first one is in front of all faces. */
  #front(): InFront {
    const agreed = this.#led?.agreed ?? {}
    const voices = new Map<string, MediaStreamTrack>()
    const faces = new Map<string, MediaStreamTrack>()
    const screens = new Map<string, MediaStreamTrack>()
    for (const { person, voice, face, screen } of this.#seen()) {
      const choice = agreed[person]
      if (choice?.voice && voice) voices.set(person, voice)
      if (choice?.image && face) faces.set(`${person} face`, face)
      if (choice?.image && screen) screens.set(`${person} screen`, screen)
    }
    return { voices, pictures: screens.size > 0 ? screens : faces, whole: screens.size > 0 }
  }

  #follow(part: string | undefined): void {
    const before = this.#capture
    if (before?.part === part) return
    if (before) {
      this.#capture = undefined
      void before.capture.then(async (capture) => {
        await capture?.stop()
        before.upload.end()
      })
    }
    if (part !== undefined) void this.#begin(part)
  }

  async #begin(part: string): Promise<void> {
    this.failed = false
    const fail = () => {
      this.failed = true
      void this.pause()
    }
    const code = await Promise.all([import('./upload.ts'), import('./capture.ts')]).catch(() => undefined)
    // The room may have said otherwise meanwhile.
    if (this.#led?.part !== part || !this.here || this.#capture?.part === part) return
    if (!code) return fail()
    const [{ Upload }, { openCapture }] = code
    const upload = new Upload({ part, room: this.room.room, person: this.room.me.person, changed: (now) => this.#told(part, now) })
    upload.begin()
    const capture = openCapture({
      onbytes: ({ data, type, media, taken }) => {
        const age = performance.timeOrigin + performance.now() - taken
        upload.add({ data, type, media, server: this.room.now() - age })
      },
      onfailed: fail,
    })
    this.#capture = { part, capture, upload, ready: undefined }
    const ready = await capture.catch(() => undefined)
    if (!ready) fail()
    else if (this.#capture?.part === part) this.#capture = { ...this.#capture, ready }
  }

  #told(part: string, now: Sending): void {
    const next = new Map(this.sending)
    // While it is recorded, the newest piece is always on its way: that is nothing to wait for.
    const current = this.#capture?.part === part && now.pieces <= 2
    if (now.pieces === 0 || current) next.delete(part)
    else next.set(part, now)
    this.sending = next
  }
}
