import { describe, expect, it } from 'vitest'
import type { Asker } from '#shared/live/slice.ts'
import { stageSlice, type StageCommand, type StageHappening } from '#shared/stage/rules.ts'
import type { Front } from '#shared/stage/wire.ts'

const asker = (role: Asker['role']): Asker => ({ person: role, seat: 'seat', role })
const show = (front: Front): StageCommand => ({ name: 'stage:show', payload: { front } })
const start = stageSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })

describe('the stage', () => {
  it('[G1] those who lead put something in front of everybody; at first the people', () => {
    expect(start).toEqual({ front: 'people', by: null, at: 0 })
    for (const who of [asker('mentor'), asker('learner'), asker('observer'), null])
      expect(stageSlice.decide(start, show('board'), who, 0)).toMatchObject({ code: 'live/not-allowed' })
    const shown = stageSlice.decide(start, show('board'), asker('owner'), 0)
    if (!shown.ok) throw new Error(shown.code)
    const line = { room: 'room', seq: 1, at: 7, person: 'claire', audience: null, words: null, ...shown.value[0] } as StageHappening
    expect(stageSlice.viewFor(stageSlice.apply(start, line), 'all')).toEqual({ front: 'board', by: 'claire', at: 7 })
  })

  it('[G2] showing what is in front already changes nothing', () => {
    expect(stageSlice.decide(start, show('people'), asker('trainer'), 0)).toEqual({ ok: true, value: [] })
  })
})
