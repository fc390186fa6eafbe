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
