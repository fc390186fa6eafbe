import { describe, expect, it } from 'vitest'
import {
  expand,
  freeTimes,
  isAllowedLine,
  leftOf,
  mayBook,
  mayOffer,
  proposedState,
  readyWeek,
  weekdayOf,
  whyNotChange,
  whyNotEnter,
  whyNotOffer,
  whyNotPick,
  whyNotSettle,
  mentoringSlice,
} from '#shared/mentoring/rules.ts'
import { offer } from '#shared/mentoring/wire.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
/** A wall without seasons. */
const utc = (day: string, time: string) => Date.parse(`${day}T${time}:00Z`)
/** A Tuesday. */
const tuesday = '2026-06-09'
const nine = utc(tuesday, '09:00')
const grid = { minutes: 30, buffer: 10, notice: 2, horizon: 10, capacity: 1 }
const starts = (times: { starts: number }[]) => times.map((time) => new Date(time.starts).toISOString().slice(11, 16))

describe('mentoring', () => {
  it('[E1] the team offers calls; who takes part books, an observer does not', () => {
    expect(['owner', 'trainer', 'mentor', 'learner', 'observer'].map((role) => mayOffer(role as never))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ])
    expect(mayBook('learner')).toBe(true)
    expect(mayBook('observer')).toBe(false)
  })

  it('the week that is ready to accept is an offer like any other', () => {
    expect(offer.parse(readyWeek('Indian/Reunion'))).toEqual(readyWeek('Indian/Reunion'))
    expect(whyNotOffer(readyWeek('Europe/Paris'))).toBeUndefined()
    expect(whyNotOffer({ ...readyWeek('Europe/Paris'), windows: [{ weekday: 1, from: '10:00', to: '10:00' }] })?.code).toBe(
      'mentoring/window',
    )
    expect(whyNotOffer({ ...readyWeek('Europe/Paris'), place: 'in-person' })?.code).toBe('mentoring/no-address')
  })

  it('[E3] a day off takes its windows away, extra ones too; an extra window adds; what touches is one', () => {
    const week = {
      windows: [
        { weekday: 2, from: '09:00', to: '10:00' },
        { weekday: 2, from: '10:00', to: '11:00' },
      ],
      exceptions: [{ kind: 'extra' as const, day: tuesday, from: '14:00', to: '15:00' }],
    }
    expect(weekdayOf(tuesday)).toBe(2)
    expect(expand(week, ['2026-06-08', tuesday], utc)).toEqual([
      { from: nine, to: utc(tuesday, '11:00') },
      { from: utc(tuesday, '14:00'), to: utc(tuesday, '15:00') },
    ])
    const off = { ...week, exceptions: [...week.exceptions, { kind: 'off' as const, day: '2026-06-01', until: tuesday }] }
    expect(expand(off, [tuesday, '2026-06-16'], utc)).toEqual([{ from: utc('2026-06-16', '09:00'), to: utc('2026-06-16', '11:00') }])
  })

  const window = [{ from: nine, to: nine + 2 * hour }]

  it('[E4] free times follow each other a call and a buffer apart, the last one whole within the window', () => {
    expect(starts(freeTimes(window, [], grid, nine - day, 'learner'))).toEqual(['09:00', '09:40', '10:20'])
    expect(starts(freeTimes([{ from: nine, to: nine + 29 * minute }], [], grid, nine - day, 'learner'))).toEqual([])
  })

  it('[E5] a call takes its time and its buffer, and leaves the buffer before it', () => {
    const call = { starts: nine + 50 * minute, ends: nine + 80 * minute, free: nine + 90 * minute, left: 0 }
    expect(starts(freeTimes(window, [call], { ...grid, minutes: 40 }, nine - day, 'learner'))).toEqual(['09:00'])
    expect(starts(freeTimes(window, [{ ...call, starts: nine + 49 * minute }], { ...grid, minutes: 40 }, nine - day, 'learner'))).toEqual(
      [],
    )
  })

  it('[E6] a shared call is free while it has places, a full one is not', () => {
    const call = { starts: nine, ends: nine + 30 * minute, free: nine + 40 * minute }
    expect(freeTimes(window, [{ ...call, left: 2 }], grid, nine - day, 'learner')[0]).toEqual({
      starts: nine,
      ends: nine + 30 * minute,
      left: 2,
    })
    expect(starts(freeTimes(window, [{ ...call, left: 0 }], grid, nine - day, 'learner'))).toEqual(['09:40', '10:20'])
  })

  it('[E7] learners keep the notice and the horizon; a mentor keeps the horizon and the present', () => {
    const soon = nine - hour
    expect(starts(freeTimes(window, [], grid, soon, 'learner'))).toEqual(['10:20'])
    expect(starts(freeTimes(window, [], grid, soon, 'mentor'))).toEqual(['09:00', '09:40', '10:20'])
    expect(freeTimes(window, [], grid, nine - 11 * day, 'mentor')).toEqual([])
    expect(freeTimes(window, [], grid, nine + 3 * hour, 'mentor')).toEqual([])
  })

  it('[E8] the quota leaves what was not booked, never less than nothing; none leaves all', () => {
    expect([leftOf(3, 1), leftOf(1, 2), leftOf(null, 9)]).toEqual([2, 0, null])
  })

  it('[E9] a learner changes it until the cut-off, its mentor until it is over', () => {
    const call = { state: 'planned' as const, starts: nine, changeUntil: nine - 12 * hour }
    expect(whyNotChange(call, 'learner', nine - 12 * hour)).toBeUndefined()
    expect(whyNotChange(call, 'learner', nine - 12 * hour + 1)?.code).toBe('mentoring/too-late')
    expect(whyNotChange(call, 'mentor', nine)).toBeUndefined()
    expect(whyNotChange({ ...call, state: 'held' }, 'mentor', nine)?.code).toBe('mentoring/not-planned')
  })

  it('[E10] the room opens a quarter of an hour before, to the mentor at any time, to nobody once it is over', () => {
    const call = { state: 'planned' as const, starts: nine }
    expect(whyNotEnter(call, 'learner', nine - 15 * minute - 1)?.code).toBe('mentoring/not-open-yet')
    expect(whyNotEnter(call, 'learner', nine - 15 * minute)).toBeUndefined()
    expect(whyNotEnter(call, 'mentor', nine - day)).toBeUndefined()
    expect(whyNotEnter({ ...call, state: 'held' }, 'mentor', nine)?.code).toBe('mentoring/over')
    expect(whyNotEnter({ ...call, state: 'cancelled' }, 'mentor', nine)?.code).toBe('mentoring/cancelled')
  })

  it('[E11] a call has an outcome once it has begun, and one only', () => {
    expect(whyNotSettle({ state: 'planned', starts: nine }, nine - 1)?.code).toBe('mentoring/not-begun')
    expect(whyNotSettle({ state: 'planned', starts: nine }, nine)).toBeUndefined()
    expect(whyNotSettle({ state: 'missed', starts: nine }, nine)?.code).toBe('mentoring/not-planned')
  })

  it('[E12] only the room of a call has shared notes, and only the room itself says that something changed', () => {
    const room = { id: 'r'.repeat(22), spoc: 's'.repeat(22), kind: 'call' as const }
    const asker = { person: 'p', seat: 's', role: 'owner' as const }
    const command = { name: 'mentoring:renew' as const, payload: { change: 'c'.repeat(22) } }
    const state = mentoringSlice.start(room)
    expect(mentoringSlice.viewFor(state, 'all')).toEqual({ notes: `${room.id}-notes`, changes: 0 })
    expect(mentoringSlice.decide(state, command, asker, 0)).toMatchObject({ ok: false, code: 'live/not-allowed' })
    expect(mentoringSlice.decide(state, command, null, 0)).toMatchObject({ ok: true, value: [{ kind: 'mentoring:renewed' }] })
    const session = mentoringSlice.start({ ...room, kind: 'session' })
    expect(session.notes).toBeNull()
    expect(mentoringSlice.decide(session, command, null, 0)).toEqual({ ok: true, value: [] })
  })

  it('[E15] a proposed time is free, taken, past or picked; one is picked while the proposal is open and its last time to come', () => {
    const time = { starts: 100 }
    expect([
      proposedState(time, null, true, 99),
      proposedState(time, null, false, 99),
      proposedState(time, null, true, 100),
      proposedState(time, 100, false, 200),
      proposedState(time, 50, false, 99),
    ]).toEqual(['free', 'taken', 'past', 'picked', 'taken'])
    const open = { state: 'open' as const, times: [time, { starts: 200 }], last: 200 }
    expect(whyNotPick(open, 100, 99)).toBeUndefined()
    expect(whyNotPick(open, 150, 99)).toMatchObject({ code: 'mentoring/not-found' })
    expect(whyNotPick(open, 200, 200)).toMatchObject({ code: 'mentoring/proposal-over' })
    for (const state of ['taken', 'withdrawn'] as const)
      expect(whyNotPick({ ...open, state }, 100, 99)).toMatchObject({ code: 'mentoring/proposal-over' })
  })

  it('[E13] a line of the notes is a place and a text, nothing else', () => {
    const key = 'k'.repeat(22)
    expect(isAllowedLine(key, { place: 1.5, text: 'Bonjour' })).toBe(true)
    for (const value of [
      null,
      'text',
      { place: 1 },
      { place: NaN, text: '' },
      { place: 1, text: 'x'.repeat(4001) },
      { place: 1, text: '', more: 1 },
    ])
      expect(isAllowedLine(key, value)).toBe(false)
    expect(isAllowedLine('short', { place: 1, text: '' })).toBe(false)
  })
})
