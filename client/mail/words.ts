import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    title: 'Courriels',
    keptHere:
      'Aucun serveur de courrier n’est réglé : les messages restent ici, vous pouvez les lire et transmettre vous-même ce qu’ils contiennent.',
    sentBySmtp: 'Les messages partent par votre serveur de courrier. Le texte d’un message parti n’est pas gardé.',
    none: 'Aucun message pour l’instant',
    noneText: 'Les liens de connexion, les invitations et les rappels de séance apparaîtront ici.',
    list: 'Messages, du plus récent au plus ancien',
    to: (recipient: string) => `À ${recipient}`,
    older: 'Voir les plus anciens',
    states: { queued: 'En attente', sending: 'En cours d’envoi', sent: 'Envoyé', uncertain: 'Incertain', failed: 'Échoué' },
    kept: 'Gardé ici',
    uncertainText: 'Le serveur s’est arrêté pendant l’envoi : ce message est peut-être arrivé. Il n’est pas renvoyé de lui-même.',
    failedText: (error: string) => `Le serveur de courrier l’a refusé : « ${error} »`,
    noText: 'Ce message est parti ; son texte, qui ne regarde que son destinataire, n’est pas gardé.',
    invitation: 'Invitation de calendrier jointe',
    download: 'Télécharger (.ics)',
  },
  en: {
    title: 'Mail',
    keptHere: 'No mail server is set: messages stay here, where you can read them and pass on yourself what they hold.',
    sentBySmtp: 'Messages leave through your mail server. The text of a message that left is not kept.',
    none: 'No message yet',
    noneText: 'Sign-in links, invitations and session reminders will appear here.',
    list: 'Messages, newest first',
    to: (recipient) => `To ${recipient}`,
    older: 'See older ones',
    states: { queued: 'Waiting', sending: 'Being sent', sent: 'Sent', uncertain: 'Uncertain', failed: 'Failed' },
    kept: 'Kept here',
    uncertainText: 'The server stopped while sending: this message may have arrived. It is not sent again by itself.',
    failedText: (error) => `The mail server refused it: “${error}”`,
    noText: 'This message has left; its text concerns only its reader and is not kept.',
    invitation: 'Calendar invitation attached',
    download: 'Download (.ics)',
  },
})
