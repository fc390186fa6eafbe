import { describe, expect, it } from 'vitest'
import type { Asker, Happening } from '#shared/live/slice.ts'
import { groupsSlice, shareOut, type GroupsCommand, type GroupsState } from '#shared/groups/rules.ts'
import { groupOf, together } from '#shared/groups/within.ts'
import type { Role } from '#shared/spoc/rules.ts'

const claire: Asker = { person: 'claire', seat: 'seat-claire', role: 'trainer' }
const marie: Asker = { person: 'marie', seat: 'seat-marie', role: 'mentor' }
const awa: Asker = { person: 'awa', seat: 'seat-awa', role: 'learner' }
const rooms = { id: 'room', spoc: 'spoc', kind: 'session' } as const

/** A room in which commands are decided and applied one after the other, at the time given. */
class Played {
  state: GroupsState
  now = 1_000
  #seq = 0
  constructor(kind: 'session' | 'call' = 'session') {
    this.state = groupsSlice.start({ ...rooms, kind })
    for (const person of ['claire', 'marie', 'awa', 'louis', 'marc', 'zoe']) this.enters(person)
  }
  #fold(person: string | null, kind: string, payload: unknown, words: unknown = null): void {
    const line = { room: 'room', seq: ++this.#seq, at: this.now, person, kind, v: 1, payload, words, audience: null }
    this.state = groupsSlice.apply(this.state, line as Happening as never)
  }
  enters(person: string, role: Role = 'learner'): void {
    this.#fold(person, 'attendance:entered', { seat: `seat-${person}`, boot: 'boot', role })
  }
  leaves(person: string): void {
    this.#fold(null, 'attendance:left', { seat: `seat-${person}`, person, heard: this.now })
  }
  /** Kinds that were written, or the code of the refusal. */
  does(asker: Asker | null, command: GroupsCommand): string[] | string {
    const decided = groupsSlice.decide(this.state, command, asker, this.now)
    if (!decided.ok) return decided.code
    for (const { kind, payload, words } of decided.value) this.#fold(asker?.person ?? null, kind, payload, words)
    return decided.value.map(({ kind }) => kind)
  }
  opens(
    asker: Asker = claire,
    groups: [string, string[]][] = [
      ['one', ['awa', 'louis']],
      ['two', ['marc']],
    ],
  ) {
    return this.does(asker, { name: 'groups:open', payload: { groups: groups.map(([group, people]) => ({ group, name: null, people })) } })
  }
  get of(): Record<string, string | null> {
    return Object.fromEntries(['claire', 'awa', 'louis', 'marc', 'zoe'].map((person) => [person, groupOf(this.state, person)]))
  }
}
const close = (after: 0 | 60): GroupsCommand => ({ name: 'groups:close', payload: { after } })
const move = (person: string, group: string | null): GroupsCommand => ({ name: 'groups:move', payload: { person, group } })
const visit = (group: string | null): GroupsCommand => ({ name: 'groups:visit', payload: { group } })

describe('sub-groups', () => {
  it('[B1] the trainer shares the room out; who is in no group is in the plenary', () => {
    const room = new Played()
    expect(room.of).toEqual({ claire: null, awa: null, louis: null, marc: null, zoe: null })
    expect(room.opens()).toEqual(['groups:opened'])
    expect(room.of).toEqual({ claire: null, awa: 'one', louis: 'one', marc: 'two', zoe: null })
    expect(room.opens()).toBe('groups/open')
  })

  it('[B1] nobody is in two groups, no group is named twice, nobody unknown is in one', () => {
    const room = new Played()
    expect(
      room.opens(claire, [
        ['one', ['awa']],
        ['two', ['awa']],
      ]),
    ).toBe('groups/twice')
    expect(
      room.opens(claire, [
        ['one', ['awa']],
        ['one', ['marc']],
      ]),
    ).toBe('groups/twice')
    expect(room.opens(claire, [['one', ['stranger']]])).toBe('groups/not-here')
    expect(room.state.groups).toEqual([])
  })

  it('[B1] only in a session, only by those who lead', () => {
    expect(new Played('call').opens()).toBe('live/not-allowed')
    const room = new Played()
    expect(room.opens(awa)).toBe('live/not-allowed')
    expect(room.opens(marie)).toBe('live/not-allowed')
    room.opens()
    for (const asker of [awa, marie]) {
      expect(room.does(asker, move('louis', 'two'))).toBe('live/not-allowed')
      expect(room.does(asker, close(0))).toBe('live/not-allowed')
      expect(room.does(asker, { name: 'groups:rename', payload: { group: 'one', name: 'Nous' } })).toBe('live/not-allowed')
    }
  })

  it('[B1] people are shared out as evenly as it goes', () => {
    expect(shareOut(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 3)).toEqual([
      ['a', 'd', 'g'],
      ['b', 'e'],
      ['c', 'f'],
    ])
    expect(shareOut(['a'], 2)).toEqual([['a'], []])
  })

  it('[B2] she moves somebody, sends in who comes late, and takes somebody back into the plenary', () => {
    const room = new Played()
    room.opens()
    expect(room.does(claire, move('louis', 'two'))).toEqual(['groups:moved'])
    expect(room.does(claire, move('zoe', 'two'))).toEqual(['groups:moved'])
    expect(room.does(claire, move('awa', null))).toEqual(['groups:moved'])
    expect(room.of).toEqual({ claire: null, awa: null, louis: 'two', marc: 'two', zoe: 'two' })
    expect(room.does(claire, move('zoe', 'two'))).toEqual([])
    expect(room.does(claire, move('zoe', 'three'))).toBe('groups/not-open')
    expect(room.does(claire, move('stranger', 'one'))).toBe('groups/not-here')
  })

  it('[B2] the team goes into a group and back; a learner does not', () => {
    const room = new Played()
    expect(room.does(claire, visit('one'))).toBe('groups/not-open')
    room.opens()
    expect(room.does(claire, visit('one'))).toEqual(['groups:moved'])
    expect(room.does(marie, visit('two'))).toEqual(['groups:moved'])
    expect(together(room.state, 'claire', 'awa')).toBe(true)
    expect(together(room.state, 'claire', 'marie')).toBe(false)
    expect(room.does(claire, visit(null))).toEqual(['groups:moved'])
    expect(room.of['claire']).toBeNull()
    expect(room.does(awa, visit('two'))).toBe('live/not-allowed')
    expect(room.of['awa']).toBe('one')
  })

  it('[B2] a group has a name, which erasure takes away and leaves the group', () => {
    const room = new Played()
    room.opens()
    expect(room.does(claire, { name: 'groups:rename', payload: { group: 'two', name: 'Les grands' } })).toEqual(['groups:renamed'])
    expect(room.state.groups.map(({ name }) => name)).toEqual([null, 'Les grands'])
    const nameless = { room: 'room', seq: 1, at: 1, person: 'claire', v: 1, words: null, audience: null }
    const opened = { ...nameless, kind: 'groups:opened', payload: { groups: [{ group: 'one', people: ['awa'] }] } }
    const erased = groupsSlice.apply(new Played().state, opened as never)
    expect(groupsSlice.viewFor(erased, 'all').groups).toEqual([{ group: 'one', name: null, people: ['awa'] }])
    const renamed = groupsSlice.apply(room.state, { ...nameless, kind: 'groups:renamed', payload: { group: 'two' } } as never)
    expect(renamed.groups[1]?.name).toBeNull()
  })

  it('[B3] two people hear each other in one group or in the plenary, and nowhere else', () => {
    const room = new Played()
    room.opens()
    expect(together(room.state, 'awa', 'louis')).toBe(true)
    expect(together(room.state, 'awa', 'marc')).toBe(false)
    expect(together(room.state, 'awa', 'claire')).toBe(false)
    expect(together(room.state, 'claire', 'zoe')).toBe(true)
  })

  it('[B4] who leaves the room and comes back is in their group, until it is closed', () => {
    const room = new Played()
    room.opens()
    room.leaves('awa')
    expect(room.of['awa']).toBe('one')
    room.enters('awa')
    expect(room.of['awa']).toBe('one')
    room.leaves('awa')
    room.does(claire, close(0))
    room.enters('awa')
    expect(room.of['awa']).toBeNull()
  })

  it('[B5] closed at once, everybody is in the plenary, and other groups may be opened', () => {
    const room = new Played()
    expect(room.does(claire, close(0))).toEqual([])
    room.opens()
    expect(room.does(claire, close(0))).toEqual(['groups:closed'])
    expect(room.of).toEqual({ claire: null, awa: null, louis: null, marc: null, zoe: null })
    expect(room.opens()).toEqual(['groups:opened'])
  })

  it('[B5] told a minute before, they close when it is over and not sooner; told again, it does not begin again', () => {
    const room = new Played()
    room.opens()
    expect(room.does(claire, close(60))).toEqual(['groups:closing'])
    expect(groupsSlice.viewFor(room.state, 'all').closesAt).toBe(61_000)
    expect(groupsSlice.deadline?.(room.state)).toEqual({ at: 61_000, command: close(0) })
    room.now = 30_000
    expect(room.does(claire, close(60))).toEqual([])
    expect(room.does(null, close(0))).toEqual([])
    expect(room.of['awa']).toBe('one')
    room.now = 61_000
    expect(room.does(null, close(0))).toEqual(['groups:closed'])
    expect(room.of['awa']).toBeNull()
    expect(groupsSlice.deadline?.(room.state)).toBeUndefined()
  })

  it('[B5] she may still close at once, and groups opened later have no minute of their own', () => {
    const room = new Played()
    room.opens()
    room.does(claire, close(60))
    expect(room.does(claire, close(0))).toEqual(['groups:closed'])
    room.opens()
    expect(groupsSlice.viewFor(room.state, 'all').closesAt).toBeNull()
    room.now = 70_000
    expect(room.does(null, close(0))).toEqual([])
  })

  it('[B6] everybody is told the same: who is in which', () => {
    const room = new Played()
    room.opens()
    for (const asker of [claire, awa]) expect(groupsSlice.audienceOf(room.state, asker)).toBe('all')
    expect(groupsSlice.viewFor(room.state, 'all')).toEqual({
      groups: [
        { group: 'one', name: null, people: ['awa', 'louis'] },
        { group: 'two', name: null, people: ['marc'] },
      ],
      closesAt: null,
    })
  })
})
