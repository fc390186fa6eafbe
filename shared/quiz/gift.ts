import { numberOf } from './kinds.ts'
import { checked, type Pasted, type PasteMistake, type PasteResult } from './paste.ts'

/**
 * Rules of questions in GIFT.
 *
 * G1 A blank line ends a question; lines that begin with `//` and `$CATEGORY:` are passed over.
 * G2 `::title::` and `[html]` before the text are no part of it, tags neither; `\` takes a sign as it is.
 * G3 In braces: `=` right, `~` wrong, `~%50%` right in part: several right choices. Only `=`: a short answer. `T` or `F`: true or false.
 *    `#`: a number, as `3:0.5` or `2..4`. Nothing: an open question. Text after the braces: a blank to fill.
 * G4 What stands behind `####`, or behind the `#` of what is right, is the explanation.
 * G5 What cannot be read is said per question, with its line: no braces, braces left open or two pairs of them, matching, no number.
 */

/** Signs that were escaped are put out of the way, in an order of code points that no text has, and back at the end. */
const escapable = '~=#{}:n\\'
const hidden = (text: string) =>
  text.replace(/\\([~=#{}:n\\])/g, (_, sign: string) => String.fromCharCode(0xe000 + escapable.indexOf(sign)))
const shown = (text: string) =>
  text.replace(/[\ue000-\ue007]/g, (sign) => (sign === '\ue006' ? '\n' : (escapable[sign.charCodeAt(0) - 0xe000] ?? '')))

const entities: Readonly<Record<string, string>> = { '&nbsp;': ' ', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&amp;': '&' }
/** Words as they are read: no tags, no format mark. */
const words = (text: string) =>
  shown(
    text
      .replace(/^\s*\[(html|moodle|plain|markdown)\]/, '')
      .replace(/<\/?[a-zA-Z][^<>]*>/g, '')
      .replace(/&(nbsp|lt|gt|quot|#39|amp);/g, (entity) => entities[entity] ?? entity),
  )
    .replace(/[ \t]+/g, ' ')
    .trim()

interface Answer {
  sign: '=' | '~'
  text: string
  /** In percent; undefined: none is written. */
  weight: number | undefined
  feedback: string
}

/** What stands in the braces, cut at each sign that begins an answer. */
function answersIn(inside: string): Answer[] {
  return [...inside.matchAll(/([=~])([^=~]*)/g)].map(([, sign, rest = '']) => {
    const weighted = /^\s*%(-?[\d.]+)%/.exec(rest)
    const [text = '', ...feedback] = rest.slice(weighted?.[0].length ?? 0).split('#')
    return {
      sign: sign === '=' ? '=' : '~',
      text: words(text),
      weight: weighted ? Number(weighted[1]) : undefined,
      feedback: words(feedback.join('#')),
    }
  })
}

type Inside = Omit<Pasted, 'text'> | PasteMistake
const nothing = { choices: [] as string[], rights: [] as number[] }
const firstWord = (...told: string[]) => told.find((one) => one !== '') ?? ''

/** `3`, `3:0.5`, `2..4`; or the first of several, all of the kind `=…`. */
function numberIn(inside: string, general: string): Inside {
  const [first] = inside.includes('=') ? answersIn(inside) : []
  const [bare = '', feedback = ''] = inside.split('#')
  const text = (first?.text ?? words(bare)).trim()
  const explanation = firstWord(general, first?.feedback ?? words(feedback))
  const range = /^(.+)\.\.(.+)$/.exec(text)
  const [value, away] = range ? [] : text.split(':').map(numberOf)
  if (range) {
    const [from, to] = [numberOf(range[1] ?? ''), numberOf(range[2] ?? '')]
    if (from === undefined || to === undefined || to < from || !Number.isFinite(from + to)) return 'no-number'
    return { kind: 'number', ...nothing, value: (from + to) / 2, tolerance: (to - from) / 2, explanation }
  }
  if (value === undefined || (text.includes(':') && (away === undefined || away < 0))) return 'no-number'
  return { kind: 'number', ...nothing, value, tolerance: away ?? 0, explanation }
}

/** G3, G4: what the braces ask for. `truths` are the words for true and false. */
function read(inside: string, truths: readonly [string, string]): Inside {
  const [body = '', ...rest] = inside.split('####')
  const general = words(rest.join('####'))
  const bare = body.trim()
  if (bare === '') return { kind: 'open', ...nothing, explanation: general }
  if (bare.startsWith('#')) return numberIn(bare.slice(1), general)
  const truth = /^(T|TRUE|F|FALSE)\s*(#[\s\S]*)?$/i.exec(bare)
  if (truth) {
    const [wrong = '', right = ''] = (truth[2] ?? '').slice(1).split('#')
    const at = /^T/i.test(bare) ? 0 : 1
    return { kind: 'truth', choices: [...truths], rights: [at], explanation: firstWord(general, words(right), words(wrong)) }
  }
  const answers = answersIn(body)
  if (answers.length === 0) return 'no-choices'
  const good = answers.map(({ sign, weight }) => (weight === undefined ? sign === '=' : weight > 0))
  const explanation = firstWord(general, ...answers.filter((_, i) => good[i]).map(({ feedback }) => feedback))
  if (answers.every(({ sign }) => sign === '=')) {
    if (answers.some(({ text }) => text.includes('->'))) return 'matching'
    return {
      kind: 'short',
      ...nothing,
      accepted: answers.filter(({ text }, i) => good[i] && text !== '').map(({ text }) => text),
      explanation,
    }
  }
  const rights = good.flatMap((is, i) => (is ? [i] : []))
  if (rights.length === 0) return 'no-right-answer'
  return { kind: rights.length === 1 ? 'single' : 'several', choices: answers.map(({ text }) => text), rights, explanation }
}

function readBlock(block: string, line: number, truths: readonly [string, string]): PasteResult {
  const text = hidden(block).replace(/^\s*::(?:[^:]|:(?!:))*::/, '')
  const open = text.indexOf('{')
  const close = text.indexOf('}', open)
  const before = words(open < 0 ? text : text.slice(0, open))
  const wrong = (mistake: PasteMistake): PasteResult => ({ line, ok: false, text: before, mistake })
  if (open < 0) return wrong('no-braces')
  if (close < 0) return wrong('open-braces')
  const after = text.slice(close + 1)
  if (after.includes('{')) return wrong('two-braces')
  const inside = read(text.slice(open + 1, close), truths)
  if (typeof inside === 'string') return wrong(inside)
  const end = words(after)
  return checked(line, { text: end === '' ? before : `${before} _____ ${end}`.trim(), ...inside })
}

/** Reads questions in GIFT: one result per block, in order, with the line where it begins (from 1). */
export function readGift(pasted: string, truths: readonly [string, string]): PasteResult[] {
  const results: PasteResult[] = []
  let block: string[] = []
  let start = 0
  const end = () => {
    if (block.length > 0) results.push(readBlock(block.join('\n'), start, truths))
    block = []
  }
  for (const [i, raw] of pasted.split(/\r\n|\r|\n/).entries()) {
    const line = raw.trim()
    if (line === '') end()
    else if (!/^(\/\/|\$CATEGORY\s*:)/i.test(line)) {
      if (block.length === 0) start = i + 1
      block.push(line)
    }
  }
  end()
  return results
}
