import type { AloneRefusal } from '#shared/quiz/alone.wire.ts'
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
  'quiz/not-revealed': {
    fr: 'Les réponses n’ont pas encore été montrées : retirez la question ou montrez-les d’abord.',
    en: 'The answers were not shown yet: withdraw the question, or show them first.',
  },
  'quiz/no-such-key': { fr: 'Cette bonne réponse ne convient pas à la question.', en: 'This right answer does not fit the question.' },
  'quiz/bank-full': {
    fr: 'La banque garde 500 questions au plus. Supprimez celles qui ne servent plus.',
    en: 'The bank keeps 500 questions at most. Delete those you no longer use.',
  },
  'quiz/no-questions': { fr: 'Ce quiz n’a pas encore de questions.', en: 'This quiz has no questions yet.' },
  'quiz/no-try-left': { fr: 'Tous les essais ont été faits.', en: 'All the tries were taken.' },
  'quiz/over': {
    fr: 'La date limite est passée et les bonnes réponses ont été montrées : il n’y a plus d’autre essai.',
    en: 'The due date is past and the right answers were shown: there is no further try.',
  },
  'quiz/handed-in': { fr: 'Cet essai a déjà été rendu.', en: 'This try was handed in already.' },
  'quiz/checked': { fr: 'Cette réponse a été vérifiée et ne change plus.', en: 'This answer was checked and can no longer change.' },
  'quiz/no-answer': { fr: 'Cette réponse ne convient pas à la question.', en: 'This answer does not fit the question.' },
} satisfies Record<QuizRefusal | AloneRefusal, { fr: string; en: string }>
