import type { Page } from '@playwright/test'

/** What somebody sends: one colour, one tone. */
export interface Source {
  colour: readonly [number, number, number]
  tone: number
}

/** Whose source is looked for. The first one's picture carries when it was painted. */
type Name = 'claire' | 'awa' | 'louis'

export interface Decoded {
  /** How many pictures were looked at, two a second. */
  frames: number
  /** Pixels of each one's colour in all of them. */
  pixels: Record<Name, number>
  /** Where a picture stands (ms), and the number that the first one's picture carries in its lowest part. */
  clocks: [media: number, painted: number][]
  /** The loudest tenth of a second of each one's tone (amplitude). */
  sound: Record<Name, number>
}

/** Decodes a film, pictures and sound, in a browser. */
export const decode = (page: Page, address: string, sources: Record<Name, Source>): Promise<Decoded> =>
  page.evaluate(
    async ([from, given]) => {
      const names = Object.keys(given) as Name[]
      const each = <V>(value: (name: Name) => V) => Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, V>
      const bytes = await (await fetch(from)).arrayBuffer()
      const video = document.createElement('video')
      video.muted = true
      video.src = URL.createObjectURL(new Blob([bytes], { type: 'video/mp4' }))
      await new Promise((done, failed) => {
        video.onloadeddata = done
        video.onerror = failed
      })
      const canvas = new OffscreenCanvas(1280, 720)
      const pen = canvas.getContext('2d', { willReadFrequently: true })!
      const pixels = each(() => 0)
      const clocks: [number, number][] = []
      let frames = 0
      for (let at = 0.1; at < video.duration; at += 0.5) {
        video.currentTime = at
        await new Promise((done) => (video.onseeked = done))
        pen.drawImage(video, 0, 0, 1280, 720)
        const { data } = pen.getImageData(0, 0, 1280, 720)
        frames++
        const like = (i: number, name: Name) => {
          const [r, g, b] = given[name].colour
          return Math.abs(data[i]! - r) + Math.abs(data[i + 1]! - g) + Math.abs(data[i + 2]! - b) < 90
        }
        for (let i = 0; i < data.length; i += 4) for (const name of names) if (like(i, name)) pixels[name]++
        // Where the first one's picture is: its row in the middle.
        const row = Array.from({ length: 1280 }, (_, x) => like((360 * 1280 + x) * 4, names[0]!))
        const [left, right] = [row.indexOf(true), row.lastIndexOf(true)]
        const width = right - left + 1
        if (width < 300) continue
        const y = Math.round(360 + (((width * 9) / 16) * 5) / 12)
        let painted = 0
        for (let bit = 0; bit < 16; bit++)
          painted = painted * 2 + (data[(y * 1280 + Math.round(left + ((bit + 0.5) * width) / 16)) * 4]! > 127 ? 1 : 0)
        clocks.push([at * 1000, painted])
      }
      const sound = await new OfflineAudioContext(1, 48_000, 48_000).decodeAudioData(bytes)
      const samples = sound.getChannelData(0)
      const window = 4800
      const loudest = each((name) => {
        let most = 0
        // The first fifth of a second is the codec's own.
        for (let start = 9600; start + window <= samples.length; start += window) {
          let [re, im] = [0, 0]
          for (let i = 0; i < window; i++) {
            const weighed = samples[start + i]! * (1 - Math.cos((2 * Math.PI * i) / window))
            const angle = (2 * Math.PI * given[name].tone * i) / 48_000
            re += weighed * Math.cos(angle)
            im += weighed * Math.sin(angle)
          }
          most = Math.max(most, (2 * Math.hypot(re, im)) / window)
        }
        return most
      })
      return { frames, pixels, clocks, sound: loudest }
    },
    [address, sources] as const,
  )
