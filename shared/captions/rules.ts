import type { Asker, Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse, type Refused } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import { keptInRoom } from './grow.ts'
import { correct, lineOf } from './lines.ts'
import type { CaptionLine, CaptionsGrowth, CaptionsView, captionsCommands } from './wire.ts'

/**
 * Rules of live captions.
 *
 * K1 What somebody says is captioned by themself, who switched it on; by one person whom the team named; or by a service that those who lead
 *    let in. Everybody is told which, for as long as it lasts.
 * K2 Whoever takes part captions their own microphone, from one page at a time. It ends when they say so, with that page, and when they no
 *    longer take part.
 * K3 The team names one captioner among those who are in the room, observers too. The team takes it back and the captioner gives it back: what
 *    they write from then on is refused. Who only lost the link is still named.
 * K4 A phrase is one line of at most 300 characters, at most 30 a minute from one person and 120 from a service. One that began more than a
 *    minute ago, or begins later, is refused: it would stand under other words.
 * K5 A line says whose words it holds, of somebody who was in the room; a captioner and a service may not know.
 * K6 Its author corrects a line, the captioner any, as long as it is among the last twelve. Corrected to nothing it is taken away.
 * K7 The room keeps the newest fifty; the log keeps them all, and loses the words of who is erased.
 * K8 A line stays in sight from when it began for as long as it was said, at least a second and a half, at most ten seconds.
 * K9 Where a session has a film and nobody has written its captions, its live captions are the first draft of them.
 * K10 What is said in a sub-group is read by who is in it, and stays there: neither the plenary nor another group, nor a page, a file or a film of
 *    later has it. Whoever comes into a group reads what was said in it.
 */

/** K2 */
export const mayCaptionSelf = (asker: { role: Role }) => takesPart(asker.role)
/** K3 */
export const mayNameCaptioner = (asker: { role: Role }) => isTeam(asker.role)
/** K1 */
export const mayAdmitService = (asker: { role: Role }) => leads(asker.role)

const minute = 60_000
/** K4 */
export const latePhrase = minute
const early = 5_000
export const phrasesAMinute = { person: 30, service: 120 } as const
/** K6 */
export const correctable = 12

interface Seated {
  person: string
  takesPart: boolean
}

export interface CaptionsState {
  seats: Readonly<Record<string, Seated>>
  /** Everybody who ever was in the room (K5). */
  been: ReadonlySet<string>
  /** K2: by person. */
  own: Readonly<Record<string, { seat: string; language: string }>>
  captioner: string | null
  /** K1: the sum of the secret of the service that is let in. */
  service: string | null
  /** With who wrote each; null: the service. */
  lines: readonly (CaptionLine & { author: string | null; group: string | null })[]
  /** K10: the sub-group of each who is in one. */
  groups: Readonly<Record<string, string>>
  /** K4: when each wrote in the last minute; the service under an empty name. */
  spent: Readonly<Record<string, readonly number[]>>
}

export type CaptionsCommand = Command<typeof captionsCommands>
export type CaptionsDraft =
  | Draft<'captions:begun', { seat: string; language: string }, null>
  | Draft<'captions:ended', Record<never, never>, null>
  | Draft<'captions:named', { captioner: string | null }, null>
  | Draft<'captions:admitted', { sum: string }, null>
  | Draft<'captions:dismissed', Record<never, never>, null>
  | Draft<'captions:said', Said, { text: string }>
  | Draft<'captions:corrected', { line: number; person: string | null }, { text: string }>
export type CaptionsHappening = HappeningOf<CaptionsDraft>
/** `person`: whose words, and so whose erasure takes them. */
export interface Said {
  person: string | null
  by: CaptionLine['by']
  from: number
  language: string | null
}

/** What this slice needs of the lines of sub-groups. */
type GroupLine =
  | { kind: 'groups:opened'; payload: { groups: { group: string; people: string[] }[] } }
  | { kind: 'groups:moved'; payload: { person: string; group: string | null } }
  | { kind: 'groups:closed' }

/** What this slice needs of the lines of attendance. */
type SeatLine =
  | { kind: 'attendance:entered'; person: string | null; payload: { seat: string; role: Role } }
  | { kind: 'attendance:left'; person: string | null; payload: { seat: string; person: string } }

/** K10 */
const groupOf = ({ groups }: CaptionsState, person: string | null): string | null => (person === null ? null : (groups[person] ?? null))
/** K10 — the name of the audience that reads what is said in a group, or in the plenary. */
const readersOf = (group: string | null): string => group ?? 'all'
const linesFor = ({ lines }: CaptionsState, audience: string) => lines.filter(({ group }) => readersOf(group) === audience)

const isHere = (state: CaptionsState, person: string) => Object.values(state.seats).some((one) => one.person === person)

/** K4: why a phrase is not taken, or undefined. */
function whyNotTake(state: CaptionsState, author: string | null, from: number, now: number): Refused | undefined {
  if (from < now - latePhrase || from > now + early) return refuse('captions/too-late')
  const lately = (state.spent[author ?? ''] ?? []).filter((at) => at > now - minute).length
  return lately >= phrasesAMinute[author === null ? 'service' : 'person'] ? refuse('captions/too-many') : undefined
}

/** K6 */
function decideCorrection(state: CaptionsState, { line, text }: { line: number; text: string }, asker: Asker) {
  const found = linesFor(state, readersOf(groupOf(state, asker.person)))
    .slice(-correctable)
    .find(({ seq }) => seq === line)
  const mine = found && (found.author === asker.person || state.captioner === asker.person)
  if (!found || !mine) return refuse('captions/not-yours')
  if (found.text === text || (found.text === null && text === '')) return ok([])
  return ok([{ kind: 'captions:corrected' as const, v: 1, payload: { line, person: found.person ?? found.author }, words: { text } }])
}

/** Without the captioning of those whose page has gone, or who no longer take part (K2). */
function settled(state: CaptionsState): CaptionsState {
  const stay = Object.entries(state.own).filter(([person, { seat }]) => {
    const there = state.seats[seat]
    return there?.person === person && there.takesPart
  })
  return stay.length === Object.keys(state.own).length ? state : { ...state, own: Object.fromEntries(stay) }
}

export const captionsSlice: Slice<CaptionsState, CaptionsCommand, CaptionsDraft, CaptionsView, never> = {
  name: 'captions',
  start: () => ({ seats: {}, been: new Set(), own: {}, captioner: null, service: null, lines: [], groups: {}, spent: {} }),
  decide(state, { name, payload }, asker, now) {
    const said = (
      person: string | null,
      by: Said['by'],
      { from, text, language }: { from: number; text: string; language: string | null },
      group = groupOf(state, asker?.person ?? person),
    ) => {
      const payload = { person, by, from: Math.min(from, now), language }
      return ok([{ kind: 'captions:said' as const, v: 1, payload, words: { text }, ...(group !== null && { audience: group }) }])
    }
    if (name === 'captions:admit' || name === 'captions:dismiss' || name === 'captions:hear') {
      if (asker) return refuse('live/not-allowed')
      if (name === 'captions:admit') return ok([{ kind: 'captions:admitted', v: 1, payload: { sum: payload.sum } }])
      if (name === 'captions:dismiss') return ok(state.service === null ? [] : [{ kind: 'captions:dismissed', v: 1, payload: {} }])
      if (state.service === null || payload.sum !== state.service) return refuse('captions/no-service')
      if (payload.speaker !== null && !state.been.has(payload.speaker)) return refuse('captions/not-here')
      // A service that had no answer sends again.
      if (state.lines.some(({ by, from, text }) => by === 'service' && from === payload.from && text === payload.text)) return ok([])
      return whyNotTake(state, null, payload.from, now) ?? said(payload.speaker, 'service', payload)
    }
    if (!asker) return refuse('live/not-allowed')
    const { person, seat } = asker
    switch (name) {
      case 'captions:begin': {
        if (!mayCaptionSelf(asker)) return refuse('live/not-allowed')
        const { language } = payload
        const now = state.own[person]
        return ok(now?.seat === seat && now.language === language ? [] : [{ kind: 'captions:begun', v: 1, payload: { seat, language } }])
      }
      case 'captions:end':
        return ok(state.own[person] ? [{ kind: 'captions:ended', v: 1, payload: {} }] : [])
      case 'captions:say': {
        const own = state.own[person]
        if (own?.seat !== seat) return refuse('captions/not-on')
        return whyNotTake(state, person, payload.from, now) ?? said(person, 'self', { ...payload, language: own.language })
      }
      case 'captions:name': {
        if (!mayNameCaptioner(asker)) return refuse('live/not-allowed')
        const captioner = payload.person
        if (captioner !== null && !isHere(state, captioner)) return refuse('captions/not-here')
        return ok(captioner === state.captioner ? [] : [{ kind: 'captions:named', v: 1, payload: { captioner } }])
      }
      case 'captions:resign':
        return ok(state.captioner === person ? [{ kind: 'captions:named', v: 1, payload: { captioner: null } }] : [])
      case 'captions:write': {
        if (state.captioner !== person) return refuse('captions/not-captioner')
        const { speaker } = payload
        if (speaker !== null && !state.been.has(speaker)) return refuse('captions/not-here')
        return whyNotTake(state, person, payload.from, now) ?? said(speaker, 'captioner', { ...payload, language: null })
      }
      case 'captions:correct':
        return decideCorrection(state, payload, asker)
    }
  },
  apply(state, line: CaptionsHappening | SeatLine | GroupLine) {
    switch (line.kind) {
      case 'attendance:entered': {
        const { person } = line
        if (person === null) return state
        const seats = { ...state.seats, [line.payload.seat]: { person, takesPart: takesPart(line.payload.role) } }
        return settled({ ...state, seats, been: state.been.has(person) ? state.been : new Set(state.been).add(person) })
      }
      case 'attendance:left': {
        const { [line.payload.seat]: _gone, ...seats } = state.seats
        return settled({ ...state, seats })
      }
      case 'groups:opened':
        return {
          ...state,
          groups: Object.fromEntries(line.payload.groups.flatMap(({ group, people }) => people.map((one) => [one, group]))),
        }
      case 'groups:moved': {
        const { person, group } = line.payload
        const { [person]: _former, ...groups } = state.groups
        return { ...state, groups: group === null ? groups : { ...groups, [person]: group } }
      }
      case 'groups:closed':
        return { ...state, groups: {} }
      case 'captions:begun':
        return line.person === null ? state : { ...state, own: { ...state.own, [line.person]: line.payload } }
      case 'captions:ended': {
        const { [line.person ?? '']: _ended, ...own } = state.own
        return { ...state, own }
      }
      case 'captions:named':
        return { ...state, captioner: line.payload.captioner }
      case 'captions:admitted':
        return { ...state, service: line.payload.sum }
      case 'captions:dismissed':
        return { ...state, service: null }
      case 'captions:said': {
        const author = line.person
        const before = (state.spent[author ?? ''] ?? []).filter((at) => at > line.at - minute)
        return {
          ...state,
          lines: [...state.lines, { ...lineOf(line), author, group: line.audience }].slice(-keptInRoom),
          spent: { ...state.spent, [author ?? '']: [...before, line.at] },
        }
      }
      case 'captions:corrected':
        return { ...state, lines: state.lines.map((one) => correct(one, line)) }
      default:
        return state
    }
  },
  audienceOf: (state, { person }) => readersOf(groupOf(state, person)),
  viewFor: (state, audience) => ({
    own: Object.keys(state.own),
    captioner: state.captioner === null ? null : { person: state.captioner, here: isHere(state, state.captioner) },
    service: state.service !== null,
    lines: linesFor(state, audience).map(shown),
  }),
  mine: () => null,
  grown(before, after, audience): CaptionsGrowth | undefined {
    const [were, are] = [linesFor(before, audience), linesFor(after, audience)]
    const last = were.at(-1)
    const fresh = are.filter(({ seq }) => seq > (last?.seq ?? 0))
    // What is there already changed, or who captions: the whole view is sent.
    const same = (key: 'own' | 'captioner' | 'service') => before[key] === after[key]
    const kept = were.every((line) => line.seq < (are[0]?.seq ?? 0) || are.includes(line))
    const unbroken = fresh.length > 0 && fresh.length < keptInRoom && kept && same('own') && same('captioner') && same('service')
    const stays = before.captioner === null || isHere(before, before.captioner) === isHere(after, before.captioner)
    return unbroken && stays ? { lines: fresh.map(shown) } : undefined
  },
}

const shown = ({ author: _author, group: _group, ...line }: CaptionsState['lines'][number]): CaptionLine => line
