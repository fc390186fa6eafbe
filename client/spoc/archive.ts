import type { Spoc } from '#shared/spoc/wire.ts'
import { archived } from '#client/archived.svelte.ts'
import { api } from '#client/http.ts'
import { toast } from '#client/ui/announce.svelte.ts'
import { refusalWords } from '#client/words/words.svelte.ts'
import { words } from './archive-words.ts'

/** Reopens a course and says so; gives it as it is now. */
export async function reopen(spoc: string): Promise<Spoc | undefined> {
  const said = await api('POST /api/spocs/:spoc/reopen', { params: { spoc } })
  toast(said.ok ? words.reopened : refusalWords(said.code), { kind: said.ok ? 'good' : 'bad' })
  if (!said.ok) return undefined
  archived.forget()
  return said.value
}
