import { api } from '#client/http.ts'
import { language } from '#client/words/words.svelte.ts'

/** Whether mail leaves the server, and else whom to ask for what it would have brought. Asked once per page load. */
class Leaving {
  /** Undefined while unknown: nothing is promised meanwhile. */
  #known = $state.raw<{ leaves: boolean; ask: string[] }>()
  #asking: Promise<void> | undefined

  /** Has it asked for; safe to call from every page that speaks of mail. */
  load() {
    this.#asking ??= api('GET /api/mail').then((said) => {
      if (said.ok) this.#known = said.value
      else this.#asking = undefined
    })
    return this.#asking
  }

  /** True only when it is known that messages stay on the server. */
  get stays() {
    return this.#known?.leaves === false
  }
  get leaves() {
    return this.#known?.leaves === true
  }
  /** The names of those to ask, as one reads them; empty when there are none. */
  get whom() {
    return namesOf(this.#known?.ask ?? [])
  }
}
/** One per browser. */
export const leaving = new Leaving()

/** "Ana ou Nadia". */
export const namesOf = (names: readonly string[]) => new Intl.ListFormat(language.locale, { type: 'disjunction' }).format(names)
