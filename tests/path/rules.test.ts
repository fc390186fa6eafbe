import { describe, expect, it } from 'vitest'
import {
  balance,
  isDone,
  kinds,
  marks,
  nextStep,
  noFacts,
  onlyExposes,
  ownMarks,
  progressOf,
  progressOfAll,
  standings,
  templates,
  whyNotDates,
  whyNotWaitFor,
  axes as lists,
  type Axes,
  type Facts,
  type Kind,
  type Mark,
  type Planned,
} from '#shared/path/rules.ts'
import { axes, detail } from '#shared/path/wire.ts'

const facts = (...states: Mark[]): Facts => ({ ...noFacts, noted: states.map((state, at) => ({ state, at })) })
const planned = (id: string, given: Partial<Planned> = {}): Planned => ({
  id,
  module: null,
  kind: 'page',
  required: true,
  objectives: [],
  releases: null,
  due: null,
  prerequisites: [],
  ...given,
})
const none: Axes = { phases: [], sizes: [], situations: [], pedagogies: [], intentions: [] }

describe('completion', () => {
  it('[T9] follows one explicit rule per kind, and no other mark makes it', () => {
    const makes: Record<Kind, readonly Mark[]> = {
      page: ['read'],
      link: ['opened'],
      assignment: ['handed-in'],
      'self-assessment': ['filled'],
      session: ['caught-up'],
      meeting: [],
      call: ['held'],
      quiz: ['passed'],
      task: ['ticked', 'caught-up'],
    }
    for (const kind of kinds)
      for (const mark of marks) expect(isDone(kind, facts(mark)), `${kind} ${mark}`).toBe(makes[kind].includes(mark))
  })

  it('[T9] takes the last of two marks that answer each other', () => {
    expect(isDone('task', facts('ticked', 'unticked'))).toBe(false)
    expect(isDone('task', facts('ticked', 'unticked', 'ticked'))).toBe(true)
    expect(isDone('meeting', { ...noFacts, attended: 0.49 })).toBe(false)
    expect(isDone('meeting', { ...noFacts, attended: 0.5 })).toBe(true)
    expect(isDone('call', facts('held', 'not-held'))).toBe(false)
  })

  it('[T9] counts a session from half of it, or caught up', () => {
    expect(isDone('session', { ...noFacts, attended: 0.49 })).toBe(false)
    expect(isDone('session', { ...noFacts, attended: 0.5 })).toBe(true)
    expect(isDone('session', { ...noFacts, caughtUp: true })).toBe(true)
    expect(isDone('task', { ...noFacts, caughtUp: true })).toBe(true)
    expect(isDone('page', { ...noFacts, attended: 1 })).toBe(false)
    expect(isDone('call', { ...noFacts, called: true })).toBe(true)
    expect(isDone('task', { ...noFacts, called: true })).toBe(false)
  })

  it('[T15] leaves no learner a mark that says what only others know', () => {
    for (const kind of kinds)
      for (const mark of ['present', 'absent', 'held', 'passed', 'caught-up', 'handed-in', 'filled'] as const)
        expect(ownMarks[kind], kind).not.toContain(mark)
  })
})

describe('the road', () => {
  it('[T7] opens at the release and after what comes before; what its reader cannot see holds nobody back', () => {
    const steps = [planned('a'), planned('b', { prerequisites: ['a', 'gone'] }), planned('c', { releases: 100 })]
    const before = standings(steps, () => undefined, 99)
    expect(before.get('a')?.state).toBe('todo')
    expect(before.get('b')).toMatchObject({ state: 'locked', waits: { releases: null, prerequisites: ['a'] } })
    expect(before.get('c')).toMatchObject({ state: 'locked', waits: { releases: 100, prerequisites: [] } })
    const after = standings(steps, (id) => (id === 'a' ? facts('read') : undefined), 100)
    expect([...after.values()].map(({ state }) => state)).toEqual(['done', 'todo', 'todo'])
  })

  it('[T7] keeps done what was done before it was locked', () => {
    const where = standings([planned('a', { releases: 100 })], () => facts('read'), 0)
    expect(where.get('a')?.state).toBe('done')
  })

  it('[T13] is late after the due instant, unless done', () => {
    const steps = [planned('a', { due: 10 }), planned('b', { due: 10 }), planned('c', { due: 11 })]
    const where = standings(steps, (id) => (id === 'b' ? facts('read') : undefined), 11)
    expect([...where.values()].map(({ late }) => late)).toEqual([true, false, false])
  })

  it('[T11] goes on where one stopped, else with the first open and required', () => {
    const steps = [planned('x', { required: false }), planned('a'), planned('b'), planned('c', { releases: 100 })]
    const go = (given: Record<string, Facts>) =>
      nextStep(
        steps,
        standings(steps, (id) => given[id], 0),
      )
    expect(go({})).toBe('a')
    expect(go({ b: facts('opened') })).toBe('b')
    expect(go({ b: facts('opened'), a: { ...noFacts, noted: [{ state: 'opened', at: 9 }] } })).toBe('a')
    expect(go({ a: facts('read'), b: facts('read') })).toBe('x')
    expect(go({ x: facts('read'), a: facts('read'), b: facts('read') })).toBeUndefined()
  })

  it('[T10] counts what is required, done out of all', () => {
    const steps = [planned('a'), planned('b'), planned('c', { required: false })]
    expect(progressOf(steps, (id) => id !== 'b')).toEqual({ done: 1, of: 2 })
    expect(progressOf([], () => true)).toEqual({ done: 0, of: 0 })
  })

  it('[T22] sums people on a module, an objective or of an organisation: what is required, done by each', () => {
    const people = [{ states: ['done', 'late', 'done'] }, { states: ['todo', 'done', 'done'] }]
    const [first, second, optional] = [0, 1, 2].map((at) => ({ at, required: at < 2 }))
    if (!first || !second || !optional) throw new Error('three activities')
    expect(progressOfAll(people, [first, second, optional])).toEqual({ done: 2, of: 4 })
    expect(progressOfAll(people.slice(0, 1), [second])).toEqual({ done: 0, of: 1 })
    expect(progressOfAll(people, [optional])).toEqual({ done: 0, of: 0 })
    expect(progressOfAll(people, [{ at: -1, required: true }])).toEqual({ done: 0, of: 2 })
  })

  it('[T8] never waits for itself, however long the way round', () => {
    const all = [planned('a', { prerequisites: ['b'] }), planned('b', { prerequisites: ['c'] }), planned('c')]
    expect(whyNotWaitFor('c', ['a'], all)).toMatchObject({ code: 'path/waits-for-itself' })
    expect(whyNotWaitFor('c', ['c'], all)).toMatchObject({ code: 'path/waits-for-itself' })
    expect(whyNotWaitFor('a', ['c'], all)).toBeUndefined()
    // A round that others closed does not turn for ever.
    const round = [planned('a', { prerequisites: ['b'] }), planned('b', { prerequisites: ['a'] })]
    expect(whyNotWaitFor('d', ['a'], round)).toBeUndefined()
  })

  it('[T20] is never due before it opens; one that came there by a session may keep its dates, and no other such', () => {
    const wrong = { code: 'path/due-before-release' }
    expect(whyNotDates({ releases: 100, due: 99 })).toMatchObject(wrong)
    for (const fits of [
      { releases: 100, due: 100 },
      { releases: null, due: 1 },
      { releases: 100, due: null },
    ])
      expect(whyNotDates(fits)).toBeUndefined()
    const before = { releases: 100, due: 50 }
    expect(whyNotDates(before, before)).toBeUndefined()
    expect(whyNotDates({ ...before, due: 60 }, before)).toMatchObject(wrong)
    expect(whyNotDates({ ...before, releases: 90 }, before)).toMatchObject(wrong)
  })
})

describe('the balance', () => {
  it('[T12] weighs by minutes and shares between several values', () => {
    const activities = [
      { minutes: 30, axes: { ...none, pedagogies: ['expository' as const] } },
      { minutes: 10, axes: { ...none, pedagogies: ['active' as const, 'interrogative' as const] } },
      { minutes: 500, axes: none },
    ]
    expect(balance(activities, 'pedagogies')).toEqual({ expository: 0.75, active: 0.125, interrogative: 0.125 })
    expect(balance([], 'sizes')).toEqual({ alone: 0, small: 0, medium: 0, large: 0 })
  })

  it('[T12] warns of a path that only exposes, and of no other', () => {
    const exposes = { axes: { ...none, pedagogies: ['expository' as const] } }
    expect(onlyExposes([exposes, { axes: none }])).toBe(true)
    expect(onlyExposes([exposes, { axes: { ...none, pedagogies: ['expository', 'active'] } }])).toBe(false)
    expect(onlyExposes([{ axes: none }])).toBe(false)
    expect(onlyExposes([])).toBe(false)
  })

  it('has a starting point for each intention, within the closed lists', () => {
    expect(Object.keys(templates)).toEqual([...lists.intentions])
    for (const [intention, template] of Object.entries(templates)) {
      expect(axes.safeParse(template.axes).success).toBe(true)
      expect(template.axes.intentions).toEqual([intention])
    }
    expect(Object.values(templates).map(({ kind }) => kind)).toEqual(['self-assessment', 'meeting', 'assignment', 'page', 'quiz'])
  })
})

describe('what belongs to each kind', () => {
  it('has a shape for every kind and takes no address that runs something', () => {
    expect(detail.options.map(({ shape }) => shape.kind.value).toSorted()).toEqual([...kinds].toSorted())
    const link = (url: string) => detail.safeParse({ kind: 'link', url, about: '' }).success
    expect(link('https://exemple.org/a?b=c')).toBe(true)
    for (const wrong of ['javascript:alert(1)', ' JavaScript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', '//exemple.org', 'x'])
      expect(link(wrong), wrong).toBe(false)
    const task = (to: string) => detail.safeParse({ kind: 'task', about: '', session: null, links: [{ label: 'Aller', to }] }).success
    expect(task('/sessions/abc?at=12#x')).toBe(true)
    for (const wrong of ['//exemple.org', 'https://exemple.org', '/\\exemple.org', 'javascript:x']) expect(task(wrong), wrong).toBe(false)
  })
})
