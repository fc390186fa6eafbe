import type { HandsRefusal } from '#shared/hands/wire.ts'

export const refusals = {
  'hands/floor-full': {
    fr: 'Deux personnes ont déjà la parole. Reprenez-la d’abord à l’une d’elles.',
    en: 'Two people already have the floor. Take it back from one of them first.',
  },
  'hands/not-here': {
    fr: 'Cette personne n’est plus dans la salle, ou y assiste sans prendre part.',
    en: 'This person is no longer in the room, or attends without taking part.',
  },
} satisfies Record<HandsRefusal, { fr: string; en: string }>
