import type { InboxRefusal } from '#shared/inbox/wire.ts'

export const refusals = {
  'inbox/withdrawn': { fr: 'La personne a retiré sa question entre-temps.', en: 'The person withdrew this question meanwhile.' },
  'inbox/answered': {
    fr: 'L’équipe a répondu entre-temps : la question ne peut plus être retirée.',
    en: 'The team answered meanwhile: the question can no longer be withdrawn.',
  },
  'inbox/not-team': { fr: 'Cette personne n’est pas de l’équipe de ce SPOC.', en: 'This person is not on the team of this course.' },
  'inbox/no-such-place': {
    fr: 'La page d’où vous posez la question n’est plus là. Posez-la depuis la page de la formation.',
    en: 'The page you ask from is no longer there. Ask from the page of the course.',
  },
} satisfies Record<InboxRefusal, { fr: string; en: string }>
