import type { DeckRefusal } from '#shared/deck/wire.ts'

export const refusals = {
  'deck/not-due': {
    fr: 'Cette question a déjà été révisée. Elle reviendra à sa date.',
    en: 'This question was reviewed already. It will come back on its day.',
  },
  'deck/no-answer': { fr: 'Cette réponse ne convient pas à la question.', en: 'This answer does not fit the question.' },
} satisfies Record<DeckRefusal, { fr: string; en: string }>
