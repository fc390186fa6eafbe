import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Captions } from '#client/captions/captions.svelte.ts'
import { phrases } from '#client/captions/recognition.ts'
import type { CaptionLine, CaptionsView } from '#shared/captions/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

/** The browser's recognition, of which the test says what is heard and how it ends. */
class Recognition extends EventTarget {
  static listening: Recognition[] = []
  static available = () => Promise.resolve('available')
  lang = ''
  processLocally = false
  #results: unknown[] = []
  start() {
    Recognition.listening.push(this)
  }
  stop() {
    Recognition.listening = Recognition.listening.filter((one) => one !== this)
    this.dispatchEvent(new Event('end'))
  }
  hear(transcript: string, isFinal: boolean) {
    if ((this.#results.at(-1) as { isFinal?: boolean } | undefined)?.isFinal === false) this.#results.pop()
    this.#results.push({ isFinal, 0: { transcript } })
    this.dispatchEvent(Object.assign(new Event('result'), { results: this.#results }))
  }
  fail(error: string) {
    Recognition.listening = Recognition.listening.filter((one) => one !== this)
    this.dispatchEvent(Object.assign(new Event('error'), { error }))
    this.dispatchEvent(new Event('end'))
  }
}

const storage = () => {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  }
}
beforeEach(() => {
  vi.useFakeTimers()
  Recognition.listening = []
  vi.stubGlobal('SpeechRecognition', Recognition)
  vi.stubGlobal('localStorage', storage())
  vi.stubGlobal('sessionStorage', storage())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const nobody: CaptionsView = { own: [], captioner: null, service: false, lines: [] }
const line = (seq: number, more: Partial<CaptionLine> = {}): CaptionLine => {
  const from = 1_000_000
  return { seq, person: 'awa', by: 'self', from, to: from + 2000, language: 'fr-FR', text: `Phrase ${seq}`, ...more }
}

async function aPage({ mic = true } = {}) {
  const room = new FakeRoom()
  room.seat('me', 'awa')
  room.views = { captions: nobody }
  const sound = { mic }
  const captions = new Captions(room, { on: () => sound.mic, track: () => undefined, speaker: () => 'awa' }, 'fr-FR')
  const settle = async () => {
    await vi.advanceTimersByTimeAsync(0)
    captions.follow()
  }
  await settle()
  const says = (view: Partial<CaptionsView>) => {
    room.views = { captions: { ...nobody, ...view } }
    return settle()
  }
  return { room, captions, sound, settle, says }
}

describe('my own microphone', () => {
  it('[K1] [K2] is listened to only once I switched it on, the room has said so to all, and it is open', async () => {
    const { room, captions, settle, says } = await aPage()
    await says({ own: ['awa'] })
    expect([room.waiting, Recognition.listening]).toEqual([[], []])
    captions.begin()
    await settle()
    expect(room.waiting.map(({ name }) => name)).toEqual(['captions:begin'])
    expect(Recognition.listening).toHaveLength(0)
    await says({ own: ['me'] })
    expect(Recognition.listening.map(({ lang, processLocally }) => [lang, processLocally])).toEqual([['fr-FR', true]])
    captions.end()
    await settle()
    expect([Recognition.listening.length, room.waiting.at(-1)?.name]).toEqual([0, 'captions:end'])
    captions.close()
  })

  it('closed, it is not listened to, nor while the link is lost', async () => {
    const { room, captions, settle, says } = await aPage({ mic: false })
    captions.begin()
    await says({ own: ['me'] })
    expect(Recognition.listening).toHaveLength(0)
    captions.close()

    const open = await aPage()
    open.captions.begin()
    await open.says({ own: ['me'] })
    expect(Recognition.listening).toHaveLength(1)
    open.room.link = 'lost'
    await open.settle()
    expect(Recognition.listening).toHaveLength(0)
    open.captions.close()
    await settle()
    expect(room.whispered).toEqual([])
  })

  it('what I am saying passes, what I said is sent with when it began; a browser that ends listening begins again', async () => {
    const { room, captions, says } = await aPage()
    captions.begin()
    await says({ own: ['me'] })
    Recognition.listening[0]?.hear('bonjour à', false)
    await vi.advanceTimersByTimeAsync(300)
    expect(room.whispered.at(-1)).toEqual({ name: 'captions:saying', payload: { text: 'bonjour à' } })
    expect(captions.sayings).toEqual([{ person: 'me', text: 'bonjour à' }])
    room.clock += 3_000
    Recognition.listening[0]?.hear(' Bonjour à tous. ', true)
    expect(room.waiting.at(-1)).toMatchObject({ name: 'captions:say', payload: { from: 999_500, text: 'Bonjour à tous.' } })
    Recognition.listening[0]?.stop()
    await vi.advanceTimersByTimeAsync(6_000)
    expect(Recognition.listening).toHaveLength(1)
    captions.close()
  })

  it('refused by the browser, it is off again for all, and I am told why', async () => {
    const { room, captions, says } = await aPage()
    captions.begin()
    await says({ own: ['me'] })
    Recognition.listening[0]?.fail('not-allowed')
    await vi.advanceTimersByTimeAsync(10_000)
    expect([captions.wanted, captions.fault, Recognition.listening.length, room.waiting.at(-1)?.name]).toEqual([
      false,
      'refused',
      0,
      'captions:end',
    ])
    captions.close()
  })

  it('is cut into phrases between words, and is words alone', () => {
    expect(phrases('  un\ndeux\u0007 trois ', 300)).toEqual(['un deux trois'])
    expect(phrases('aaa bbb ccc', 7)).toEqual(['aaa bbb', 'ccc'])
    expect(phrases('a'.repeat(10), 4)).toEqual(['aaaa', 'aaaa', 'aa'])
    expect(phrases('   ', 300)).toEqual([])
  })
})

describe('what others say', () => {
  it('is shown of those who are captioned, until its line has come; who is not captioned is not shown', async () => {
    const { room, captions, says } = await aPage()
    await says({ own: ['awa'] })
    room.hearFrom('seat-awa', 'captions:saying', { text: 'je crois' })
    room.hearFrom('seat-me', 'captions:saying', { text: 'moi' })
    expect(captions.sayings).toEqual([{ person: 'awa', text: 'je crois' }])
    await says({ own: ['awa'], lines: [line(5)] })
    expect(captions.sayings).toEqual([])
    expect(captions.recent.map(({ text }) => text)).toEqual(['Phrase 5'])
    captions.close()
  })

  it('[K6] [K7] stays here beyond what the room keeps; I correct what I said, the captioner all of it', async () => {
    const { captions, says } = await aPage()
    const said = Array.from({ length: 70 }, (_, i) => line(i + 1))
    await says({ lines: said.slice(0, 40) })
    await says({ lines: said.slice(20, 70) })
    expect(captions.lines).toHaveLength(70)
    expect(captions.mayCorrect(said[69] as CaptionLine)).toBe(false)
    await says({ lines: [...said.slice(21, 70), line(71, { person: 'me' })] })
    expect(captions.mayCorrect(line(71, { person: 'me' }))).toBe(true)
    await says({ lines: said.slice(20, 70), captioner: { person: 'me', here: true } })
    expect([captions.mayCorrect(said[69] as CaptionLine), captions.mayCorrect(said[40] as CaptionLine)]).toEqual([true, false])
    captions.close()
  })
})
