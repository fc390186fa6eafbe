import { describe, expect, test } from 'vitest'
import { boardDocument, boardSlice, mayDraw, whyNotDraw, type BoardCommand, type BoardState } from '#shared/board/rules.ts'
import { roles, type Role } from '#shared/spoc/rules.ts'

const room = { id: 'room-0123456789abcdef', spoc: 'spoc-0123456789abcdef', kind: 'session' as const }
const as = (role: Role) => ({ person: 'p', seat: 's', role })

/** Decides, and folds what came of it. */
function after(state: BoardState, command: BoardCommand, role: Role = 'trainer') {
  const decided = boardSlice.decide(state, command, as(role), 0)
  if (!decided.ok) return decided
  return decided.value.reduce<BoardState>(
    (folded, draft, seq) =>
      boardSlice.apply(folded, { room: room.id, seq, at: 0, person: 'p', words: null, audience: null, ...draft } as Parameters<
        typeof boardSlice.apply
      >[1]),
    state,
  )
}
const held = (state: ReturnType<typeof after>): BoardState => {
  if ('ok' in state) throw new Error(state.code)
  return state
}

const closed = boardSlice.start(room)
const open = held(after(closed, { name: 'board:open', payload: {} }))
const locked = held(after(open, { name: 'board:lock', payload: { locked: true } }))

describe('the board', () => {
  test.each(roles)('[B1] %s opens and locks only when leading', (role) => {
    const leading = role === 'owner' || role === 'trainer'
    for (const command of [
      { name: 'board:open', payload: {} },
      { name: 'board:lock', payload: { locked: true } },
    ] as const)
      expect(boardSlice.decide(closed, command, as(role), 0).ok).toBe(leading)
  })

  test('[B2] the document is known from the room; opening again changes nothing', () => {
    expect(boardSlice.viewFor(closed, 'all')).toEqual({ document: null, locked: false, by: null })
    expect(boardSlice.viewFor(open, 'all')).toEqual({ document: boardDocument(room.id), locked: false, by: null })
    expect(boardSlice.decide(open, { name: 'board:open', payload: {} }, as('trainer'), 0)).toEqual({ ok: true, value: [] })
  })

  test('[B3] nobody draws before it is opened', () => {
    for (const role of roles) expect(mayDraw(closed, as(role))).toBe(false)
    expect(whyNotDraw(closed, as('trainer'))).toBe('board/not-open')
  })

  test('[B4] all who take part draw; locked, only those who lead; unlocked again, all', () => {
    expect(roles.filter((role) => mayDraw(open, as(role)))).toEqual(['owner', 'trainer', 'mentor', 'learner'])
    expect(roles.filter((role) => mayDraw(locked, as(role)))).toEqual(['owner', 'trainer'])
    expect(whyNotDraw(locked, as('learner'))).toBe('board/locked')
    expect(boardSlice.viewFor(locked, 'all').by).toBe('p')
    const again = held(after(locked, { name: 'board:lock', payload: { locked: false } }))
    expect(mayDraw(again, as('learner'))).toBe(true)
    expect(boardSlice.decide(locked, { name: 'board:lock', payload: { locked: true } }, as('owner'), 0)).toEqual({ ok: true, value: [] })
  })

  test('[B5] an observer never draws, and learns why', () => {
    for (const state of [closed, open, locked]) expect(whyNotDraw(state, as('observer'))).toBe('live/not-allowed')
  })
})
