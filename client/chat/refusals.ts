import type { ChatRefusal } from '#shared/chat/wire.ts'

export const refusals = {
  'chat/already-said': { fr: 'Ce message a déjà été envoyé.', en: 'This message was already sent.' },
  'chat/not-yours': {
    fr: 'Ce message ne peut pas être retiré ni remis par vous.',
    en: 'This message is not yours to withdraw or to put back.',
  },
  'chat/too-late': {
    fr: 'Un message se retire dans les dix minutes. L’équipe peut encore le faire.',
    en: 'A message can be withdrawn within ten minutes. The team still can.',
  },
} satisfies Record<ChatRefusal, { fr: string; en: string }>
