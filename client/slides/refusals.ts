import type { SlidesRefusal } from '#shared/slides/wire.ts'

export const refusals = {
  'slides/not-found': {
    fr: 'Ce document ne fait plus partie de la séance.',
    en: 'This document is no longer part of the session.',
  },
  'slides/no-such-page': { fr: 'Ce document n’a pas cette page.', en: 'This document has no such page.' },
  'slides/not-shown': { fr: 'Ce document n’est plus montré.', en: 'This document is no longer shown.' },
  'slides/type': {
    fr: 'Seuls un PDF ou une image peuvent être montrés page par page. Enregistrez d’abord ce document en PDF.',
    en: 'Only a PDF or a picture can be shown page by page. Save this document as a PDF first.',
  },
  'slides/too-large': {
    fr: 'Ce PDF est trop lourd pour être montré : 50 Mo au plus. Enregistrez-le en taille réduite.',
    en: 'This PDF is too large to be shown: 50 MB at most. Save it in a smaller size.',
  },
  'slides/too-many-pages': {
    fr: 'Ce PDF a trop de pages : 300 au plus. Gardez celles que vous montrerez.',
    en: 'This PDF has too many pages: 300 at most. Keep those that you will show.',
  },
  'slides/locked': {
    fr: 'Ce PDF est protégé par un mot de passe. Enregistrez-le sans mot de passe.',
    en: 'This PDF is protected by a password. Save it without one.',
  },
  'slides/unreadable': {
    fr: 'Ce PDF ne peut pas être lu : il est abîmé ou incomplet. Enregistrez-le de nouveau.',
    en: 'This PDF cannot be read: it is damaged or incomplete. Save it again.',
  },
  'slides/full': {
    fr: 'Cette séance a déjà 30 documents. Retirez ceux dont vous n’avez plus besoin.',
    en: 'This session has 30 documents already. Remove those you no longer need.',
  },
} satisfies Record<SlidesRefusal, { fr: string; en: string }>
