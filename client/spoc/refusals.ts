import type { InviteRefusal } from '#shared/spoc/invite.wire.ts'
import type { SpocRefusal } from '#shared/spoc/wire.ts'

export const refusals = {
  'spoc/full': {
    fr: 'Toutes les places sont prises. La personne responsable peut en ajouter, ou en libérer une.',
    en: 'All the places are taken. The owner can add some, or free one.',
  },
  'spoc/capacity-below-learners': {
    fr: 'Il y a déjà plus d’apprenants que cela. Choisissez un nombre de places au moins égal.',
    en: 'There are already more learners than that. Choose at least as many places.',
  },
  'spoc/last-owner': {
    fr: 'Une formation garde toujours un responsable. Donnez d’abord ce rôle à quelqu’un d’autre.',
    en: 'A course always keeps one owner. Give this role to somebody else first.',
  },
  'spoc/not-an-owner': {
    fr: 'Une personne responsable ne peut pas être suspendue. Changez d’abord son rôle.',
    en: 'An owner cannot be suspended. Change their role first.',
  },
  'spoc/suspended': {
    fr: 'Votre accès à cette formation est suspendu. La personne responsable peut le rétablir.',
    en: 'Your access to this course is suspended. Its owner can restore it.',
  },
  'spoc/not-a-taker': {
    fr: 'Cette personne ne peut pas prendre le relais : choisissez un autre membre de l’équipe.',
    en: 'This person cannot take over: choose another member of the team.',
  },
  'spoc/archived': {
    fr: 'Cette formation est archivée : tout s’y lit, rien ne s’y écrit plus. Une personne responsable peut la rouvrir.',
    en: 'This course is archived: everything can be read, nothing can be written any more. An owner can reopen it.',
  },
  'spoc/ends-before-starts': {
    fr: 'La formation se termine avant de commencer. Vérifiez les deux dates.',
    en: 'The course ends before it starts. Check the two dates.',
  },
  'spoc/invitation-not-found': {
    fr: 'Cette invitation n’existe pas, ou plus. Vérifiez que le lien a été ouvert en entier, ou demandez-en un autre à la personne qui vous a invité·e.',
    en: 'This invitation does not exist, or no longer. Check that the whole link was opened, or ask the person who invited you for another one.',
  },
  'spoc/invitation-expired': { fr: 'Cette invitation a expiré.', en: 'This invitation has expired.' },
  'spoc/invitation-revoked': {
    fr: 'Cette invitation a été annulée. La personne qui vous a invité·e peut vous en dire la raison.',
    en: 'This invitation was cancelled. The person who invited you can tell you why.',
  },
  'spoc/invitation-used': {
    fr: 'Ce lien a déjà servi. Si c’était vous, connectez-vous : la formation est dans votre liste.',
    en: 'This link was used already. If that was you, sign in: the course is in your list.',
  },
  'spoc/invitation-still-open': {
    fr: 'Ce lien fonctionne encore : rechargez la page pour rejoindre la formation.',
    en: 'This link still works: reload the page to join the course.',
  },
  'spoc/wrong-code': {
    fr: 'Cette adresse et ce code ne vont pas ensemble. Après cinq essais le code s’éteint : demandez alors qu’on vous renvoie l’invitation.',
    en: 'This address and this code do not match. After five tries the code stops working: ask for the invitation to be sent again.',
  },
  'spoc/already-invited': {
    fr: 'Cette adresse est déjà invitée, ou celle d’un membre.',
    en: 'This address is invited already, or a member’s.',
  },
  'spoc/no-sign-in-link': {
    fr: 'Vous ne pouvez pas créer de lien de connexion pour cette personne : elle administre le serveur, vient d’une autre organisation ou suit aussi d’autres formations. Un administrateur du serveur peut l’aider.',
    en: 'You cannot create a sign-in link for this person: they administer the server, come from another organisation or belong to other courses too. An administrator of the server can help them.',
  },
  'spoc/nobody-there': { fr: 'Personne n’a de compte à cette adresse.', en: 'Nobody has an account with this address.' },
} satisfies Record<SpocRefusal | InviteRefusal, { fr: string; en: string }>
