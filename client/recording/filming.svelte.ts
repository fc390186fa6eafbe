import { untrack } from 'svelte'
import { goesOn } from '#shared/recording/rules.ts'
import { openCapture, type Capture, type InFront } from './capture.ts'
import type { Recording } from './recording.svelte.ts'
import { Upload, type Sending } from './upload.ts'

/** One person as the room shows them now: what they send, when it is on. */
export interface Seen {
  person: string
  voice: MediaStreamTrack | undefined
  face: MediaStreamTrack | undefined
  screen: MediaStreamTrack | undefined
}

/**
 * The film in the making. A page films exactly while the room says that its seat records; what it may show is what the room says that
 * each agreed to.
 */
export class Filming {
  readonly #recording: Recording
  readonly #seen: () => readonly Seen[]
  #capture = $state.raw<{ part: string; capture: Promise<Capture | undefined>; upload: Upload; ready: Capture | undefined } | undefined>(
    undefined,
  )
  /** What waits to be sent, by part. */
  #sending = $state.raw<ReadonlyMap<string, Sending>>(new Map())
  readonly #stop: () => void

  readonly waiting: Sending | undefined = $derived.by(() => {
    const all = [...this.#sending.values()].filter(({ pieces }) => pieces > 0)
    if (all.length === 0) return undefined
    const known = all.every(({ seconds }) => seconds !== undefined)
    return {
      pieces: all.reduce((sum, { pieces }) => sum + pieces, 0),
      bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
      seconds: known ? all.reduce((sum, { seconds = 0 }) => sum + seconds, 0) : undefined,
      refused: all.find(({ refused }) => refused)?.refused,
    }
  })

  constructor(recording: Recording, seen: () => readonly Seen[]) {
    this.#recording = recording
    this.#seen = seen
    this.#stop = $effect.root(() => {
      $effect(() => {
        const { here, led, room } = recording
        const part = here && room.link !== 'ended' ? (led?.part ?? undefined) : undefined
        untrack(() => {
          // R5: this page recorded until its link was lost, and has it back.
          const lost = this.#capture !== undefined && led !== undefined && goesOn(led, room.me.person, room.now())
          this.#follow(part)
          if (lost) void recording.resume()
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

  /** R1: of each only what they agreed to. A screen is a picture; the first one is in front of all faces. */
  #front(): InFront {
    const agreed = this.#recording.led?.agreed ?? {}
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
    const recording = this.#recording
    const { room } = recording
    recording.failed = false
    const upload = new Upload({ part, room: room.room, person: room.me.person, changed: (now) => this.#told(part, now) })
    upload.begin()
    const capture = openCapture({
      onbytes: ({ data, type, media, taken }) => {
        const age = performance.timeOrigin + performance.now() - taken
        upload.add({ data, type, media, server: room.now() - age })
      },
      onfailed: () => recording.fail(),
    })
    this.#capture = { part, capture, upload, ready: undefined }
    const ready = await capture.catch(() => undefined)
    if (!ready) recording.fail()
    else if (this.#capture?.part === part) this.#capture = { ...this.#capture, ready }
  }

  #told(part: string, now: Sending): void {
    const next = new Map(this.#sending)
    // While it is recorded, the newest piece is always on its way: that is nothing to wait for.
    const current = this.#capture?.part === part && now.pieces <= 2
    if (now.pieces === 0 || current) next.delete(part)
    else next.set(part, now)
    this.#sending = next
  }
}
