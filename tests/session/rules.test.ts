import { describe, expect, it } from 'vitest'
import {
  isComing,
  isLive,
  lingers,
  lobbyLead,
  lobbyOpens,
  longest,
  maySchedule,
  whyNotChange,
  whyNotEnd,
  whyNotEnter,
  whyNotReinstate,
  wrongTimes,
  type Schedule,
} from '#shared/session/rules.ts'
import { roles } from '#shared/spoc/rules.ts'

const starts = Date.UTC(2026, 10, 24, 9)
const ends = starts + 3_600_000
const planned: Schedule = { state: 'planned', starts, ends }
const cancelled: Schedule = { ...planned, state: 'cancelled' }
const ended: Schedule = { ...planned, state: 'ended' }

describe('sessions', () => {
  it('[S1] are scheduled by owners and trainers', () => expect(roles.filter(maySchedule)).toEqual(['owner', 'trainer']))
  it('[S2] end after they start', () => {
    expect(wrongTimes(starts, starts)).toMatchObject({ code: 'session/ends-before-starts' })
    expect(wrongTimes(starts, starts - 1)).toMatchObject({ code: 'session/ends-before-starts' })
    expect(wrongTimes(starts, starts + 1)).toBeUndefined()
  })
  it('[S3] last twelve hours at most', () => {
    expect(wrongTimes(starts, starts + longest)).toBeUndefined()
    expect(wrongTimes(starts, starts + longest + 1)).toMatchObject({ code: 'session/too-long' })
  })
  it('[S4] change while planned only', () => {
    expect(whyNotChange(planned)).toBeUndefined()
    for (const over of [cancelled, ended]) {
      expect(whyNotChange(over)).toMatchObject({ code: 'session/not-planned' })
      expect(whyNotEnd(over, starts)).toMatchObject({ code: 'session/not-planned' })
    }
  })
  it('[S5] are reinstated when cancelled only', () => {
    expect(whyNotReinstate(cancelled)).toBeUndefined()
    for (const other of [planned, ended]) expect(whyNotReinstate(other)).toMatchObject({ code: 'session/not-cancelled' })
  })
  it('[S6] open their lobby a quarter of an hour before, and to the team earlier', () => {
    expect(lobbyOpens(planned)).toBe(starts - lobbyLead)
    const early = starts - lobbyLead - 1
    expect(roles.filter((role) => !whyNotEnter(planned, role, early))).toEqual(['owner', 'trainer', 'mentor'])
    expect(whyNotEnter(planned, 'learner', early)).toMatchObject({ code: 'session/lobby-closed' })
    expect(roles.filter((role) => !whyNotEnter(planned, role, early + 1))).toEqual([...roles])
  })
  it('[S7] are closed to everybody once cancelled or ended', () => {
    for (const role of roles) {
      expect(whyNotEnter(cancelled, role, starts)).toMatchObject({ code: 'session/cancelled' })
      expect(whyNotEnter(ended, role, starts)).toMatchObject({ code: 'session/ended' })
    }
  })
  it('[S8] stay open after their time until somebody ends them, and in the lists for four hours', () => {
    expect(whyNotEnter(planned, 'learner', ends + 10 * lingers)).toBeUndefined()
    expect([
      isLive(planned, starts - lobbyLead - 1),
      isLive(planned, starts - lobbyLead),
      isLive(planned, ends - 1),
      isLive(planned, ends),
      isLive(cancelled, starts),
    ]).toEqual([false, true, true, false, false])
    expect([
      isComing(planned, ends + lingers - 1),
      isComing(planned, ends + lingers),
      isComing(cancelled, ends - 1),
      isComing(cancelled, ends),
      isComing(ended, starts),
    ]).toEqual([true, false, true, false, false])
  })
  it('[S9] are ended from the lobby on, cancelled before', () => {
    expect(whyNotEnd(planned, starts - lobbyLead - 1)).toMatchObject({ code: 'session/not-begun' })
    expect(whyNotEnd(planned, starts - lobbyLead)).toBeUndefined()
  })
})
