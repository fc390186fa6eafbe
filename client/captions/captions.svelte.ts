import { untrack } from 'svelte'
import type { RoomPort } from '#client/live/port.ts'
import { api } from '#client/http.ts'
import { correctable, mayAdmitService, mayCaptionSelf, mayNameCaptioner } from '#shared/captions/rules.ts'
import { keptInRoom } from '#shared/captions/grow.ts'
import type { CaptionLine, CaptionsView } from '#shared/captions/wire.ts'
import { Look } from './look.svelte.ts'
import { findWay, install, listen, phrases, type Ear, type EarFault, type Way } from './recognition.ts'
import { isRunning } from './running.ts'

/** What captions need of the sound of the room. */
export interface Sound {
  /** Whether my microphone is on. */
  on(): boolean
  /** What it sends. */
  track(): MediaStreamTrack | undefined
  /** Who speaks, as this page hears it. */
  speaker(): string | undefined
}

const longest = 300
/** How long what somebody is saying stays without news, and a line that was said (ms). */
const staysFor = { saying: 6_000, line: 15_000 }
const toldEvery = 200
/** What was chosen for the whole of a tab's session: a reload is not a new decision. */
const going = (room: string) => `cercle.captioned.${room}`
const keptLanguage = 'cercle.captions.language'

const nobody: CaptionsView = { own: [], captioner: null, service: false, lines: [] }

/** The captions of a room as one page has them: what is said, how it looks, one's own microphone, and what one may write or decide. */
export class Captions {
  readonly room: RoomPort
  readonly look = new Look()
  /** Whether I want my microphone captioned. */
  wanted = $state(false)
  language = $state('fr-FR')
  /** Undefined until it is known. */
  way = $state<Way>()
  installing = $state(false)
  fault = $state<EarFault>()
  /** Older lines remain to be asked for. */
  more = $state(false)
  readonly #sound: Sound
  #sayings = $state.raw<ReadonlyMap<string, { text: string; at: number }>>(new Map())
  /** Every line that this page has, by its place in the log. */
  #known = $state.raw<ReadonlyMap<number, CaptionLine>>(new Map())
  #now = $state(0)
  #ear: Ear | undefined
  #heard: { track: MediaStreamTrack | undefined; language: string; way: Way } | undefined
  /** When what I am saying began. */
  #from: number | undefined
  #told = { at: 0, timer: undefined as ReturnType<typeof setTimeout> | undefined }
  readonly #stops: (() => void)[]

  constructor(room: RoomPort, sound: Sound, courseLanguage: string) {
    this.room = room
    this.#sound = sound
    this.language = read(localStorage, keptLanguage) ?? courseLanguage
    const before = read(sessionStorage, going(room.room))
    if (before !== undefined) {
      this.language = before
      this.wanted = true
    }
    this.#now = room.now()
    const beat = setInterval(() => (this.#now = room.now()), 1_000)
    this.#stops = [
      () => clearInterval(beat),
      room.hear('captions:saying', ({ text }, seat) => this.#hear(seat, text)),
      $effect.root(() => {
        $effect(() => this.follow())
        $effect(() => this.look.keep())
      }),
    ]
    void this.#findWay(this.language)
  }

  /** Reads how the room, the link and my microphone stand: runs again at each change. */
  follow(): void {
    this.#declare()
    this.#listen()
    this.#settle()
  }

  close(): void {
    this.#hush()
    clearTimeout(this.#told.timer)
    for (const stop of this.#stops.splice(0)) stop()
  }

  readonly view: CaptionsView = $derived.by(() => this.room.view<CaptionsView>('captions') ?? nobody)
  readonly running = $derived.by(() => isRunning(this.view))
  readonly maySelf = $derived.by(() => mayCaptionSelf(this.room.me))
  readonly mayName = $derived.by(() => mayNameCaptioner(this.room.me))
  readonly mayAdmit = $derived.by(() => mayAdmitService(this.room.me))
  /** K3: I am the captioner. */
  readonly mayWrite = $derived.by(() => this.view.captioner?.person === this.room.me.person)
  /** Whether the room writes what I say now. */
  readonly mine = $derived.by(() => this.view.own.includes(this.room.me.person))
  /** Everything said so far that is here, oldest first. */
  readonly lines: readonly CaptionLine[] = $derived.by(() => [...this.#known.values()].filter(({ text }) => text !== null))
  /** What is being said, by person. */
  readonly sayings: readonly { person: string; text: string }[] = $derived.by(() =>
    [...this.#sayings].flatMap(([person, { text, at }]) =>
      text !== '' && at > this.#now - staysFor.saying && this.view.own.includes(person) ? [{ person, text }] : [],
    ),
  )
  /** The newest lines, as long as they are of now. */
  readonly recent: readonly CaptionLine[] = $derived.by(() =>
    this.view.lines.filter(({ to, text }) => text !== null && to > this.#now - staysFor.line).slice(-8),
  )
  /** K6 */
  readonly #lately = $derived.by(() => new Set(this.view.lines.slice(-correctable).map(({ seq }) => seq)))
  mayCorrect = ({ seq, person, by }: CaptionLine): boolean =>
    this.#lately.has(seq) && (this.mayWrite || (by === 'self' && person === this.room.me.person))

  nameOf = (person: string | null): string | undefined => (person === null ? undefined : this.room.person(person).name)
  /** Who speaks, as this page hears it. */
  get speaker(): string | undefined {
    return this.#sound.speaker()
  }
  get micOn(): boolean {
    return this.#sound.on()
  }

  // My own microphone ----------------------------------------------------------------------------------------------------------

  /** K2: writes what I say for all, from now on. */
  begin = () => {
    this.fault = undefined
    this.wanted = true
    keep(sessionStorage, going(this.room.room), this.language)
  }
  end = () => {
    this.wanted = false
    keep(sessionStorage, going(this.room.room), undefined)
    void this.room.send('captions:end', {})
  }
  choose = (language: string) => {
    this.language = language
    keep(localStorage, keptLanguage, language)
    if (this.wanted) keep(sessionStorage, going(this.room.room), language)
    void this.#findWay(language)
  }
  install = async () => {
    this.installing = true
    await install(this.language)
    this.installing = false
    await this.#findWay(this.language)
  }

  async #findWay(language: string): Promise<void> {
    this.way = undefined
    const way = await findWay(language)
    if (this.language === language) this.way = way
  }

  /** Says it to the room when it is wanted, with each new seat and after each cut: who was away for long is captioned no more there. */
  #declare(): void {
    const { link, me } = this.room
    const { language } = this
    const declared = link === 'here' && me.seat !== '' && this.wanted && mayCaptionSelf(me) ? `${me.seat} ${language}` : ''
    if (declared === this.#declared) return
    this.#declared = declared
    if (declared !== '') untrack(() => void this.room.send('captions:begin', { language }))
  }
  #declared = ''

  /** Listens exactly while it is wanted, the room is here and the microphone is on: nothing of a closed one is written. */
  #listen(): void {
    const { wanted, way, language, mine } = this
    const on = wanted && mine && this.room.link === 'here' && this.#sound.on() && way !== undefined && way !== 'none'
    const track = this.#sound.track()
    untrack(() => {
      if (!on) return this.#hush()
      const now = this.#heard
      if (this.#ear && now && now.track === track && now.language === language && now.way === way) return
      this.#hush()
      this.#heard = { track, language, way }
      this.#ear = listen(this.#heard, {
        saying: (text) => this.#say(text),
        said: (text) => this.#phrase(text),
        failed: (why) => {
          this.fault = why
          this.end()
        },
      })
    })
  }

  #hush(): void {
    this.#ear?.stop()
    this.#ear = undefined
    this.#heard = undefined
  }

  #say(text: string): void {
    if (text !== '') this.#from ??= this.room.now() - 500
    this.#put(this.room.me.person, text)
    clearTimeout(this.#told.timer)
    const tell = () => {
      this.#told.at = this.room.now()
      this.room.whisper('captions:saying', { text: text.slice(-longest) })
    }
    this.#told.timer = setTimeout(tell, Math.max(0, this.#told.at + toldEvery - this.room.now()))
  }

  #phrase(text: string): void {
    const from = Math.round(this.#from ?? this.room.now() - 1_500)
    this.#from = undefined
    for (const one of phrases(text, longest)) void this.room.send('captions:say', { from, text: one })
  }

  // What others say ------------------------------------------------------------------------------------------------------------

  #put(person: string, text: string): void {
    this.#sayings = new Map(this.#sayings).set(person, { text, at: this.room.now() })
  }

  #hear(seat: string, text: string): void {
    const who = this.room.presence.people.find(({ seats }) => seats.some((one) => one.seat === seat))
    if (who) this.#put(who.person, text)
  }

  #newest = 0
  /** A line that has come takes the place of what was being said. */
  #settle(): void {
    const { lines } = this.view
    const fresh = lines.filter(({ seq }) => seq > this.#newest)
    // All that the room keeps is new: there may be others before it, here for whoever asks.
    const broken = fresh.length === keptInRoom
    this.#newest = fresh.at(-1)?.seq ?? this.#newest
    untrack(() => {
      if (broken) this.more = true
      this.#know(lines, broken)
      const said = new Set(fresh.flatMap(({ by, person }) => (by === 'self' && person !== null ? [person] : [])))
      if (said.size > 0) this.#sayings = new Map([...this.#sayings].filter(([person]) => !said.has(person)))
      this.#now = this.room.now()
    })
  }

  #know(lines: readonly CaptionLine[], anew = false): void {
    const all = [...(anew ? [] : this.#known.values()), ...lines].map((line) => [line.seq, line] as const)
    this.#known = new Map([...new Map(all)].sort(([a], [b]) => a - b))
  }

  /** The lines before the oldest that is here. */
  older = async (): Promise<void> => {
    const [before] = this.#known.keys()
    const page = await api('GET /api/rooms/:room/captions/lines', {
      params: { room: this.room.room },
      query: before === undefined ? {} : { before },
    })
    if (!page.ok) return
    this.#know(page.value.lines)
    this.more = page.value.more
  }

  // Writing and deciding -------------------------------------------------------------------------------------------------------

  write = (text: string, speaker: string | null, from: number) =>
    this.room.send('captions:write', { text, speaker, from: Math.round(from) })
  correct = (line: number, text: string) => this.room.send('captions:correct', { line, text: text.trim() })
  name = (person: string | null) => this.room.send('captions:name', { person })
  resign = () => this.room.send('captions:resign', {})
  admit = () => api('POST /api/rooms/:room/transcriber', { params: { room: this.room.room } })
  dismiss = () => api('DELETE /api/rooms/:room/transcriber', { params: { room: this.room.room } })
}

/** A browser that keeps nothing asks again next time. */
function read(where: Storage, key: string): string | undefined {
  try {
    return where.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}
function keep(where: Storage, key: string, value: string | undefined): void {
  try {
    if (value === undefined) where.removeItem(key)
    else where.setItem(key, value)
  } catch {
    // It is so until the page is left.
  }
}
