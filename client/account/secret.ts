/**
 * The secret that an address carries after its `#` (never sent to a server with the address, so in no log). It leaves the address
 * bar at once, so that it is not copied or shown on a shared screen by mistake. With a name, it is kept for this tab until
 * `forgetSecret`, for a page that is left and come back to (to sign in, for example).
 */
export function fragmentSecret(keepAs?: string): string | undefined {
  const given = location.hash.slice(1)
  if (given) history.replaceState(history.state, '', location.pathname + location.search)
  if (!keepAs) return given || undefined
  try {
    if (given) sessionStorage.setItem(keepAs, given)
    return given || sessionStorage.getItem(keepAs) || undefined
  } catch {
    return given || undefined
  }
}

/** Keeps a secret for this tab that came another way than by the address. */
export function keepSecret(name: string, secret: string) {
  try {
    sessionStorage.setItem(name, secret)
  } catch {
    // It lasts as long as the page.
  }
}

export function forgetSecret(name: string) {
  try {
    sessionStorage.removeItem(name)
  } catch {
    // It was never kept.
  }
}
