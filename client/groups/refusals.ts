import type { GroupsRefusal } from '#shared/groups/wire.ts'

export const refusals = {
  'groups/open': {
    fr: 'Des groupes sont déjà ouverts. Fermez-les d’abord.',
    en: 'Groups are open already. Close them first.',
  },
  'groups/not-open': {
    fr: 'Ce groupe n’est plus ouvert.',
    en: 'This group is no longer open.',
  },
  'groups/twice': {
    fr: 'Quelqu’un est dans deux groupes à la fois. Répartissez à nouveau.',
    en: 'Somebody is in two groups at once. Share out again.',
  },
  'groups/not-here': {
    fr: 'Cette personne n’est pas encore venue dans la salle.',
    en: 'This person has not been in the room yet.',
  },
} satisfies Record<GroupsRefusal, { fr: string; en: string }>
