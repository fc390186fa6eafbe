import { createContext } from 'svelte'

/** How long the slowest part may keep the others from being seen (ms). */
const patience = 1_500

/** The parts of a page that are shown at the same time, so that none pushes another away from under a finger. */
export class Together {
  /** Whether every part has its first answer, or one made the others wait too long; from then on for good. */
  shown = $state(false)
  #waiting = 0

  /** All parts have begun to ask; gives how to stop when the page is left. */
  begin(): () => void {
    this.#look()
    const late = setTimeout(() => (this.shown = true), patience)
    return () => clearTimeout(late)
  }

  /** A part begins to ask; gives what to call, once or more, when it has an answer or is gone. */
  wait(): () => void {
    this.#waiting++
    let waits = true
    return () => {
      if (!waits) return
      waits = false
      this.#waiting--
      this.#look()
    }
  }

  #look() {
    if (this.#waiting === 0) this.shown = true
  }
}

const [get, set, has] = createContext<Together>()

/** Those that the component being made is shown together with; undefined when it is on its own. */
export const partOf = (): Together | undefined => (has() ? get() : undefined)

/** What is inside the component being made is shown together. */
export function beTogether(): Together {
  const together = set(new Together())
  $effect(() => together.begin())
  return together
}
