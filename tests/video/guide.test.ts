import { describe, expect, it } from 'vitest'
import { appOf, browserOf, refusedBy, systemOf, type Here } from '#client/video/browser.ts'
import { guideFor, stepsToAllow } from '#client/video/guide-words.ts'

/** Real words of real browsers: agent text, touch points, brands. */
const agents: Record<string, { agent: string; touch?: number; brands?: string[]; is: Here }> = {
  'Chrome on Windows': {
    agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    brands: ['Google Chrome', 'Chromium', 'Not_A Brand'],
    is: { browser: 'chrome', system: 'windows', app: 'chrome' },
  },
  'Chrome on a Mac': {
    agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    is: { browser: 'chrome', system: 'mac', app: 'chrome' },
  },
  'Edge on Windows, with a touch screen': {
    agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0',
    touch: 10,
    is: { browser: 'chrome', system: 'windows', app: 'edge' },
  },
  'Brave, which says it is Chrome': {
    agent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
    brands: ['Brave', 'Chromium', 'Not_A Brand'],
    is: { browser: 'chrome', system: 'other', app: 'other' },
  },
  'Firefox on Windows': {
    agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0',
    is: { browser: 'firefox', system: 'windows', app: 'firefox' },
  },
  'Safari on a Mac': {
    agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    is: { browser: 'safari', system: 'mac', app: 'safari' },
  },
  'Safari on an iPad, which says it is a Mac': {
    agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
    touch: 5,
    is: { browser: 'ios', system: 'mac', app: 'safari' },
  },
  'Safari on an iPhone': {
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
    touch: 5,
    is: { browser: 'ios', system: 'other', app: 'safari' },
  },
  'Chrome on an iPhone': {
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0.6778.73 Mobile/15E148 Safari/604.1',
    touch: 5,
    is: { browser: 'ios', system: 'other', app: 'chrome' },
  },
  'Chrome on Android': {
    agent: 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36',
    touch: 5,
    is: { browser: 'android', system: 'other', app: 'chrome' },
  },
  'Samsung Internet': {
    agent:
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36',
    touch: 5,
    is: { browser: 'android', system: 'other', app: 'samsung' },
  },
  'Firefox on Android': {
    agent: 'Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0',
    touch: 5,
    is: { browser: 'android', system: 'other', app: 'firefox' },
  },
  'inside the LinkedIn app': {
    agent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.30',
    touch: 5,
    is: { browser: 'ios', system: 'other', app: 'inside' },
  },
  'inside an Android app': {
    agent:
      'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.0.0 Mobile Safari/537.36',
    touch: 5,
    is: { browser: 'android', system: 'other', app: 'inside' },
  },
}

describe('where the page is open', () => {
  it.each(Object.entries(agents))('%s', (_name, { agent, touch = 0, brands = [], is }) => {
    expect({ browser: browserOf(agent, touch), system: systemOf(agent), app: appOf(agent, brands) }).toEqual(is)
  })
})

describe('who refused', () => {
  it.each([
    ['NotAllowedError: Permission denied by system', 'granted', 'system'],
    ['NotAllowedError: Permission denied by system', undefined, 'system'],
    ['NotAllowedError: The request is not allowed by the user agent or the platform in the current context.', 'granted', 'system'],
    ['NotAllowedError: Permission denied', 'denied', 'browser'],
    ['NotAllowedError: Permission denied', undefined, 'browser'],
    ['NotAllowedError: Permission dismissed', 'prompt', 'nobody'],
    ['NotAllowedError: The request is not allowed by the user agent or the platform in the current context.', 'prompt', 'nobody'],
  ] as const)('%s while it says %s: %s', (said, permission, who) => {
    expect(refusedBy(said, permission)).toBe(who)
  })
})

describe('the guide', () => {
  const everywhere = Object.values(agents).map(({ is }) => is)

  it('has steps for every place, fault and device, each a sentence', () => {
    for (const here of everywhere)
      for (const fault of ['permission', 'not-found', 'in-use'] as const)
        for (const wanted of ['mic', 'cam', 'both'] as const)
          for (const by of ['browser', 'system', 'nobody'] as const) {
            const { title, steps } = guideFor(fault, here, wanted, by)
            for (const words of [title, ...steps]) expect(words).toMatch(/^\p{Lu}.*[.?]$/u)
            expect(new Set(steps).size).toBe(steps.length)
            expect(steps.length).toBeGreaterThan(0)
          }
  })

  it('names the menu of this very browser, and the switch of what is missing', () => {
    const first = (name: string, wanted: 'mic' | 'cam' | 'both' = 'mic') => stepsToAllow(agents[name]?.is as Here, wanted)[0]
    expect(first('Safari on a Mac')).toMatch(/menu Safari.*«\sMicrophone\s»/)
    expect(first('Edge on Windows, with a touch screen', 'cam')).toMatch(/«\sAutorisations pour ce site\s».*«\sCaméra\s»/)
    expect(first('Chrome on an iPhone')).toMatch(/Réglages de l’appareil.*Chrome/)
    expect(first('Safari on an iPhone', 'both')).toMatch(/«\sRéglages du site web\s».*«\sMicrophone\s» et «\sCaméra\s»/)
    expect(first('inside the LinkedIn app')).toMatch(/«\sOuvrir dans le navigateur\s»/)
  })

  it('goes to the system first when it is the system that refused', () => {
    const { title, steps } = guideFor('permission', agents['Chrome on a Mac']?.is as Here, 'cam', 'system')
    expect(title).toMatch(/macOS pour Chrome/)
    expect(steps[0]).toMatch(/Réglages Système du Mac.*«\sCaméra\s».*Chrome/)
    expect(guideFor('permission', agents['Firefox on Windows']?.is as Here, 'mic', 'system').steps[0]).toMatch(/Paramètres de Windows/)
  })

  it('says that a question which was closed will be asked again', () => {
    expect(guideFor('permission', agents['Chrome on Windows']?.is as Here, 'mic', 'nobody').steps[0]).toMatch(/«\sAutoriser\s»/)
  })
})
