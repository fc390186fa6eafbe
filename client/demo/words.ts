import { defineWords } from '#client/words/words.svelte.ts'

/** Choosing who to be, and beginning for real. */
export const words = defineWords({
  fr: {
    title: 'Qui voulez-vous être ?',
    lead: 'Une formation de démonstration vous attend. Entrez à la place de quelqu’un, sans mot de passe : rien ne quitte cette machine.',
    claire: 'Claire, formatrice',
    claireAct: 'Animer la séance en cours',
    ways: {
      awa: 'Apprenante : participer',
      louis: 'Apprenant, à l’heure de La Réunion',
      marc: 'Mentor : suivre et accompagner',
      nadia: 'Responsable : organiser la formation',
      helene: 'Administratrice du serveur',
    } as Record<string, string>,
    others: 'Ou quelqu’un d’autre',
    several: 'Chaque personne a sa propre adresse : ouvrez-en plusieurs dans le même navigateur.',
    notFound: 'Votre navigateur ne trouve pas ces adresses en .localhost ?',
    stay: 'Entrer à cette adresse-ci, une personne à la fois',
    stays: 'Vous entrerez à cette adresse-ci, une personne à la fois.',
    account: 'Se connecter avec un compte',
    entering: 'Vous entrez…',
    notHere: 'Il n’y a pas de démonstration ici, ou elle n’est montrée que sur la machine où elle tourne.',
    over: 'Ce passage a déjà servi. Choisissez de nouveau.',
    banner: 'Démonstration',
    bannerText: 'Essayez tout : rien de ce que vous faites ici n’engage personne.',
    change: 'Changer de personne',
    begin: 'Commencer pour de vrai',
    beginLead: 'La démonstration est retirée, et ce serveur est à vous.',
    beginGone:
      'Sont supprimés, pour de bon : les comptes de la démonstration, sa formation, ses séances, ses fichiers, et tout ce que vous y avez fait.',
    beginAlso: (accounts: number, courses: number) =>
      `Sont supprimés aussi : ${accounts === 1 ? 'le compte' : `les ${accounts} comptes`}${courses === 0 ? '' : courses === 1 ? ' et la formation' : ` et les ${courses} formations`} que vous avez créés vous-même.`,
    beginAlsoCourses: (courses: number) =>
      courses === 1
        ? 'Est supprimée aussi : la formation que vous avez créée vous-même.'
        : `Sont supprimées aussi : les ${courses} formations que vous avez créées vous-même.`,
    beginNext:
      'Ensuite, vous créez le premier compte, qui administre ce serveur. La démonstration ne revient pas aux prochains démarrages.',
    beginSure: 'Je veux tout supprimer et commencer',
    beginAct: 'Supprimer et commencer',
    beginChanged: 'Un compte a été créé entre-temps. Relisez ce qui sera supprimé.',
    cancel: 'Rester dans la démonstration',
  },
  en: {
    title: 'Who would you like to be?',
    lead: 'A demonstration course is waiting. Come in as somebody, without a password: nothing leaves this machine.',
    claire: 'Claire, trainer',
    claireAct: 'Lead the session in progress',
    ways: {
      awa: 'Learner: take part',
      louis: 'Learner, on the time of Réunion',
      marc: 'Mentor: follow and support',
      nadia: 'Owner: organise the course',
      helene: 'Administrator of the server',
    },
    others: 'Or somebody else',
    several: 'Each person has their own address: open several in the same browser.',
    notFound: 'Your browser does not find these .localhost addresses?',
    stay: 'Come in at this address, one person at a time',
    stays: 'You will come in at this address, one person at a time.',
    account: 'Sign in with an account',
    entering: 'Coming in…',
    notHere: 'There is no demonstration here, or it is shown only on the machine that runs it.',
    over: 'This way in was used already. Choose again.',
    banner: 'Demonstration',
    bannerText: 'Try everything: nothing you do here commits anybody.',
    change: 'Be somebody else',
    begin: 'Begin for real',
    beginLead: 'The demonstration is removed, and this server is yours.',
    beginGone: 'Deleted for good: the accounts of the demonstration, its course, its sessions, its files, and everything you did in it.',
    beginAlso: (accounts, courses) =>
      `Also deleted: the ${accounts === 1 ? 'account' : `${accounts} accounts`}${courses === 0 ? '' : courses === 1 ? ' and the course' : ` and the ${courses} courses`} that you made yourself.`,
    beginAlsoCourses: (courses) => `Also deleted: the ${courses === 1 ? 'course' : `${courses} courses`} that you made yourself.`,
    beginNext: 'Then you make the first account, which administers this server. The demonstration does not come back at later starts.',
    beginSure: 'I want to delete everything and begin',
    beginAct: 'Delete and begin',
    beginChanged: 'An account was made meanwhile. Read again what will be deleted.',
    cancel: 'Stay in the demonstration',
  },
})
