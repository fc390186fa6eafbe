import { describe, expect, it } from 'vitest'
import type { Asker } from '#shared/live/slice.ts'
import { mayBeOpen, micsSlice, type MicsCommand, type MicsState } from '#shared/mics/rules.ts'

const asker = (person: string, role: Asker['role']): Asker => ({ person, seat: `seat-${person}`, role })
const [claire, marc, awa, louis, olga] = [
  asker('claire', 'trainer'),
  asker('marc', 'mentor'),
  asker('awa', 'learner'),
  asker('louis', 'learner'),
  asker('olga', 'observer'),
]

class Room {
  state: MicsState = micsSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  seq = 0

  constructor() {
    for (const who of [claire, marc, awa, louis, olga]) this.enter(who)
  }
  line(kind: string, payload: object, person: string | null) {
    this.seq++
    const line = { room: 'room', seq: this.seq, at: 1_000 + this.seq, person, kind, v: 1, payload, words: null, audience: null }
    this.state = micsSlice.apply(this.state, line as Parameters<typeof micsSlice.apply>[1])
  }
  enter = ({ person, role }: Asker, seat = `seat-${person}`) => this.line('attendance:entered', { seat, boot: 'b', role }, person)
  leave = ({ person }: Asker, seat = `seat-${person}`) => this.line('attendance:left', { seat, person, heard: 0 }, null)
  do(command: MicsCommand, by: Asker | null) {
    const result = micsSlice.decide(this.state, command, by, 0)
    if (!result.ok) return result.code
    for (const draft of result.value) this.line(draft.kind, draft.payload, by?.person ?? null)
    return result.value.length
  }
  mute = (person: string, by: Asker | null, hold = false) => this.do({ name: 'mics:mute', payload: { person, hold } }, by)
  muteAll = (by: Asker | null, hold: boolean, except: string[] = []) => this.do({ name: 'mics:mute-all', payload: { except, hold } }, by)
  allow = (person: string, by: Asker | null) => this.do({ name: 'mics:allow', payload: { person } }, by)
  ask = (person: string, by: Asker | null) => this.do({ name: 'mics:ask', payload: { person } }, by)
  mine = ({ person }: Asker) => micsSlice.mine(this.state, person)
  open = () => [claire, marc, awa, louis].filter(({ person, role }) => mayBeOpen(this.state, person, role)).map(({ person }) => person)
}

describe('other people’s microphones', () => {
  it('[K1] are closed by those who lead, the team’s by nobody else', () => {
    const room = new Room()
    for (const by of [marc, awa, olga, null]) {
      expect(room.mute('louis', by)).toBe('live/not-allowed')
      expect(room.muteAll(by, true)).toBe('live/not-allowed')
      expect(room.allow('louis', by)).toBe('live/not-allowed')
      expect(room.ask('louis', by)).toBe('live/not-allowed')
    }
    for (const team of ['marc', 'claire']) expect(room.mute(team, claire, true)).toBe('live/not-allowed')
    for (const none of ['olga', 'ines']) expect(room.mute(none, claire)).toBe('mics/not-here')
    expect(room.muteAll(claire, true)).toBe(2)
    expect(room.open()).toEqual(['claire', 'marc'])
  })

  it('[K2] closed is closed once, held until it is allowed again', () => {
    const room = new Room()
    room.mute('awa', claire)
    expect(room.mine(awa)?.muted).toEqual({ by: 'claire', at: room.state.mine['awa']?.muted?.at })
    expect(room.open()).toContain('awa')
    room.mute('awa', claire, true)
    expect(room.open()).not.toContain('awa')
    expect(room.allow('awa', claire)).toBe(1)
    expect(room.allow('awa', claire)).toBe(0)
    expect(room.open()).toContain('awa')
  })

  it('[K3] are opened by nobody else: one is asked, and puts the question away', () => {
    const room = new Room()
    room.mute('awa', claire, true)
    expect(room.ask('awa', claire)).toBe(1)
    expect(room.mine(awa)?.asked).toMatchObject({ by: 'claire' })
    // Who is asked to speak may.
    expect(room.open()).toContain('awa')
    expect(room.do({ name: 'mics:settle', payload: {} }, awa)).toBe(1)
    expect(room.mine(awa)?.asked).toBeNull()
    expect(room.do({ name: 'mics:settle', payload: {} }, awa)).toBe(0)
    for (const none of ['olga', 'ines']) expect(room.ask(none, claire)).toBe('mics/not-here')
  })

  it('[K4] all held with exceptions, who comes later too; allowed one by one or all at once', () => {
    const room = new Room()
    room.muteAll(claire, true, ['awa'])
    expect(room.open()).toEqual(['claire', 'marc', 'awa'])
    expect(room.mine(awa)).toBeNull()
    expect(mayBeOpen(room.state, 'ines', 'learner')).toBe(false)
    room.allow('louis', claire)
    room.mute('awa', claire, true)
    expect(room.open()).toEqual(['claire', 'marc', 'louis'])
    expect(room.do({ name: 'mics:allow-all', payload: {} }, claire)).toBe(1)
    expect(room.open()).toEqual(['claire', 'marc', 'awa', 'louis'])
    expect(room.do({ name: 'mics:allow-all', payload: {} }, claire)).toBe(0)
    room.muteAll(claire, false)
    expect(room.open()).toEqual(['claire', 'marc', 'awa', 'louis'])
    expect(room.mine(louis)?.muted).not.toBeNull()
  })

  it('[K5] who is held is everybody’s to see, what one was asked one’s own', () => {
    const room = new Room()
    room.mute('awa', claire, true)
    room.ask('louis', claire)
    expect(micsSlice.viewFor(room.state, 'all')).toEqual({ all: false, free: [], held: ['awa'] })
    expect(room.mine(marc)).toBeNull()
  })

  it('[K6] what was asked goes with the last seat, being held stays', () => {
    const room = new Room()
    room.enter(awa, 'second')
    room.mute('awa', claire, true)
    room.leave(awa, 'second')
    expect(room.mine(awa)).not.toBeNull()
    room.leave(awa)
    expect(room.mine(awa)).toBeNull()
    room.enter(awa)
    expect(room.open()).not.toContain('awa')
  })
})
