import { describe, expect, it } from 'vitest'
import { growCaptions, keptInRoom } from '#shared/captions/grow.ts'
import { linesOf, spoken } from '#shared/captions/lines.ts'
import { captionsSlice, phrasesAMinute, type CaptionsCommand, type CaptionsState } from '#shared/captions/rules.ts'
import type { CaptionsView } from '#shared/captions/wire.ts'
import type { Asker, Happening } from '#shared/live/slice.ts'

const asker = (person: string, role: Asker['role'], seat = `seat-${person}`): Asker => ({ person, seat, role })
const claire = asker('claire', 'trainer')
const awa = asker('awa', 'learner')
const louis = asker('louis', 'learner')
const olga = asker('olga', 'observer')
const start = 1_700_000_000_000

class Room {
  state: CaptionsState = captionsSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  log: Happening[] = []
  now = start

  line(kind: string, payload: object, person: string | null, words: object | null = null) {
    const line = { room: 'room', seq: this.log.length + 1, at: this.now, person, kind, v: 1, payload, words, audience: null }
    this.log.push(line)
    this.state = captionsSlice.apply(this.state, line as never)
  }
  /** `done` with how many lines came of it, or why not. */
  do(name: string, payload: object, by: Asker | null): string {
    const result = captionsSlice.decide(this.state, { name: `captions:${name}`, payload } as CaptionsCommand, by, this.now)
    if (!result.ok) return result.code
    for (const draft of result.value) this.line(draft.kind, draft.payload, by?.person ?? null, draft.words ?? null)
    return `done ${result.value.length}`
  }
  enter(who: Asker) {
    this.line('attendance:entered', { seat: who.seat, role: who.role }, who.person)
  }
  leave(who: Asker) {
    this.line('attendance:left', { seat: who.seat, person: who.person }, null)
  }
  get view(): CaptionsView {
    return captionsSlice.viewFor(this.state, 'all')
  }
  get texts() {
    return this.view.lines.map(({ text }) => text)
  }
}

function aRoom() {
  const room = new Room()
  for (const who of [claire, awa, louis, olga]) room.enter(who)
  return room
}

describe('who is captioned', () => {
  it('[K1] [K2] whoever takes part captions their own microphone, and says nothing without having switched it on', () => {
    const room = aRoom()
    expect(room.do('say', { from: start, text: 'Bonjour' }, awa)).toBe('captions/not-on')
    expect(room.do('begin', { language: 'fr-FR' }, olga)).toBe('live/not-allowed')
    expect(room.do('begin', { language: 'fr-FR' }, awa)).toBe('done 1')
    expect(room.do('begin', { language: 'fr-FR' }, awa)).toBe('done 0')
    expect(room.view.own).toEqual(['awa'])
    expect(room.do('say', { from: start, text: 'Bonjour' }, awa)).toBe('done 1')
    expect(room.view.lines).toMatchObject([{ person: 'awa', by: 'self', language: 'fr-FR', text: 'Bonjour' }])
    expect(room.do('end', {}, awa)).toBe('done 1')
    expect(room.do('say', { from: start, text: 'Encore' }, awa)).toBe('captions/not-on')
  })

  it('[K2] from one page at a time; it ends with that page, and with the right to take part', () => {
    const room = aRoom()
    const phone = asker('awa', 'learner', 'phone')
    room.enter(phone)
    room.do('begin', { language: 'fr-FR' }, awa)
    room.do('begin', { language: 'fr-FR' }, phone)
    expect(room.do('say', { from: start, text: 'a' }, awa)).toBe('captions/not-on')
    expect(room.do('say', { from: start, text: 'a' }, phone)).toBe('done 1')
    room.leave(awa)
    expect(room.view.own).toEqual(['awa'])
    room.leave(phone)
    expect(room.view.own).toEqual([])
    room.do('begin', { language: 'fr-FR' }, louis)
    room.enter({ ...louis, role: 'observer' })
    expect(room.view.own).toEqual([])
  })

  it('[K3] the team names one captioner who is here, an observer too; taken back, what they write is refused', () => {
    const room = aRoom()
    expect(room.do('name', { person: 'louis' }, awa)).toBe('live/not-allowed')
    expect(room.do('name', { person: 'nobody' }, claire)).toBe('captions/not-here')
    expect(room.do('write', { from: start, speaker: null, text: 'a' }, olga)).toBe('captions/not-captioner')
    expect(room.do('name', { person: 'olga' }, asker('marc', 'mentor'))).toBe('done 1')
    expect(room.view.captioner).toEqual({ person: 'olga', here: true })
    expect(room.do('write', { from: start, speaker: 'claire', text: 'Bonjour' }, olga)).toBe('done 1')
    expect(room.view.lines).toMatchObject([{ person: 'claire', by: 'captioner', text: 'Bonjour' }])
    // Another one takes her place.
    room.do('name', { person: 'louis' }, claire)
    expect(room.do('write', { from: start, speaker: null, text: 'b' }, olga)).toBe('captions/not-captioner')
    room.do('name', { person: null }, claire)
    expect(room.do('write', { from: start, speaker: null, text: 'b' }, louis)).toBe('captions/not-captioner')
    expect([room.view.captioner, room.texts]).toEqual([null, ['Bonjour']])
  })

  it('[K3] who lost the link is still named, and not here; who gives it back is not, and nobody gives back another’s', () => {
    const room = aRoom()
    room.do('name', { person: 'olga' }, claire)
    room.leave(olga)
    expect(room.view.captioner).toEqual({ person: 'olga', here: false })
    room.enter(olga)
    expect(room.view.captioner).toEqual({ person: 'olga', here: true })
    expect(room.do('resign', {}, awa)).toBe('done 0')
    expect(room.do('resign', {}, olga)).toBe('done 1')
    expect(room.view.captioner).toBeNull()
  })

  it('[K1] a service sends only what the room itself passes on, under the secret of now; the secret’s sum is told to nobody', () => {
    const room = aRoom()
    const heard = { sum: 'one', from: start, speaker: null, language: 'fr', text: 'Bonjour' }
    expect(room.do('hear', heard, claire)).toBe('live/not-allowed')
    expect(room.do('admit', { sum: 'one' }, claire)).toBe('live/not-allowed')
    expect(room.do('hear', heard, null)).toBe('captions/no-service')
    room.do('admit', { sum: 'one' }, null)
    expect(room.do('hear', { ...heard, sum: 'two' }, null)).toBe('captions/no-service')
    expect(room.do('hear', { ...heard, speaker: 'stranger' }, null)).toBe('captions/not-here')
    expect(room.do('hear', heard, null)).toBe('done 1')
    // Sent again for want of an answer, it is there once.
    expect(room.do('hear', heard, null)).toBe('done 0')
    expect(room.view).toMatchObject({ service: true, lines: [{ person: null, by: 'service' }] })
    expect(JSON.stringify(room.view)).not.toContain('one"')
    room.do('admit', { sum: 'two' }, null)
    expect(room.do('hear', { ...heard, text: 'Encore' }, null)).toBe('captions/no-service')
    room.do('dismiss', {}, null)
    expect(room.do('hear', { ...heard, sum: 'two', text: 'Encore' }, null)).toBe('captions/no-service')
    expect(room.view.service).toBe(false)
  })
})

describe('a phrase', () => {
  it('[K4] that began more than a minute ago is refused, and one that is yet to come', () => {
    const room = aRoom()
    room.do('begin', { language: 'fr-FR' }, awa)
    expect(room.do('say', { from: start - 60_001, text: 'a' }, awa)).toBe('captions/too-late')
    expect(room.do('say', { from: start + 5_001, text: 'a' }, awa)).toBe('captions/too-late')
    expect(room.do('say', { from: start - 59_000, text: 'a' }, awa)).toBe('done 1')
    expect(room.do('say', { from: start + 2_000, text: 'b' }, awa)).toBe('done 1')
    // A clock that is a little ahead puts nothing into the future.
    expect(room.view.lines[1]?.from).toBe(start)
  })

  it('[K4] is one of thirty in a minute; others are not stopped by it', () => {
    const room = aRoom()
    for (const who of [awa, louis]) room.do('begin', { language: 'fr-FR' }, who)
    for (let i = 0; i < phrasesAMinute.person; i++) expect(room.do('say', { from: room.now, text: `${i}` }, awa)).toBe('done 1')
    expect(room.do('say', { from: room.now, text: 'trop' }, awa)).toBe('captions/too-many')
    expect(room.do('say', { from: room.now, text: 'moi' }, louis)).toBe('done 1')
    room.now += 60_001
    expect(room.do('say', { from: room.now, text: 'enfin' }, awa)).toBe('done 1')
  })

  it('[K5] is of somebody who was in the room, who may have gone since', () => {
    const room = aRoom()
    room.do('name', { person: 'olga' }, claire)
    room.leave(louis)
    expect(room.do('write', { from: start, speaker: 'louis', text: 'a' }, olga)).toBe('done 1')
    expect(room.do('write', { from: start, speaker: 'zoe', text: 'a' }, olga)).toBe('captions/not-here')
  })

  it('[K6] is corrected by its author, and by the captioner whoever said it; corrected to nothing it is taken away', () => {
    const room = aRoom()
    for (const who of [awa, louis]) room.do('begin', { language: 'fr-FR' }, who)
    room.do('name', { person: 'olga' }, claire)
    room.do('say', { from: start, text: 'Beau jour' }, awa)
    const line = room.view.lines[0]?.seq ?? 0
    expect(room.do('correct', { line, text: 'Bonjour' }, louis)).toBe('captions/not-yours')
    expect(room.do('correct', { line, text: 'Bonjour' }, claire)).toBe('captions/not-yours')
    expect(room.do('correct', { line, text: 'Bonjour' }, awa)).toBe('done 1')
    expect(room.do('correct', { line, text: 'Bonjour' }, awa)).toBe('done 0')
    expect(room.texts).toEqual(['Bonjour'])
    expect(room.do('correct', { line, text: '' }, olga)).toBe('done 1')
    expect(room.texts).toEqual([null])
    // Far back, it stays as it is.
    for (let i = 0; i < 12; i++) room.do('say', { from: room.now, text: `${i}` }, louis)
    expect(room.do('correct', { line, text: 'Bonjour' }, awa)).toBe('captions/not-yours')
  })
})

describe('what is kept', () => {
  it('[K7] grows by what is new, and is told whole when a line or who captions has changed', () => {
    const room = aRoom()
    room.do('begin', { language: 'fr-FR' }, awa)
    let view = room.view
    const step = (act: () => void) => {
      const before = room.state
      act()
      const growth = captionsSlice.grown?.(before, room.state, 'all') as { lines: [] } | undefined
      if (growth) view = growCaptions(view, growth)
      return growth !== undefined
    }
    for (let i = 0; i < keptInRoom + 5; i++) {
      room.now += 3_000
      expect(step(() => room.do('say', { from: room.now, text: `${i}` }, awa))).toBe(true)
      expect(view).toEqual(room.view)
    }
    expect(view.lines).toHaveLength(keptInRoom)
    const line = view.lines.at(-1)?.seq
    expect(step(() => room.do('correct', { line, text: 'x' }, awa))).toBe(false)
    expect(step(() => room.do('name', { person: 'olga' }, claire))).toBe(false)
    expect(step(() => room.leave(olga))).toBe(false)
    expect(step(() => room.do('end', {}, awa))).toBe(false)
  })

  it('[K7] [K8] is read from the log as it was corrected, in the order in which it began, without what was erased', () => {
    const room = aRoom()
    for (const who of [awa, louis]) room.do('begin', { language: 'fr-FR' }, who)
    room.now += 20_000
    room.do('say', { from: room.now - 4_000, text: 'Deux' }, awa)
    room.do('say', { from: room.now - 15_000, text: 'Un' }, louis)
    room.do('say', { from: room.now, text: 'Quatre' }, awa)
    room.do('correct', { line: room.log.length, text: 'Trois' }, awa)
    const at = (ms: number) => start + ms
    expect(linesOf(room.log).map(({ from, to, text }) => [from, to, text])).toEqual([
      [at(5_000), at(15_000), 'Un'],
      [at(16_000), at(20_000), 'Deux'],
      [at(20_000), at(21_500), 'Trois'],
    ])
    // Awa is erased: what she said, and what it was corrected to.
    const erased = room.log.map((line) => {
      const whose = (line.payload as { person?: string | null }).person ?? line.person
      return whose === 'awa' ? { ...line, words: null } : line
    })
    expect(linesOf(erased).map(({ text }) => text)).toEqual(['Un'])
    let state = captionsSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
    for (const line of erased) state = captionsSlice.apply(state, line as never)
    expect(captionsSlice.viewFor(state, 'all').lines.map(({ text }) => text)).toEqual([null, 'Un', null])
  })

  it('says who speaks before what is said, where that is known', () => {
    const name = (id: string) => (id === 'awa' ? 'Awa Diop' : undefined)
    expect(spoken({ person: 'awa', text: 'Oui' }, name)).toBe('Awa Diop : Oui')
    expect(spoken({ person: null, text: 'Oui' }, name)).toBe('Oui')
  })
})
