import type { Wants } from './wire.ts'
import type { Source } from './rules.ts'

/**
 * Rules of networks and machines that carry little.
 *
 * Y1 Sound first, always: what is left out are pictures. No rule here closes a microphone or keeps a voice from being heard.
 * Y2 A page takes everything, or one picture, or sound alone. The person chooses one of the last two for this browser, or leaves it to the
 *    page; then one picture is the most where the browser is told to save data.
 * Y3 Left to the page: a step down when it has been carried badly for 5 s, another one after 8 s more; both at once when for 3 s a third has
 *    been lost, since no voice is understood then, or the picture has taken the voice's (Y6). A step up when it has gone well
 *    for 20 s; twice as long when the last step up was followed by a step down within half a minute, and 160 s at the most. A step up that
 *    has held for that half minute is believed: the next one needs no more. What cannot be measured for a while goes on as it went: a way may
 *    break of what it is to carry.
 * Y4 The one picture is the screen in front, else what the person pinned, else who speaks, else who leads, else anybody's.
 * Y5 What a page does not take is not sent to it. It says what it takes, never why.
 * Y6 A way from a seat is bad with a tenth of the sound and pictures lost, with an answer that takes 0.7 s, or when its picture stands
 *    still while its sound arrives; the way to it, with a tenth lost there as it says twice, or as slow an answer. A picture takes the
 *    voice's when the browser gives all that goes out less than 60 kbit/s, and answers are as slow or a tenth is lost on one of the two
 *    ways: mostly they share a line. What the browser gives is no reason by itself: where it is told of the picture alone, as by LiveKit, its guess may stay below 40 on a free line, for as long as it sends no
 *    more than that. A way that carries hardly anything is not bad for it: one learns whether it carries more by trying. The page's own
 *    is bad when more than half of them are: what is bad towards one alone is theirs, and they ask for less themselves.
 * Y7 Where the way out is bad, one's own picture becomes smaller, then is not sent. The screen that is shared goes on.
 * Y8 A machine that cannot follow sends a smaller picture, then takes one picture too.
 * Y9 Whoever asks to receive everything is not brought down again for two minutes.
 * Y10 A voice takes 24 kbit/s, 48 where its noise is kept because it sings or plays: with what carries it, one goes through 64. It is sent
 *    once, and before pictures. What is not on claims nothing.
 */

export const steps = ['all', 'one', 'sound'] as const
/** Y2 — what a page takes. */
export type Step = (typeof steps)[number]
/** Y2 — what the person asked for. */
export const choices = ['auto', 'one', 'sound'] as const
export type Choice = (typeof choices)[number]

/** Y3 (ms) */
const downAfter = { first: 5_000, next: 8_000, worst: 3_000 }
const relapse = 30_000
const patience = { least: 20_000, most: 160_000 }
/** Y9 (ms) */
export const LEFT_ALONE = 120_000
/** Y6 */
const tooMuch = { lost: 0.1, rttMs: 700 }
const tooLittle = 60
/** Y3 */
const worst = 1 / 3
/** Y10 (kbit/s) */
export const voiceKbps = (noiseKept: boolean): number => (noiseKept ? 48 : 24)

/** Y3 — how far down something is, and since when it goes as it does. */
export interface Ladder {
  step: number
  bad: boolean
  since: number | undefined
  /** Since when no voice is understood. */
  worstSince: number | undefined
  /** When it last went up. */
  upAt: number
  patience: number
}
export const top: Ladder = { step: 0, bad: false, since: undefined, worstSince: undefined, upAt: -Infinity, patience: patience.least }

/** Y3 — one look; undefined when nothing could be measured, which changes nothing. The same value when nothing changed. `mute`: no voice is understood. */
export function climb(held: Ladder, bad: boolean | undefined, now: number, mute = false): Ladder {
  if (bad === undefined) return held
  const since = bad === held.bad && held.since !== undefined ? held.since : now
  const worstSince = mute ? (held.worstSince ?? now) : undefined
  const lasted = now - since
  const both = worstSince !== undefined && now - worstSince >= downAfter.worst
  if (bad && held.step < 2 && (both || lasted >= (held.step === 0 ? downAfter.first : downAfter.next))) {
    const again = now - held.upAt < relapse
    const longer = again ? Math.min(patience.most, held.patience * 2) : held.step === 0 ? patience.least : held.patience
    return { step: both ? 2 : held.step + 1, bad, since: now, worstSince, upAt: held.upAt, patience: longer }
  }
  const needed = since === held.upAt ? Math.min(held.patience, relapse) : held.patience
  if (!bad && held.step > 0 && lasted >= needed) return { ...held, step: held.step - 1, bad, since: now, worstSince, upAt: now }
  return bad === held.bad && since === held.since && worstSince === held.worstSince ? held : { ...held, bad, since, worstSince }
}

/** Y3 — as far down as it was, with nothing said against it since. */
export const calm = (held: Ladder): Ladder => ({ ...held, bad: false, since: undefined, worstSince: undefined })

/** Y2, Y8 — what is taken, of what was chosen, of what the ladders say, and of a browser that is to save data. */
export function stepOf(choice: Choice, { down, busy, saveData }: { down: number; busy: number; saveData: boolean }): Step {
  if (choice !== 'auto') return choice
  return steps[Math.max(down, busy > 1 || saveData ? 1 : 0)] ?? 'sound'
}

/** Y7, Y8 — how one's own picture goes out. */
export const ownPicture = (up: number, busy: number): 'whole' | 'small' | 'none' =>
  up > 1 ? 'none' : up > 0 || busy > 0 ? 'small' : 'whole'

/** A picture that one page may take of another. */
export interface Picture {
  seat: string
  source: 'cam' | 'screen'
}

/** Y4 — the first of these that is there: `wished` in the order of the rule, `there` every picture that is on. */
export const onePicture = (wished: readonly (Picture | undefined)[], there: readonly Picture[]): Picture | undefined =>
  wished.find((one) => one && there.some(({ seat, source }) => seat === one.seat && source === one.source)) ?? there[0]

/** What a page says it takes; undefined for everything, and as long as it is not known which one picture. */
export const wantsOf = (step: Step, picture: Picture | undefined): Wants | undefined =>
  step === 'sound' ? 'sound' : step === 'one' && picture ? { seat: picture.seat, source: picture.source } : undefined

/** Y1, Y5 — whether a page that wants this takes a source of a seat. */
export function takes(wants: Wants | undefined, seat: string, source: Source): boolean {
  if (wants === undefined || source === 'mic' || source === 'screenAudio') return true
  return wants !== 'sound' && wants.seat === seat && wants.source === source
}

/** Y6 — what was measured of a way during the last two seconds. */
export interface Measured {
  /** The share that was lost (0 to 1) on the way here, and on the way there as the other side says. */
  lostIn: number
  lostOut: number
  rttMs: number
  /** What the browser gives all that goes out (kbit/s); undefined where it does not say, or no picture goes out. */
  roomKbps: number | undefined
  /** A picture that should come stands still, and something else comes. */
  stalled: boolean
}
export const badIn = ({ lostIn, rttMs, stalled }: Measured): boolean => lostIn >= tooMuch.lost || rttMs >= tooMuch.rttMs || stalled
export const badOut = (way: Measured): boolean => way.lostOut >= tooMuch.lost || way.rttMs >= tooMuch.rttMs || starves(way)
const starves = ({ roomKbps = Infinity, lostIn, lostOut, rttMs }: Measured): boolean =>
  roomKbps < tooLittle && (lostIn >= tooMuch.lost || lostOut >= tooMuch.lost || rttMs >= tooMuch.rttMs)

/** Y3 — no voice is understood. */
export const worstIn = ({ lostIn }: Measured): boolean => lostIn >= worst
export const worstOut = (way: Measured): boolean => way.lostOut >= worst || starves(way)

/** Y6 — the page's own way, of those to each seat; undefined when there is none. */
export const mostly = (bad: readonly boolean[]): boolean | undefined =>
  bad.length === 0 ? undefined : bad.filter(Boolean).length * 2 > bad.length
