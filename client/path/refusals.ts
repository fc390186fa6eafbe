import type { PathRefusal } from '#shared/path/wire.ts'

export const refusals = {
  'path/full': {
    fr: 'Ce parcours a déjà deux cents modules. Retirez-en avant d’en ajouter.',
    en: 'This path has two hundred modules already. Remove some before you add another.',
  },
  'path/no-such-module': {
    fr: 'Ce module n’est plus là. Choisissez-en un autre.',
    en: 'This module is no longer there. Choose another one.',
  },
} satisfies Record<PathRefusal, { fr: string; en: string }>
