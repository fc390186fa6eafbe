import { on } from 'svelte/events'

/** Whether something fills the whole screen, and how it comes to; a browser that does not know it (iOS) offers nothing. */
class FullScreen {
  readonly able = typeof document !== 'undefined' && document.fullscreenEnabled === true
  on = $state(false)

  constructor() {
    if (this.able) on(document, 'fullscreenchange', () => (this.on = document.fullscreenElement !== null))
  }
  /** To be called from a touch or a key press. */
  toggle(element: Element | null): void {
    if (this.on) void document.exitFullscreen()
    else void element?.requestFullscreen().catch(() => undefined)
  }
}

/** One per window. */
export const fullScreen = new FullScreen()
