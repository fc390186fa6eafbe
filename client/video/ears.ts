import { quiet } from './quiet.svelte.ts'

/**
 * Where the others are heard: one audio element per track, outside the page's layout. An element is also what makes a browser
 * measure how loud a remote track is (without one the level reads 0 for ever).
 */
export class Ears {
  /** The browser holds sound back until the page is touched. */
  blocked = false
  readonly #elements = new Map<string, HTMLAudioElement>()
  /** Those whose role may not be heard. */
  readonly #held = new Set<string>()
  readonly #changed: () => void
  #output = ''

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** To be called when this window is made quiet, or not any more. */
  hush(): void {
    for (const [name, element] of this.#elements) element.muted = quiet.on || this.#held.has(name)
  }

  /** To be called when the page is in sight again: a call or a locked screen has paused what plays. */
  resume(): void {
    for (const element of this.#elements.values()) if (element.paused && element.srcObject) void this.#play(element)
  }

  /** Plays a track under a name, in place of what played under it. `allowed` is false for a seat whose role may not be heard. */
  hear(name: string, track: MediaStreamTrack, allowed: boolean): void {
    let element = this.#elements.get(name)
    if (!element) {
      element = new Audio()
      this.#elements.set(name, element)
      if (this.#output) void this.#route(element)
    }
    if (allowed) this.#held.delete(name)
    else this.#held.add(name)
    element.muted = quiet.on || !allowed
    const [playing] = (element.srcObject as MediaStream | null)?.getTracks() ?? []
    if (playing === track) return
    element.srcObject = new MediaStream([track])
    void this.#play(element)
  }

  forget(name: string): void {
    const element = this.#elements.get(name)
    if (!element) return
    element.srcObject = null
    this.#elements.delete(name)
    this.#held.delete(name)
  }

  async unblock(): Promise<void> {
    this.blocked = false
    await Promise.all([...this.#elements.values()].map((element) => this.#play(element)))
    this.#changed()
  }

  /** Chooses the loudspeaker, where the browser lets a page choose. */
  async use(deviceId: string): Promise<boolean> {
    this.#output = deviceId
    const routed = await Promise.all([...this.#elements.values()].map((element) => this.#route(element)))
    return routed.every(Boolean)
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play()
    } catch (error) {
      // An element whose track was replaced meanwhile reports an abort: its successor plays.
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return
      this.blocked = true
      this.#changed()
    }
  }

  async #route(element: HTMLAudioElement): Promise<boolean> {
    if (!('setSinkId' in element)) return false
    return element.setSinkId(this.#output).then(
      () => true,
      () => false,
    )
  }
}
