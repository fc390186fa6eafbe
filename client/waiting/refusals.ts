import type { WaitingRefusal } from '#shared/waiting/wire.ts'

export const refusals = {
  'waiting/at-the-door': {
    fr: 'Cette séance a une salle d’attente : l’équipe vous fait entrer. Revenez à l’entrée pour le demander.',
    en: 'This session has a waiting room: the team lets you in. Go back to the entrance to ask.',
  },
  'waiting/too-soon': {
    fr: 'L’équipe vient de vous demander d’attendre. Redemandez dans une minute.',
    en: 'The team has just asked you to wait. Ask again in a minute.',
  },
} satisfies Record<WaitingRefusal, { fr: string; en: string }>
