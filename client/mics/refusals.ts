import type { MicsRefusal } from '#shared/mics/wire.ts'

export const refusals = {
  'mics/not-here': {
    fr: 'Cette personne n’est plus dans la salle, ou y assiste sans micro.',
    en: 'This person is no longer in the room, or attends without a microphone.',
  },
} satisfies Record<MicsRefusal, { fr: string; en: string }>
