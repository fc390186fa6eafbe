import { describe, expect, it } from 'vitest'
import {
  endsByItself,
  isComing,
  isLive,
  lingers,
  lobbyLead,
  lobbyOpens,
  quietAfter,
  reopenFor,
  reopensUntil,
  wasNotHeld,
  longest,
  maySchedule,
  whyNotChange,
  whyNotEncrypt,
  whyNotEnd,
  whyNotEnter,
  whyNotReinstate,
  whyNotReopen,
  wrongTimes,
  type Schedule,
} from '#shared/session/rules.ts'
import { roles } from '#shared/spoc/rules.ts'

const starts = Date.UTC(2026, 10, 24, 9)
const ends = starts + 3_600_000
const planned: Schedule = { state: 'planned', starts, ends, began: null, closed: null }
const cancelled: Schedule = { ...planned, state: 'cancelled' }
const ended: Schedule = { ...planned, state: 'ended', closed: ends }

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
  it('[S14] settle their encryption before anybody starts them, is inside, or records', () => {
    const nobody = { inside: false, recorded: false }
    expect(whyNotEncrypt(planned, nobody)).toBeUndefined()
    for (const refused of [
      whyNotEncrypt({ ...planned, began: starts }, nobody),
      whyNotEncrypt(planned, { ...nobody, inside: true }),
      whyNotEncrypt(planned, { ...nobody, recorded: true }),
    ])
      expect(refused).toMatchObject({ code: 'session/encryption-settled' })
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
  it('[S11] end by themselves a quarter of an hour after their time, when they began', () => {
    const begun = { ...planned, began: starts }
    expect([ends, ends + quietAfter - 1, ends + quietAfter].map((now) => endsByItself(begun, now))).toEqual([false, false, true])
    expect([planned, { ...begun, state: 'cancelled' as const }, ended].some((one) => endsByItself(one, ends + quietAfter))).toBe(false)
  })
  it('[S12] are reopened within a quarter of an hour of their end, by whoever may end them', () => {
    expect(reopensUntil(ended)).toBe(ends + reopenFor)
    expect([reopensUntil(planned), reopensUntil({ ...ended, closed: null })]).toEqual([undefined, undefined])
    expect(whyNotReopen(ended, ends + reopenFor - 1)).toBeUndefined()
    expect(whyNotReopen(ended, ends + reopenFor)).toMatchObject({ code: 'session/reopen-too-late' })
    expect(whyNotReopen({ ...ended, closed: null }, ends)).toMatchObject({ code: 'session/reopen-too-late' })
    for (const other of [planned, cancelled]) expect(whyNotReopen(other, ends)).toMatchObject({ code: 'session/not-ended' })
  })
  it('[S13] that nobody had started by their planned end were not held; started, ended or cancelled ones are no such thing', () => {
    expect([ends - 1, ends, ends + lingers].map((now) => wasNotHeld(planned, now))).toEqual([false, true, true])
    expect([{ ...planned, began: ends - 1 }, cancelled, ended].some((one) => wasNotHeld(one, ends))).toBe(false)
    // Its team may still enter it, move it, cancel it, or end it: it was held elsewhere.
    expect([whyNotEnter(planned, 'trainer', ends), whyNotChange(planned), whyNotEnd(planned, ends)]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})
