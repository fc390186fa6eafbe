import { untrack } from 'svelte'
import { captionsVersion, formatCaptions, parseCaptions, withCue, type Cue } from '#shared/replay/captions.ts'
import { placeAt, timeOf, timeOfFilm, totalOf, union, type Seconds } from '#shared/replay/rules.ts'
import type { CatchingUp, Chapter, ReplayedQuestion, ReplayPage } from '#shared/replay/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'

export const speeds = [0.75, 1, 1.25, 1.5, 1.75, 2] as const
const saveEvery = 10_000
const captionsOff = 'cercle-captions-off'

/**
 * A replay as one person watches it. The video is the clock: everything else stands where it stands. Several films are one time; each
 * second watched is counted, and kept on the server with the place where one stopped.
 */
export class Replay {
  readonly room: string
  readonly page: ReplayPage
  readonly total: number
  /** Where it is (ms). */
  time = $state(0)
  playing = $state(false)
  /** The picture of this place is on its way. */
  waiting = $state(true)
  failed = $state(false)
  rate = $state(1)
  questions = $state.raw<readonly ReplayedQuestion[]>([])
  chapters = $state.raw<readonly Chapter[]>([])
  standing = $state.raw<CatchingUp | null>(null)
  /** What is said, in order. */
  captions = $state.raw<readonly Cue[]>([])
  /** P9: nobody has written them, they are what was captioned in the lesson. */
  drafted = $state(false)
  /** What is said is written on the picture; as one left it in this browser. */
  captioning = $state(true)
  /** The question that stopped the film. */
  asked = $state<string | undefined>(undefined)
  #index = $state(0)
  #video: HTMLVideoElement | undefined
  #wanted: number | undefined
  #goOn = false
  #last = 0
  #watched: Seconds = []
  #from: number | undefined
  #skipped = new Set<string>()
  /** Asked within one look at the film as well: they follow. */
  #toAsk: string[] = []
  #saved = Date.now()
  /** P8: the version of the captions that are seen; undefined when there are none. */
  #version: string | undefined

  /** `start`: where to begin (ms) instead of where one stopped. */
  constructor(room: string, page: ReplayPage, start?: number) {
    this.room = room
    this.page = page
    this.total = totalOf(page.films)
    this.questions = page.lanes.questions
    this.chapters = page.chapters
    this.standing = page.standing
    // Who had seen it to the end begins again.
    this.time = start !== undefined && start < this.total ? start : page.position < this.total - 5000 ? page.position : 0
    this.#wanted = this.time
    this.#index = placeAt(page.films, this.time)?.index ?? 0
    this.#last = this.time
    this.captioning = !kept(captionsOff)
    if (page.captioned) void this.#loadCaptions()
  }

  readonly source = $derived.by(() => {
    const film = this.page.films[this.#index]
    return film && `/api/rooms/${this.room}/recording/${film.id}`
  })
  /** Messages said until now. */
  readonly messages = $derived.by(() => this.page.lanes.messages.filter(({ at }) => this.timeOf(at) <= this.time))
  /** The page in front now. */
  readonly slide = $derived.by(() => this.page.lanes.slides.findLast(({ at }) => this.timeOf(at) <= this.time)?.shown ?? undefined)
  /** Whose hands are up now, in order. */
  readonly hands = $derived.by(() => {
    let up: string[] = []
    for (const { at, person, up: raised } of this.page.lanes.hands) {
      if (this.timeOf(at) > this.time) break
      up = raised ? [...up, person] : up.filter((one) => one !== person)
    }
    return up
  })
  /** Which captions are said now: the place of the last one that has begun, and all that have not ended. */
  readonly cue = $derived.by(() => this.captions.findLastIndex(({ from }) => from <= this.time))
  readonly saying = $derived.by(() => this.captions.slice(Math.max(0, this.cue - 3), this.cue + 1).filter(({ to }) => to > this.time))
  readonly question = $derived.by(() => this.questions.findLast(({ at }) => this.timeOf(at) <= this.time))
  readonly chapter = $derived.by(() => this.chapters.findLastIndex(({ at }) => this.timeOf(at) <= this.time))

  timeOf = (instant: number): number => timeOf(this.page.films, instant)

  /** Follows a video element: `<video {@attach replay.follow}>`. */
  follow = (video: HTMLVideoElement) => {
    this.#video = video
    const stop = new AbortController()
    const on = (name: keyof HTMLMediaElementEventMap, fn: () => void) => video.addEventListener(name, fn, { signal: stop.signal })
    const here = () => timeOfFilm(this.page.films, this.#index) + video.currentTime * 1000
    on('loadedmetadata', () => {
      const place = this.#wanted === undefined ? undefined : placeAt(this.page.films, this.#wanted)
      if (place) video.currentTime = place.media / 1000
      this.#wanted = undefined
      video.playbackRate = this.rate
      this.failed = false
      if (this.#goOn) void video.play().catch(() => undefined)
      this.#goOn = false
    })
    on('seeking', () => {
      if (this.#wanted === undefined) this.#come(here(), false)
      this.waiting = true
    })
    on('timeupdate', () => this.#wanted === undefined && !video.seeking && this.#come(here(), !video.paused))
    // Where it came to, whatever picture was told of last: one from before may be told after.
    on('seeked', () => this.#wanted === undefined && this.#come(here(), false))
    for (const name of ['seeked', 'canplay', 'playing'] as const) on(name, () => (this.waiting = false))
    on('waiting', () => (this.waiting = true))
    on('error', () => (this.failed = true))
    on('play', () => {
      this.playing = true
      this.#from = undefined
    })
    on('pause', () => {
      this.playing = false
      this.#count()
      if (!video.ended) void this.save()
    })
    on('ended', () => {
      this.#come(timeOfFilm(this.page.films, this.#index + 1), true)
      this.#count()
      if (this.#index + 1 < this.page.films.length) {
        this.#goOn = true
        this.#wanted = timeOfFilm(this.page.films, this.#index + 1)
        this.#index++
      } else void this.save()
    })
    // Each picture that is played says where it is; a tab that is not in sight has `timeupdate`.
    let frame = 0
    const look = (_now: number, { mediaTime }: { mediaTime: number }) => {
      if (this.#wanted === undefined && !video.seeking && !video.paused)
        this.#come(timeOfFilm(this.page.films, this.#index) + mediaTime * 1000, true)
      frame = video.requestVideoFrameCallback(look)
    }
    if ('requestVideoFrameCallback' in video) frame = video.requestVideoFrameCallback(look)
    const leave = () => void this.save(true)
    addEventListener('pagehide', leave, { signal: stop.signal })
    return () => {
      stop.abort()
      if (frame) video.cancelVideoFrameCallback(frame)
      void this.save(true)
      this.#video = undefined
    }
  }

  #come(time: number, watching: boolean): void {
    const before = this.#last
    this.#last = time
    this.time = time
    const step = time - before
    const steady = watching && step >= 0 && step < 1500 * Math.max(1, this.rate)
    if (!steady) this.#count()
    if (!watching) return
    this.#from ??= steady ? before : time
    const stops = steady && this.standing ? this.questions.filter((one) => this.#stops(one, before, time)) : []
    if (stops.length > 0) {
      this.#toAsk = stops.map(({ id }) => id)
      this.asked = this.#toAsk.shift()
      this.pause()
    }
    if (Date.now() - this.#saved > saveEvery) void untrack(() => this.save())
  }

  /** A learner is asked what the lesson asked, unless they answered or let it pass. */
  #stops({ id, at, mine }: ReplayedQuestion, before: number, time: number): boolean {
    const its = this.timeOf(at)
    return mine === null && !this.#skipped.has(id) && its <= time && (its > before || (its === 0 && before === 0))
  }

  /** Seconds from where watching began to here are watched. */
  #count(): void {
    const from = this.#from
    this.#from = undefined
    if (from === undefined) return
    const [first, end] = [Math.ceil(from / 1000 - 0.5), Math.floor(Math.max(from, this.time) / 1000 + 0.5)]
    if (end > first) this.#watched = union([...this.#watched, [Math.max(0, first), end]])
  }

  toggle = () => (this.playing ? this.pause() : this.play())
  play = () => {
    const video = this.#video
    if (!video) return
    if (this.time >= this.total - 300) this.seek(0)
    if (this.#wanted !== undefined) this.#goOn = true
    else void video.play().catch(() => undefined)
  }
  pause = () => this.#video?.pause()

  seek = (time: number) => {
    const video = this.#video
    const to = Math.max(0, Math.min(this.total, time))
    const place = placeAt(this.page.films, to)
    if (!video || !place) return
    this.#count()
    this.asked = undefined
    this.#toAsk = []
    this.#last = to
    this.time = to
    if (place.index === this.#index && this.#wanted === undefined) video.currentTime = place.media / 1000
    else {
      this.#goOn ||= this.playing
      this.#wanted = to
      this.#index = place.index
    }
  }

  setRate = (rate: number) => {
    this.rate = rate
    if (this.#video) this.#video.playbackRate = rate
  }

  /** Keeps where one is. `leaving`: the page goes away. */
  async save(leaving = false): Promise<void> {
    const goingOn = this.#from !== undefined && this.playing
    this.#count()
    if (goingOn) this.#from = this.time
    const watched = this.#watched
    this.#watched = []
    this.#saved = Date.now()
    const body = { position: Math.round(this.time), watched }
    if (leaving) {
      void fetch(`/api/rooms/${this.room}/replay/progress`, {
        method: 'PUT',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }).catch(() => undefined)
      return
    }
    const said = await api('PUT /api/rooms/:room/replay/progress', { params: { room: this.room }, body })
    if (said.ok) this.standing = said.value
    // What could not be kept is said again with the next.
    else this.#watched = union([...watched, ...this.#watched])
  }

  async answer(question: string, choice: string, unsure: boolean): Promise<Result<unknown>> {
    const said = await api('POST /api/rooms/:room/replay/answers', {
      params: { room: this.room },
      body: { question, choice, ...(unsure && { unsure }) },
    })
    if (said.ok) {
      this.questions = this.questions.map((one) => (one.id === question ? said.value.question : one))
      this.standing = said.value.standing
    }
    return said
  }

  /** Goes on, answered or not. */
  goOn = () => {
    if (this.asked !== undefined) this.#skipped.add(this.asked)
    this.asked = this.#toAsk.shift()
    if (this.asked === undefined) this.play()
  }

  async writeChapters(chapters: readonly Chapter[] | undefined): Promise<Result<unknown>> {
    const params = { room: this.room }
    const said =
      chapters === undefined
        ? await api('DELETE /api/rooms/:room/replay/chapters', { params })
        : await api('PUT /api/rooms/:room/replay/chapters', { params, body: { chapters: [...chapters] } })
    if (!said.ok) return said
    const again = await api('GET /api/rooms/:room/replay', { params })
    if (again.ok) this.chapters = again.value.chapters
    return said
  }

  toggleCaptions = () => {
    this.captioning = !this.captioning
    keep(captionsOff, !this.captioning)
  }

  async #loadCaptions(): Promise<void> {
    const reply = await fetch(`/api/rooms/${this.room}/replay/captions`).catch(() => undefined)
    // Without an answer, what is seen stays.
    if (!reply || (!reply.ok && reply.status !== 404)) return
    const read = reply.ok ? parseCaptions(await reply.text()) : undefined
    this.captions = read?.ok ? read.value : []
    this.#version = reply.headers.get(captionsVersion) ?? undefined
    this.drafted = this.#version === undefined && this.captions.length > 0
  }

  /**
   * P8: writes the captions in the place of those that are seen, or of a version: a file as it is, or those given; none at all takes them away.
   * Gives the version that this makes. Refused because somebody else wrote meanwhile, theirs are seen from now on.
   */
  async writeCaptions(given: Blob | readonly Cue[], base = this.#version): Promise<Result<{ version: string | undefined }>> {
    const none = !(given instanceof Blob) && given.length === 0
    const query = base === undefined ? '' : `?${new URLSearchParams({ base })}`
    const reply = await fetch(`/api/rooms/${this.room}/replay/captions${query}`, {
      method: none ? 'DELETE' : 'PUT',
      ...(!none && { headers: { 'content-type': 'text/vtt' }, body: given instanceof Blob ? given : formatCaptions(given) }),
    }).catch(() => undefined)
    const said = (await reply?.json().catch(() => undefined)) as
      { code?: Refusal; detail?: string; value?: { version?: string } } | undefined
    if (!reply?.ok) {
      if (said?.code === 'replay/captions-changed') await this.#loadCaptions()
      return refuse(said?.code ?? 'http/unavailable', said?.detail)
    }
    await this.#loadCaptions()
    return ok({ version: said?.value?.version })
  }

  /**
   * P8: writes one caption (`before` undefined), changes it, or takes it away (`after` undefined), among what others wrote meanwhile.
   * Refuses `replay/captions-changed` when somebody else changed this very one.
   */
  async changeCaption(before: Cue | undefined, after: Cue | undefined): Promise<Result<unknown>> {
    for (let tries = 1; ; tries++) {
      const cues = withCue(this.captions, before, after)
      if (!cues) return refuse('replay/captions-changed')
      const said = await this.writeCaptions(cues)
      if (said.ok || said.code !== 'replay/captions-changed' || tries === 4) return said
    }
  }
}

/** A browser that keeps nothing keeps nothing. */
function kept(key: string): boolean {
  try {
    return localStorage.getItem(key) !== null
  } catch {
    return false
  }
}
function keep(key: string, on: boolean): void {
  try {
    if (on) localStorage.setItem(key, '')
    else localStorage.removeItem(key)
  } catch {
    // It is so until the page is left.
  }
}
