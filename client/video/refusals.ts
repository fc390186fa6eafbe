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
} satisfies Record<VideoRefusal, { fr: string; en: string }>
