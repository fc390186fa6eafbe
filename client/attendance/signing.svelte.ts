import type { ToSign } from '#shared/attendance/wire.ts'
import { api } from '#client/http.ts'
import { toast } from '#client/ui/announce.svelte.ts'
import { Fresh } from '#client/ui/fresh.svelte.ts'
import { language, refusalWords } from '#client/words/words.svelte.ts'
import { words } from './words.ts'

/** What one may sign now, of one session or meeting or of all, and signing it. */
export class Signing {
  readonly #found = new Fresh((signal) => api('GET /api/attendance/to-sign', { query: { language: language.current }, signal }))
  readonly #event: string | undefined
  /** The one on its way. */
  busy = $state('')

  constructor(event?: string) {
    this.#event = event
  }

  get waiting(): readonly ToSign[] {
    return (this.#found.value ?? []).filter((each) => this.#event === undefined || each.event === this.#event)
  }

  /** Gives whether it is signed. */
  sign = async ({ spoc, event, half, statement }: ToSign): Promise<boolean> => {
    this.busy = event + half
    const said = await api('POST /api/spocs/:spoc/attendance/:event/sign', {
      params: { spoc, event },
      body: { half, language: language.current, statement },
    })
    this.busy = ''
    toast(said.ok ? words.thanks : refusalWords(said.code), { kind: said.ok ? 'good' : 'bad' })
    void this.#found.reload()
    return said.ok
  }
}
