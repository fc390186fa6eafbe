import type { PathRefusal } from '#shared/path/wire.ts'

export const refusals = {
  'path/full': {
    fr: 'Ce parcours a déjà deux cents modules. Retirez-en avant d’en ajouter.',
    en: 'This path has two hundred modules already. Remove some before you add another.',
  },
  'path/no-such-module': {
    fr: 'Ce module n’est plus là. Choisissez-en un autre.',
    en: 'This module is no longer there. Choose another one.',
  },
  'path/too-many-activities': {
    fr: 'Ce parcours a déjà cinq cents activités. Retirez-en avant d’en ajouter.',
    en: 'This path has five hundred activities already. Remove some before you add another.',
  },
  'path/no-such-objective': {
    fr: 'Un des objectifs choisis n’est plus là. Rouvrez cette fenêtre et choisissez-en d’autres.',
    en: 'One of the objectives chosen is no longer there. Open this window again and choose others.',
  },
  'path/no-such-session': {
    fr: 'Cette séance n’est plus là. Choisissez-en une autre.',
    en: 'This session is no longer there. Choose another one.',
  },
  'path/no-such-activity': {
    fr: 'Une des activités à faire avant n’est plus là. Rouvrez cette fenêtre pour choisir parmi celles qui restent.',
    en: 'One of the activities to do before is no longer there. Open this window again to choose among those that remain.',
  },
  'path/no-such-file': {
    fr: 'Un des fichiers n’est plus là ou ne peut pas être montré ici. Retirez-le, puis ajoutez-le de nouveau.',
    en: 'One of the files is no longer there or cannot be shown here. Remove it, then add it again.',
  },
  'path/empty-work': {
    fr: 'Écrivez votre travail ou joignez un fichier avant de le rendre.',
    en: 'Write your work or attach a file before you hand it in.',
  },
  'path/waits-for-itself': {
    fr: 'Ces activités s’attendraient l’une l’autre : personne ne pourrait les ouvrir. Retirez-en une de « À faire avant ».',
    en: 'These activities would wait for each other: nobody could open them. Take one out of “To do before”.',
  },
  'path/other-kind': {
    fr: 'Une activité garde son type. Ajoutez-en une autre pour en changer.',
    en: 'An activity keeps its kind. Add another one to change it.',
  },
  'path/due-before-release': {
    fr: 'L’échéance vient avant l’ouverture : personne ne pourrait la tenir. Changez l’une des deux dates.',
    en: 'It is due before it opens: nobody could be on time. Change one of the two dates.',
  },
  'path/ends-before-starts': { fr: 'La fin vient avant le début.', en: 'It ends before it starts.' },
  'path/locked': {
    fr: 'Cette activité n’est pas encore ouverte. Votre parcours dit ce qu’elle attend.',
    en: 'This activity is not open yet. Your path says what it waits for.',
  },
  'path/meeting-full': {
    fr: 'Toutes les places sont prises. Si quelqu’un se désiste, vous pourrez vous inscrire ici.',
    en: 'All places are taken. If somebody cancels, you can sign up here.',
  },
  'path/not-markable': {
    fr: 'Cela ne se marque pas dans ce type d’activité. Rechargez la page.',
    en: 'This is not marked in this kind of activity. Reload the page.',
  },
  'path/objective-left-out': {
    fr: 'Il reste un objectif sans réponse, ou les objectifs viennent de changer. Rechargez la page : vos réponses enregistrées y sont.',
    en: 'One objective has no answer yet, or the objectives have just changed. Reload the page: your saved answers are there.',
  },
} satisfies Record<PathRefusal, { fr: string; en: string }>
