export type Look = 'system' | 'light' | 'dark'
export const looks = ['system', 'light', 'dark'] as const satisfies readonly Look[]
const kept = 'cercle.look'

/** Light, dark, or as the device: one choice per browser. */
class Looks {
  #current = $state<Look>('system')

  constructor() {
    try {
      const chosen = localStorage.getItem(kept)
      if (chosen === 'light' || chosen === 'dark') this.#wear(chosen)
    } catch {
      // A browser that keeps nothing follows the system.
    }
  }
  get current() {
    return this.#current
  }
  choose(look: Look) {
    this.#wear(look)
    try {
      if (look === 'system') localStorage.removeItem(kept)
      else localStorage.setItem(kept, look)
    } catch {
      // It holds until the page is closed.
    }
  }
  #wear(look: Look) {
    this.#current = look
    if (look === 'system') delete document.documentElement.dataset['look']
    else document.documentElement.dataset['look'] = look
  }
}
export const look = new Looks()
