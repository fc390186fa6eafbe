import { describe, expect, it } from 'vitest'
import { browserOf, systemOf } from '#client/video/browser.ts'
import { reasons, stepsFor } from '#client/video/heard-words.ts'
import type { Asker } from '#shared/live/slice.ts'
import { asksMe, mayReopen, mayTrouble, videoSlice, whyNotHeard, type VideoCommand } from '#shared/video/heard.rules.ts'
import { notHeard, videoTrouble, type NotHeard, type VideoTrouble } from '#shared/video/wire.ts'

const asker = (person: string, role: Asker['role']): Asker => ({ person, seat: `seat-${person}`, role })
const [claire, marc, awa, louis, olga] = [
  asker('claire', 'trainer'),
  asker('marc', 'mentor'),
  asker('awa', 'learner'),
  asker('louis', 'learner'),
  asker('olga', 'observer'),
]

/** A room with these people in it; time is an argument. */
class Room {
  state = videoSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  seq = 0
  now = 1_000

  constructor() {
    for (const { person, seat, role } of [claire, marc, awa, louis, olga]) this.enter(person, seat, role)
  }
  line(kind: string, payload: object, person: string | null) {
    const line = { room: 'room', seq: ++this.seq, at: this.now, person, kind, v: 1, payload, words: null, audience: null }
    this.state = videoSlice.apply(this.state, line as Parameters<typeof videoSlice.apply>[1])
  }
  enter = (person: string, seat: string, role: Asker['role']) => this.line('attendance:entered', { seat, boot: 'b', role }, person)
  leave = (person: string, seat: string) => this.line('attendance:left', { seat, person, heard: 0 }, null)
  do(command: VideoCommand, by: Asker | null): string | number {
    const result = videoSlice.decide(this.state, command, by, this.now)
    if (!result.ok) return result.code
    for (const { kind, payload } of result.value) this.line(kind, payload, by?.person ?? null)
    return result.value.length
  }
  help = (person: string, by: Asker | null, why: NotHeard = 'muted') => this.do({ name: 'video:help', payload: { person, why } }, by)
  settle = (by: Asker) => this.do({ name: 'video:settle', payload: {} }, by)
}

const told = (mic: VideoTrouble['mic'], deaf = false): VideoTrouble => ({ mic, deaf, unlinked: [] })
const heard = { role: 'learner', mic: true, cut: false, told: undefined } as const

describe('being heard', () => {
  it('[N3] a microphone that was taken is tried again now and then, in sight only', () => {
    expect(mayReopen({ hidden: false, triedAt: 0 }, 3_999)).toBe(false)
    expect(mayReopen({ hidden: false, triedAt: 0 }, 4_000)).toBe(true)
    expect(mayReopen({ hidden: true, triedAt: 0 }, 60_000)).toBe(false)
  })

  it('[N5] of two in one place exactly one is asked first: who does not lead; after a while the other too', () => {
    const seat = (seat: string, leads = false) => ({ seat, leads })
    for (const [a, b] of [
      [seat('a'), seat('b')],
      [seat('a', true), seat('b')],
      [seat('a'), seat('b', true)],
      [seat('a', true), seat('b', true)],
    ] as const) {
      expect(asksMe(a, b, 0)).toBe(!asksMe(b, a, 0))
      expect([asksMe(a, b, 20_001), asksMe(b, a, 20_001)]).toEqual([true, true])
    }
    expect(asksMe(seat('z', true), seat('a'), 0)).toBe(false)
    expect(asksMe(seat('a'), seat('z', true), 0)).toBe(true)
  })

  it('[N6] one reason, the one to be settled first', () => {
    expect(whyNotHeard(heard)).toBeUndefined()
    expect(whyNotHeard({ ...heard, mic: false })).toBe('muted')
    expect(whyNotHeard({ ...heard, mic: false, told: told('refused') })).toBe('refused')
    expect(whyNotHeard({ ...heard, told: told('silent') })).toBe('silent')
    expect(whyNotHeard({ ...heard, told: told('interrupted') })).toBe('interrupted')
    expect(whyNotHeard({ ...heard, cut: true, told: told('silent') })).toBe('link')
    expect(whyNotHeard({ ...heard, mic: false, told: told(null, true) })).toBe('deaf')
    expect(whyNotHeard({ ...heard, mic: false, told: told('missing', true) })).toBe('missing')
    // Said before it was opened: the open microphone is newer.
    expect(whyNotHeard({ ...heard, told: told('refused') })).toBeUndefined()
    // An observer is never heard, and that is no fault.
    expect(whyNotHeard({ ...heard, role: 'observer', mic: false })).toBeUndefined()
  })

  it('[N7] who sends nothing says nothing of a microphone; only a known reason travels', () => {
    expect([mayTrouble('observer', told('refused')), mayTrouble('observer', told(null, true))]).toEqual([false, true])
    for (const role of ['learner', 'mentor', 'trainer', 'owner'] as const) expect(mayTrouble(role, told('refused'))).toBe(true)
    for (const wrong of [{ mic: 'muted', deaf: false, unlinked: [] }, { mic: null }, { mic: null, deaf: false, unlinked: [], level: 0.3 }])
      expect(videoTrouble.safeParse(wrong).success).toBe(false)
  })

  it('[N8] the team helps who is here and takes part, not themselves', () => {
    const room = new Room()
    for (const who of [awa, louis, olga, null]) expect(room.help('awa', who)).toBe('live/not-allowed')
    expect(room.help('claire', claire)).toBe('live/not-allowed')
    expect(room.help('nobody', claire)).toBe('video/not-here')
    expect(room.help('olga', claire)).toBe('video/not-here')
    room.leave('louis', louis.seat)
    expect(room.help('louis', claire)).toBe('video/not-here')
    expect(room.help('awa', marc)).toBe(1)
  })

  it('[N8] the same person again after half a minute, whoever sends it and whether it was put away or not', () => {
    const room = new Room()
    expect(room.help('awa', claire)).toBe(1)
    expect([room.help('awa', claire, 'refused'), room.help('awa', marc), room.help('louis', claire)]).toEqual([
      'video/too-soon',
      'video/too-soon',
      1,
    ])
    room.settle(awa)
    room.now += 29_999
    expect(room.help('awa', marc)).toBe('video/too-soon')
    room.now += 1
    expect(room.help('awa', marc, 'silent')).toBe(1)
    expect(videoSlice.mine(room.state, 'awa')).toMatchObject({ by: 'marc', why: 'silent' })
  })

  it('[N9] seen by the person and the team; put away by the person alone', () => {
    const room = new Room()
    room.help('awa', claire, 'refused')
    expect([claire, marc, awa, olga].map((who) => videoSlice.audienceOf(room.state, who))).toEqual(['team', 'team', 'all', 'all'])
    expect(videoSlice.viewFor(room.state, 'all')).toBeNull()
    expect(videoSlice.viewFor(room.state, 'team')).toEqual({ awa: { by: 'claire', why: 'refused', at: 1_000, open: true } })
    expect([videoSlice.mine(room.state, 'louis'), videoSlice.mine(room.state, 'claire')]).toEqual([null, null])
    expect(room.settle(louis)).toBe(0)
    expect([room.settle(awa), room.settle(awa)]).toEqual([1, 0])
    expect(videoSlice.mine(room.state, 'awa')).toBeNull()
    expect(videoSlice.viewFor(room.state, 'team')).toMatchObject({ awa: { open: false } })
  })

  it('[N9] a reloaded page finds its help; who leaves takes it along', () => {
    const room = new Room()
    room.help('awa', claire)
    room.enter('awa', 'reloaded', 'learner')
    room.leave('awa', awa.seat)
    expect(videoSlice.mine(room.state, 'awa')).not.toBeNull()
    room.leave('awa', 'reloaded')
    expect([videoSlice.mine(room.state, 'awa'), videoSlice.viewFor(room.state, 'team')]).toEqual([null, {}])
  })
})

describe('the steps', () => {
  it('are there for every reason, browser and system', () => {
    for (const why of notHeard.options) {
      expect(reasons[why]).toMatch(/./)
      for (const browser of ['chrome', 'firefox', 'safari', 'ios', 'android'] as const)
        for (const system of ['windows', 'mac', 'other'] as const) {
          const steps = stepsFor(why, browser, system)
          expect(steps.length).toBeGreaterThan(0)
          for (const step of steps) expect(step).toMatch(/[.?]$/)
        }
    }
  })

  it('follow the browser by what it says of itself', () => {
    const mac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) '
    const windows = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) '
    expect(browserOf(`${mac}Version/18.0 Safari/605.1.15`, 0)).toBe('safari')
    expect(browserOf(`${mac}Version/18.0 Safari/605.1.15`, 5)).toBe('ios')
    expect(browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/130 Mobile Safari/604.1', 5)).toBe('ios')
    expect(browserOf('Mozilla/5.0 (Linux; Android 15) Chrome/130 Mobile Safari/537.36', 5)).toBe('android')
    expect(browserOf(`${windows}Gecko/20100101 Firefox/132.0`, 0)).toBe('firefox')
    expect(browserOf(`${windows}AppleWebKit/537.36 Chrome/130 Safari/537.36 Edg/130`, 10)).toBe('chrome')
    expect([systemOf(mac), systemOf(windows), systemOf('X11; Linux x86_64')]).toEqual(['mac', 'windows', 'other'])
  })
})
