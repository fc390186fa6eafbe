import { mediaAt } from '../recording/rules.ts'
import { ok, refuse, type Result } from '../result.ts'
import { placeAt, timeOfFilm, totalOf } from './rules.ts'
import type { Film } from './wire.ts'

/** One thing said, from a time of the replay to another (ms). */
export interface Cue {
  from: number
  to: number
  text: string
}

/** The same where it is kept (P7): in its film. */
export interface KeptCue extends Cue {
  film: string
}

/** P7: what a file of captions may be. Two hours of speech are some 2000 cues, 200 kB. */
export const captionLimits = { bytes: 1_000_000, cues: 5000, text: 500 } as const

/** P8: the header beside the file that names its version. */
export const captionsVersion = 'captions-version'

const stamp = /^(?:(\d{1,3}):)?([0-5]?\d):([0-5]\d)[.,](\d{3})$/
const timing = /^(\S+)[ \t]+-->[ \t]+(\S+)(?:[ \t].*)?$/
/** Blocks that say how a cue looks, or nothing at all. */
const aside = /^(WEBVTT|NOTE|STYLE|REGION)(?=$|[ \t])/

function msOf(text: string): number | undefined {
  const [, h = '0', m = '', s = '', ms = ''] = stamp.exec(text) ?? []
  return m === '' ? undefined : Number(h) * 3_600_000 + Number(m) * 60_000 + Number(s) * 1000 + Number(ms)
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', nbsp: '\u00a0', lrm: '', rlm: '', quot: '"', '#39': "'" }

/** What is said without how it looks: who speaks stays before it, as words. Nothing that a browser would act on is left. */
function cleaned(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/<v(?:\.[^\s>]*)?[ \t]+([^>]*)>/g, (_, who: string) => `${who.trim()} : `)
    .replace(/<[^>]*>/g, '')
    .replace(/&(#?\w+);/g, (whole, name: string) => entities[name.toLowerCase()] ?? whole)
    .replace(/[\p{Cc}\p{Bidi_Control}]/gu, (letter) => (letter === '\n' ? '\n' : ' '))
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .trim()
    .slice(0, captionLimits.text)
}

/**
 * P7: reads a WebVTT file, or a SubRip file, which is its elder. Refuses what is neither: `replay/captions-unreadable` with the number of the
 * line that cannot be read, `replay/captions-too-many`.
 */
export function parseCaptions(file: string): Result<Cue[]> {
  const lines = file
    .replace(/^\ufeff/, '')
    .replaceAll('\0', '')
    .split(/\r\n|\r|\n/)
  const cues: Cue[] = []
  for (let i = 0; i < lines.length;) {
    const start = i
    while (i < lines.length && lines[i]?.trim() !== '') i++
    const block = lines.slice(start, i)
    i++
    if (block.length === 0 || aside.test(block[0] ?? '')) continue
    // A block may begin with its name: a number, mostly.
    const at = timing.test(block[0]?.trim() ?? '') ? 0 : 1
    const [, first = '', second = ''] = timing.exec(block[at]?.trim() ?? '') ?? []
    const [from, to] = [msOf(first), msOf(second)]
    if (from === undefined || to === undefined || to <= from)
      return refuse('replay/captions-unreadable', String(start + Math.min(at, block.length - 1) + 1))
    const text = cleaned(block.slice(at + 1))
    if (text !== '') cues.push({ from, to, text })
    if (cues.length > captionLimits.cues) return refuse('replay/captions-too-many', String(captionLimits.cues))
  }
  return cues.length === 0 ? refuse('replay/captions-unreadable', '1') : ok(cues.sort((a, b) => a.from - b.from))
}

const two = (n: number) => String(n).padStart(2, '0')
const stampOf = (ms: number) =>
  `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${two(Math.floor(ms / 1000) % 60)}.${String(Math.floor(ms) % 1000).padStart(3, '0')}`

/** The file that any player reads. */
export const formatCaptions = (cues: readonly Cue[]): string =>
  [
    'WEBVTT',
    ...cues.map(
      ({ from, to, text }) =>
        `${stampOf(from)} --> ${stampOf(to)}\n${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}`,
    ),
  ].join('\n\n') + '\n'

/**
 * P9: what was captioned in the lesson, each from an instant to another, in the time of the replay. What was said before the film, after it
 * or in a pause is in none of its pictures.
 */
export const draftOf = (films: readonly Film[], spoken: readonly Cue[]): Cue[] =>
  spoken.flatMap(({ from, to, text }) => {
    const index = films.findIndex(({ duration, anchors }) => {
      const media = mediaAt(anchors, from)
      return media >= 0 && media < duration
    })
    const film = films[index]
    if (!film) return []
    const before = timeOfFilm(films, index)
    const media = mediaAt(film.anchors, from)
    return [{ from: Math.round(before + media), to: Math.round(before + Math.min(film.duration, media + to - from)), text }]
  })

/** P7: a cue belongs to the film in which it begins, and ends with it at the latest. One that begins after the end is nowhere. */
export function keepCues(films: readonly Film[], cues: readonly Cue[]): KeptCue[] {
  const total = totalOf(films)
  return cues.flatMap(({ from, to, text }) => {
    const place = from < total ? placeAt(films, from) : undefined
    if (!place) return []
    const { film, media } = place
    return [{ film: film.id, from: Math.round(media), to: Math.round(Math.min(film.duration, media + to - from)), text }]
  })
}

/** The same in the time of the replay as it is now; what belongs to a film that may not be watched is left out. */
export const cuesOf = (films: readonly Film[], kept: readonly KeptCue[]): Cue[] =>
  kept
    .flatMap(({ film, from, to, text }) => {
      const index = films.findIndex(({ id }) => id === film)
      const before = timeOfFilm(films, index)
      return index === -1 ? [] : [{ from: before + from, to: before + to, text }]
    })
    .sort((a, b) => a.from - b.from)

const isSame = (a: Cue, b: Cue) => a.from === b.from && a.to === b.to && a.text === b.text

/**
 * P8: the captions with one of them written, changed or taken away: `after` in the place of `before`. Undefined when `before` is not among them
 * as it was: somebody has changed it meanwhile, and who asks is to see what it is now.
 */
export function withCue(cues: readonly Cue[], before: Cue | undefined, after: Cue | undefined): Cue[] | undefined {
  const at = before ? cues.findIndex((cue) => isSame(cue, before)) : -1
  if (before && at === -1) return undefined
  return [...cues.filter((_, i) => i !== at), ...(after ? [after] : [])].sort((a, b) => a.from - b.from)
}

/** P8: what stands now where a caption was that is no longer as it was: the one that begins nearest to it while it was said. */
export const standsFor = (cues: readonly Cue[], gone: Cue): Cue | undefined =>
  cues
    .filter(({ from, to }) => from < gone.to && to > gone.from)
    .sort((a, b) => Math.abs(a.from - gone.from) - Math.abs(b.from - gone.from))[0]
