import type { BrowserContext, Page } from '@playwright/test'

/** What the tests say to the pretended speech recognition of a page. */
interface Ear {
  lang: string
  local: boolean
  /** Given a microphone to listen to. */
  track: boolean
  tell(text: string, final: boolean): void
}
declare global {
  interface Window {
    /** Those that listen now. */
    ears: Ear[]
  }
}

/** A browser has speech recognition that hears what the test says: on the device, or at its maker's; or has none. */
export const holdRecognition = (context: BrowserContext, where: 'here' | 'maker' | 'none') =>
  context.addInitScript((where) => {
    Object.assign(window, { SpeechRecognition: undefined, webkitSpeechRecognition: undefined, ears: [] })
    if (where === 'none') return
    class Recognition extends EventTarget {
      lang = ''
      continuous = false
      interimResults = false
      processLocally = false
      private results: { isFinal: boolean; 0: { transcript: string } }[] = []
      private ear: Ear | undefined
      static available = () => Promise.resolve(where === 'here' ? 'available' : 'unavailable')
      start(track?: MediaStreamTrack) {
        const tell = (transcript: string, isFinal: boolean) => {
          if (this.results.at(-1)?.isFinal === false) this.results.pop()
          this.results.push({ isFinal, 0: { transcript } })
          this.dispatchEvent(Object.assign(new Event('result'), { results: this.results }))
        }
        this.ear = { lang: this.lang, local: this.processLocally, track: track !== undefined, tell }
        window.ears.push(this.ear)
      }
      stop() {
        window.ears = window.ears.filter((ear) => ear !== this.ear)
        this.dispatchEvent(new Event('end'))
      }
      abort() {
        this.stop()
      }
    }
    Object.assign(window, { SpeechRecognition: Recognition })
  }, where)

/** Somebody speaks: what is understood so far, or what they said. */
export const speak = (page: Page, text: string, final = true) =>
  page.evaluate(([text, final]) => window.ears.forEach((ear) => ear.tell(text, final)), [text, final] as const)

/** How many listen in this page, in which language, on the device, to the chosen microphone. */
export const ears = (page: Page) => page.evaluate(() => window.ears.map(({ lang, local, track }) => [lang, local, track]))
