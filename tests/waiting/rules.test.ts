import { describe, expect, it } from 'vitest'
import type { Asker, Happening } from '#shared/live/slice.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { askAgainAfter, mayPass, mustWait, standingOf, waitingSlice, type Waiting, type WaitingCommand } from '#shared/waiting/rules.ts'

/** The door of one room, and its clock. */
class Door {
  state: Waiting = waitingSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  now = 1_000
  /** Gives the refusal, or how many lines were written. */
  do(command: WaitingCommand, asker: Asker | null): string | number {
    const wanted = waitingSlice.decide(this.state, command, asker, this.now)
    if (!wanted.ok) return wanted.code
    for (const draft of wanted.value) this.write(draft.kind, draft.payload, asker?.person ?? null)
    return wanted.value.length
  }
  ask = (person: string, boot = 'boot') => this.do({ name: 'waiting:ask', payload: { boot } }, as(person))
  leave = (person: string) => this.do({ name: 'waiting:leave', payload: { person } }, null)
  admit = (...people: string[]) => this.do({ name: 'waiting:admit', payload: { people } }, as('claire', 'trainer'))
  deny = (person: string, by: Asker = as('claire', 'trainer')) => this.do({ name: 'waiting:deny', payload: { person } }, by)
  enter = (person: string) => this.write('attendance:entered', { seat: 's', role: 'learner' }, person)
  seen = (audience = 'team') => waitingSlice.viewFor(this.state, audience)?.waiting.map(({ person }) => person)

  private write(kind: string, payload: unknown, person: string | null) {
    const line = { room: 'room', seq: 1, at: this.now, person, kind, v: 1, payload, words: null, audience: null }
    this.state = waitingSlice.apply(this.state, line as Happening as never)
  }
}
const as = (person: string, role: Role = 'learner'): Asker => ({ person, seat: person, role })

describe('the waiting room', () => {
  it('[J1] holds back everybody but the team, where there is one', () => {
    const held = (waits: boolean) =>
      (['owner', 'trainer', 'mentor', 'learner', 'observer'] as const).filter((role) => mustWait({ waits }, role))
    expect(held(true)).toEqual(['learner', 'observer'])
    expect(held(false)).toEqual([])
    expect(mustWait(null, 'learner')).toBe(false)
  })

  it('[J2] lets in once for all, and nobody who was there before waits', () => {
    const door = new Door()
    door.ask('awa')
    expect(mayPass(door.state, 'awa')).toBe(false)
    door.admit('awa')
    expect(mayPass(door.state, 'awa')).toBe(true)
    expect([door.ask('awa'), door.leave('awa'), door.deny('awa')]).toEqual([0, 0, 0])
    expect(mayPass(door.state, 'awa')).toBe(true)
    door.enter('louis')
    expect(mayPass(door.state, 'louis')).toBe(true)
    expect(door.seen()).toEqual([])
  })

  it('[J3] tells who waits where they stand, and of nobody else', () => {
    const door = new Door()
    expect(standingOf(door.state, 'awa')).toBeUndefined()
    door.ask('awa')
    door.ask('louis')
    expect(standingOf(door.state, 'awa')).toEqual({ state: 'waiting', since: 1_000 })
    expect(waitingSlice.mine(door.state, 'awa')).toBeNull()
  })

  it('[J4] shows the team who came first first, and nobody else anything', () => {
    const door = new Door()
    door.ask('louis')
    door.now = 2_000
    door.ask('awa')
    expect(door.seen()).toEqual(['louis', 'awa'])
    expect(waitingSlice.viewFor(door.state, 'all')).toBeNull()
    expect(['learner', 'observer', 'mentor'].map((role) => waitingSlice.audienceOf(door.state, as('x', role as Role)))).toEqual([
      'all',
      'all',
      'team',
    ])
    // Only the team decides, also about oneself; only the door says who came and went.
    expect(door.do({ name: 'waiting:admit', payload: { people: ['awa'] } }, as('awa'))).toBe('live/not-allowed')
    expect(door.deny('awa', as('louis'))).toBe('live/not-allowed')
    expect(door.do({ name: 'waiting:leave', payload: { person: 'awa' } }, as('louis'))).toBe('live/not-allowed')
    expect(door.do({ name: 'waiting:ask', payload: { boot: 'boot' } }, null)).toBe('live/not-allowed')
    expect(door.admit('louis', 'awa', 'nobody', 'awa')).toBe(1)
    expect(door.seen()).toEqual([])
    expect(standingOf(door.state, 'nobody')).toBeUndefined()
  })

  it('[J5] denied, one asks again a minute later, or is let in all the same', () => {
    const door = new Door()
    door.ask('awa')
    door.now = 5_000
    expect([door.deny('awa'), door.deny('awa')]).toEqual([1, 0])
    expect(standingOf(door.state, 'awa')).toEqual({ state: 'denied', again: 5_000 + askAgainAfter })
    expect(door.seen()).toEqual([])
    door.now = 5_000 + askAgainAfter - 1
    expect(door.ask('awa')).toBe('waiting/too-soon')
    door.now++
    expect(door.ask('awa')).toBe(1)
    expect(door.seen()).toEqual(['awa'])
    door.deny('awa')
    door.admit('awa')
    expect(mayPass(door.state, 'awa')).toBe(true)
  })

  it('[J6] who goes waits no longer; under another process one keeps the place one had', () => {
    const door = new Door()
    door.ask('awa', 'first')
    door.now = 9_000
    expect([door.ask('awa', 'first'), door.ask('awa', 'second')]).toEqual([0, 1])
    expect(standingOf(door.state, 'awa')).toEqual({ state: 'waiting', since: 1_000 })
    expect([door.leave('awa'), door.leave('awa')]).toEqual([1, 0])
    expect(door.seen()).toEqual([])
  })
})
