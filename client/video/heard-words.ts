import type { NotHeard } from '#shared/video/wire.ts'
import { defineWords } from '#client/words/words.svelte.ts'
import type { App, Browser, System } from './browser.ts'
import { stepsToAllow } from './guide-words.ts'

export const words = defineWords({
  fr: {
    mutedButSpeaking: 'Vous parlez, micro coupé',
    quiet: 'Ne plus le dire cette fois',
    chooseOther: 'Choisir un autre micro',
    interrupted: 'Un appel ou l’écran verrouillé a pris votre micro : on ne vous entend plus. Il revient de lui-même dès que possible.',
    takeBack: 'Reprendre le micro',
    back: 'Votre micro est de retour : on vous entend.',
    echo: (name: string) => `Écho avec ${name} : êtes-vous dans la même pièce ? Un seul micro suffit : il porte aussi l’autre voix.`,
    echoClose: 'Couper mon micro',
    echoNot: 'Nous ne sommes pas ensemble',
    cut: 'Le son et l’image sont coupés, et reviendront d’eux-mêmes. Discussion, tableau et questions fonctionnent.',
    unreachable: (name: string) =>
      `Le son et l’image ne passent pas entre vous et ${name} : un pare-feu bloque peut-être. Vous vous lisez toujours dans la discussion.`,
    apart: (one: string, two: string) =>
      `${one} et ${two} ne se voient ni ne s’entendent : leurs réseaux ne se joignent pas. Tous deux vous lisent dans la discussion.`,
    echoClosed: (name: string) => `Micro coupé. On vous entend par celui de ${name}.`,
    send: 'Aider',
    sendTo: (name: string, why: string) => `Envoyer une aide à ${name} : ${why}`,
    sent: 'Aide envoyée',
    sentTo: (name: string) => `Aide envoyée à ${name}. Personne d’autre ne la voit.`,
    helpTitle: 'On ne vous entend pas',
    deafTitle: 'Vous n’entendez pas la salle',
    from: (name: string) => `${name} vous envoie ces étapes. L’équipe et vous êtes seuls à les voir.`,
    open: 'Activer le micro',
    tryAgain: 'Réessayer',
    reload: 'Recharger la page',
    test: 'Choisir et tester',
    hear: 'Entendre la salle',
    closeCamera: 'Couper ma caméra',
    say: 'Micro ouvert. Dites quelques mots : la barre doit bouger.',
    heardTitle: 'On vous entend',
    hearTitle: 'Vous entendez la salle',
    solved: 'Tout est réglé. Cette aide se ferme d’elle-même.',
    close: 'Fermer cette aide',
  },
  en: {
    mutedButSpeaking: 'You are speaking, but muted',
    quiet: 'Do not say so again this time',
    chooseOther: 'Choose another microphone',
    interrupted: 'A call or the locked screen took your microphone: you are not heard. It comes back by itself as soon as it can.',
    takeBack: 'Take the microphone back',
    back: 'Your microphone is back: you are heard.',
    echo: (name) => `Echo with ${name}: are you in the same room? One microphone is enough: it carries the other voice too.`,
    echoClose: 'Mute my microphone',
    echoNot: 'We are not together',
    cut: 'Sound and picture are cut off, and will come back by themselves. Chat, board and questions work.',
    unreachable: (name) =>
      `Sound and picture do not get through between you and ${name}: a firewall may be in the way. You can still write to each other.`,
    apart: (one, two) =>
      `${one} and ${two} neither see nor hear each other: their networks do not reach each other. Both read you in the chat.`,
    echoClosed: (name) => `Muted. You are heard through ${name}’s microphone.`,
    send: 'Help',
    sendTo: (name, why) => `Send help to ${name}: ${why}`,
    sent: 'Help sent',
    sentTo: (name) => `Help sent to ${name}. Nobody else sees it.`,
    helpTitle: 'You are not heard',
    deafTitle: 'You do not hear the room',
    from: (name) => `${name} sends you these steps. Only you and the team see them.`,
    open: 'Unmute microphone',
    tryAgain: 'Try again',
    reload: 'Reload the page',
    test: 'Choose and test',
    hear: 'Hear the room',
    closeCamera: 'Turn my camera off',
    say: 'Microphone on. Say a few words: the bar should move.',
    heardTitle: 'You are heard',
    hearTitle: 'You hear the room',
    solved: 'All is well. This help closes by itself.',
    close: 'Close this help',
  },
})

/** Why somebody is not heard, as the team reads it beside their name. */
export const reasons: Record<NotHeard, string> = defineWords({
  fr: {
    insecure: 'page sans HTTPS, pas de micro',
    refused: 'micro refusé par le navigateur',
    missing: 'aucun micro trouvé',
    busy: 'micro pris par un autre programme',
    unplugged: 'micro débranché',
    interrupted: 'micro pris par un appel ou l’écran verrouillé',
    silent: 'micro ouvert, mais rien n’en vient',
    full: 'sans son ni image : seize personnes y sont déjà',
    unable: 'sans son ni image : son navigateur n’en transmet pas',
    deaf: 'n’entend pas : son bloqué par le navigateur',
    link: 'liaison coupée ou bloquée',
    muted: 'micro coupé',
  },
  en: {
    insecure: 'page without HTTPS, no microphone',
    refused: 'microphone refused by the browser',
    missing: 'no microphone found',
    busy: 'microphone used by another program',
    unplugged: 'microphone unplugged',
    interrupted: 'microphone taken by a call or the locked screen',
    silent: 'microphone on, but nothing comes from it',
    full: 'without sound or picture: sixteen people have them already',
    unable: 'without sound or picture: their browser carries none',
    deaf: 'does not hear: sound blocked by the browser',
    link: 'connection cut or blocked',
    muted: 'muted',
  },
})

const steps = defineWords({
  fr: {
    insecure: 'Cette page n’est pas en HTTPS : aucun navigateur ne donne le micro. Demandez l’adresse sécurisée, qui commence par https.',
    without: 'En attendant, la discussion, la main, le tableau et les questions fonctionnent.',
    plug: 'Branchez un casque ou un micro, ou allumez votre casque sans fil.',
    plugBack: 'Rebranchez votre micro, ou choisissez-en un autre.',
    busy: 'Fermez l’autre programme ou l’autre onglet qui utilise le micro : une visioconférence, un dictaphone, un jeu.',
    call: 'Raccrochez l’appel en cours, ou revenez sur cette page et laissez l’écran allumé.',
    callBack: 'Le micro revient de lui-même ; sinon, reprenez-le ici.',
    button: 'Vérifiez que votre casque ou votre micro n’est pas coupé par son propre bouton ou sa tige.',
    other: 'Choisissez un autre micro dans la liste et parlez : la barre doit bouger.',
    levelWindows: 'Toujours rien ? Dans les Paramètres de Windows, « Son », montez le volume d’entrée.',
    levelMac: 'Toujours rien ? Dans les Réglages Système du Mac, « Son », « Entrée », montez le volume.',
    levelOther: 'Toujours rien ? Montez le volume d’entrée dans les réglages de son.',
    full: 'Seize personnes ont déjà le son et l’image dans cette salle. Une place se libère dès que l’une d’elles sort : rechargez alors la page.',
    renew: 'Ouvrez cette page dans Chrome, Edge, Firefox ou Safari à jour, sur cet appareil ou sur un autre.',
    deaf: 'Votre navigateur attend que vous touchiez la page avant d’en laisser sortir le son.',
    deafVolume: 'Vérifiez aussi le volume et, sur un téléphone, le bouton silencieux.',
    wifi: 'Rapprochez-vous de la borne Wi-Fi, ou passez au câble ou au partage de connexion.',
    camera: 'Coupez votre caméra et fermez ce qui télécharge : le son passe en premier.',
    firewall: 'Sur un réseau d’entreprise, un pare-feu ou un VPN bloque peut-être le son : essayez un autre réseau.',
    muted: 'Votre micro est coupé. Ouvrez-le quand vous voulez parler ; vous le couperez d’un clic.',
  },
  en: {
    insecure: 'This page is not on HTTPS: no browser gives the microphone. Ask for the secure address, which begins with https.',
    without: 'Meanwhile chat, hand, board and questions work.',
    plug: 'Plug in a headset or a microphone, or switch your wireless headset on.',
    plugBack: 'Plug your microphone in again, or choose another one.',
    busy: 'Close the other program or tab that uses the microphone: a video call, a recorder, a game.',
    call: 'End the call, or come back to this page and leave the screen on.',
    callBack: 'The microphone comes back by itself; if not, take it back here.',
    button: 'Check that your headset or microphone is not muted by its own button or boom.',
    other: 'Choose another microphone in the list and speak: the bar should move.',
    levelWindows: 'Still nothing? In Windows Settings, “Sound”, raise the input volume.',
    levelMac: 'Still nothing? In the Mac’s System Settings, “Sound”, “Input”, raise the volume.',
    levelOther: 'Still nothing? Raise the input volume in the sound settings.',
    full: 'Sixteen people already have sound and picture in this room. A place is free as soon as one of them leaves: reload the page then.',
    renew: 'Open this page in an up-to-date Chrome, Edge, Firefox or Safari, on this device or another.',
    deaf: 'Your browser waits for you to touch the page before it lets sound out.',
    deafVolume: 'Check the volume too and, on a phone, the silent switch.',
    wifi: 'Move closer to the Wi-Fi, or use a cable or a phone’s connection.',
    camera: 'Turn your camera off and close what is downloading: sound comes first.',
    firewall: 'On a company network a firewall or a VPN may block the sound: try another network.',
    muted: 'Your microphone is off. Open it when you want to speak; one click closes it.',
  },
})

/** What to do about it on this browser and system, in order. */
export function stepsFor(
  why: NotHeard,
  browser: Browser,
  system: System,
  app: App = browser === 'ios' ? 'safari' : 'other',
): readonly string[] {
  switch (why) {
    case 'insecure':
      return [steps.insecure, steps.without]
    case 'refused':
      return stepsToAllow({ browser, system, app }, 'mic')
    case 'missing':
      return [steps.plug, steps.other]
    case 'busy':
      return [steps.busy, steps.other]
    case 'unplugged':
      return [steps.plugBack, steps.other]
    case 'interrupted':
      return [steps.call, steps.callBack]
    case 'silent':
      return [
        steps.button,
        steps.other,
        system === 'windows' ? steps.levelWindows : system === 'mac' && browser !== 'ios' ? steps.levelMac : steps.levelOther,
      ]
    case 'full':
      return [steps.full, steps.without]
    case 'unable':
      return [steps.renew, steps.without]
    case 'deaf':
      return [steps.deaf, steps.deafVolume]
    case 'link':
      return [steps.wifi, steps.camera, steps.firewall]
    case 'muted':
      return [steps.muted]
  }
}
