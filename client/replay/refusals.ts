import type { ReplayRefusal } from '#shared/replay/wire.ts'

export const refusals = {
  'replay/no-such-question': { fr: 'Cette question n’est pas dans la séance.', en: 'This question is not in the session.' },
  'replay/answered': {
    fr: 'Vous avez déjà répondu ; la première réponse compte.',
    en: 'You have answered already; the first answer counts.',
  },
} satisfies Record<ReplayRefusal, { fr: string; en: string }>
