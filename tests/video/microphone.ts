import type { BrowserContext, Page } from '@playwright/test'

/** What a microphone gives: a voice by the wall clock (the same number, the same voice), nothing, or a refusal. */
export type Gives = number | 'nothing' | 'refused'

declare global {
  interface Window {
    /** `deaf`: the browser holds the sound of the others back. */
    microphone: { gives: Gives; tracks: MediaStreamTrack[]; deaf: boolean }
    /** Time passes for the page: its own clock, no other. */
    wait(ms: number): void
  }
}

/** Puts a microphone into a browser's pages that a test holds; call it before the first page. */
export const holdMicrophone = (context: BrowserContext, gives: Gives, deaf = false) =>
  context.addInitScript(
    ([gives, deaf]: readonly [Gives, boolean]) => {
      const devices = navigator.mediaDevices
      if (!devices) return
      const now = performance.now.bind(performance)
      let ahead = 0
      performance.now = () => now() + ahead
      window.wait = (ms) => void (ahead += ms)
      window.microphone = { gives, tracks: [], deaf }
      const play = HTMLMediaElement.prototype.play
      HTMLMediaElement.prototype.play = function () {
        const held = window.microphone.deaf && this instanceof HTMLAudioElement
        return held ? Promise.reject(new DOMException('', 'NotAllowedError')) : play.call(this)
      }
      const bare = devices.getUserMedia.bind(devices)
      /** Words and gaps of a quarter of a second or more, never with a beat. */
      const voice = (seed: number, step: number) => {
        const mixed = Math.abs(Math.sin((step + seed * 7919) * 12.9898) * 43758.5453) % 1
        return mixed < 0.45 ? 0 : 0.15 + mixed * 0.3
      }
      devices.getUserMedia = async (wish) => {
        if (!wish?.audio) return bare(wish)
        if (window.microphone.gives === 'refused') throw new DOMException('', 'NotAllowedError')
        const context = new AudioContext()
        const sound = new OscillatorNode(context, { frequency: 220 })
        const volume = new GainNode(context, { gain: 0 })
        const out = context.createMediaStreamDestination()
        sound.connect(volume).connect(out)
        sound.start()
        // What comes in the next two seconds is said in advance: a busy page then speaks no other way than a quiet one.
        const timer = setInterval(() => {
          const { gives } = window.microphone
          const [now, at] = [Date.now(), context.currentTime]
          volume.gain.cancelScheduledValues(at)
          for (let step = Math.floor(now / 250); step < now / 250 + 8; step++)
            volume.gain.setValueAtTime(typeof gives === 'number' ? voice(gives, step) : 0, Math.max(at, at + (step * 250 - now) / 1000))
          if (out.stream.getTracks().every(({ readyState }) => readyState === 'ended')) clearInterval(timer)
        }, 100)
        window.microphone.tracks.push(...out.stream.getAudioTracks())
        return out.stream
      }
    },
    [gives, deaf] as const,
  )

export const give = (page: Page, gives: Gives) => page.evaluate((gives) => void (window.microphone.gives = gives), gives)
