import { defineWords } from '#client/words/words.svelte.ts'

/** A new address, one’s own data, the end of an account. */
export const words = defineWords({
  fr: {
    changeEmail: 'Changer d’adresse e-mail',
    changeEmailLead: 'La nouvelle adresse compte une fois confirmée par le lien qui y arrive. L’ancienne est prévenue.',
    noMailEmail: (whom: string) =>
      `Ce serveur n’envoie pas de messages : une adresse ne peut pas y être confirmée.${whom ? ` Demandez à ${whom} de changer la vôtre.` : ''}`,
    askEmail: 'Recevoir le lien de confirmation',
    emailAsked: (email: string) => `Ouvrez le lien envoyé à ${email}. D’ici là, votre adresse reste la même.`,
    confirmTitle: 'Votre nouvelle adresse',
    confirmLead: 'Confirmez que cette adresse devient celle de votre compte. L’ancienne est prévenue.',
    confirm: 'Confirmer cette adresse',
    confirmed: (email: string) => `Votre adresse est maintenant ${email}.`,
    noConfirmLink: 'Ce lien est incomplet. Ouvrez-le de nouveau en entier, ou demandez-en un autre depuis votre compte.',
    confirmOver:
      'Ce lien a déjà servi, n’est plus valable, ou n’est pas celui du compte connecté ici. Demandez-en un autre depuis votre compte.',
    backToAccount: 'Revenir à mon compte',
    data: 'Mes données',
    dataLead:
      'Tout ce que Cercle garde de vous, dans une archive de fichiers ordinaires : messages, travaux, réponses, présence, attestations.',
    dataAct: 'Télécharger mes données',
    erase: 'Effacer mon compte',
    eraseLead: 'Votre nom, votre adresse et vos mots disparaissent de Cercle, pour de bon.',
    eraseAsk: 'Effacer votre compte pour de bon ?',
    eraseGoes:
      'Disparaissent : votre nom, votre adresse, votre photo, vos messages, vos questions, vos travaux et leurs fichiers, vos réponses écrites, vos notes.',
    eraseStays:
      'Restent : que vous étiez là, que vous avez rendu un travail, réussi un quiz. Si vous avez participé à une séance ou reçu une attestation, les feuilles de présence et les attestations gardent votre nom, comme la loi le demande.',
    eraseCalls:
      'Vos entretiens à venir sont annulés et les personnes concernées prévenues. Les films où l’on vous voit ou vous entend sont masqués jusqu’à ce que l’équipe ait agi.',
    eraseSure: 'Je comprends que rien de cela ne peut être retrouvé',
    needSure: 'Cochez cette case pour effacer votre compte.',
    erased: 'Votre compte est effacé.',
  },
  en: {
    changeEmail: 'Change the e-mail address',
    changeEmailLead: 'The new address counts once it is confirmed by the link that arrives there. The old one is told.',
    noMailEmail: (whom) => `This server sends no messages: no address can be confirmed here.${whom ? ` Ask ${whom} to change yours.` : ''}`,
    askEmail: 'Send me the confirmation link',
    emailAsked: (email) => `Open the link sent to ${email}. Until then your address stays the same.`,
    confirmTitle: 'Your new address',
    confirmLead: 'Confirm that this address becomes that of your account. The old one is told.',
    confirm: 'Confirm this address',
    confirmed: (email) => `Your address is now ${email}.`,
    noConfirmLink: 'This link is incomplete. Open it again in full, or ask for another one from your account.',
    confirmOver:
      'This link was used already, is no longer valid, or is not that of the account signed in here. Ask for another one from your account.',
    backToAccount: 'Back to my account',
    data: 'My data',
    dataLead:
      'Everything that Cercle keeps about you, in an archive of ordinary files: messages, works, answers, attendance, certificates.',
    dataAct: 'Download my data',
    erase: 'Erase my account',
    eraseLead: 'Your name, your address and your words disappear from Cercle, for good.',
    eraseAsk: 'Erase your account for good?',
    eraseGoes:
      'What disappears: your name, your address, your picture, your messages, your questions, your works and their files, your written answers, your notes.',
    eraseStays:
      'What stays: that you were there, that you handed in a work, passed a quiz. If you took part in a session or received a certificate, attendance sheets and certificates keep your name, as the law asks.',
    eraseCalls:
      'Your coming calls are cancelled and those concerned are told. Films where you are seen or heard are hidden until the team has acted.',
    eraseSure: 'I understand that none of this can be found again',
    needSure: 'Tick this box to erase your account.',
    erased: 'Your account is erased.',
  },
})
