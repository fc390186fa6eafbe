import { describe, expect, it } from 'vitest'
import { inOrderOfCare, isAbsent, isConcerned, maySeeCare, needsCare, overSince, type CareFacts } from '#shared/followup/rules.ts'
import { roles } from '#shared/spoc/rules.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 10, 24, 9)
const nothing: CareFacts = { late: [], sessions: [], calls: [], questions: [], works: [], contested: [] }
const why = (facts: Partial<CareFacts>, promise = 48) => needsCare({ ...nothing, ...facts }, promise, now).map(({ kind }) => kind)

describe('who needs the team', () => {
  it('[F1] is late on what is required, from the due instant on; what is optional never worries', () => {
    const late = { activity: 'a', title: 'Le module 1', required: true, due: now - 1 }
    expect(why({ late: [late] })).toEqual(['late'])
    expect(why({ late: [{ ...late, due: now }] })).toEqual([])
    expect(why({ late: [{ ...late, required: false }] })).toEqual([])
  })

  it('[F2] was there for less than half of a session and has not caught it up', () => {
    const session = { session: 's', title: 'Séance 1', ends: now - day, attended: 0.49, caughtUp: false }
    expect(why({ sessions: [session] })).toEqual(['absent'])
    expect(why({ sessions: [{ ...session, attended: 0.5 }] })).toEqual([])
    expect(why({ sessions: [{ ...session, attended: 0, caughtUp: true }] })).toEqual([])
    expect([isAbsent({ attended: 0, caughtUp: false }), isConcerned(now, { ends: now }), isConcerned(now - 1, { ends: now })]).toEqual([
      true,
      false,
      true,
    ])
  })

  it('[F3] missed a call in the last thirty days and has no other since', () => {
    const missed = { room: 'r', starts: now - 3 * day, state: 'missed' as const }
    expect(why({ calls: [missed] })).toEqual(['missed-call'])
    expect(why({ calls: [{ ...missed, starts: now - 30 * day }] })).toEqual([])
    expect(why({ calls: [missed, { room: 'q', starts: now + day, state: 'planned' }] })).toEqual([])
    expect(why({ calls: [missed, { room: 'q', starts: now - day, state: 'held' }] })).toEqual([])
    expect(why({ calls: [missed, { room: 'q', starts: now - 9 * day, state: 'held' }] })).toEqual(['missed-call'])
    expect(why({ calls: [missed, { room: 'q', starts: now + day, state: 'cancelled' }] })).toEqual(['missed-call'])
  })

  it('[F4] waits for an answer or for feedback longer than the SPOC promises', () => {
    const question = { inquiry: 'i', text: 'Combien de pages ?', asked: now - 9 * hour }
    const work = { activity: 'a', title: 'Une page', at: now - 9 * hour }
    expect(why({ questions: [question], works: [work] }, 8)).toEqual(['question', 'work'])
    expect(why({ questions: [question], works: [work] }, 24)).toEqual([])
  })

  it('[F5] has each reason named by its evidence and since when it holds, the oldest first', () => {
    const facts = {
      ...nothing,
      late: [{ activity: 'a', title: 'Le module 1', required: true, due: now - day }],
      sessions: [{ session: 's', title: 'Séance 1', ends: now - 2 * day, attended: 0, caughtUp: false }],
    }
    expect(needsCare(facts, 48, now)).toEqual([
      { kind: 'absent', session: 's', title: 'Séance 1', since: now - 2 * day },
      { kind: 'late', activity: 'a', title: 'Le module 1', since: now - day },
    ])
  })

  it('[F6] stands before others with more kinds of reasons, then by who has waited longest; who has none is left out', () => {
    const absent = (since: number) => ({ kind: 'absent' as const, session: 's', title: 'S', since })
    const late = (since: number) => ({ kind: 'late' as const, activity: 'a', title: 'A', since })
    const people = [
      { name: 'well', reasons: [] },
      { name: 'twice late', reasons: [late(2), late(3)] },
      { name: 'long ago', reasons: [absent(1)] },
      { name: 'both', reasons: [absent(4), late(5)] },
    ]
    expect(inOrderOfCare(people).map(({ name }) => name)).toEqual(['both', 'long ago', 'twice late'])
  })

  it('[F9] contests a presence until it is corrected', () => {
    const contested = { event: 's', title: 'Séance 1', at: now - 1 }
    expect(needsCare({ ...nothing, contested: [contested] }, 48, now)).toEqual([
      { kind: 'contested', event: 's', title: 'Séance 1', since: now - 1 },
    ])
  })

  it('[F7] is told to the team alone', () => {
    expect(roles.filter(maySeeCare)).toEqual(['owner', 'trainer', 'mentor'])
  })

  it('[F8] is not judged by a session before it is ended or four hours past', () => {
    const session = { state: 'planned' as const, ends: now }
    expect(overSince(session, now + 4 * hour - 1)).toBeUndefined()
    expect(overSince(session, now + 4 * hour)).toBe(now)
    expect(overSince({ ...session, state: 'ended' }, now)).toBe(now)
    expect(overSince({ ...session, state: 'cancelled' }, now + day)).toBeUndefined()
  })
})
