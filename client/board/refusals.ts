import type { BoardRefusal } from '#shared/board/wire.ts'

export const refusals = {
  'board/not-open': {
    fr: 'Le tableau n’est pas encore ouvert dans cette salle.',
    en: 'The board is not open in this room yet.',
  },
  'board/locked': {
    fr: 'Le tableau est verrouillé. Ce que vous avez dessiné est gardé ici, mais les autres ne le voient pas.',
    en: 'The board is locked. What you drew is kept here, but the others do not see it.',
  },
} satisfies Record<BoardRefusal, { fr: string; en: string }>
