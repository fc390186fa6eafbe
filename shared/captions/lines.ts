import type { Happening } from '../live/slice.ts'
import type { CaptionsHappening } from './rules.ts'
import type { CaptionLine } from './wire.ts'

/** K8 */
const inSight = { least: 1_500, most: 10_000 } as const

/** A line of captions from a line of the log. */
export function lineOf({ seq, at, payload, words }: Extract<CaptionsHappening, { kind: 'captions:said' }>): CaptionLine {
  const { person, by, from, language } = payload
  const to = Math.min(from + inSight.most, Math.max(from + inSight.least, at))
  return { seq, person, by, from, to, language, text: words?.text ?? null }
}

/** K6: a line after a correction; of another one it is left as it is. Words that were erased do not come back. */
export const correct = <L extends CaptionLine>(
  line: L,
  { payload, words }: Extract<CaptionsHappening, { kind: 'captions:corrected' }>,
): L => (line.seq === payload.line ? { ...line, text: words?.text || null } : line)

/** Every line of captions that a log holds, as it was corrected, in the order in which they began; without those that have no words. */
export function linesOf(log: readonly Happening[]): CaptionLine[] {
  const lines = new Map<number, CaptionLine>()
  for (const line of log as readonly CaptionsHappening[]) {
    if (line.kind === 'captions:said') lines.set(line.seq, lineOf(line))
    else if (line.kind === 'captions:corrected') {
      const found = lines.get(line.payload.line)
      if (found) lines.set(found.seq, correct(found, line))
    }
  }
  return [...lines.values()].filter(({ text }) => text !== null).sort((a, b) => a.from - b.from || a.seq - b.seq)
}

/** Who speaks, before what is said; as a film's captions have it (P7). */
export const spoken = (line: Pick<CaptionLine, 'person' | 'text'>, name: (person: string) => string | undefined): string => {
  const who = line.person === null ? undefined : name(line.person)
  return who === undefined ? (line.text ?? '') : `${who} : ${line.text ?? ''}`
}
