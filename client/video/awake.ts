/** Keeps the screen of a phone lit while somebody is seen or heard: a screen that goes dark takes the microphone along. */
export class Awake {
  #wanted = false
  #asking = false
  /** A battery that is nearly empty refuses: asked again once the page comes back in sight. */
  #refused = false
  #lock: WakeLockSentinel | undefined

  /** To be called now and then, and when the page is in sight again: browsers let go by themselves of a page that is not. */
  keep(wanted: boolean): void {
    this.#wanted = wanted
    if (!wanted) return this.#letGo()
    if (this.#lock?.released === false || this.#asking || this.#refused || document.hidden || !('wakeLock' in navigator)) return
    this.#asking = true
    void navigator.wakeLock.request('screen').then(
      (lock) => {
        this.#asking = false
        this.#lock = lock
        if (!this.#wanted) this.#letGo()
      },
      () => {
        this.#asking = false
        this.#refused = true
      },
    )
  }

  /** The page is in sight again. */
  seen(): void {
    this.#refused = false
    this.keep(this.#wanted)
  }

  #letGo(): void {
    void this.#lock?.release().catch(() => undefined)
    this.#lock = undefined
  }
}
