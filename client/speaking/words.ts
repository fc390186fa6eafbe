import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    quiet: 'n’a pas encore parlé',
    writes: 'participe par écrit',
    spoke: (minutes: number) => (minutes === 0 ? 'a parlé un peu' : `a parlé ${minutes} min`),
    what: 'Temps de parole : vous seul·e le voyez',
    how: 'Votre navigateur l’estime d’après le son de chaque micro ouvert, jamais d’après les caméras. Rien n’en est envoyé, enregistré ni montré à d’autres ; il disparaît avec cet onglet. C’est un repère pour donner la parole, pas une note : on participe aussi en écrivant, en dessinant, en répondant.',
  },
  en: {
    quiet: 'has not spoken yet',
    writes: 'takes part in writing',
    spoke: (minutes) => (minutes === 0 ? 'spoke a little' : `spoke for ${minutes} min`),
    what: 'Speaking time: only you see it',
    how: 'Your browser estimates it from the sound of each open microphone, never from cameras. Nothing of it is sent, recorded or shown to others; it goes with this tab. It is there to help you give the floor, not to mark anybody: people also take part by writing, drawing and answering.',
  },
})
