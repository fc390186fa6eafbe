import type { ChatRefusal } from '#shared/chat/wire.ts'

export const refusals = {
  'chat/already-said': { fr: 'Ce message a déjà été envoyé.', en: 'This message was already sent.' },
} satisfies Record<ChatRefusal, { fr: string; en: string }>
