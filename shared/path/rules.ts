import { isPresent } from '../attendance/half-days.ts'
import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, type Role } from '../spoc/rules.ts'

/**
 * Rules of the path.
 *
 * T1 Owners and trainers write the path; everybody in the SPOC reads it.
 * T2 Modules stand in one order, the same for everybody.
 * T3 A module that is removed waits in the bin: taken back, it stands where it stood. What belonged to it stays, under no module meanwhile.
 * T4 A session belongs to one module of its own SPOC, or to none.
 * T5 An activity stands in one module or in none, in one order; those of no module come last, a person's own before them all.
 * T6 A draft, what lies in the bin and a person's own action are seen by the team only, an action by its person too once published.
 * T7 An activity opens at its release and once its prerequisites are done; a prerequisite that its reader cannot see holds nobody back.
 * T8 A prerequisite never leads back to the activity it holds.
 * T9 Done is computed from what happened. A page: read to its end or said read. A link: opened. An assignment: handed in. A
 *    self-assessment: filled. A session: present at it (H3), or caught up. A meeting: present at it, as the team says and corrects (H2, H5). A call: the
 *    last word is "held", or as many calls were held with this person in this SPOC as the road asks for up to here. A quiz: passed. A task: ticked and not unticked since, or its session is done.
 * T10 Progress counts required activities, done out of all; what is optional adds nothing and takes nothing.
 * T11 One goes on with what was touched last and is not done; else with the first that is open and not done, required ones first.
 * T12 The balance weighs each activity by its minutes; a path that transmits only by exposing is warned of.
 * T13 An activity is late when its due instant passed and it is not done.
 * T14 A meeting takes as many as its capacity: who comes after is refused until somebody gives a place back.
 * T15 Each mark is somebody's to make: a learner reads, opens, ticks and signs up; the team says who was present; the rest comes from
 *     what happened elsewhere.
 * T16 A due date may hang on a session, so many days before or after it, at the time at which it starts on the clocks of its zone. It
 *     moves with the session, and is lifted while the session is cancelled.
 * T17 The team follows everybody's completion; an observer that of the people of their own organisation, its evidence too, but nobody's
 *     works and words; a learner nobody's but their own.
 * T18 The words of an activity name files of their SPOC that the team gave for the path or for everybody, and no others. What they named
 *     already they may go on naming.
 * T19 A work is words, files or both; its files are those of who hands it in, at most ten.
 * T20 Nothing is due before it opens. Where a session moved its due date there, the rest may still be changed.
 * T21 A learner's report is theirs: each objective with their last word before and after the course. The team reads it, nobody else.
 * T22 The progress of several people is the sum of theirs (T10): on a module, on an objective, of an organisation.
 * T23 A module is duplicated right after itself: its activities come as drafts, and wait for each other as those of the first do.
 */

/** T1 */
export const mayWritePath = (role: Role) => leads(role)
/** Who reads drafts, works and everybody's progress. */
export const readsAllOfPath = (role: Role) => isTeam(role)

/** T17 */
export const mayFollow = (role: Role) => isTeam(role) || role === 'observer'
/** T17 */
export const mayFollowPerson = (asker: { role: Role; organisation: string | null }, other: { organisation: string | null }): boolean =>
  isTeam(asker.role) || (asker.role === 'observer' && asker.organisation !== null && other.organisation === asker.organisation)

/** T21 */
export const mayReadReport = (asker: { person: string; role: Role }, person: string) =>
  isTeam(asker.role) || (asker.role === 'learner' && asker.person === person)

export const kinds = ['page', 'link', 'assignment', 'quiz', 'session', 'meeting', 'call', 'self-assessment', 'task'] as const
export type Kind = (typeof kinds)[number]

/** The five axes of the classification: closed lists, several values each. */
export const axes = {
  phases: ['discover', 'learn', 'practise', 'assess'],
  sizes: ['alone', 'small', 'medium', 'large'],
  situations: ['in-person', 'live-remote', 'async-remote'],
  pedagogies: ['expository', 'active', 'interrogative'],
  intentions: ['prompt', 'share', 'synthesise', 'transmit', 'assess'],
} as const
export type Axis = keyof typeof axes
export const axisNames = Object.keys(axes) as Axis[]
export type Axes = { [A in Axis]: (typeof axes)[A][number][] }
export type Intention = (typeof axes.intentions)[number]

/** How well somebody says they can do something, in four words rather than a number. */
export const levels = ['not-yet', 'with-help', 'alone', 'can-share'] as const
export type Level = (typeof levels)[number]

/** What can be noted of somebody and an activity. Of two that answer each other the last one counts. */
export const marks = [
  'opened',
  'read',
  'handed-in',
  'filled',
  'passed',
  'not-passed',
  'caught-up',
  'present',
  'absent',
  'held',
  'not-held',
  'ticked',
  'unticked',
  'coming',
  'not-coming',
] as const
export type Mark = (typeof marks)[number]

/** T15: the marks that a learner makes of themselves, per kind. */
export const ownMarks: Record<Kind, readonly Mark[]> = {
  page: ['opened', 'read'],
  link: ['opened'],
  assignment: ['opened'],
  quiz: ['opened'],
  session: ['opened'],
  meeting: ['opened', 'coming', 'not-coming'],
  call: ['opened'],
  'self-assessment': ['opened'],
  task: ['opened', 'ticked', 'unticked'],
}

/** A mark of one person, as it was made. */
export interface Noted {
  state: Mark
  at: number
}

/** What happened between one person and one activity, oldest first. */
export interface Facts {
  noted: readonly Noted[]
  /** The share of the activity's session or meeting that this person was there for, corrections counted, 0 to 1. */
  attended: number
  /** Whether that session was caught up in its replay. */
  caughtUp: boolean
  /** Whether enough calls were held for this one to count as held. */
  called: boolean
}
export const noFacts: Facts = { noted: [], attended: 0, caughtUp: false, called: false }

const has = ({ noted }: Facts, state: Mark) => noted.some((one) => one.state === state)
/** Which of two marks that answer each other came last. */
const last = ({ noted }: Facts, yes: Mark, no: Mark) => noted.findLast(({ state }) => state === yes || state === no)?.state === yes

/** Whether somebody said they come to a meeting. */
export const isComing = (facts: Facts) => last(facts, 'coming', 'not-coming')

const sessionDone = (facts: Facts) => isPresent(facts.attended) || facts.caughtUp || has(facts, 'caught-up')

/** T9 */
export function isDone(kind: Kind, facts: Facts): boolean {
  switch (kind) {
    case 'page':
      return has(facts, 'read')
    case 'link':
      return has(facts, 'opened')
    case 'assignment':
      return has(facts, 'handed-in')
    case 'self-assessment':
      return has(facts, 'filled')
    case 'session':
      return sessionDone(facts)
    case 'meeting':
      return isPresent(facts.attended)
    case 'call':
      return facts.called || last(facts, 'held', 'not-held')
    case 'quiz':
      return last(facts, 'passed', 'not-passed')
    case 'task':
      return last(facts, 'ticked', 'unticked') || sessionDone(facts)
  }
}

/** The part of an activity that the rules read. */
export interface Planned {
  id: string
  module: string | null
  kind: Kind
  required: boolean
  objectives: readonly string[]
  releases: number | null
  due: number | null
  prerequisites: readonly string[]
}

export type StepState = 'locked' | 'todo' | 'started' | 'done'

/** Where somebody stands with an activity. */
export interface Standing {
  state: StepState
  /** T13 */
  late: boolean
  /** T7: what it waits for, when locked. */
  waits: { releases: number | null; prerequisites: readonly string[] }
  /** When it was last touched. */
  touched: number | null
}

/** T7, T9, T13: where one person stands with each activity they see, in the order given. */
export function standings(
  steps: readonly Planned[],
  factsOf: (activity: string) => Facts | undefined,
  now: number,
): ReadonlyMap<string, Standing> {
  const done = new Set(steps.filter(({ id, kind }) => isDone(kind, factsOf(id) ?? noFacts)).map(({ id }) => id))
  const there = new Set(steps.map(({ id }) => id))
  return new Map(
    steps.map((step) => {
      const facts = factsOf(step.id) ?? noFacts
      const releases = step.releases !== null && step.releases > now ? step.releases : null
      const prerequisites = step.prerequisites.filter((id) => there.has(id) && !done.has(id))
      const isOver = done.has(step.id)
      const locked = !isOver && (releases !== null || prerequisites.length > 0)
      const state = isOver ? 'done' : locked ? 'locked' : facts.noted.length > 0 ? 'started' : 'todo'
      const late = !isOver && step.due !== null && step.due < now
      return [step.id, { state, late, waits: { releases, prerequisites }, touched: facts.noted.at(-1)?.at ?? null }] as const
    }),
  )
}

/** T11: with which activity to go on; undefined when all is done or nothing is open. */
export function nextStep(steps: readonly Planned[], where: ReadonlyMap<string, Standing>): string | undefined {
  const open = steps.filter(({ id }) => ['todo', 'started'].includes(where.get(id)?.state ?? ''))
  const touched = open
    .filter(({ id }) => where.get(id)?.state === 'started')
    .toSorted((a, b) => (where.get(b.id)?.touched ?? 0) - (where.get(a.id)?.touched ?? 0))[0]
  return (touched ?? open.find(({ required }) => required) ?? open[0])?.id
}

export interface Progress {
  done: number
  of: number
}

/** T10: of all these activities. */
export function progressOf(steps: readonly Planned[], isOver: (activity: string) => boolean): Progress {
  const counted = steps.filter(({ required }) => required)
  return { done: counted.filter(({ id }) => isOver(id)).length, of: counted.length }
}

/** T22: of these people on these activities; "at" is where an activity stands among a person's states. */
export const progressOfAll = (
  people: readonly { states: readonly string[] }[],
  activities: readonly { at: number; required: boolean }[],
): Progress => {
  const counted = activities.filter(({ required }) => required)
  return {
    done: people.reduce((sum, { states }) => sum + counted.filter(({ at }) => states[at] === 'done').length, 0),
    of: people.length * counted.length,
  }
}

interface Dates {
  releases: number | null
  due: number | null
}

/** T20: why an activity cannot have these dates, or undefined. `before`: those it has. */
export const whyNotDates = ({ releases, due }: Dates, before?: Dates): Refused | undefined =>
  releases !== null && due !== null && due < releases && (releases !== before?.releases || due !== before.due)
    ? refuse('path/due-before-release')
    : undefined

/** T8: why an activity cannot wait for these, or undefined. */
export function whyNotWaitFor(
  activity: string,
  prerequisites: readonly string[],
  all: readonly { id: string; prerequisites: readonly string[] }[],
): Refused | undefined {
  const waits = new Map(all.map(({ id, prerequisites }) => [id, prerequisites]))
  const seen = new Set<string>()
  const leadsBack = (id: string): boolean => {
    if (id === activity) return true
    if (seen.has(id)) return false
    seen.add(id)
    return (waits.get(id) ?? []).some(leadsBack)
  }
  return prerequisites.some(leadsBack) ? refuse('path/waits-for-itself') : undefined
}

/** What an activity weighs when its minutes are not said. */
export const usualMinutes = 15

/** T12: the part of the path's minutes that each value of an axis takes, 0 to 1; an activity of several values shares its minutes between them. */
export function balance(activities: readonly { minutes: number | null; axes: Axes }[], axis: Axis): Record<string, number> {
  const weights = new Map<string, number>(axes[axis].map((value) => [value, 0]))
  let whole = 0
  for (const { minutes, axes: own } of activities) {
    const values = own[axis]
    if (values.length === 0) continue
    const weight = minutes ?? usualMinutes
    whole += weight
    for (const value of values) weights.set(value, (weights.get(value) ?? 0) + weight / values.length)
  }
  return Object.fromEntries([...weights].map(([value, weight]) => [value, whole === 0 ? 0 : weight / whole]))
}

/** T12: whether all that is classified only exposes. */
export function onlyExposes(activities: readonly { axes: Axes }[]): boolean {
  const said = activities.filter(({ axes }) => axes.pedagogies.length > 0)
  return said.length > 0 && said.every(({ axes }) => axes.pedagogies.every((value) => value === 'expository'))
}

const none = (): Axes => ({ phases: [], sizes: [], situations: [], pedagogies: [], intentions: [] })

/** The five starting points for a new activity, one per intention; all of it can be changed. */
export const templates: Record<Intention, { kind: Kind; minutes: number; axes: Axes }> = {
  prompt: {
    kind: 'self-assessment',
    minutes: 10,
    axes: {
      ...none(),
      phases: ['discover'],
      sizes: ['alone'],
      situations: ['async-remote'],
      pedagogies: ['interrogative'],
      intentions: ['prompt'],
    },
  },
  share: {
    kind: 'meeting',
    minutes: 60,
    axes: { ...none(), phases: ['learn'], sizes: ['small'], situations: ['in-person'], pedagogies: ['active'], intentions: ['share'] },
  },
  synthesise: {
    kind: 'assignment',
    minutes: 45,
    axes: {
      ...none(),
      phases: ['practise'],
      sizes: ['alone'],
      situations: ['async-remote'],
      pedagogies: ['active'],
      intentions: ['synthesise'],
    },
  },
  transmit: {
    kind: 'page',
    minutes: 15,
    axes: {
      ...none(),
      phases: ['discover', 'learn'],
      sizes: ['alone'],
      situations: ['async-remote'],
      pedagogies: ['expository'],
      intentions: ['transmit'],
    },
  },
  assess: {
    kind: 'quiz',
    minutes: 15,
    axes: {
      ...none(),
      phases: ['assess'],
      sizes: ['alone'],
      situations: ['async-remote'],
      pedagogies: ['interrogative'],
      intentions: ['assess'],
    },
  },
}
