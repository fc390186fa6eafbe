import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { SessionLife } from '#client/session/life.svelte.ts'
import type { LifeView, Session } from '#shared/session/wire.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const minute = 60_000
const starts = 10 * minute

/** A page of the room at this minute, of a session planned for the tenth. */
function aPage(role: Role, at: number, view: Partial<LifeView> = {}) {
  const room = new FakeRoom(role)
  room.clock = at * minute
  room.views = { session: { began: null, by: null, holder: null, paused: null, ...view } }
  return { room, life: new SessionLife(room, () => ({ starts, ends: starts + 60 * minute }) as Session) }
}
const sent = (room: FakeRoom) => room.waiting.map(({ name }) => name)

describe('where the session of my room stands', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('[L1] the page of the team starts it at its time, unless it began before; nobody else’s does', () => {
    const { room, life } = aPage('mentor', 9)
    const stop = life.startInTime()
    vi.advanceTimersByTime(minute - 1)
    expect(sent(room)).toEqual([])
    room.clock = starts
    vi.advanceTimersByTime(1)
    expect(sent(room)).toEqual(['session:start'])
    stop()
    for (const other of [aPage('learner', 11), aPage('trainer', 11, { began: starts })]) {
      other.life.startInTime()
      vi.advanceTimersByTime(minute)
      expect(sent(other.room)).toEqual([])
    }
  })

  it('[L1] the team may start it earlier, while its lobby is open', () => {
    const may = (role: Role, at: number) => aPage(role, at).life.mayStart(at * minute)
    expect([may('trainer', -6), may('trainer', -5), may('learner', 5)]).toEqual([false, true, false])
    expect(aPage('owner', 5, { began: 4 * minute }).life.mayStart(5 * minute)).toBe(false)
  })

  it('[L2] [L3] says who holds it for another, and that it is paused', () => {
    expect(aPage('learner', 20, { began: starts, by: 'claire', holder: 'marc' }).life.holder?.name).toBe('Marc')
    expect(aPage('learner', 20, { began: starts, by: 'claire', holder: 'claire' }).life.holder).toBeUndefined()
    expect(aPage('learner', 20, { began: starts, by: 'claire', paused: 19 * minute }).life.paused).toBe(true)
  })

  it('[L5] knows whether I come late; one that was moved after it began begins anew', () => {
    expect([aPage('learner', 11, { began: starts }).life.late, aPage('learner', 12, { began: starts }).life.late]).toEqual([false, true])
    expect(aPage('learner', 12, { began: -1000 * minute }).life.began).toBe(starts - 15 * minute)
  })
})
