import type { Component, Snippet } from 'svelte'
import { tick } from 'svelte'
import type { Me } from '#shared/account/wire.ts'
import { isOldPage } from './release.ts'

/** A place of the interface: where it is, what shows it (loaded on the first visit), and in which frame. */
export interface Place {
  path: `/${string}`
  /** A page takes `params` or nothing. */
  load: () => Promise<{ default: Component<never> }>
  /** `house` has the side bar and asks for a sign-in; `door` is a page for somebody signed out; `room` fills the screen. */
  frame: 'house' | 'door' | 'room'
  /** What stands around the page, loaded with it. */
  around?: () => Promise<{ default: Around }>
}

/** The frame around a page of somebody signed in. */
export type Around = Component<{ me: Me; children: Snippet }>

/** What stands for the `:names` of a path. */
export type Params = Record<string, string>

export interface Shown {
  place: Place
  params: Params
  /** Path and query, without the fragment (which may carry a secret). */
  at: string
  component: Component<{ params: Params }>
  around: Around | undefined
}

/** Finds the place of a path, and what stands for its names; undefined when nothing is there. */
export function match<P extends { path: string }>(places: readonly P[], pathname: string): { place: P; params: Params } | undefined {
  const asked = pathname.split('/').filter(Boolean)
  for (const place of places) {
    const parts = place.path.split('/').filter(Boolean)
    if (parts.length !== asked.length) continue
    const params: Params = {}
    const fits = parts.every((part, i) => {
      const given = asked[i] ?? ''
      if (!part.startsWith(':')) return part === given
      try {
        params[part.slice(1)] = decodeURIComponent(given)
        return true
      } catch {
        return false
      }
    })
    if (fits) return { place, params }
  }
  return undefined
}

/** A path of this site to go to after signing in, or `/`: an address that leads elsewhere is not followed. */
export function safePath(to: string | null | undefined, origin: string): string {
  if (!to?.startsWith('/')) return '/'
  try {
    const url = new URL(to, origin)
    return url.origin === origin && !url.pathname.startsWith('/sign-in') ? url.pathname + url.search + url.hash : '/'
  } catch {
    return '/'
  }
}

/**
 * Moves between places without reloading. The page in sight stays until the next one is loaded; then the page starts at its top,
 * its title takes the focus (a screen reader starts there), and going back finds the place where one was.
 */
class Router {
  #places: readonly Place[] = []
  #nowhere: Place | undefined
  #shown = $state.raw<Shown>()
  #going = $state(false)
  #failed = $state(false)
  #turn = 0
  /** Set when a page arrives by navigation: the first title that appears takes the focus. */
  #awaitsFocus = false

  get shown() {
    return this.#shown
  }
  /** The next page is on its way. */
  get going() {
    return this.#going
  }
  /** The next page did not load (no network, or an old page after an update). */
  get failed() {
    return this.#failed
  }

  start(places: readonly Place[], nowhere: Place) {
    this.#places = places
    this.#nowhere = nowhere
    history.scrollRestoration = 'manual'
    addEventListener('popstate', () => void this.#show())
    document.addEventListener('click', (event) => this.#follow(event))
    return this.#show()
  }

  /** Goes to a path of this site. `replace` leaves no trace in the history (after a sign-in, for example). */
  go(path: string, { replace = false } = {}) {
    const url = new URL(path, location.href)
    // The server went on to another release: from the next place on the page is the new one.
    if (isOldPage()) return Promise.resolve(replace ? location.replace(url) : location.assign(url))
    if (replace) history.replaceState(null, '', url)
    else {
      history.replaceState({ scroll: scrollY }, '')
      history.pushState(null, '', url)
    }
    return this.#show()
  }

  /** Asks somebody to sign in, then brings them back here. Does nothing on a page made for somebody signed out. */
  toSignIn() {
    const here = match(this.#places, location.pathname)
    if (here?.place.frame === 'door') return
    const to = location.pathname + location.search
    void this.go(to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`, { replace: true })
  }

  /** Says that what comes next on this page stands for another page (the room after its lobby): its title takes the focus. */
  expectTitle() {
    this.#awaitsFocus = true
  }

  /** For the title of a page: takes the focus once per arrival. Used as an attachment: `{@attach router.arrive}`. */
  arrive = (title: HTMLElement) => {
    if (!this.#awaitsFocus) return
    this.#awaitsFocus = false
    title.focus({ preventScroll: true })
  }

  /** Scrolls there now, and again while what the page asked for arrives and makes it longer, unless the person moves. */
  #scrollTo(top: number) {
    scrollTo(0, top)
    if (top === 0) return
    const stop = new AbortController()
    const grows = new ResizeObserver(() => scrollTo(0, top))
    grows.observe(document.body)
    const over = setTimeout(() => stop.abort(), 2_000)
    stop.signal.addEventListener('abort', () => {
      clearTimeout(over)
      grows.disconnect()
    })
    for (const moved of ['wheel', 'touchstart', 'keydown', 'pointerdown', 'popstate'])
      addEventListener(moved, () => stop.abort(), { signal: stop.signal, passive: true })
  }

  #follow(event: MouseEvent) {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.composedPath().find((node): node is HTMLAnchorElement => node instanceof HTMLAnchorElement)
    if (!link?.href || link.target || link.hasAttribute('download')) return
    const url = new URL(link.href)
    if (url.origin !== location.origin || url.pathname.startsWith('/api/')) return
    // A fragment of the page in sight is the browser's business.
    if (url.hash && url.pathname === location.pathname && url.search === location.search) return
    event.preventDefault()
    void this.go(link.href)
  }

  async #show() {
    const turn = ++this.#turn
    const found = match(this.#places, location.pathname) ?? (this.#nowhere && { place: this.#nowhere, params: {} })
    if (!found) return
    const at = location.pathname + location.search
    // Only the fragment changed (the skip link, a title of the page): the page in sight stays.
    if (at === this.#shown?.at) {
      this.#going = false
      return
    }
    const first = this.#shown === undefined
    this.#going = true
    try {
      // A page that takes nothing is given its params all the same and does not look at them.
      const [{ default: component }, around] = await Promise.all([found.place.load(), found.place.around?.()])
      if (turn !== this.#turn) return
      this.#failed = false
      this.#awaitsFocus = !first
      this.#shown = {
        place: found.place,
        params: found.params,
        at,
        component: component as unknown as Component<{ params: Params }>,
        around: around?.default,
      }
      await tick()
      const scroll: unknown = history.state?.scroll
      this.#scrollTo(typeof scroll === 'number' ? scroll : 0)
    } catch (error) {
      if (turn !== this.#turn) return
      this.#failed = true
      console.error(error)
    } finally {
      if (turn === this.#turn) this.#going = false
    }
  }
}
export const router = new Router()
