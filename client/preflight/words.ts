import type { Reason, Verdict } from '#shared/preflight/rules.ts'
import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    checking: 'Vérification de la connexion…',
    again: 'Vérifier de nouveau',
    told: 'L’équipe voit ce résultat, personne d’autre.',
    notTold: 'Ce résultat n’a pas pu être transmis à l’équipe.',
    teamTitle: 'Matériel et connexion',
    teamLead: 'Ce que chacun a vérifié avant la séance. Vous êtes seuls à le voir.',
    notChecked: 'pas encore vérifié',
    test: 'Vérifier mon matériel',
    testLead: 'Caméra, micro, son et connexion : deux minutes, pour entrer tranquille le jour venu.',
    done: 'Terminé',
  },
  en: {
    checking: 'Checking the connection…',
    again: 'Check again',
    told: 'The team sees this result, nobody else does.',
    notTold: 'This result could not be sent to the team.',
    teamTitle: 'Equipment and connection',
    teamLead: 'What each person checked before the session. Only you see it.',
    notChecked: 'not checked yet',
    test: 'Check my equipment',
    testLead: 'Camera, microphone, sound and connection: two minutes, for an easy start on the day.',
    done: 'Done',
  },
})

/** To the person. */
export const verdictWords: Record<Verdict, string> = defineWords({
  fr: {
    good: 'Tout va bien : le son et l’image passeront.',
    sound: 'Le son passera, l’image peut-être pas.',
    listen: 'Vous verrez et entendrez la séance, mais on ne vous entendra pas.',
    data: 'Sans son ni image : vous pourrez répondre, dessiner, écrire.',
  },
  en: {
    good: 'All is well: sound and picture will go through.',
    sound: 'Sound will go through, the picture perhaps not.',
    listen: 'You will see and hear the session, but you will not be heard.',
    data: 'Without sound or picture: you can answer, draw and write.',
  },
})

/** To the team, beside a name. */
export const verdictNames: Record<Verdict, string> = defineWords({
  fr: { good: 'tout va bien', sound: 'son oui, image peut-être pas', listen: 'entend, mais sans micro', data: 'sans son ni image' },
  en: { good: 'all is well', sound: 'sound yes, picture perhaps not', listen: 'hears, but has no microphone', data: 'no sound or picture' },
})

export const reasonNames: Record<Reason, string> = defineWords({
  fr: {
    unable: 'navigateur trop ancien',
    blocked: 'connexion directe bloquée',
    offline: 'serveur injoignable',
    slow: 'connexion lente',
    far: 'réponses tardives',
    unsteady: 'connexion irrégulière',
    relay: 'relais injoignable',
    'no-mic': 'pas de micro',
    'mic-refused': 'micro refusé',
    'mic-busy': 'micro déjà utilisé',
    'mic-silent': 'micro muet',
    'no-cam': 'pas de caméra',
    'cam-refused': 'caméra refusée',
    'cam-busy': 'caméra déjà utilisée',
    'cam-dark': 'caméra sans image',
  },
  en: {
    unable: 'browser too old',
    blocked: 'direct connection blocked',
    offline: 'server not reached',
    slow: 'slow connection',
    far: 'late answers',
    unsteady: 'unsteady connection',
    relay: 'relay not reached',
    'no-mic': 'no microphone',
    'mic-refused': 'microphone refused',
    'mic-busy': 'microphone in use',
    'mic-silent': 'silent microphone',
    'no-cam': 'no camera',
    'cam-refused': 'camera refused',
    'cam-busy': 'camera in use',
    'cam-dark': 'camera without picture',
  },
})

/** What to do about it. */
export const reasonSteps: Record<Reason, string> = defineWords({
  fr: {
    unable: 'Ouvrez Cercle dans Chrome, Edge, Firefox ou Safari à jour.',
    blocked:
      'Un pare-feu, un VPN ou une extension empêche le son et l’image : essayez un autre réseau, par exemple le partage de connexion.',
    offline: 'Le serveur ne répond pas : vérifiez votre connexion, puis vérifiez de nouveau.',
    slow: 'La connexion est lente : fermez ce qui télécharge, rapprochez-vous de la borne Wi-Fi ou passez au câble. Caméra coupée, le son passe mieux.',
    far: 'Les réponses tardent : un VPN ou un réseau chargé peut en être la cause. Essayez sans, ou un autre réseau.',
    unsteady: 'La connexion est irrégulière : rapprochez-vous de la borne Wi-Fi, ou passez au câble.',
    relay:
      'Le relais ne répond pas : sur un réseau d’entreprise, le son et l’image peuvent rester bloqués. Essayez un autre réseau, ou prévenez l’équipe.',
    'no-mic': 'Aucun micro : branchez un casque ou un micro.',
    'mic-refused': 'Le micro est refusé : suivez les étapes ci-dessus.',
    'mic-busy': 'Le micro est pris : fermez l’autre programme qui s’en sert.',
    'mic-silent': 'Rien ne vient du micro : vérifiez son propre bouton, ou choisissez-en un autre.',
    'no-cam': 'Aucune caméra : vous participez à la voix, c’est suffisant.',
    'cam-refused': 'La caméra est refusée : suivez les étapes ci-dessus, ou restez à la voix.',
    'cam-busy': 'La caméra est prise : fermez l’autre programme qui s’en sert.',
    'cam-dark': 'La caméra ne donne pas d’image : ouvrez son cache, ou choisissez-en une autre.',
  },
  en: {
    unable: 'Open Cercle in an up-to-date Chrome, Edge, Firefox or Safari.',
    blocked: 'A firewall, a VPN or an extension stops sound and picture: try another network, a phone’s connection for example.',
    offline: 'The server does not answer: check your connection, then check again.',
    slow: 'The connection is slow: close what is downloading, move closer to the Wi-Fi or use a cable. With the camera off, sound goes better.',
    far: 'Answers come late: a VPN or a busy network may be why. Try without, or another network.',
    unsteady: 'The connection is unsteady: move closer to the Wi-Fi, or use a cable.',
    relay: 'The relay does not answer: on a company network sound and picture may stay blocked. Try another network, or tell the team.',
    'no-mic': 'No microphone: plug in a headset or a microphone.',
    'mic-refused': 'The microphone is refused: follow the steps above.',
    'mic-busy': 'The microphone is taken: close the other program that uses it.',
    'mic-silent': 'Nothing comes from the microphone: check its own button, or choose another one.',
    'no-cam': 'No camera: you take part by voice, that is enough.',
    'cam-refused': 'The camera is refused: follow the steps above, or stay with the voice.',
    'cam-busy': 'The camera is taken: close the other program that uses it.',
    'cam-dark': 'The camera gives no picture: open its cover, or choose another one.',
  },
})
