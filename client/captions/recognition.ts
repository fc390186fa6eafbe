/** What of the browser's speech recognition is used; TypeScript does not know it. */
interface Result {
  isFinal: boolean
  0: { transcript: string }
}
interface Recognition extends EventTarget {
  lang: string
  continuous: boolean
  interimResults: boolean
  processLocally?: boolean
  start(track?: MediaStreamTrack): void
  stop(): void
  abort(): void
}
interface Local {
  langs: string[]
  processLocally: true
}
interface RecognitionClass {
  new (): Recognition
  available?: (about: Local) => Promise<'available' | 'downloadable' | 'downloading' | 'unavailable'>
  install?: (about: Local) => Promise<boolean>
}

const recognition = (): RecognitionClass | undefined => {
  const given = globalThis as { SpeechRecognition?: RecognitionClass; webkitSpeechRecognition?: RecognitionClass }
  return given.SpeechRecognition ?? given.webkitSpeechRecognition
}

/**
 * Where the words of this language are recognised: on this device; on it once the language is installed; at the browser's maker, to whom the
 * sound goes; nowhere.
 */
export type Way = 'here' | 'installable' | 'maker' | 'none'

export async function findWay(language: string): Promise<Way> {
  const known = recognition()
  if (!known) return 'none'
  const said = await known.available?.({ langs: [language], processLocally: true }).catch(() => 'unavailable' as const)
  if (said === 'available') return 'here'
  return said === 'downloadable' || said === 'downloading' ? 'installable' : 'maker'
}

/** Whether the language could be installed on this device. */
export const install = (language: string): Promise<boolean> =>
  recognition()
    ?.install?.({ langs: [language], processLocally: true })
    .catch(() => false) ?? Promise.resolve(false)

/** Whether a given microphone is listened to. Browsers that cannot be asked where they recognise cannot be told what to listen to either. */
export const hearsTrack = (): boolean => recognition()?.available !== undefined

/** Why it listens no more: the person or the browser refuses, the language is unknown, the maker does not answer, no microphone. */
export type EarFault = 'refused' | 'language' | 'network' | 'device'
const faults: Record<string, EarFault> = {
  'not-allowed': 'refused',
  'service-not-allowed': 'refused',
  'language-not-supported': 'language',
  'audio-capture': 'device',
  network: 'network',
}

export interface Ear {
  stop(): void
}

interface Heard {
  /** What is being said, as far as it is understood. */
  saying(text: string): void
  /** What was said, once it is settled. */
  said(text: string): void
  failed(why: EarFault): void
}

/** A browser ends each listening after a while, or a silence: it begins again, less and less at once when that ends too (ms). */
const again = [50, 500, 2_000, 5_000] as const
const lasting = 3_000
/** How often in a row the maker may not answer. */
const networkTries = 3

/** Listens to a microphone until it is stopped; what was said until then is still told. */
export function listen({ language, way, track }: { language: string; way: Way; track: MediaStreamTrack | undefined }, heard: Heard): Ear {
  const Recogniser = recognition()
  let stopped = false
  let current: Recognition | undefined
  let waiting: ReturnType<typeof setTimeout> | undefined
  let [short, unanswered] = [0, 0]
  const begin = () => {
    if (stopped || !Recogniser) return
    const one = new Recogniser()
    current = one
    one.lang = language
    one.continuous = true
    one.interimResults = true
    if ('processLocally' in one) one.processLocally = way === 'here'
    const began = performance.now()
    let settled = 0
    one.addEventListener('result', (event) => {
      const { results } = event as Event & { results: ArrayLike<Result> }
      unanswered = 0
      let saying = ''
      for (let i = settled; i < results.length; i++) {
        const result = results[i]
        if (result?.isFinal && i === settled) {
          settled++
          heard.said(result[0].transcript)
        } else saying += result?.[0].transcript ?? ''
      }
      heard.saying(saying.trim())
    })
    one.addEventListener('error', (event) => {
      const why = faults[(event as Event & { error: string }).error]
      if (!why || (why === 'network' && ++unanswered < networkTries)) return
      stopped = true
      heard.failed(why)
    })
    one.addEventListener('end', () => {
      if (stopped) return
      short = performance.now() - began < lasting ? Math.min(short + 1, again.length - 1) : 0
      waiting = setTimeout(begin, again[short])
    })
    try {
      if (track) one.start(track)
      else one.start()
    } catch {
      stopped = true
      heard.failed('device')
    }
  }
  begin()
  return {
    stop() {
      stopped = true
      clearTimeout(waiting)
      current?.stop()
      heard.saying('')
    },
  }
}

/** Cuts what was said into phrases that are not longer than one may be, between words where there are any. */
export function phrases(text: string, longest: number): string[] {
  const cut: string[] = []
  let left = text.replace(/[\p{Cc}\p{Cs}\p{Bidi_Control}\s]+/gu, ' ').trim()
  while (left.length > longest) {
    const space = left.lastIndexOf(' ', longest)
    const at = space > 0 ? space : longest
    cut.push(left.slice(0, at).trim())
    left = left.slice(at).trim()
  }
  return left === '' ? cut : [...cut, left]
}
