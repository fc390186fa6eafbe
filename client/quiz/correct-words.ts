import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    versions: 'Versions et correction',
    versionsOf: 'Versions de la question',
    current: (n: number) => `Version ${n}, en cours`,
    until: (n: number, day: string) => `Version ${n}, jusqu’au ${day}`,
    answers: (n: number) => (n === 0 ? 'Aucune réponse' : n === 1 ? '1 réponse donnée' : `${n} réponses données`),
    correct: 'Corriger la bonne réponse',
    correctVersion: (n: number) => `Corriger la bonne réponse de la version ${n}`,
    correctLead:
      'Les résultats, les révisions et les quiz réussis sont recalculés. Les personnes dont la réponse est jugée autrement reçoivent un avis.',
    rightOne: 'Bonne réponse',
    rightOnes: 'Bonnes réponses',
    counts: 'La question compte',
    countsHint: 'Sinon, elle ne compte plus nulle part et quitte les révisions.',
    apply: 'Corriger et recalculer',
    done: 'C’est corrigé. Les résultats suivent.',
    corrected: 'La bonne réponse a été corrigée après coup.',
    explanation: 'Explication :',
    askedAlready:
      'Question déjà posée : votre changement fera une nouvelle version. Pour changer aussi les résultats obtenus, choisissez « Versions et correction ».',
  },
  en: {
    versions: 'Versions and correction',
    versionsOf: 'Versions of the question',
    current: (n) => `Version ${n}, in use`,
    until: (n, day) => `Version ${n}, until ${day}`,
    answers: (n) => (n === 0 ? 'No answers' : n === 1 ? '1 answer given' : `${n} answers given`),
    correct: 'Correct the right answer',
    correctVersion: (n) => `Correct the right answer of version ${n}`,
    correctLead: 'Results, revisions and passed quizzes are worked out again. Whoever’s answer is judged otherwise gets a notice.',
    rightOne: 'Right answer',
    rightOnes: 'Right answers',
    counts: 'The question counts',
    countsHint: 'Otherwise it no longer counts anywhere and leaves the revisions.',
    apply: 'Correct and work out again',
    done: 'Corrected. The results follow.',
    corrected: 'The right answer was corrected afterwards.',
    explanation: 'Explanation:',
    askedAlready:
      'This question was asked already: your change makes a new version. To change results too, choose “Versions and correction”.',
  },
})
