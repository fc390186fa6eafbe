import { mount, unmount } from 'svelte'
import { on } from 'svelte/events'
import { announce, toast } from '#client/ui/announce.svelte.ts'
import type { Look } from './look.svelte.ts'
import SmallView from './SmallView.svelte'
import type { Picture, View } from './view.svelte.ts'
import { words } from './view-words.ts'

/** Not in the types of the browser yet. */
interface DocumentPictures {
  requestWindow(size: { width: number; height: number }): Promise<Window>
}
const pictures = (): DocumentPictures | undefined =>
  (window as unknown as { documentPictureInPicture?: DocumentPictures }).documentPictureInPicture

/**
 * A small window above all others, with who speaks or the shared screen, for who works in another window meanwhile: a page of its own with the
 * microphone and the way back where the browser has such windows, else the bare picture in the one that browsers have for films.
 */
export class SmallWindow {
  open = $state(false)
  readonly able = pictures() !== undefined || document.pictureInPictureEnabled === true
  readonly #view: View
  readonly #look: Look
  #close: (() => void) | undefined

  /** A screen of somebody else before a face; what is pinned before who speaks. */
  readonly picture: Picture | undefined = $derived.by(() => {
    const { pinned, screen, speaker } = this.#look
    const [first] = pinned
    if (first) return first
    if (screen && !screen.local) return { face: screen, source: 'screen' }
    return speaker && { face: speaker, source: 'cam' }
  })

  constructor(view: View, look: Look) {
    this.#view = view
    this.#look = look
  }

  /** To be called from a touch or a key press. */
  async toggle(): Promise<void> {
    if (this.open) return this.close()
    try {
      await (pictures() ? this.#openPage() : this.#openFilm())
      this.open = true
      announce(words.smallOpen)
    } catch {
      this.#close?.()
      toast(words.smallNone, { kind: 'warning' })
    }
  }

  close(): void {
    this.#close?.()
  }

  #closed(): void {
    this.#close = undefined
    if (!this.open) return
    this.open = false
    announce(words.smallClosed)
  }

  async #openPage(): Promise<void> {
    const small = await pictures()!.requestWindow({ width: 384, height: 264 })
    const { document: page } = small
    page.documentElement.lang = document.documentElement.lang
    page.title = document.title
    const { look } = document.documentElement.dataset
    if (look !== undefined) page.documentElement.dataset['look'] = look
    for (const style of document.querySelectorAll('link[rel="stylesheet"], style')) page.head.append(page.importNode(style, true))
    const shown = mount(SmallView, { target: page.body, props: { view: this.#view, small: this, onback: () => this.close() } })
    this.#close = () => small.close()
    on(small, 'pagehide', () => {
      void unmount(shown)
      window.focus()
      this.#closed()
    })
  }

  /** The browser's window for films: a picture and nothing else. It follows who speaks. */
  async #openFilm(): Promise<void> {
    const film = document.createElement('video')
    film.muted = film.autoplay = film.playsInline = true
    const stop = $effect.root(() => {
      $effect(() => {
        const { picture } = this
        if (!picture) return
        const shown = this.#view.video.show(picture.face.seat, picture.source)(film)
        return () => void (typeof shown === 'function' && shown())
      })
    })
    const ended = on(film, 'leavepictureinpicture', () => this.#close?.())
    this.#close = () => {
      ended()
      stop()
      if (document.pictureInPictureElement === film) void document.exitPictureInPicture()
      this.#closed()
    }
    if (film.readyState === 0)
      await new Promise((here, missing) => {
        film.addEventListener('loadedmetadata', here, { once: true })
        setTimeout(missing, 2_000)
      })
    await film.requestPictureInPicture()
  }
}
