import { untrack } from 'svelte'
import type { Attachment } from 'svelte/attachments'
import { leads, takesPart, type Role } from '#shared/spoc/rules.ts'
import type { Source } from '#shared/video/rules.ts'
import type { CarrierKind, VideoState } from '#shared/video/wire.ts'
import type { RoomPort } from '#client/live/port.ts'
import { mediaExist } from './devices.ts'
import type { Low } from './low.svelte.ts'
import type { DeviceKind, Fault, MediaPerson, MediaRoom, Quality, Snapshot } from './media-room.ts'
import type { OpenOptions } from './media.ts'
import { mediaCode } from './media-code.ts'
import { rememberEntry, type Entering, type Entry } from './remembered.ts'
import type { SeatHere, SignalBody, Signalling } from './signalling.ts'

/** A person of the room as a tile shows them; there whether or not anybody's media is on. */
export interface Face {
  person: string
  seat: string
  name: string
  colour: number
  picture: string | null
  role: Role
  local: boolean
  on: Readonly<Record<Source, boolean>>
  speaking: boolean
  level: number
  quality: Quality
  /** Takes part without sound and picture: a data seat (V3). */
  bare: boolean
}

interface Options {
  /** What carries sound and picture here; the mesh when not said. */
  kind?: CarrierKind
  /** This page encrypts what it sends (V11). */
  encrypted?: boolean
  /** STUN and TURN servers; none are needed on one network. */
  ice?: () => readonly RTCIceServer[]
  /** Asks for a key to the LiveKit server. */
  enter?: OpenOptions['enter']
  /** Persons who have the floor: they may show their picture when only the team does. */
  floor?: () => readonly string[]
  /** The sub-group that somebody is in; null, or not said: the plenary. */
  group?: (person: string) => string | null
  /** Whether somebody's microphone is kept closed. */
  held?: (person: string, role: Role) => boolean
}

const nobody: ReadonlySet<string> = new Set()
const nothingOn: Record<Source, boolean> = { mic: false, cam: false, screen: false, screenAudio: false }
/** A state is told again now and then: its lane may drop one for a slow reader. */
const repeatEvery = 10_000
/** For how long a page counts as one that has just come. */
const newFor = 3_000
/** Offers made before the media room is here are answered later; older ones were given up by those who made them. */
const offersLast = 8_000
/** How long after coming it is known whether somebody else's camera is on, and how long its first picture is waited for. */
const firstLook = { known: 150, atMost: 1_000 }

/**
 * Seeing and hearing each other in one room. What carries them is downloaded only when this person turns something on or somebody
 * else already has: until then the room carries none of it.
 */
export class Video {
  /** Whether the person has gone through the lobby: nothing is sent or received before. */
  entered = $state(false)
  snapshot = $state.raw<Snapshot | undefined>(undefined)
  /** What went wrong last, until it is put away. */
  fault = $state.raw<Fault | undefined>(undefined)
  /** Why microphone and camera cannot be opened now, in words, while that is known. */
  closed = $state<string>()
  devices = $state.raw<readonly MediaDeviceInfo[]>([])
  chosen = $state.raw<Entry['devices']>({})
  /** Whether devices are being tested and chosen. */
  choosing = $state(false)
  /** What is left out of the pictures: comes once the room is here. */
  low = $state.raw<Low>()
  readonly #port: RoomPort
  readonly #options: Options
  #media = $state.raw<MediaRoom | undefined>(undefined)
  #loading: Promise<MediaRoom> | undefined
  #closed = false
  /** What each seat last said; outlives the media room, which may come later. */
  readonly #states = new Map<string, VideoState>()
  #state: VideoState = { in: false, mic: false, cam: false, screen: false }
  readonly #watchers = new Set<() => void>()
  /** What was signalled before the media room is here to hear it. */
  #early: { signal: SignalBody; seat: string; at: number }[] = []
  #hearMedia: ((signal: SignalBody, seat: string) => void) | undefined
  #entering: Entering | undefined
  /** When this page came into the room, and who was there. */
  #arrival: { at: number; elders: ReadonlySet<string> } | undefined
  readonly #stops: (() => void)[]
  #settle = () => undefined as void
  /** Resolves once the first picture of somebody else is here, or none is to be expected: whatever else is heavy comes after the faces. */
  readonly settled = new Promise<void>((resolve) => (this.#settle = resolve))
  /** Seats that were here at the last look, and whether the link was. */
  #known: ReadonlySet<string> = new Set()
  #wasHere = false

  /** One tile per person of the group that this one is in, the team's first, otherwise in the order in which they came. */
  readonly faces: readonly Face[] = $derived.by(() => this.#look())
  readonly me: Face | undefined = $derived(this.faces.find(({ local }) => local))
  /** Who shares a screen. */
  readonly screens: readonly Face[] = $derived(this.faces.filter(({ on }) => on.screen))
  /** Loudest first, by person. */
  readonly speakers: readonly string[] = $derived(
    (this.snapshot?.speakers ?? []).flatMap((seat) => this.faces.find((face) => face.seat === seat)?.person ?? []),
  )

  constructor(port: RoomPort, options: Options = {}) {
    this.#port = port
    this.#options = options
    this.able = mediaExist(options.encrypted)
    const repeat = setInterval(() => this.#state.in && this.#sayState(), repeatEvery)
    const hide = () => this.#media?.leave()
    addEventListener('pagehide', hide)
    this.#stops = [
      () => clearInterval(repeat),
      () => removeEventListener('pagehide', hide),
      port.hear('video:state', (state, from) => {
        this.#states.set(from, state)
        this.#changed()
      }),
      port.hear('video:signal', ({ to: _, ...signal }, from) => this.#signalled(signal, from)),
      $effect.root(() => {
        $effect(() => this.#follow())
        $effect(() => {
          this.#options.floor?.()
          this.#options.group?.(port.me.person)
          this.#options.held?.(port.me.person, port.me.role)
          untrack(() => this.#watchers.forEach((fn) => fn()))
        })
      }),
    ]
  }

  close(): void {
    this.#closed = true
    this.#media?.leave()
    this.#letGo()
    for (const stop of this.#stops.splice(0)) stop()
  }

  get maySend(): boolean {
    return takesPart(this.#port.me.role)
  }
  get mayShare(): boolean {
    return leads(this.#port.me.role) && 'mediaDevices' in navigator && 'getDisplayMedia' in navigator.mediaDevices
  }
  on(source: Source): boolean {
    return this.snapshot?.me.on[source] ?? false
  }
  /** Whether this browser carries sound and pictures; without, everything else of the room goes on. */
  readonly able: boolean
  /** Takes part without sound or picture because every media seat is taken. */
  get full(): boolean {
    return this.snapshot?.phase === 'full'
  }

  /** Comes in from the lobby, as chosen there, as soon as there is a seat to send from. */
  enter(entering: Entering): void {
    this.#entering = entering
    this.chosen = entering.devices
    if (this.#arrival) void this.#begin()
  }

  async set(source: 'mic' | 'cam' | 'screen', on: boolean): Promise<boolean> {
    this.fault = undefined
    const media = await this.#join()
    const done = await media.set(source, on)
    this.#remember()
    return done
  }

  async use(kind: DeviceKind, deviceId: string): Promise<boolean> {
    const done = await (this.#media?.use(kind, deviceId) ?? Promise.resolve(true))
    if (done) {
      this.chosen = { ...this.chosen, [kind]: deviceId }
      this.#remember()
    }
    return done
  }

  /** To be called from a touch: browsers hold sound back until one. */
  hear(): void {
    void this.#media?.unblockAudio()
  }

  /** Shows a source of a seat in a `<video {@attach …}>`. */
  show(seat: string, source: Source): Attachment<HTMLVideoElement> {
    return (element) => {
      const stop = this.#media?.attach(seat, source, element)
      const settle = () => seat !== this.#port.me.seat && this.#settle()
      element.addEventListener('loadeddata', settle)
      return () => {
        element.removeEventListener('loadeddata', settle)
        stop?.()
      }
    }
  }

  /** The media room, for a recorder; undefined while nobody's media is on. */
  get room(): MediaRoom | undefined {
    return this.#media
  }

  // The room below -----------------------------------------------------------------------------------------------------

  /** Reads what the room says of people and of the link: runs again at each change. */
  #follow(): void {
    const { presence, link, me } = this.#port
    if (link === 'ended') {
      this.#letGo()
      return this.#media?.leave()
    }
    if (link !== 'here' || !me.seat) {
      this.#wasHere = false
      return
    }
    const here = new Set(presence.people.flatMap(({ seats }) => seats.map(({ seat }) => seat)))
    for (const seat of this.#states.keys()) if (!here.has(seat)) this.#states.delete(seat)
    const strangers = [...here].some((seat) => seat !== me.seat && !this.#known.has(seat))
    this.#known = here
    // Whoever comes learns how it stands from those who are here; so does everybody after a cut.
    if (this.#state.in && (strangers || !this.#wasHere)) this.#sayState()
    this.#wasHere = true
    untrack(() => {
      if (!this.#arrival && here.size > 0) this.#arrive(here)
      this.#changed()
    })
  }

  #arrive(here: ReadonlySet<string>): void {
    this.#arrival = { at: performance.now(), elders: here }
    setTimeout(() => [...this.#states.values()].some(({ cam }) => cam) || this.#settle(), firstLook.known)
    setTimeout(() => this.#settle(), firstLook.atMost)
    if (this.#entering) void this.#begin()
  }

  async #begin(): Promise<void> {
    const { mic = false, cam = false } = this.#entering ?? {}
    this.entered = true
    this.#changed()
    if (this.maySend && this.able) await Promise.all([mic && this.set('mic', true), cam && this.set('cam', true)]).catch(() => undefined)
    this.#letGo((source) => this.on(source))
  }

  /** Closes what the lobby opened and the room does not use. */
  #letGo(used: (source: 'mic' | 'cam') => boolean = () => false): void {
    const { open = {} } = this.#entering ?? {}
    for (const source of ['mic', 'cam'] as const) if (!used(source)) open[source]?.stop()
    this.#entering = undefined
  }

  #signalled(signal: SignalBody, seat: string): void {
    if (this.#hearMedia) return this.#hearMedia(signal, seat)
    this.#early = [...this.#early.slice(-200), { signal, seat, at: performance.now() }]
    this.#changed()
  }

  #changed(): void {
    this.#watchers.forEach((fn) => fn())
    const others = this.#early.length > 0 || [...this.#states.values()].some((state) => state.in)
    if (this.entered && this.able && !this.#loading && others) void this.#join()
  }

  /** Downloads what carries it and joins; once. */
  #join(): Promise<MediaRoom> {
    const { kind = 'mesh', ice, enter = () => Promise.resolve(undefined) } = this.#options
    this.#loading ??= mediaCode(kind).then(({ openRoom }) => {
      const media = openRoom(this.#signalling(), { ice: ice?.() ?? [], enter, chosen: this.chosen, open: this.#entering?.open })
      media.on('fault', (fault) => (this.fault = fault))
      media.on('devices', (devices) => (this.devices = devices))
      if (!this.#closed) media.join()
      media.subscribe((snapshot) => (this.snapshot = snapshot))
      this.#media = media
      void media.devices().then((devices) => (this.devices = devices))
      return media
    })
    this.#loading.catch(() => (this.#loading = undefined))
    return this.#loading
  }

  #sayState(): void {
    this.#port.whisper('video:state', this.#state)
  }

  #seats(): readonly SeatHere[] {
    const { presence, me } = this.#port
    return presence.people
      .flatMap(({ person, role, seats, since }) => seats.map(({ seat, state }): SeatHere => ({ seat, person, role, state, since })))
      .filter(({ seat, person }) => seat !== me.seat && !this.#apart(person))
  }

  /** V12 — whether somebody is in another group. */
  #apart(person: string): boolean {
    const { group } = this.#options
    return group !== undefined && group(person) !== group(this.#port.me.person)
  }

  #signalling(): Signalling {
    const port = this.#port
    return {
      me: () => ({
        ...port.me,
        state: 'here',
        since: port.presence.people.find(({ person }) => person === port.me.person)?.since ?? Infinity,
      }),
      people: () => this.#seats(),
      group: () => this.#options.group?.(port.me.person) ?? null,
      apart: (seat) => port.presence.people.some(({ person, seats }) => seats.some((one) => one.seat === seat) && this.#apart(person)),
      states: () => this.#states,
      elders: () => (this.#arrival && performance.now() - this.#arrival.at < newFor ? this.#arrival.elders : nobody),
      floor: () => this.#options.floor?.() ?? [],
      held: (person, role) => this.#options.held?.(person, role) ?? false,
      send: (to, signal) => port.whisper('video:signal', { to, ...signal }),
      tell: (state) => {
        this.#state = state
        this.#sayState()
      },
      hear: (fn) => {
        this.#hearMedia = fn
        const since = performance.now() - offersLast
        for (const { signal, seat, at } of this.#early.splice(0)) if (at > since) fn(signal, seat)
        return () => (this.#hearMedia = undefined)
      },
      changed: (fn) => {
        this.#watchers.add(fn)
        return () => this.#watchers.delete(fn)
      },
    }
  }

  /** How somebody entered and last had it, for the next lobby. */
  #remember(): void {
    rememberEntry({ mic: this.on('mic'), cam: this.on('cam'), devices: this.chosen })
  }

  #look(): readonly Face[] {
    const { presence, me } = this.#port
    const media = new Map<string, MediaPerson>()
    if (this.snapshot) for (const one of [this.snapshot.me, ...this.snapshot.others]) media.set(one.seat, one)
    const within = presence.people.filter(({ person }) => !this.#apart(person))
    const faces = within.map(({ person, role, state, seats }): Face => {
      const local = person === me.person
      // Several tabs of one person are one tile: the tab whose media is on.
      const known = local
        ? this.snapshot?.me
        : seats.flatMap(({ seat }) => media.get(seat) ?? []).sort((a, b) => sending(b) - sending(a))[0]
      const { name, colour, picture } = this.#port.person(person)
      const { on = nothingOn, speaking = false, level = 0, quality = 'unknown' } = known ?? {}
      const seat = known?.seat ?? (local ? me.seat : (seats[0]?.seat ?? ''))
      return {
        person,
        seat,
        name,
        colour,
        picture,
        role,
        local,
        on,
        speaking,
        level,
        quality: state === 'away' && !local ? 'lost' : quality,
        bare: local ? !this.able || this.full : this.snapshot?.phase === 'in' && !this.#states.get(seat)?.in,
      }
    })
    return faces.sort((a, b) => Number(leads(b.role)) - Number(leads(a.role)))
  }
}

const sending = ({ on }: MediaPerson): number => Number(on.screen) * 4 + Number(on.cam) * 2 + Number(on.mic)
