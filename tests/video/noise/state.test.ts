import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Own } from '#client/video/own.ts'
import { Preview } from '#client/video/preview.svelte.ts'

type Sound = Record<'echoCancellation' | 'noiseSuppression' | 'autoGainControl', boolean>
type Wish = Record<keyof Sound, boolean | { exact: boolean }>

/** What browsers do with a wish about sound: change it (Firefox), say so and do nothing (Chromium), or know no such condition. */
let browser: 'changes' | 'pretends' | 'knows none'
let opened: Microphone[]
const live = () => opened.filter(({ readyState }) => readyState === 'live').length
const exact = (wish: Wish) => typeof wish.noiseSuppression === 'object'

class Microphone extends EventTarget {
  readyState = 'live'
  enabled = true
  muted = false
  sound: Sound
  constructor(wish: Wish) {
    super()
    // As Chromium has it: a wish that is no condition gets what is done already.
    const before = opened.find(({ readyState }) => readyState === 'live')
    const asked = Object.fromEntries(Object.entries(wish).map(([name, one]) => [name, typeof one === 'object' ? one.exact : one])) as Sound
    this.sound = before && !exact(wish) ? before.sound : asked
  }
  stop() {
    this.readyState = 'ended'
  }
  getSettings = () => ({ ...this.sound })
  applyConstraints(sound: Sound) {
    if (browser === 'changes') this.sound = sound
    return Promise.resolve()
  }
}

vi.mock('#client/video/meter.ts', () => ({ meter: () => ({ level: () => 0, stop: () => undefined }), audioContext: () => ({}) }))

beforeEach(() => {
  browser = 'changes'
  opened = []
  vi.stubGlobal('document', { hidden: false })
  vi.stubGlobal('navigator', {
    mediaDevices: {
      enumerateDevices: () => Promise.resolve([]),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      getUserMedia({ audio }: { audio: Wish }) {
        if (browser === 'knows none' && exact(audio)) return Promise.reject(new DOMException('', 'OverconstrainedError'))
        const microphone = new Microphone(audio)
        opened.push(microphone)
        return Promise.resolve({ getTracks: () => [microphone] })
      },
    },
  })
})
afterEach(() => vi.unstubAllGlobals())

const reduced: Sound = { echoCancellation: true, noiseSuppression: true, autoGainControl: true }
const asItIs: Sound = { echoCancellation: true, noiseSuppression: false, autoGainControl: false }

async function anOwn(noise?: string) {
  const changed: (Sound | undefined)[] = []
  const own: Own = new Own(
    {
      changed: (source) => changed.push((own.track(source) as unknown as Microphone | undefined)?.sound),
      fault: ({ code }) => expect(code).toBeUndefined(),
    },
    noise === undefined ? {} : { noise },
  )
  await own.set('mic', true)
  return { own, changed }
}

it('noise is reduced unless it was chosen otherwise, once and for the next time; echo is always cancelled', async () => {
  expect((await anOwn()).changed).toEqual([reduced])
  opened = []
  expect((await anOwn('kept')).changed).toEqual([asItIs])
})

it('a singer turns it off and on: where the browser can, the same microphone goes on', async () => {
  const { own, changed } = await anOwn()
  expect(await own.use('noise', 'kept')).toBe(true)
  expect(opened.map(({ sound }) => sound)).toEqual([asItIs])
  expect(await own.use('noise', '')).toBe(true)
  expect(opened.map(({ sound }) => sound)).toEqual([reduced])
  // Nobody's line was touched.
  expect(changed).toHaveLength(1)
})

it('where it only pretends, the microphone is taken anew as chosen, without a moment of nothing', async () => {
  browser = 'pretends'
  const { own, changed } = await anOwn()
  expect(await own.use('noise', 'kept')).toBe(true)
  expect(await own.use('noise', '')).toBe(true)
  expect(changed).toEqual([reduced, asItIs, reduced])
  expect(live()).toBe(1)
})

it('a muted microphone is let go, and is as chosen when it is opened again', async () => {
  const { own } = await anOwn()
  await own.set('mic', false)
  expect(await own.use('noise', 'kept')).toBe(true)
  expect(live()).toBe(0)
  await own.set('mic', true)
  expect(opened.at(-1)?.sound).toEqual(asItIs)
})

it('a browser that knows no such condition opens the microphone all the same', async () => {
  browser = 'knows none'
  expect((await anOwn('kept')).changed).toEqual([asItIs])
})

it('who tries in the lobby hears it at once, beside a room where it is otherwise, and takes it along', async () => {
  browser = 'pretends'
  await anOwn()
  const preview = new Preview({})
  await preview.set('mic', true)
  await preview.choose('noise', 'kept')
  expect(opened.at(-1)?.sound).toEqual(asItIs)
  expect(preview.chosen.noise).toBe('kept')
  expect(live()).toBe(2)
  preview.close()
})
