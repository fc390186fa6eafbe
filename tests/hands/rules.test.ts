import { describe, expect, it } from 'vitest'
import { handsSlice, type HandsCommand, type HandsState } from '#shared/hands/rules.ts'
import type { Asker } from '#shared/live/slice.ts'

const asker = (person: string, role: Asker['role']): Asker => ({ person, seat: `seat-${person}`, role })
const [claire, marc, awa, louis, olga] = [
  asker('claire', 'trainer'),
  asker('marc', 'mentor'),
  asker('awa', 'learner'),
  asker('louis', 'learner'),
  asker('olga', 'observer'),
]

class Room {
  state: HandsState = handsSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  seq = 0

  line(kind: string, payload: object, person: string | null) {
    this.seq++
    const line = { room: 'room', seq: this.seq, at: 1_000 + this.seq, person, kind, v: 1, payload, words: null, audience: null }
    this.state = handsSlice.apply(this.state, line as Parameters<typeof handsSlice.apply>[1])
  }
  do(what: 'raise' | 'lower' | 'clear-all' | 'give-back' | `${'clear' | 'give' | 'take'} ${string}`, by: Asker | null) {
    const [act, person = ''] = what.split(' ')
    const result = handsSlice.decide(this.state, { name: `hands:${act}`, payload: person ? { person } : {} } as HandsCommand, by, 0)
    if (!result.ok) return result.code
    for (const draft of result.value) this.line(draft.kind, draft.payload, by?.person ?? null)
    return result.value.length
  }
  enter = (person: string, seat: string, role = 'learner') => this.line('attendance:entered', { seat, boot: 'b', role }, person)
  leave = (person: string, seat: string) => this.line('attendance:left', { seat, person, heard: 0 }, null)
  get floor() {
    return handsSlice.viewFor(this.state, 'all').floor
  }
  get queue() {
    return handsSlice.viewFor(this.state, 'all').queue.map((h) => h.person)
  }
}

describe('raised hands', () => {
  it('[H1] one’s own, for whoever takes part', () => {
    const room = new Room()
    expect(room.do('raise', olga)).toBe('live/not-allowed')
    expect(room.do('raise', null)).toBe('live/not-allowed')
    room.do('raise', awa)
    room.do('raise', marc)
    expect(room.do('lower', louis)).toBe(0)
    expect(room.queue).toEqual(['awa', 'marc'])
    room.do('lower', awa)
    expect(room.queue).toEqual(['marc'])
  })

  it('[H2] those who lead put hands down, others do not', () => {
    const room = new Room()
    for (const who of [awa, louis, marc]) room.do('raise', who)
    for (const who of [awa, marc, olga, null])
      for (const what of ['clear louis', 'clear-all'] as const) expect(room.do(what, who)).toBe('live/not-allowed')
    room.do('clear louis', claire)
    expect(room.queue).toEqual(['awa', 'marc'])
    room.do('clear-all', claire)
    expect(room.queue).toEqual([])
    expect(room.do('clear louis', claire)).toBe(0)
    expect(room.do('clear-all', claire)).toBe(0)
  })

  it('[H3] first raised, first in the queue; again is no second place', () => {
    const room = new Room()
    for (const who of [louis, awa, louis]) room.do('raise', who)
    expect(room.queue).toEqual(['louis', 'awa'])
    room.do('lower', louis)
    room.do('raise', louis)
    expect(room.queue).toEqual(['awa', 'louis'])
  })

  it('[H4] the hand leaves with the last seat, and with the right to take part', () => {
    const room = new Room()
    room.enter('awa', 's1')
    room.enter('awa', 's2')
    room.enter('louis', 's3')
    for (const who of [awa, louis]) room.do('raise', who)
    room.leave('awa', 's1')
    expect(room.queue).toEqual(['awa', 'louis'])
    room.leave('awa', 's2')
    expect(room.queue).toEqual(['louis'])
    room.enter('louis', 's3', 'observer')
    expect(room.queue).toEqual([])
  })

  it('[H4] who entered is nobody’s to see here', () => {
    const room = new Room()
    room.enter('awa', 's1')
    expect(handsSlice.viewFor(room.state, 'all')).toEqual({ queue: [], floor: [] })
  })
})

describe('the floor', () => {
  const full = () => {
    const room = new Room()
    for (const [i, who] of [claire, marc, awa, louis].entries()) room.enter(who.person, `s${i}`, who.role)
    room.enter('olga', 's9', 'observer')
    return room
  }

  it('[H5] is given by those who lead, to two at most who are here and take part', () => {
    const room = full()
    room.do('raise', awa)
    for (const who of [marc, awa, olga, null]) expect(room.do('give awa', who)).toBe('live/not-allowed')
    expect(room.do('give awa', claire)).toBe(1)
    expect([room.queue, room.floor]).toEqual([[], ['awa']])
    expect(room.do('give awa', claire)).toBe(0)
    for (const none of ['olga', 'ines']) expect(room.do(`give ${none}`, claire)).toBe('hands/not-here')
    room.do('give marc', claire)
    expect(room.do('give louis', claire)).toBe('hands/floor-full')
    expect(room.floor).toEqual(['awa', 'marc'])
  })

  it('[H6] is taken back by those who lead, and given back by whoever has it', () => {
    const room = full()
    for (const who of ['awa', 'louis']) room.do(`give ${who}`, claire)
    expect(room.do('take awa', louis)).toBe('live/not-allowed')
    expect(room.do('take awa', awa)).toBe('live/not-allowed')
    expect(room.do('give-back', awa)).toBe(1)
    expect(room.do('give-back', awa)).toBe(0)
    expect(room.do('take louis', claire)).toBe(1)
    expect(room.do('take louis', claire)).toBe(0)
    expect(room.floor).toEqual([])
  })

  it('[H4] goes with the last seat, and with the right to take part', () => {
    const room = full()
    room.enter('awa', 's8')
    for (const who of ['awa', 'louis']) room.do(`give ${who}`, claire)
    room.leave('awa', 's8')
    expect(room.floor).toEqual(['awa', 'louis'])
    room.leave('awa', 's2')
    room.enter('louis', 's3', 'observer')
    expect(room.floor).toEqual([])
  })
})
