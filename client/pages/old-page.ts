import { toast } from '#client/ui/announce.svelte.ts'
import { defineWords } from '#client/words/words.svelte.ts'

const words = defineWords({
  fr: {
    updated: 'Cercle vient d’être mis à jour. Terminez ce que vous écrivez ; la page suivante sera la nouvelle.',
    reload: 'Recharger maintenant',
  },
  en: {
    updated: 'Cercle has just been updated. Finish what you are writing; the next page will be the new one.',
    reload: 'Reload now',
  },
})

/** Tells, once for a page, that it is of an older release. */
export const tellOldPage = () => toast(words.updated, { kind: 'info', act: { label: words.reload, run: () => location.reload() } })
