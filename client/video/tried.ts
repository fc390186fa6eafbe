import type { Tried } from '#shared/preflight/rules.ts'
import type { Preview } from './preview.svelte.ts'

const found = { 'not-found': 'missing', 'in-use': 'busy', ended: 'busy' } as const

/** What a microphone or a camera that somebody tries was found to be, as far as this page knows. */
export function triedOf(preview: Preview, source: 'mic' | 'cam'): Tried {
  const fault = preview.faults[source]
  if (fault) return fault in found ? found[fault as keyof typeof found] : 'refused'
  if (!preview.on[source]) return 'untried'
  return (source === 'mic' ? preview.silent : preview.picture?.muted) ? 'nothing' : 'works'
}
