import type { Refusal } from '#shared/wire.ts'
import { refusalsOf } from './refusals.ts'

export type Language = 'fr' | 'en'
export const languages = ['fr', 'en'] as const satisfies readonly Language[]
/** Each language in its own words, for the switch. */
export const languageNames: Record<Language, string> = { fr: 'Français', en: 'English' }
/** The locale that dates and numbers are written in. */
const locales: Record<Language, string> = { fr: 'fr-FR', en: 'en-GB' }

const kept = 'cercle.language'
const inBrowser = typeof document !== 'undefined'

const isLanguage = (text: unknown): text is Language => text === 'fr' || text === 'en'

/** The last choice on this browser, then what the browser asks for, then French. */
function firstLanguage(): Language {
  if (!inBrowser) return 'fr'
  try {
    const chosen = localStorage.getItem(kept)
    if (isLanguage(chosen)) return chosen
  } catch {
    // A browser that keeps nothing still has languages of its own.
  }
  const asked = navigator.languages.map((tag) => tag.slice(0, 2)).find(isLanguage)
  return asked ?? 'fr'
}

/** The language that this page speaks: one per browser. Reading `current` in a template follows a change at once. */
class Speech {
  #current = $state<Language>(firstLanguage())

  constructor() {
    if (inBrowser) document.documentElement.lang = this.#current
  }

  get current(): Language {
    return this.#current
  }
  get locale(): string {
    return locales[this.#current]
  }

  /** Speaks another language from now on, and remembers it on this browser. */
  choose(language: Language) {
    this.#current = language
    if (!inBrowser) return
    document.documentElement.lang = language
    try {
      localStorage.setItem(kept, language)
    } catch {
      // Not kept; the choice holds until the page is closed.
    }
  }
}
export const language = new Speech()

/** Text, text made from arguments, or a group of texts under one name. */
export type Words = { [key: string]: string | ((...given: never[]) => string) | Words }

/** The same keys and signatures, whatever the texts say. */
export type SameWords<W> = {
  readonly [K in keyof W]: W[K] extends (...given: infer Given) => string
    ? (...given: Given) => string
    : W[K] extends string
      ? string
      : SameWords<W[K]>
}

/** French puts a space before : ; ? ! and inside « », where a line must not break. It is typed as a plain one. */
const frenchSpaces = (text: string) => text.replace(/ (?=[:;?!»])/g, '\u00a0').replace(/« /g, '«\u00a0')

function typeset(said: Words): Words {
  return Object.fromEntries(
    Object.entries(said).map(([key, one]) => {
      if (typeof one === 'string') return [key, frenchSpaces(one)]
      if (typeof one === 'function') return [key, (...given: never[]) => frenchSpaces(one(...given))]
      return [key, typeset(one)]
    }),
  )
}

/**
 * The words of one feature: `words.open`, `words.left(3)`, always in the language of the page. French decides the keys and the
 * signatures; a missing or an extra key in English, or another signature, does not compile.
 */
export function defineWords<const W extends Words>(said: { fr: W; en: NoInfer<SameWords<W>> }): SameWords<W> {
  const words = { fr: typeset(said.fr), en: said.en as Words }
  const accessor = {}
  for (const key of Object.keys(said.fr)) {
    Object.defineProperty(accessor, key, { enumerable: true, get: () => words[language.current][key] })
  }
  return accessor as SameWords<W>
}

/**
 * Refusals are many and rarely shown, so each feature's words come with its first refusal, before it is handed on (`learnRefusal` at
 * the two doors, client/http.ts and client/live/room.svelte.ts). Where they cannot come, the one sentence that is always true is said.
 */
let known = $state.raw<Partial<Record<string, Record<Language, string>>>>({})
const meanwhile: Record<Language, string> = {
  fr: 'Cela n’a pas été fait. Vérifiez votre connexion puis réessayez.',
  en: 'That was not done. Check your connection, then try again.',
}

const learning = new Map<string, Promise<void>>()
/** Brings the words of this refusal and its feature's others; resolves also when they cannot come, and then asks again next time. */
export function learnRefusal(code: Refusal): Promise<void> {
  const feature = code.slice(0, code.indexOf('/'))
  const load = (refusalsOf as Partial<Record<string, () => Promise<{ refusals: typeof known }>>>)[feature]
  let learnt = learning.get(feature)
  if (!learnt && load) {
    learnt = load().then(
      ({ refusals }) => void (known = { ...known, ...refusals }),
      () => void learning.delete(feature),
    )
    learning.set(feature, learnt)
  }
  return learnt ?? Promise.resolve()
}

/** What a refusal says to the person, in the language of the page. Reactive. */
export function refusalWords(code: Refusal): string {
  const said = known[code]?.[language.current]
  if (said === undefined) void learnRefusal(code)
  return language.current === 'fr' ? frenchSpaces(said ?? meanwhile.fr) : (said ?? meanwhile.en)
}
