import type { GuestsRefusal } from '#shared/guests/wire.ts'

export const refusals = {
  'guests/no-link': {
    fr: 'Ce lien ne mène nulle part. Il est incomplet, ou il a été remplacé : demandez-en un autre à la personne qui vous l’a donné.',
    en: 'This link leads nowhere. It is incomplete, or another one took its place: ask whoever gave it to you for a new one.',
  },
  'guests/over': {
    fr: 'Cette séance est terminée. Ce lien ne mène plus à rien.',
    en: 'This session is over. This link leads nowhere any more.',
  },
  'guests/early': {
    fr: 'Cette séance n’est pas encore ouverte. Revenez avec le même lien quinze minutes avant son début.',
    en: 'This session is not open yet. Come back with the same link fifteen minutes before it starts.',
  },
  'guests/name-taken': {
    fr: 'Quelqu’un du groupe porte ce nom. Ajoutez ce qui vous distingue, votre organisation par exemple.',
    en: 'Somebody in the group has this name. Add what sets you apart, your organisation for instance.',
  },
  'guests/no-name': {
    fr: 'Écrivez un nom d’une lettre au moins et de 60 signes au plus.',
    en: 'Write a name of at least one letter and at most 60 characters.',
  },
  'guests/full': {
    fr: 'Trente personnes sont déjà invitées à cette séance. L’équipe peut vous faire de la place.',
    en: 'Thirty guests have come to this session already. The team can make room for you.',
  },
  'guests/too-late': {
    fr: 'Trente jours ont passé depuis la séance : votre nom est effacé, et ce lien ne sert plus.',
    en: 'Thirty days have passed since the session: your name is erased, and this link is of no use any more.',
  },
} satisfies Record<GuestsRefusal, { fr: string; en: string }>
