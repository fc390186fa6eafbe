import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { partOf } from './together.svelte.ts'

/**
 * What a page asked the server for, kept fresh: asked again when the page comes back in sight and each minute while it is. The old
 * answer stays in sight meanwhile. Make one while a component starts.
 */
export class Fresh<T> {
  /** The last answer; undefined before the first. */
  value = $state.raw<T>()
  /** Why there is no answer, or why the last one is not renewed. */
  refusal = $state<Refusal>()
  #ask: (signal: AbortSignal) => Promise<Result<T>>
  #asking: AbortController | undefined
  #answered: (() => void) | undefined

  constructor(ask: (signal: AbortSignal) => Promise<Result<T>>) {
    this.#ask = ask
    this.#answered = partOf()?.wait()
    $effect(() => {
      const again = () => document.visibilityState === 'visible' && void this.reload()
      void this.reload()
      const beat = setInterval(again, 60_000)
      document.addEventListener('visibilitychange', again)
      addEventListener('online', again)
      return () => {
        clearInterval(beat)
        document.removeEventListener('visibilitychange', again)
        removeEventListener('online', again)
        this.#asking?.abort()
        this.#answered?.()
      }
    })
  }

  reload = async () => {
    this.#asking?.abort()
    const asking = new AbortController()
    this.#asking = asking
    const said = await this.#ask(asking.signal)
    if (asking.signal.aborted) return
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.value = said.value
    this.#answered?.()
  }
}
