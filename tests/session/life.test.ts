import { describe, expect, it } from 'vitest'
import { isLate, lateAfter, lifeSlice, pauseAfter, type Life, type LifeDraft } from '#shared/session/life.ts'
import type { Happening } from '#shared/live/slice.ts'
import { roles, type Role } from '#shared/spoc/rules.ts'

const minute = 60_000
const starts = Date.UTC(2026, 10, 24, 9)
const room = { id: 'room', spoc: 'spoc', kind: 'session' as const }
const asker = (role: Role, person: string = role) => ({ person, seat: `seat of ${person}`, role })

/** A room's log, a line after the other. */
function aRoom(kind: 'session' | 'call' = 'session') {
  let state: Life = lifeSlice.start({ ...room, kind })
  let seq = 0
  const write = (at: number, line: { kind: string; payload: unknown; person?: string }) => {
    const happening = { room: room.id, seq: ++seq, at, v: 1, person: null, words: null, audience: null, ...line } as Happening
    state = lifeSlice.apply(state, happening as Happening<LifeDraft>)
  }
  return {
    get view() {
      return lifeSlice.viewFor(state, 'all')
    },
    get deadline() {
      return lifeSlice.deadline?.(state)
    },
    enters: (at: number, person: string, role: Role, seat = person) =>
      write(at, { kind: 'attendance:entered', person, payload: { seat, boot: 'boot', role } }),
    leaves: (at: number, seat: string) => write(at, { kind: 'attendance:left', payload: { seat, person: seat, heard: at } }),
    does(at: number, name: 'session:start' | 'session:pause', by: ReturnType<typeof asker> | null, planned: number | null = starts) {
      const command = name === 'session:start' ? ({ name, payload: { starts: planned } } as const) : ({ name, payload: {} } as const)
      const said = lifeSlice.decide(state, command, by, at)
      if (said.ok) for (const draft of said.value) write(at, { ...draft, ...(by && { person: by.person }) })
      return said.ok ? said.value.length : said.code
    },
  }
}

describe('the life of a session in its room', () => {
  it('[L1] is started once, by the team, from the opening of the lobby on', () => {
    const one = aRoom()
    expect(roles.map((role) => one.does(starts - 15 * minute - 1, 'session:start', asker(role)))).toEqual([
      'session/lobby-closed',
      'session/lobby-closed',
      'session/lobby-closed',
      'live/not-allowed',
      'live/not-allowed',
    ])
    expect(one.does(starts, 'session:start', null)).toBe('live/not-allowed')
    expect(one.does(starts, 'session:start', asker('mentor'), null)).toBe('live/not-allowed')
    expect(one.does(starts - 15 * minute, 'session:start', asker('mentor'))).toBe(1)
    expect(one.does(starts, 'session:start', asker('owner'))).toBe(0)
    expect(one.view).toMatchObject({ began: starts - 15 * minute, by: 'mentor' })
    expect(aRoom('call').does(starts, 'session:start', asker('owner'))).toBe('live/not-allowed')
  })

  it('[L2] goes on without who started it: who of the team has been there longest holds it', () => {
    const one = aRoom()
    one.enters(starts, 'claire', 'trainer')
    one.does(starts, 'session:start', asker('trainer', 'claire'))
    one.enters(starts + minute, 'marc', 'mentor')
    one.enters(starts + minute, 'awa', 'learner')
    expect(one.view).toMatchObject({ holder: 'claire' })
    one.leaves(starts + 2 * minute, 'claire')
    expect([one.view, one.deadline]).toMatchObject([{ began: starts, by: 'claire', holder: 'marc', paused: null }, undefined])
  })

  it('[L3] [L4] is paused for who is there after ten minutes without the team, and goes on when one of it comes', () => {
    const one = aRoom()
    one.enters(starts - minute, 'awa', 'learner')
    expect(one.deadline).toBeUndefined()
    one.enters(starts, 'claire', 'trainer')
    one.enters(starts, 'claire', 'trainer', 'second tab')
    one.does(starts, 'session:start', asker('trainer', 'claire'))
    one.leaves(starts + minute, 'claire')
    expect(one.deadline).toBeUndefined()
    const alone = starts + 2 * minute
    one.leaves(alone, 'second tab')
    expect(one.deadline).toEqual({ at: alone + pauseAfter, command: { name: 'session:pause', payload: {} } })
    expect(one.does(alone + pauseAfter - 1, 'session:pause', null)).toBe(0)
    expect(one.does(alone + pauseAfter, 'session:pause', asker('owner'))).toBe('live/not-allowed')
    expect(one.does(alone + pauseAfter, 'session:pause', null)).toBe(1)
    expect([one.view, one.deadline]).toMatchObject([{ paused: alone + pauseAfter, holder: null }, undefined])
    expect(one.does(alone + 2 * pauseAfter, 'session:pause', null)).toBe(0)
    one.enters(alone + 2 * pauseAfter, 'marc', 'mentor')
    expect(one.view).toMatchObject({ paused: null, holder: 'marc', began: starts })
  })

  it('[L3] has nothing to pause before it began, nor when nobody is there; who comes then finds it paused', () => {
    const one = aRoom()
    one.enters(starts, 'awa', 'learner')
    expect(one.deadline).toBeUndefined()
    one.enters(starts, 'claire', 'trainer')
    one.does(starts, 'session:start', asker('trainer', 'claire'))
    one.leaves(starts + minute, 'awa')
    one.leaves(starts + minute, 'claire')
    expect([one.deadline, one.does(starts + 20 * minute, 'session:pause', null)]).toEqual([undefined, 0])
    one.enters(starts + 20 * minute, 'awa', 'learner')
    expect(one.deadline?.at).toBe(starts + minute + pauseAfter)
  })

  it('[L5] is late for who comes two minutes after it began', () => {
    expect([isLate(null, starts), isLate(starts, starts + lateAfter - 1), isLate(starts, starts + lateAfter)]).toEqual([false, false, true])
  })
})
