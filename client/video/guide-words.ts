import { defineWords } from '#client/words/words.svelte.ts'
import type { App, Here, RefusedBy, System } from './browser.ts'
import type { FaultCode } from './media-room.ts'

/** What is missing: one of them, or both for one reason. */
export type Wanted = 'mic' | 'cam' | 'both'

export const words = defineWords({
  fr: {
    browser: 'le navigateur',
    system: 'l’appareil',
    refused: (what: string) => `Le navigateur n’a pas l’autorisation. L’accès ${what} est refusé à cette page.`,
    closed: (what: string) => `La question sur l’accès ${what} n’a pas reçu de réponse.`,
    bySystem: (system: string, app: string, what: string) => `L’accès ${what} est bloqué par ${system} pour ${app}.`,
    inside: 'Cette page est ouverte à l’intérieur d’une autre application, qui ne donne ni micro ni caméra.',
    missing: {
      mic: 'Aucun appareil trouvé. Il manque un micro.',
      cam: 'Aucun appareil trouvé. Il manque une caméra.',
      both: 'Aucun appareil trouvé. Il manque un micro et une caméra.',
    },
    busy: {
      mic: 'Le micro est déjà utilisé.',
      cam: 'La caméra est déjà utilisée.',
      both: 'Le micro et la caméra sont déjà utilisés.',
    },
    of: { mic: 'au micro', cam: 'à la caméra', both: 'au micro et à la caméra' },
    watching: 'Dès que c’est fait, cette page le voit et reprend d’elle-même.',
    solved: 'C’est réglé : l’appareil est ouvert.',
  },
  en: {
    browser: 'the browser',
    system: 'the device',
    refused: (what) => `The browser has no permission. This page is refused ${what}.`,
    closed: (what) => `The question about ${what} was left without an answer.`,
    bySystem: (system, app, what) => `${system} keeps ${what} from ${app}.`,
    inside: 'This page is open inside another app, which gives neither microphone nor camera.',
    missing: {
      mic: 'No device found. A microphone is missing.',
      cam: 'No device found. A camera is missing.',
      both: 'No device found. A microphone and a camera are missing.',
    },
    busy: {
      mic: 'The microphone is in use already.',
      cam: 'The camera is in use already.',
      both: 'The microphone and the camera are in use already.',
    },
    of: { mic: 'the microphone', cam: 'the camera', both: 'the microphone and the camera' },
    watching: 'As soon as it is done this page notices and goes on by itself.',
    solved: 'It works now: the device is open.',
  },
})

const apps: Partial<Record<App, string>> = {
  chrome: 'Chrome',
  edge: 'Edge',
  samsung: 'Samsung Internet',
  firefox: 'Firefox',
  safari: 'Safari',
}
const appName = (app: App) => apps[app] ?? words.browser
const systems: Partial<Record<System, string>> = { windows: 'Windows', mac: 'macOS' }
const systemName = ({ browser, system }: Here) =>
  browser === 'ios' ? 'iOS' : browser === 'android' ? 'Android' : (systems[system] ?? words.system)

type Way = 'chrome' | 'edge' | 'firefox' | 'safari' | 'ios' | 'iosApp' | 'android' | 'samsung' | 'androidFirefox'

/** Names of the switches, as browsers and systems write them. */
const switches: Record<Wanted, string> = defineWords({
  fr: { mic: '« Microphone »', cam: '« Caméra »', both: '« Microphone » et « Caméra »' },
  en: { mic: '“Microphone”', cam: '“Camera”', both: '“Microphone” and “Camera”' },
})

/** Where the permission is, by browser. */
const allow: Record<Way, (what: string, app: string) => string> = defineWords({
  fr: {
    chrome: (what: string) => `Cliquez sur l’icône de réglages à gauche de l’adresse de la page, puis activez ${what}.`,
    edge: (what: string) =>
      `Cliquez sur le cadenas à gauche de l’adresse, « Autorisations pour ce site », puis mettez ${what} sur « Autoriser ».`,
    firefox: (what: string) =>
      `Cliquez sur l’icône barrée à gauche de l’adresse, puis, pour ${what}, sur la croix à côté de « Bloqué temporairement » ou « Bloqué ».`,
    safari: (what: string) => `Dans le menu Safari, ouvrez « Réglages pour ce site web », puis mettez ${what} sur « Autoriser ».`,
    ios: (what: string) => `Touchez le bouton à gauche de l’adresse, puis « Réglages du site web », et mettez ${what} sur « Autoriser ».`,
    iosApp: (what: string, app: string) => `Dans Réglages de l’appareil, « Apps », ouvrez ${app} et activez ${what}.`,
    android: (what: string) => `Touchez l’icône à gauche de l’adresse, puis « Autorisations », et activez ${what}.`,
    samsung: (what: string) => `Touchez le cadenas à gauche de l’adresse, puis « Autorisations », et autorisez ${what}.`,
    androidFirefox: (what: string) =>
      `Touchez le bouclier ou le cadenas à gauche de l’adresse, puis ${what}, pour passer de « Bloqué » à « Autorisé ».`,
  },
  en: {
    chrome: (what) => `Click the settings icon to the left of the page’s address, then turn on ${what}.`,
    edge: (what) => `Click the lock to the left of the address, “Permissions for this site”, then set ${what} to “Allow”.`,
    firefox: (what) =>
      `Click the crossed-out icon to the left of the address, then, for ${what}, the cross beside “Blocked temporarily” or “Blocked”.`,
    safari: (what) => `In the Safari menu, open “Settings for This Website”, then set ${what} to “Allow”.`,
    ios: (what) => `Tap the button to the left of the address, then “Website Settings”, and set ${what} to “Allow”.`,
    iosApp: (what, app) => `In the device’s Settings, “Apps”, open ${app} and turn on ${what}.`,
    android: (what) => `Tap the icon to the left of the address, then “Permissions”, and turn on ${what}.`,
    samsung: (what) => `Tap the lock to the left of the address, then “Permissions”, and allow ${what}.`,
    androidFirefox: (what) => `Tap the shield or the lock to the left of the address, then ${what}, to go from “Blocked” to “Allowed”.`,
  },
})

/** Where the system's own permission is. */
const allowSystem: Record<System | 'ios' | 'android', (what: string, app: string) => string> = defineWords({
  fr: {
    windows: (what: string) =>
      `Dans les Paramètres de Windows, « Confidentialité et sécurité », ${what}, activez l’accès, aussi pour les applications de bureau.`,
    mac: (what: string, app: string) =>
      `Dans les Réglages Système du Mac, « Confidentialité et sécurité », ${what}, activez ${app}. S’il le demande, quittez-le et rouvrez-le.`,
    other: (what: string, app: string) => `Dans les réglages de l’ordinateur, vérifiez l’accès de ${app} à ${what}.`,
    ios: (what: string, app: string) => `Dans Réglages de l’appareil, « Apps », ouvrez ${app} et activez ${what}.`,
    android: (what: string, app: string) => `Dans Paramètres, « Applications », ouvrez ${app}, « Autorisations », et autorisez ${what}.`,
  },
  en: {
    windows: (what) => `In Windows Settings, “Privacy & security”, ${what}, turn access on, for desktop apps too.`,
    mac: (what, app) => `In the Mac’s System Settings, “Privacy & Security”, ${what}, turn on ${app}. If it asks, quit and reopen it.`,
    other: (what, app) => `In the computer’s settings, check that ${app} may use ${what}.`,
    ios: (what, app) => `In the device’s Settings, “Apps”, open ${app} and turn on ${what}.`,
    android: (what, app) => `In Settings, “Apps”, open ${app}, “Permissions”, and allow ${what}.`,
  },
})

const steps = defineWords({
  fr: {
    answer: 'Choisissez « Réessayer » : quand le navigateur pose la question, répondez « Autoriser ».',
    reload: 'Réessayez ; s’il le faut, rechargez la page : vous revenez à la même place.',
    noChange: 'Rien ne change ?',
    openOutside:
      'Dans le menu de l’application, choisissez « Ouvrir dans le navigateur », ou copiez l’adresse dans Chrome, Firefox ou Safari.',
    plug: 'Branchez l’appareil, ou allumez votre casque sans fil : cette page le voit arriver.',
    shutter: 'Sur un portable, un interrupteur ou une touche peut couper la caméra.',
    close: 'Fermez l’autre programme ou l’autre onglet qui s’en sert : une visioconférence, un dictaphone, un jeu.',
    other: 'Ou choisissez un autre appareil dans la liste.',
    restart: 'Rien n’y fait ? Fermez le navigateur et rouvrez-le, ou redémarrez l’appareil.',
  },
  en: {
    answer: 'Choose “Try again”: when the browser asks, answer “Allow”.',
    reload: 'Try again; if need be reload the page: you come back to the same place.',
    noChange: 'No change?',
    openOutside: 'In the app’s menu choose “Open in browser”, or copy the address into Chrome, Firefox or Safari.',
    plug: 'Plug the device in, or switch your wireless headset on: this page notices.',
    shutter: 'On a laptop, a switch or a key may turn the camera off.',
    close: 'Close the other program or tab that uses it: a video call, a recorder, a game.',
    other: 'Or choose another device in the list.',
    restart: 'Nothing helps? Close the browser and open it again, or restart the device.',
  },
})

function wayOf({ browser, app }: Here): Way {
  if (browser === 'ios') return app === 'safari' ? 'ios' : 'iosApp'
  if (browser === 'android') return app === 'samsung' ? 'samsung' : app === 'firefox' ? 'androidFirefox' : 'android'
  return browser === 'chrome' && app === 'edge' ? 'edge' : browser
}

const systemStep = ({ browser, system, app }: Here, wanted: Wanted) =>
  allowSystem[browser === 'ios' || browser === 'android' ? browser : system](switches[wanted], appName(app))

/** How a refused permission is given here, in order. */
export function stepsToAllow(here: Here, wanted: Wanted, by: RefusedBy = 'browser'): readonly string[] {
  if (here.app === 'inside') return [steps.openOutside]
  if (by === 'system') return [systemStep(here, wanted), steps.reload]
  const way = wayOf(here)
  const site = allow[way](switches[wanted], appName(here.app))
  if (by === 'nobody') return [steps.answer, site]
  // Whoever is not asked by the site but by the system has done it already.
  return way === 'iosApp' ? [site, steps.reload] : [site, steps.reload, `${steps.noChange} ${systemStep(here, wanted)}`]
}

/** What is wrong, and what to do about it here. */
export function guideFor(fault: FaultCode, here: Here, wanted: Wanted, by: RefusedBy): { title: string; steps: readonly string[] } {
  const what = words.of[wanted]
  if (fault === 'not-found')
    return {
      title: words.missing[wanted],
      steps: [steps.plug, ...(wanted === 'mic' ? [] : [steps.shutter]), `${steps.noChange} ${systemStep(here, wanted)}`],
    }
  if (fault === 'in-use') return { title: words.busy[wanted], steps: [steps.close, steps.other, steps.restart] }
  if (here.app === 'inside') return { title: words.inside, steps: stepsToAllow(here, wanted) }
  const title =
    by === 'system' ? words.bySystem(systemName(here), appName(here.app), what) : by === 'nobody' ? words.closed(what) : words.refused(what)
  return { title, steps: stepsToAllow(here, wanted, by) }
}
