import { describe, expect, it } from 'vitest'
import {
  chatSlice,
  grow,
  keptInRoom,
  whyNotWithdraw,
  withdrawWithin,
  type ChatCommand,
  type ChatHappening,
  type ChatState,
} from '#shared/chat/rules.ts'
import { messageText, type ChatGrowth } from '#shared/chat/wire.ts'
import type { Asker } from '#shared/live/slice.ts'

const name = (text: string) => text.padEnd(22, '_')
const asker = (person: string, role: Asker['role']): Asker => ({ person: name(person), seat: name(`seat-${person}`), role })
const awa = asker('awa', 'learner')
const olga = asker('olga', 'observer')
const say = (message: string, text = 'Bonjour'): ChatCommand => ({ name: 'chat:say', payload: { message: name(message), text } })
const hear = (id: string): ChatCommand => ({
  name: 'chat:hear',
  payload: { id: name(id), person: name('louis'), at: 5, text: 'D’ailleurs' },
})

const start = chatSlice.start({ id: name('room'), spoc: name('spoc'), kind: 'session' })

function run(state: ChatState, command: ChatCommand, by: Asker | null, seq: number) {
  const result = chatSlice.decide(state, command, by, 1_000)
  if (!result.ok) return { state, code: result.code }
  const lines = result.value.map(
    (draft) => ({ room: name('room'), seq, at: 1_000 + seq, person: by?.person ?? null, audience: null, ...draft }) as ChatHappening,
  )
  return { state: lines.reduce((s, l) => chatSlice.apply(s, l), state), code: undefined, lines }
}
const many = (from: number, to: number, state: ChatState) => {
  for (let i = from; i < to; i++) state = run(state, say(`m${i}`), awa, i + 1).state
  return state
}
const view = (state: ChatState) => chatSlice.viewFor(state, 'all')

describe('the discussion', () => {
  it('[C2] whoever takes part writes; an observer reads only', () => {
    expect(run(start, say('m1'), olga, 1).code).toBe('live/not-allowed')
    expect(view(run(start, say('m1'), asker('marc', 'mentor'), 1).state).messages).toHaveLength(1)
  })

  it('[C3] a message is there once, whoever says its identity again', () => {
    const once = run(start, say('m1'), awa, 1).state
    expect(run(once, say('m1', 'Autre chose'), asker('louis', 'learner'), 2).code).toBe('chat/already-said')
    expect(run(once, hear('m1'), null, 2).lines).toEqual([])
  })

  it('[C3] also long after it has left the room’s newest', () => {
    expect(run(many(0, keptInRoom + 10, start), say('m0'), awa, 99).code).toBe('chat/already-said')
  })

  it('[C4] what is written on the course page is heard under its author and time, and only the room says so', () => {
    expect(run(start, hear('m1'), asker('nadia', 'owner'), 1).code).toBe('live/not-allowed')
    expect(run(start, say('m1'), null, 1).code).toBe('live/not-allowed')
    expect(view(run(start, hear('m1'), null, 1).state).messages).toEqual([
      { id: name('m1'), person: name('louis'), at: 5, text: 'D’ailleurs' },
    ])
  })

  it('[C5] a room keeps its newest', () => {
    const messages = view(many(0, keptInRoom + 7, start)).messages
    expect([messages.length, messages[0]?.id, messages.at(-1)?.id]).toEqual([keptInRoom, name('m7'), name('m56')])
  })

  it('[C6] erased words leave the message in its place', () => {
    const { lines = [] } = run(start, say('m1'), awa, 1)
    const erased = lines.map((l) => ({ ...l, words: null }) as ChatHappening).reduce((s, l) => chatSlice.apply(s, l), start)
    expect(view(erased).messages).toEqual([{ id: name('m1'), person: awa.person, at: 1_001, text: null }])
  })

  it('[C5] a growth gives the same view as the whole, also when it comes twice; too long a gap gives none', () => {
    for (const [from, to] of [
      [0, 1],
      [0, 50],
      [3, 4],
      [48, 60],
      [60, 109],
    ] as const) {
      const before = many(0, from, start)
      const after = many(from, to, before)
      const growth = chatSlice.grown?.(before, after, 'all') as ChatGrowth
      expect(growth.messages).toHaveLength(to - from)
      expect(grow(view(before), growth)).toEqual(view(after))
      expect(grow(grow(view(before), growth), growth)).toEqual(view(after))
    }
    const before = many(0, 3, start)
    expect(chatSlice.grown?.(before, many(3, 60, before), 'all')).toBeUndefined()
  })

  it('a text is trimmed, between one and two thousand characters, and such as a database keeps', () => {
    expect(messageText.parse('  Bonjour \n')).toBe('Bonjour')
    for (const bad of ['', '  \n', 'x'.repeat(2001), 'a\0b', 'a\udfff']) expect(messageText.safeParse(bad).success).toBe(false)
  })

  it('[C7] is withdrawn by its author for ten minutes, by the team always, and put back by whoever withdrew it', () => {
    const message = { person: awa.person, at: 0, withdrawer: null }
    const why = (who: Asker, now: number, withdrawer: string | null = null) => whyNotWithdraw({ ...message, withdrawer }, who, now)?.code
    const [marc, louis] = [asker('marc', 'mentor'), asker('louis', 'learner')]
    expect([why(awa, withdrawWithin), why(awa, withdrawWithin + 1)]).toEqual([undefined, 'chat/too-late'])
    expect([why(marc, 9e9), why(louis, 1), why(olga, 1)]).toEqual([undefined, 'chat/not-yours', 'chat/not-yours'])
    expect(whyNotWithdraw({ ...message, person: olga.person }, olga, 1)?.code).toBe('chat/not-yours')
    expect([why(marc, 9e9, marc.person), why(awa, 1, marc.person), why(awa, 9e9, awa.person)]).toEqual([
      undefined,
      'chat/not-yours',
      undefined,
    ])
  })

  it('[C7] withdrawn, it is in its place without its words, for who enters later too; only the room says so', () => {
    const said = run(run(start, say('m1', 'Secret'), awa, 1).state, say('m2'), awa, 2).state
    const hide = (hidden: boolean): ChatCommand => ({ name: 'chat:hide', payload: { message: name('m1'), hidden } })
    expect(run(said, hide(true), asker('nadia', 'owner'), 3).code).toBe('live/not-allowed')
    const hidden = run(said, hide(true), null, 3).state
    expect(view(hidden).messages.map(({ text, withdrawn }) => [text, withdrawn])).toEqual([[null, true], ['Bonjour', undefined]]) // prettier-ignore
    expect(JSON.stringify(view(hidden))).not.toContain('Secret')
    // No increment says that something further up changed: the whole view goes out.
    expect(chatSlice.grown?.(said, hidden, 'all')).toBeUndefined()
    expect(run(hidden, hide(true), null, 4).lines).toEqual([])
    expect(view(run(hidden, hide(false), null, 4).state)).toEqual(view(said))
  })
})
