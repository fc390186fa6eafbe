import { describe, expect, it } from 'vitest'
import {
  captionLimits,
  cuesOf,
  draftOf,
  formatCaptions,
  keepCues,
  parseCaptions,
  standsFor,
  withCue,
  type Cue,
} from '#shared/replay/captions.ts'
import type { Film } from '#shared/replay/wire.ts'

const read = (text: string): Cue[] => {
  const parsed = parseCaptions(text)
  if (!parsed.ok) throw new Error(`${parsed.code} ${parsed.detail}`)
  return parsed.value
}
const refused = (text: string) => {
  const parsed = parseCaptions(text)
  return parsed.ok ? undefined : [parsed.code, parsed.detail]
}

describe('captions', () => {
  it('[P7] a WebVTT file is read: names, settings, notes and styles are passed over, hours may be left out', () => {
    expect(
      read(
        '\ufeffWEBVTT - séance 1\r\nKind: captions\r\n\r\nNOTE écrit à la main\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nintro\r\n00:01.000 --> 00:02.500 align:start\r\nBonjour à tous.\r\n\r\n01:00:00.000 --> 01:00:01.000\r\nUne heure\r\nplus tard.\r\n',
      ),
    ).toEqual([
      { from: 1000, to: 2500, text: 'Bonjour à tous.' },
      { from: 3_600_000, to: 3_601_000, text: 'Une heure\nplus tard.' },
    ])
  })

  it('[P7] so is a SubRip file, and what is out of order is put in order', () => {
    expect(read('2\n00:00:05,000 --> 00:00:06,000\nDeux\n\n1\n00:00:01,000 --> 00:00:02,000\nUn\n')).toEqual([
      { from: 1000, to: 2000, text: 'Un' },
      { from: 5000, to: 6000, text: 'Deux' },
    ])
  })

  it('[P7] what is kept is words: no markup, no control letters, who speaks as words', () => {
    const one = (text: string) => read(`WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`)[0]?.text
    expect(one('<v.loud Claire>Bonjour</v> <i>à</i> <00:01.500>tous')).toBe('Claire : Bonjour à tous')
    expect(one('a <script>alert(1)</script> b')).toBe('a alert(1) b')
    expect(one('&lt;b&gt; &amp; &nbsp;x')).toBe('<b> & \u00a0x')
    expect(one('a\u202eb\u0007c')).toBe('a b c')
    expect(one('x'.repeat(2000))).toHaveLength(captionLimits.text)
  })

  it('[P7] what is neither is refused with its line, and too many are', () => {
    expect(refused('')).toEqual(['replay/captions-unreadable', '1'])
    expect(refused('WEBVTT\n\nBonjour\n')).toEqual(['replay/captions-unreadable', '3'])
    expect(refused('WEBVTT\n\n00:01.000 --> 00:02.000\nBon\n\n00:04.000 --> 00:03.000\nÀ rebours\n')).toEqual([
      'replay/captions-unreadable',
      '6',
    ])
    expect(refused('WEBVTT\n\n00:61.000 --> 00:62.000\nx\n')).toEqual(['replay/captions-unreadable', '3'])
    expect(refused(`WEBVTT\n\n${'00:01.000 --> 00:02.000\nx\n\n'.repeat(captionLimits.cues + 1)}`)).toEqual([
      'replay/captions-too-many',
      String(captionLimits.cues),
    ])
  })

  it('what is written is read again as it was', () => {
    const cues = [
      { from: 0, to: 1234, text: 'a < b & c --> d' },
      { from: 3_723_004, to: 3_724_000, text: 'Deux\nlignes' },
    ]
    expect(read(formatCaptions(cues))).toEqual(cues)
  })

  it('[P7] captions stay with their film when another comes before it', () => {
    const film = (id: string, duration: number): Film => ({ id, duration, type: 'video/mp4', anchors: [[0, 1_000_000]] })
    const [one, two] = [film('one', 10_000), film('two', 10_000)]
    const kept = keepCues(
      [one, two],
      [
        { from: 9000, to: 12_000, text: 'au bord' },
        { from: 11_000, to: 12_000, text: 'deux' },
        { from: 20_000, to: 21_000, text: 'après la fin' },
      ],
    )
    expect(kept).toEqual([
      { film: 'one', from: 9000, to: 10_000, text: 'au bord' },
      { film: 'two', from: 1000, to: 2000, text: 'deux' },
    ])
    expect(cuesOf([film('late', 5000), one, two], kept)).toEqual([
      { from: 14_000, to: 15_000, text: 'au bord' },
      { from: 16_000, to: 17_000, text: 'deux' },
    ])
    expect(cuesOf([two], kept)).toEqual([{ from: 1000, to: 2000, text: 'deux' }])
  })

  it('[P8] one is written among the others as they are now, or not at all when it is no longer as it was seen', () => {
    const [one, two, three] = [1, 2, 3].map((n) => ({ from: n * 1000, to: n * 1000 + 900, text: String(n) })) as [Cue, Cue, Cue]
    expect(withCue([one, three], undefined, two)).toEqual([one, two, three])
    expect(withCue([one, two, three], { ...two }, { ...two, from: 3500 })).toEqual([one, three, { ...two, from: 3500 }])
    expect(withCue([one, two], two, undefined)).toEqual([one])
    for (const changed of [{ text: 'deux' }, { from: 2001 }, { to: 2901 }])
      expect(withCue([one, { ...two, ...changed }], two, { ...two, text: 'Deux.' })).toBeUndefined()
    // Said twice, one of them goes.
    expect(withCue([two, { ...two }], two, undefined)).toEqual([two])

    expect(standsFor([one, { ...two, from: 2100, text: 'deux' }, three], two)?.text).toBe('deux')
    expect(
      standsFor(
        [
          { ...two, from: 2600, text: 'b' },
          { ...two, text: 'a' },
        ],
        two,
      )?.text,
    ).toBe('a')
    expect(standsFor([one, three], two)).toBeUndefined()
  })
})

describe('the captions taken live', () => {
  it('[P9] stand in the films in which they were said, one film after the other; what was said in a pause is in none', () => {
    const films: Film[] = [
      { id: 'one', duration: 10_000, type: 'video/mp4', anchors: [[0, 1_000_000]] },
      { id: 'two', duration: 5_000, type: 'video/mp4', anchors: [[0, 2_000_000]] },
    ]
    const said = (from: number, text: string): Cue => ({ from, to: from + 3_000, text })
    const spoken = [
      said(999_000, 'avant'),
      said(1_000_000, 'a'),
      said(1_009_000, 'b'),
      said(1_500_000, 'pause'),
      said(2_001_000, 'c'),
      said(2_005_000, 'après'),
    ]
    expect(draftOf(films, spoken)).toEqual([
      { from: 0, to: 3_000, text: 'a' },
      { from: 9_000, to: 10_000, text: 'b' },
      { from: 11_000, to: 14_000, text: 'c' },
    ])
    expect(draftOf([], spoken)).toEqual([])
  })
})
