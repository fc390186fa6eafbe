import type { Notice } from '#shared/notices/wire.ts'
import { api } from '#client/http.ts'
import { Fresh } from '#client/ui/fresh.svelte.ts'

/** One's notices, and how many of them are new. Made while a component starts. */
export class Notices {
  #fresh = new Fresh((signal) => api('GET /api/notices', { signal }))
  readonly list = $derived(this.#fresh.value)
  readonly refusal = $derived(this.#fresh.refusal)
  readonly unseen = $derived((this.list ?? []).filter(({ seen }) => !seen).length)

  /** All that is listed counts as seen; what comes meanwhile does not. */
  see = async () => {
    const newest: Notice | undefined = this.list?.[0]
    if (newest && this.unseen > 0) await api('POST /api/notices/seen', { body: { upTo: newest.id } })
  }
}
