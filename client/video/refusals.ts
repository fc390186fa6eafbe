import type { VideoRefusal } from '#shared/video/wire.ts'

export const refusals = {
  'video/not-here': {
    fr: 'Cette personne n’est plus dans la salle, ou y assiste sans micro.',
    en: 'This person is no longer in the room, or attends without a microphone.',
  },
  'video/too-soon': {
    fr: 'Une aide vient de lui être envoyée. Laissez-lui une demi-minute avant d’en envoyer une autre.',
    en: 'Help was sent to them a moment ago. Give them half a minute before sending more.',
  },
  'video/no-seat': {
    fr: 'Votre place dans la salle n’est pas encore connue, ou n’est plus la vôtre. Rechargez la page.',
    en: 'Your seat in the room is not known yet, or no longer yours. Reload the page.',
  },
  'video/no-livekit': {
    fr: 'Ce serveur relie les navigateurs entre eux : rechargez la page.',
    en: 'This server links browsers to each other: reload the page.',
  },
} satisfies Record<VideoRefusal, { fr: string; en: string }>
