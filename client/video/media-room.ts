import type { Choice, Picture, Step } from '#shared/video/low.rules.ts'
import type { Source } from '#shared/video/rules.ts'

/** `full`: every media seat is taken; this page takes part without sound or picture. */
export type Phase = 'out' | 'in' | 'full'

/** `unknown` while connecting; `lost` as soon as a person is noticed to be cut off. */
export type Quality = 'unknown' | 'lost' | 'poor' | 'good'

/** What one chooses for oneself: devices, what the others see behind, and whether noise is reduced. */
export type DeviceKind = MediaDeviceKind | 'background' | 'noise'

/**
 * What can go wrong with media. `ended`: the device was unplugged or taken away; `limit`: too many people for this picture; `floor`: only
 * those on the stage send; `held`: those who lead keep this microphone closed; `full`: no media seat left; `withheld`: the browser
 * gives pages no device; `blur`: the background could not be blurred, so the camera is closed (F5).
 */
export type FaultCode =
  'insecure' | 'permission' | 'not-found' | 'in-use' | 'ended' | 'limit' | 'floor' | 'held' | 'full' | 'withheld' | 'blur'

export interface Fault {
  code: FaultCode
  source?: Source
}

/** One seat as seen and heard. What it may send was already judged by its role. */
export interface MediaPerson {
  seat: string
  person: string
  local: boolean
  /** What is on: said by that seat, allowed to its role, and taken here. */
  on: Readonly<Record<Source, boolean>>
  speaking: boolean
  /** 0 to 1, in steps a meter can show. */
  level: number
  quality: Quality
}

export interface Snapshot {
  phase: Phase
  me: MediaPerson
  others: readonly MediaPerson[]
  /** Seats that speak, loudest first. */
  speakers: readonly string[]
  /** The browser holds sound back until the person touches the page. */
  audioBlocked: boolean
  /** Speaking with the microphone off (N2). */
  mutedButSpeaking: boolean
  /** The microphone is on and nothing has come from it for a while (N1). */
  micSilent: boolean
  /** A call or the locked screen took the microphone; it comes back by itself (N3). */
  micInterrupted: boolean
  /** A seat that hears the same air as this one: one of the two microphones is to be closed, and this one is asked (N5). */
  echo: string | undefined
  /** Persons on the stage, while only they send (V9). */
  stage: readonly string[] | undefined
  /** Seats that this page was tried to be linked to again and again, and was not. */
  unreachable: readonly string[]
  /** What carries sound and picture is cut off, from this page or from everybody; it comes back by itself. */
  cut: boolean
  low: Low
}

/** What of the pictures is left out, and why. */
export interface Low {
  step: Step
  /** Chosen by the person; the way carries badly; the browser is to save data; the machine cannot follow. */
  why: 'chosen' | 'path' | 'saveData' | 'busy' | undefined
  /** How one's own picture goes out, and what holds it back. */
  own: 'whole' | 'small' | 'none'
  ownWhy: 'path' | 'busy' | undefined
  /** Pictures that are on and not taken here. */
  left: readonly Picture[]
  /** Seats that take sound alone. */
  blind: readonly string[]
}

export interface Moments {
  fault: Fault
  devices: readonly MediaDeviceInfo[]
}

/** Counters since the link was made. */
export interface LineStats {
  frames: number
  width: number
  height: number
  bytes: number
}

/** What the other side said last of a stream: the share of it that was lost (0 to 1), and when (the browser's own clock). */
export interface Loss {
  stream: string
  lost: number
  at: number
}

export interface LinkStats {
  rttMs: number | undefined
  lost: number
  received: number
  /** Of each stream that is sent. */
  lostThere: Loss[]
  /** What the browser thinks goes through on the way out (kbit/s); undefined where it does not say. */
  roomKbps: number | undefined
  /** The machine cannot encode what it sends. */
  busy: boolean
  /** The microphone of the other side as it arrives: its energy (loudness squared, times seconds) and for how long. */
  sound: { energy: number; seconds: number }
  in: Record<Source, LineStats>
  out: Record<Source, LineStats>
}

/**
 * The sound and pictures of one room, whatever carries them. State comes through `subscribe` (immutable snapshots, at once and
 * at each change), moments through `on`. Nothing here throws for what can happen: a fault is a moment and `set` answers false.
 */
export interface MediaRoom {
  subscribe(run: (snapshot: Snapshot) => void): () => void
  on<K extends keyof Moments>(moment: K, fn: (value: Moments[K]) => void): () => void
  join(): void
  leave(): void
  /** Answers whether the source is now as asked. */
  set(source: 'mic' | 'cam' | 'screen', on: boolean): Promise<boolean>
  /** Which device from now on, or how its sound or picture is; one that is open is changed without a break. */
  use(kind: DeviceKind, deviceId: string): Promise<boolean>
  devices(): Promise<readonly MediaDeviceInfo[]>
  /** Shows a source in an element until the returned function is called; own sources too. Sound never needs it. */
  attach(seat: string, source: Source, element: HTMLVideoElement): () => void
  /** For a recorder or a mixer; undefined when there is none. */
  track(seat: string, source: Source): MediaStreamTrack | undefined
  /** To be called from a touch or a key press when `audioBlocked`. */
  unblockAudio(): Promise<void>
  stats(seat: string): Promise<LinkStats | undefined>
  /** What the person chose (Y2), and which picture it would be if only one. */
  want(choice: Choice, picture: Picture | undefined): void
  /** Everything, for now (Y9). */
  receiveAll(): void
}
