import { tick } from 'svelte'
import { on } from 'svelte/events'
import type { Hands } from '#client/hands/hands.svelte.ts'
import type { Stage } from '#client/stage/stage.svelte.ts'
import { words as stageWords } from '#client/stage/words.ts'
import { announce } from '#client/ui/announce.svelte.ts'
import { fullScreen } from '#client/video/full-screen.svelte.ts'
import type { Video } from '#client/video/video.svelte.ts'
import type { View } from '#client/video/view.svelte.ts'
import { layoutNames } from '#client/video/view-words.ts'
import { layouts } from '#shared/video/grid.rules.ts'
import type { Front } from '#shared/stage/wire.ts'
import { words } from './keys-words.ts'

interface Given {
  video: Video
  view: View
  stage: Stage
  /** Undefined where one does not raise hands. */
  hands: Hands | undefined
  places: () => readonly Front[]
  ontab: (tab: 'discussion' | 'people') => void
}

/** What one key does. */
export interface Shortcut {
  key: string
  says: string
  run: () => void
}

/** What has uses of its own for the keys. */
const field = 'input, textarea, select, [contenteditable], [role="application"], [role^="menu"], [role="listbox"], [role="slider"], dialog'
/** What Space presses, or moves. */
const pressed = `${field}, button, a[href], summary, [role="tab"], [role="separator"]`

/**
 * The keys of a room: one letter each, none with Ctrl, Alt or the system's key, which belong to browsers and screen readers. They are silent
 * while something has uses of its own for them, and can all be switched off (WCAG 2.1.4).
 *
 * Holding Space opens the microphone while it is held. It works from the start, as in Visio, where a hand that is used to it looks for it;
 * Visio holds V instead, because Space presses the button that has the focus: here that button keeps it, and V works there too.
 */
export class RoomKeys {
  /** The list is open. */
  open = $state(false)
  /** The microphone is open for as long as a key is held. */
  talking = $state(false)
  readonly #given: Given
  #opening: Promise<boolean> | undefined
  readonly #stops: (() => void)[]

  /** All keys that do something here, for this person. */
  readonly list: readonly Shortcut[] = $derived.by(() => {
    const { video, view, stage, hands, places, ontab } = this.#given
    const sends = video.maySend && video.able && !video.full
    const next = layouts[(layouts.indexOf(view.layout) + 1) % layouts.length]!
    return [
      ...(sends
        ? [
            { key: 'm', says: words.mic, run: () => void video.set('mic', !video.on('mic')) },
            { key: 'c', says: words.cam, run: () => void video.set('cam', !video.on('cam')) },
          ]
        : []),
      ...(hands?.mayRaise ? [{ key: 'h', says: words.hand, run: hands.toggle }] : []),
      ...places().map((place, at) => ({
        key: String(at + 1),
        says: words.place(stageWords.fronts[place]),
        run: () => stage.look(place),
      })),
      { key: '0', says: words.follow, run: stage.follow },
      {
        key: 'g',
        says: words.layout,
        run: () => {
          view.keep({ layout: next })
          announce(layoutNames[next])
        },
      },
      ...(fullScreen.able ? [{ key: 'f', says: words.full, run: () => fullScreen.toggle(document.documentElement) }] : []),
      { key: 'd', says: words.discussion, run: () => ontab('discussion') },
      { key: 'p', says: words.people, run: () => ontab('people') },
      { key: '?', says: words.list, run: () => (this.open = true) },
    ]
  })

  constructor(given: Given) {
    this.#given = given
    this.#stops = [
      on(window, 'keydown', (event) => this.#down(event)),
      on(window, 'keyup', ({ code }) => (code === 'Space' || code === 'KeyV') && this.#release()),
      // A key that is let go elsewhere is never heard of.
      on(window, 'blur', () => this.#release()),
    ]
  }

  close(): void {
    this.#release()
    for (const stop of this.#stops) stop()
  }

  #down(event: KeyboardEvent): void {
    const { target, key, code, ctrlKey, altKey, metaKey, isComposing } = event
    if (!this.#given.view.keys || event.defaultPrevented || ctrlKey || altKey || metaKey || isComposing) return
    if (!(target instanceof Element) || target.closest(field)) return
    if (code === 'Space' || code === 'KeyV') {
      if (code === 'Space' && target.closest(pressed)) return
      event.preventDefault()
      if (!event.repeat) this.#talk()
      return
    }
    const known = this.list.find((one) => one.key === key.toLowerCase())
    if (!known || event.repeat) return
    event.preventDefault()
    known.run()
  }

  #talk(): void {
    const { video } = this.#given
    if (this.talking || video.on('mic') || !video.maySend || !video.able || video.full) return
    this.talking = true
    announce(words.talking, 'assertive')
    this.#opening = video.set('mic', true)
  }

  #release(): void {
    if (!this.talking) return
    this.talking = false
    // It may be let go before the microphone has come.
    void this.#opening?.then(async () => {
      if (!this.talking) await this.#given.video.set('mic', false)
      await tick()
      announce(words.muted, 'assertive')
    })
  }
}
