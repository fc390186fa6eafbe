/** The browsers whose way to a microphone differs. */
export type Browser = 'chrome' | 'firefox' | 'safari' | 'ios' | 'android'
export type System = 'windows' | 'mac' | 'other'
/** The program by its name: menus differ within a family. `inside`: the page is open within another app, which gives no devices. */
export type App = 'chrome' | 'edge' | 'samsung' | 'firefox' | 'safari' | 'inside' | 'other'

/**
 * Which steps lead to the microphone here: what the browser says of itself, and its number of touch points (an iPad says it is a Mac).
 * Every browser of an iPhone is Safari inside; every other one follows Chrome.
 */
export function browserOf(agent: string, touchPoints: number): Browser {
  if (/iPhone|iPad|iPod/.test(agent) || (agent.includes('Macintosh') && touchPoints > 1)) return 'ios'
  if (agent.includes('Android')) return 'android'
  if (agent.includes('Firefox/')) return 'firefox'
  return agent.includes('Safari/') && !/Chrom(e|ium)\//.test(agent) ? 'safari' : 'chrome'
}

export const systemOf = (agent: string): System => (agent.includes('Windows') ? 'windows' : agent.includes('Macintosh') ? 'mac' : 'other')

const insideOther = /FBAN|FBAV|Instagram|LinkedInApp|MicroMessenger|Snapchat|; wv\)/
/** By what each adds to the words of the browser it was made from; the first that fits. */
const byAgent: readonly (readonly [RegExp, App])[] = [
  [/Edg(A|iOS)?\//, 'edge'],
  [/SamsungBrowser\//, 'samsung'],
  [/Firefox\/|FxiOS\//, 'firefox'],
  [/OPR\/|OPT\/|Vivaldi\/|YaBrowser\/|DuckDuckGo\//, 'other'],
  [/Chrom(e|ium)\/|CriOS\//, 'chrome'],
  [/Safari\//, 'safari'],
]
const byBrand: readonly (readonly [RegExp, App])[] = [
  [/Edge/, 'edge'],
  [/Samsung/, 'samsung'],
  [/Brave|Opera|Vivaldi|DuckDuckGo/, 'other'],
  [/Google Chrome/, 'chrome'],
]

/** Which program this is: the brands that it names (client hints) before what its agent text says, where another may hide. */
export function appOf(agent: string, brands: readonly string[] = []): App {
  if (insideOther.test(agent)) return 'inside'
  const named = byBrand.find(([pattern]) => brands.some((brand) => pattern.test(brand)))
  return (named ?? byAgent.find(([pattern]) => pattern.test(agent)))?.[1] ?? 'other'
}

/** Where this page is open. */
export interface Here {
  browser: Browser
  system: System
  app: App
}

/** Looks at this very browser. */
export function here(): Here {
  const { userAgent, maxTouchPoints } = navigator
  const hints = (navigator as Navigator & { userAgentData?: { brands: { brand: string }[] } }).userAgentData
  const brands = hints?.brands.map(({ brand }) => brand) ?? []
  return { browser: browserOf(userAgent, maxTouchPoints), system: systemOf(userAgent), app: appOf(userAgent, brands) }
}

/** Who refused: the browser by what the person answered once, the system beneath it, or nobody: the question was closed without an answer. */
export type RefusedBy = 'browser' | 'system' | 'nobody'

/**
 * Reads a refusal: what the browser said of it, and what it says of the permission (undefined where it does not say). A browser that was
 * allowed and is refused all the same is refused by its system.
 */
export function refusedBy(said: string, permission: PermissionState | undefined): RefusedBy {
  if (/system/i.test(said) || permission === 'granted') return 'system'
  return /dismiss/i.test(said) || permission === 'prompt' ? 'nobody' : 'browser'
}
