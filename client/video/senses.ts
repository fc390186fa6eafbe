import type { LinkStats, Quality } from './media-room.ts'

const loud = 0.03
const heldFor = 900
const stalledAfter = 1_500
/** Not even the noise of a quiet room: some 70 dB below the loudest. */
const floor = 0.001
/** N2 */
const insistedFor = 4_000

/** Turns loudness read ten times a second into "speaks": at once when loud, for a moment after. */
export class Voice {
  level = 0
  #lastLoud = -Infinity
  #lastSound: number
  #insistedAt = -Infinity
  #sound: LinkStats['sound'] = { energy: 0, seconds: 0 }
  /** One bit for each of the last beats. */
  #recent = 0

  constructor(now: number) {
    this.#lastSound = now
  }

  /** One look; undefined when nothing could be measured, which says nothing of silence (N1). */
  hear(level: number | undefined, now: number): void {
    if (level === undefined) return this.listen(now)
    // Steps of a twentieth: what a meter shows, and few enough changes to tell; it falls slower than it rises.
    this.level = Math.round(Math.max(level, this.level * 0.7 - 0.02) * 20) / 20
    this.#recent = ((this.#recent << 1) | Number(level > loud)) & 0xffff
    if (level > loud) this.#lastLoud = now
    if (level > floor) this.#lastSound = now
    if (this.#insists()) this.#insistedAt = now
  }

  /** One report of what arrived since the last: ten looks a second miss a short sound, and one in step with them for ever. */
  heard({ energy, seconds }: LinkStats['sound'], now: number): void {
    const more = { energy: energy - this.#sound.energy, seconds: seconds - this.#sound.seconds }
    this.#sound = { energy, seconds }
    if (more.seconds > 0 && Math.sqrt(Math.max(0, more.energy) / more.seconds) > loud) this.#lastLoud = this.#lastSound = now
  }

  speaks(now: number): boolean {
    return now - this.#lastLoud < heldFor
  }

  /** N2: is or was speaking a moment ago; a cough or a door is not speech. */
  insists(now: number): boolean {
    return now - this.#insistedAt < insistedFor
  }

  /** Four of the last sixteen times. */
  #insists(): boolean {
    let count = 0
    for (let bits = this.#recent; bits; bits &= bits - 1) count++
    return count >= 4
  }

  /** N1: not even noise for so long (ms): the wrong device, or one muted by its own button. */
  silent(now: number, after: number): boolean {
    return now - this.#lastSound > after
  }

  /** Counts silence from now on, and what was said before no more. */
  listen(now: number): void {
    this.#lastSound = now
    this.#recent = 0
    this.#insistedAt = -Infinity
  }
}

/** Watches that a camera said to be on really sends pictures, and how well the path carries. */
export class Sight {
  #frames = 0
  #movedAt: number
  #before: { lost: number; received: number } | undefined
  #quality: Quality = 'unknown'

  constructor(now: number) {
    this.#movedAt = now
  }

  /** One report. `on`: the camera is said to be on. */
  see(stats: LinkStats, on: boolean, now: number): void {
    if (!on || stats.in.cam.frames !== this.#frames) this.#movedAt = now
    this.#frames = stats.in.cam.frames
    const lost = stats.lost - (this.#before?.lost ?? 0)
    const received = stats.received - (this.#before?.received ?? 0)
    this.#before = { lost: stats.lost, received: stats.received }
    const share = lost + received > 0 ? lost / (lost + received) : 0
    this.#quality = (stats.rttMs ?? 0) > 400 || share > 0.08 ? 'poor' : 'good'
  }

  stalled(now: number): boolean {
    return now - this.#movedAt > stalledAfter
  }

  quality(now: number): Quality {
    return this.stalled(now) ? 'lost' : this.#quality
  }
}

/** How a path to a peer stands, for the choice of a remedy. */
export interface Path {
  state: RTCPeerConnectionState
  /** When it last carried, or was made. */
  soundAt: number
  /** When it was last restarted or its offer repeated. */
  remedyAt: number
  /** How often it was made anew without ever carrying. */
  renewals: number
  /** This side opens: it makes the path anew first, so that the two do not do it at once. */
  opens: boolean
}

const remedyEvery = 2_500
const patience = 10_000

/** A path that stopped carrying is restarted; one that stays dead is made anew, more and more rarely. */
export function remedy(path: Path, now: number): 'none' | 'repeat' | 'restart' | 'renew' {
  if (path.state === 'connected') return 'none'
  if (now - path.soundAt > patience * Math.min(4, path.renewals + 1) * (path.opens ? 1 : 1.5)) return 'renew'
  if (now - path.remedyAt < remedyEvery) return 'none'
  // Not connected yet: perhaps the offer was lost with the room's link.
  return path.state === 'disconnected' || path.state === 'failed' ? 'restart' : 'repeat'
}
