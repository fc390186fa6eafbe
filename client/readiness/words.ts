import { defineWords } from '#client/words/words.svelte.ts'
import type { Verdict } from '#shared/readiness/rules.ts'

export const words = defineWords({
  fr: {
    title: 'Prêt pour de vrai ?',
    lead: 'Ce qui manque encore à ce serveur avant d’y accueillir une vraie formation, et comment y remédier.',
    stops: (n: number) => (n === 1 ? 'Une chose empêche encore de commencer.' : `${n} choses empêchent encore de commencer.`),
    ready: 'Rien n’empêche de commencer.',
    verdicts: { stops: 'À faire', limits: 'À savoir', good: 'En ordre' } as Record<Verdict, string>,
    mail: {
      title: 'Les messages',
      kept: (n: number) =>
        `Aucun message ne part de ce serveur${n > 0 ? ` (${n} attendent ici)` : ''} : invitations, liens de connexion et rappels restent dans la page Courriels. Chacun doit recevoir son lien de votre main.`,
      keptDo: 'Donnez l’adresse de votre serveur de courrier dans SMTP_URL et l’expéditeur dans MAIL_FROM, puis redémarrez.',
      failed: (n: number) =>
        n === 1
          ? 'Les messages partent, mais l’un d’eux n’est pas passé ou reste incertain.'
          : `Les messages partent, mais ${n} ne sont pas passés ou restent incertains.`,
      failedDo: 'La page Courriels dit lesquels, et pourquoi.',
      leaves: 'Les messages partent par votre serveur de courrier.',
    },
    address: {
      title: 'L’adresse du serveur',
      loopback: (address: string) => `L’adresse ${address} ne fonctionne que sur cette machine : personne d’autre ne peut entrer.`,
      loopbackDo:
        'Donnez l’adresse publique, en https://, dans PUBLIC_URL, et faites écouter le serveur (HOST) derrière un serveur mandataire ou avec TLS_CERT et TLS_KEY.',
      http: (address: string) =>
        `L’adresse ${address} n’est pas protégée (HTTPS) : les navigateurs n’y donnent ni micro ni caméra, et ce qui circule peut être lu.`,
      httpDo:
        'Mettez un certificat : TLS_CERT et TLS_KEY, ou un serveur mandataire qui s’en charge, et une adresse https:// dans PUBLIC_URL.',
      https: (address: string) => `${address}, en HTTPS.`,
    },
    video: {
      title: 'Se voir et s’entendre',
      none: 'Sans serveur STUN ni TURN, deux personnes de réseaux différents risquent de ne pas s’entendre.',
      noneDo: 'Nommez un serveur STUN et un serveur TURN dans ICE_SERVERS.',
      stun: 'Sans serveur TURN, une personne derrière un pare-feu d’entreprise risque de ne pas être entendue.',
      stunDo: 'Ajoutez un serveur TURN à ICE_SERVERS.',
      turn: 'Un serveur TURN relaie ceux que leur réseau retient.',
      rooms: (seen: number, heard: number, most: number) =>
        `Les navigateurs se relient entre eux : jusqu’à ${seen} personnes, toutes se voient et s’entendent ; jusqu’à ${heard}, toutes s’entendent. Au-delà et jusqu’à ${most}, tous voient et entendent l’équipe et deux personnes qui ont la parole ; ensuite, qui arrive entre sans son ni image et suit le tableau, les questions et la discussion.`,
      roomsDo: 'Pour des groupes plus grands, installez LiveKit (VIDEO=livekit, ou LIVEKIT_URL et ses deux clés).',
      livekit: 'LiveKit porte le son et l’image, et répond : chacun peut être vu et entendu, à trente aussi.',
      silent: 'LiveKit doit porter le son et l’image, et ne répond pas : personne ne se voit ni ne s’entend.',
      silentDo: 'Vérifiez que LiveKit tourne, que LIVEKIT_URL le joint et que ses deux clés sont les siennes, puis redémarrez.',
    },
    backup: {
      title: 'Les sauvegardes',
      never: 'Aucune sauvegarde n’a encore été faite : un disque perdu emporterait tout.',
      old: (days: number) => `La dernière sauvegarde date de ${days} jours.`,
      fresh: (days: number) =>
        days === 0
          ? 'La dernière sauvegarde date d’aujourd’hui.'
          : days === 1
            ? 'La dernière sauvegarde date d’hier.'
            : `La dernière sauvegarde date de ${days} jours.`,
      act: 'Lancez « npm run backup -- FICHIER » chaque nuit, même pendant une séance, et gardez le fichier sur une autre machine.',
      elsewhere: 'Les sauvegardes faites par un autre moyen (de PostgreSQL, du disque) ne se voient pas ici.',
    },
    disk: {
      title: 'Le disque',
      good: (left: string) => `Il reste ${left} sur le disque du serveur.`,
      low: (left: string) => `Il ne reste que ${left} : les enregistrements et les fichiers sont refusés, les séances continuent.`,
      full: (left: string) =>
        `Le disque est plein (il reste ${left}) : plus rien n’est enregistré, et personne ne se voit confirmer le contraire.`,
      act: 'Libérez de la place sur le disque de DATA_DIR : le serveur reprend de lui-même.',
    },
    demonstration: {
      title: 'La démonstration',
      there: 'La formation de démonstration est là, avec des comptes dont les mots de passe s’affichent à chaque démarrage.',
      thereDo:
        'Ouvrez l’adresse de ce serveur sur sa propre machine et choisissez « Commencer pour de vrai », ou donnez au serveur un autre DATA_DIR, vide, et DEMO=off.',
      none: 'Aucune donnée de démonstration.',
    },
    help: 'Aider quelqu’un à entrer',
    helpLead: 'Un lien de connexion à transmettre vous-même. Il sert une fois ; la personne est avertie que vous l’avez créé.',
    helpEmail: 'Adresse e-mail de la personne',
    helpAct: 'Créer le lien',
  },
  en: {
    title: 'Ready for real?',
    lead: 'What this server still lacks before it welcomes a real course, and how to mend it.',
    stops: (n) => (n === 1 ? 'One thing still stops you from starting.' : `${n} things still stop you from starting.`),
    ready: 'Nothing stops you from starting.',
    verdicts: { stops: 'To do', limits: 'To know', good: 'In order' },
    mail: {
      title: 'Messages',
      kept: (n) =>
        `No message leaves this server${n > 0 ? ` (${n} wait here)` : ''}: invitations, sign-in links and reminders stay on the page Mail. Everybody must get their link from your hand.`,
      keptDo: 'Give the address of your mail server in SMTP_URL and the sender in MAIL_FROM, then restart.',
      failed: (n) =>
        n === 1
          ? 'Messages leave, but one of them did not go through or is uncertain.'
          : `Messages leave, but ${n} did not go through or are uncertain.`,
      failedDo: 'The page Mail says which, and why.',
      leaves: 'Messages leave through your mail server.',
    },
    address: {
      title: 'The server’s address',
      loopback: (address) => `The address ${address} works on this machine only: nobody else can come in.`,
      loopbackDo:
        'Give the public address, beginning with https://, in PUBLIC_URL, and have the server listen (HOST) behind a proxy or with TLS_CERT and TLS_KEY.',
      http: (address) =>
        `The address ${address} is not protected (HTTPS): browsers give neither microphone nor camera there, and what travels can be read.`,
      httpDo: 'Add a certificate: TLS_CERT and TLS_KEY, or a proxy that takes care of it, and an https:// address in PUBLIC_URL.',
      https: (address) => `${address}, over HTTPS.`,
    },
    video: {
      title: 'Seeing and hearing each other',
      none: 'Without a STUN or TURN server, two people of different networks may not hear each other.',
      noneDo: 'Name a STUN and a TURN server in ICE_SERVERS.',
      stun: 'Without a TURN server, somebody behind a company’s firewall may not be heard.',
      stunDo: 'Add a TURN server to ICE_SERVERS.',
      turn: 'A TURN server relays those whom their network holds back.',
      rooms: (seen, heard, most) =>
        `Browsers link to each other: up to ${seen} people all see and hear each other; up to ${heard} all hear each other. Beyond that and up to ${most}, everybody sees and hears the team and two people who have the floor; after that, who comes joins without sound or picture and follows the board, the questions and the discussion.`,
      roomsDo: 'For larger groups install LiveKit (VIDEO=livekit, or LIVEKIT_URL and its two keys).',
      livekit: 'LiveKit carries sound and picture, and answers: everybody may be seen and heard, thirty people too.',
      silent: 'LiveKit is to carry sound and picture, and does not answer: nobody sees or hears anybody.',
      silentDo: 'Check that LiveKit runs, that LIVEKIT_URL reaches it and that its two keys are its own, then restart.',
    },
    backup: {
      title: 'Backups',
      never: 'No backup was ever made: a lost disk would take everything with it.',
      old: (days) => `The last backup is ${days} days old.`,
      fresh: (days) =>
        days === 0
          ? 'The last backup was made today.'
          : days === 1
            ? 'The last backup was made yesterday.'
            : `The last backup is ${days} days old.`,
      act: 'Run “npm run backup -- FILE” every night, during a session too, and keep the file on another machine.',
      elsewhere: 'Backups made by other means (of PostgreSQL, of the disk) are not seen here.',
    },
    disk: {
      title: 'The disk',
      good: (left) => `${left} are left on the server’s disk.`,
      low: (left) => `Only ${left} are left: recordings and files are refused, sessions go on.`,
      full: (left) => `The disk is full (${left} left): nothing is saved any more, and nobody is told that it is.`,
      act: 'Make room on the disk of DATA_DIR: the server goes on by itself.',
    },
    demonstration: {
      title: 'The demonstration',
      there: 'The demonstration course is there, with accounts whose passwords are printed at each start.',
      thereDo:
        'Open this server’s address on its own machine and choose “Begin for real”, or give the server another, empty DATA_DIR and DEMO=off.',
      none: 'No demonstration data.',
    },
    help: 'Help somebody in',
    helpLead: 'A sign-in link that you hand over yourself. It works once; the person is told that you created it.',
    helpEmail: 'The person’s e-mail address',
    helpAct: 'Create the link',
  },
})
