import { language, languages, type Language } from '#client/words/words.svelte.ts'

const kept = 'cercle.demo'

/**
 * Whether somebody came into a demonstration here without a password, and it is still shown: the server says so in the page itself. Who
 * signed in with an account is left alone.
 */
export function isDemo(): boolean {
  try {
    return document.querySelector('meta[name="demo"]') !== null && localStorage.getItem(kept) !== null
  } catch {
    return false
  }
}

/** Remembers at this address that somebody came in so. */
export function noteDemo(): void {
  try {
    localStorage.setItem(kept, '1')
  } catch {
    // A browser that keeps nothing shows the course alone.
  }
}

/** The address where somebody comes in, with the language that is spoken here: they read on in it. */
export function inLanguage(address: string): string {
  const url = new URL(address)
  url.searchParams.set('language', language.current)
  return url.href
}

/** The language that this address was opened in. */
export const languageAsked = (search: string): Language | undefined =>
  languages.find((one) => one === new URLSearchParams(search).get('language'))
