import { defineWords } from '#client/words/words.svelte.ts'

/** What one’s own choice for the voice and the picture says, in the lobby as in the room. */
export const words = defineWords({
  fr: {
    lobbyTitle: 'Si la séance est enregistrée',
    lobbyOn: 'Cette séance est enregistrée en ce moment.',
    lobbyText:
      'Elle pourra être revue par les membres de la formation, pendant un an. Rien de vous n’est enregistré tant que vous ne l’acceptez pas.',
    voice: 'Enregistrer ma voix',
    image: 'Enregistrer mon image',
    imageHint: 'Caméra et écran partagé.',
  },
  en: {
    lobbyTitle: 'If the session is recorded',
    lobbyOn: 'This session is being recorded right now.',
    lobbyText: 'Members of the course will be able to watch it for a year. Nothing of you is recorded unless you agree.',
    voice: 'Record my voice',
    image: 'Record my image',
    imageHint: 'Camera and shared screen.',
  },
})
