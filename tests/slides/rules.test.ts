import { describe, expect, it } from 'vitest'
import { areaOf, belongs, sheetCorner, sheetSide } from '#shared/board/sheets.ts'
import type { Asker } from '#shared/live/slice.ts'
import { maySeePage, mayTake, sideFor, slidesLimits, slidesSlice, type SlidesCommand, type SlidesHappening } from '#shared/slides/rules.ts'
import type { SlidesView } from '#shared/slides/wire.ts'
import { isTeam, roles } from '#shared/spoc/rules.ts'
import { stageSlice, type StageHappening } from '#shared/stage/rules.ts'

const claire: Asker = { person: 'claire', seat: 'seat', role: 'trainer' }
const about = { pages: 12, row: 3 }
const show = (file = 'deck', page = 1): SlidesCommand => ({ name: 'slides:show', payload: { file, page, about } })
const turn = (page: number, file = 'deck'): SlidesCommand => ({ name: 'slides:turn', payload: { file, page } })
const stop: SlidesCommand = { name: 'slides:stop', payload: {} }
const nothing = slidesSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })

let seq = 0
function after(state: SlidesView, command: SlidesCommand): SlidesView {
  const said = slidesSlice.decide(state, command, claire, 0)
  if (!said.ok) throw new Error(said.code)
  return said.value.reduce(
    (now, draft) =>
      slidesSlice.apply(now, {
        room: 'room',
        seq: ++seq,
        at: 7,
        person: 'claire',
        audience: null,
        words: null,
        ...draft,
      } as SlidesHappening),
    state,
  )
}

describe('what is shown page by page', () => {
  it('[W2] those who lead show, turn and stop; nobody else, and not the room by itself', () => {
    const shown = after(nothing, show())
    expect(shown).toEqual({ shown: { file: 'deck', page: 1, ...about }, by: 'claire', at: 7 })
    for (const role of ['mentor', 'learner', 'observer'] as const)
      for (const command of [show(), turn(2), stop])
        expect(slidesSlice.decide(shown, command, { ...claire, role }, 0)).toEqual({ ok: false, code: 'live/not-allowed' })
    expect(slidesSlice.decide(shown, turn(2), null, 0)).toMatchObject({ code: 'live/not-allowed' })
    expect(after(shown, stop).shown).toBe(null)
    expect(slidesSlice.decide(nothing, stop, claire, 0)).toEqual({ ok: true, value: [] })
  })

  it('[W2] one is shown at a time; what was not looked up is not shown, nor a page that is not there', () => {
    const second = after(after(nothing, show()), show('other', 12))
    expect(second.shown).toMatchObject({ file: 'other', page: 12 })
    expect(slidesSlice.decide(nothing, show('deck', 13), claire, 0)).toMatchObject({ code: 'slides/no-such-page' })
    expect(slidesSlice.decide(second, turn(13, 'other'), claire, 0)).toMatchObject({ code: 'slides/no-such-page' })
    expect(slidesSlice.decide(nothing, { name: 'slides:show', payload: { file: 'deck', page: 1, about: null } }, claire, 0)).toMatchObject({
      code: 'slides/not-found',
    })
  })

  it('[W3] everybody has the same view; a page turned to itself changes nothing', () => {
    const third = after(after(nothing, show()), turn(3))
    expect(roles.map((role) => slidesSlice.audienceOf(third, { ...claire, role }))).toEqual(roles.map(() => 'all'))
    expect(slidesSlice.viewFor(third, 'all').shown).toMatchObject({ page: 3 })
    expect(slidesSlice.decide(third, turn(3), claire, 0)).toEqual({ ok: true, value: [] })
  })

  it('[W7] a turn that was meant for another document changes nothing', () => {
    const shown = after(nothing, show())
    expect(slidesSlice.decide(shown, turn(2, 'other'), claire, 0)).toMatchObject({ code: 'slides/not-shown' })
    expect(slidesSlice.decide(nothing, turn(2), claire, 0)).toMatchObject({ code: 'slides/not-shown' })
  })

  it('[W4] the team sees every page, the others one that was in front', () => {
    for (const role of roles) {
      expect(maySeePage(role, { shown: true })).toBe(true)
      expect(maySeePage(role, { shown: false }), role).toBe(isTeam(role))
    }
  })

  it('[W5] the document is taken by the team, by the others once it was allowed and shown', () => {
    for (const role of roles)
      for (const download of [true, false])
        for (const shown of [true, false])
          expect(mayTake(role, { download, shown }), `${role} ${download} ${shown}`).toBe(isTeam(role) || (download && shown))
  })

  it('a picture is as fine as the screen, and no finer than there is', () => {
    expect([1, 320, 321, 1600, 1601, 9000].map(sideFor)).toEqual([320, 320, 960, 1600, 2560, 2560])
  })
})

it('[G5] what is shown comes in front by itself; stopped, the people come back, unless something else is in front', () => {
  const line = (kind: string, payload: unknown = {}) =>
    ({ room: 'room', seq: ++seq, at: seq, person: 'claire', audience: null, words: null, v: 1, kind, payload }) as StageHappening
  const start = stageSlice.start({ id: 'room', spoc: 'spoc', kind: 'session' })
  const shown = stageSlice.apply(start, line('slides:shown'))
  expect(shown).toMatchObject({ front: 'slides', by: 'claire' })
  expect(stageSlice.apply(shown, line('slides:turned'))).toBe(shown)
  expect(stageSlice.apply(shown, line('slides:stopped'))).toMatchObject({ front: 'people' })
  const board = stageSlice.apply(shown, line('stage:shown', { front: 'board' }))
  expect(stageSlice.apply(board, line('slides:stopped'))).toBe(board)
})

it('[B7] no two pages share a place, none lies on the board, and what is drawn belongs to the place of its middle', () => {
  const corners = [
    { row: 0, page: 1 },
    { row: 0, page: 2 },
    { row: 1, page: 1 },
    { row: slidesLimits.rows - 1, page: slidesLimits.pages },
  ]
  const spots = corners.map((sheet) => {
    const { x, y } = sheetCorner(sheet)
    return { minX: x, minY: y, maxX: x + sheetSide, maxY: y + sheetSide }
  })
  for (const [i, spot] of spots.entries()) {
    for (const [j, sheet] of corners.entries()) expect(belongs(spot, areaOf(sheet))).toBe(i === j)
    expect(belongs(spot, areaOf(undefined))).toBe(false)
    expect(Math.max(...Object.values(spot).map(Math.abs))).toBeLessThan(500_000)
  }
  expect(belongs({ minX: -50, minY: -50, maxX: 50, maxY: 50 }, areaOf(undefined))).toBe(true)
})
