import type { Role } from '#shared/spoc/rules.ts'
import { defineWords } from '#client/words/words.svelte.ts'

/** What is said of the faces and screens in a room. */
export const words = defineWords({
  fr: {
    share: 'Écran',
    shareOn: 'Partager mon écran',
    shareOff: 'Arrêter le partage',
    touchToHear: 'Touchez pour entendre',
    reconnecting: 'Reconnexion…',
    strip: 'Visages',
    people: 'Personnes',
    you: 'vous',
    screenOf: (name: string) => `Écran de ${name}`,
    yourScreen: 'Vous partagez votre écran. Les autres le voient en grand.',
    face: (name: string, told: string) => `${name}, ${told}`,
    saysMicOn: 'micro ouvert',
    saysMicOff: 'micro coupé',
    saysLost: 'reconnexion en cours',
    saysPoor: 'liaison faible',
    saysBare: 'participe sans son ni image',
    saysHand: 'main levée',
    saysScreen: 'partage son écran',
    saysPinned: 'épinglé pour vous',
    saysLarge: 'en grand',
    alone: 'Personne d’autre n’est là pour l’instant.',
  },
  en: {
    share: 'Screen',
    shareOn: 'Share my screen',
    shareOff: 'Stop sharing',
    touchToHear: 'Tap to hear',
    reconnecting: 'Reconnecting…',
    strip: 'Faces',
    people: 'People',
    you: 'you',
    screenOf: (name) => `${name}’s screen`,
    yourScreen: 'You are sharing your screen. The others see it in large.',
    face: (name, told) => `${name}, ${told}`,
    saysMicOn: 'microphone on',
    saysMicOff: 'microphone off',
    saysLost: 'reconnecting',
    saysPoor: 'weak connection',
    saysBare: 'takes part without sound or picture',
    saysHand: 'hand raised',
    saysScreen: 'shares their screen',
    saysPinned: 'pinned for you',
    saysLarge: 'in large',
    alone: 'Nobody else is here for now.',
  },
})

export const roleNames: Record<Role, string> = defineWords({
  fr: { owner: 'responsable', trainer: 'formateur', mentor: 'mentor', learner: '', observer: 'observateur', guest: '' },
  en: { owner: 'owner', trainer: 'trainer', mentor: 'mentor', learner: '', observer: 'observer', guest: '' },
})
