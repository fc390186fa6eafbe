import type { QuizRefusal } from '#shared/quiz/wire.ts'

export const refusals = {
  'quiz/already-open': {
    fr: 'Une question est déjà ouverte. Fermez-la avant d’en ouvrir une autre.',
    en: 'A question is already open. Close it before opening another.',
  },
  'quiz/already-asked': { fr: 'Cette question vient d’être posée.', en: 'This question has just been asked.' },
  'quiz/not-found': {
    fr: 'Cette question n’existe plus. Choisissez-en une autre ou écrivez-la maintenant.',
    en: 'This question no longer exists. Choose another one or type it now.',
  },
  'quiz/not-open': { fr: 'Cette question n’est plus ouverte.', en: 'This question is no longer open.' },
  'quiz/not-closed': { fr: 'Fermez la question avant de montrer les réponses.', en: 'Close the question before showing the answers.' },
  'quiz/no-such-choice': { fr: 'Ce choix n’existe pas dans cette question.', en: 'This choice does not exist in this question.' },
  'quiz/no-number': { fr: 'Écrivez un nombre, par exemple 12,5.', en: 'Write a number, such as 12.5.' },
  'quiz/revealed': {
    fr: 'Les réponses ont déjà été montrées : la vôtre n’a pas pu être prise en compte.',
    en: 'The answers have already been shown: yours could not be taken.',
  },
  'quiz/cancelled': { fr: 'Cette question a été retirée.', en: 'This question was withdrawn.' },
  'quiz/too-many': {
    fr: 'Cette salle a déjà 200 questions, c’est le plus qu’elle garde.',
    en: 'This room already has 200 questions, the most it keeps.',
  },
} satisfies Record<QuizRefusal, { fr: string; en: string }>
