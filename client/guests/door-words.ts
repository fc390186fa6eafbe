import { defineWords } from '#client/words/words.svelte.ts'

/** Of who comes by a guest link. */
export const words = defineWords({
  fr: {
    title: 'Vous êtes invité·e',
    noLink: 'Invitation à une séance',
    own: 'Vous dans l’enregistrement',
    over: 'La séance est terminée',
    early: 'La séance n’est pas encore ouverte',
    earlyText: (time: string) => `Vous pourrez entrer à partir de ${time}. Gardez ce lien, ou laissez cette page ouverte.`,
    name: 'Votre nom',
    nameHint: 'Les personnes de la séance le voient, suivi de « (invité·e) ». Il ne change plus ensuite.',
    needName: 'Écrivez votre nom.',
    go: 'Continuer',
    known: 'Ce que l’on saura de vous',
    knownName:
      'Votre nom, ce que vous écrivez, dites et répondez, et vos heures de présence, que l’équipe lit sur la feuille de la séance. Ni adresse, ni compte.',
    knownRecorded: 'Rien n’est enregistré de vous sans votre choix, et un lien pour vous seul·e permet de vous y opposer ensuite.',
    knownErased:
      'Votre nom et ce que vous avez écrit sont effacés trente jours après la séance. Un enregistrement auquel vous avez consenti est gardé comme celui du groupe.',
    knownDoor: 'Quelqu’un de l’équipe vous fait entrer. Vous ne voyez de la formation que cette séance.',
    member: 'Vous êtes membre de cette formation : entrez avec votre compte.',
    enter: 'Entrer avec mon compte',
  },
  en: {
    title: 'You are invited',
    noLink: 'Invitation to a session',
    own: 'You in the recording',
    over: 'The session is over',
    early: 'The session is not open yet',
    earlyText: (time) => `You can come in from ${time} on. Keep this link, or leave this page open.`,
    name: 'Your name',
    nameHint: 'The people in the session see it, followed by “(guest)”. It does not change afterwards.',
    needName: 'Write your name.',
    go: 'Continue',
    known: 'What will be known of you',
    knownName:
      'Your name, what you write, say and answer, and when you were there, which the team reads on the sheet of the session. No address, no account.',
    knownRecorded: 'Nothing of you is recorded unless you choose so, and a link for you alone lets you object afterwards.',
    knownErased:
      'Your name and what you wrote are erased thirty days after the session. A recording that you agreed to be in is kept as the group’s is.',
    knownDoor: 'Somebody of the team lets you in. Of the course you see this session only.',
    member: 'You belong to this course: come in with your account.',
    enter: 'Come in with my account',
  },
})
