import { expect, it } from 'vitest'
import { areaOf, belongs, screenFrame, screenSheet, sheetCorner } from '#shared/board/sheets.ts'
import { slidesLimits } from '#shared/slides/rules.ts'

it('[B7] a shared screen has a place of its own: one per person, below all documents, within what a board may hold', () => {
  const people = Array.from({ length: 40 }, (_, i) => `person-${i}-of-a-course`)
  const places = people.map(screenSheet)
  expect(new Set(places.map(({ row, page }) => `${row} ${page}`)).size).toBe(people.length)
  for (const place of places) {
    expect(place.row).toBeGreaterThan(slidesLimits.rows)
    const { x, y } = sheetCorner(place)
    const frame = { minX: x, minY: y, maxX: x + screenFrame.width, maxY: y + screenFrame.height }
    for (const edge of Object.values(frame)) expect(Math.abs(edge)).toBeLessThan(1e6)
    expect(belongs(frame, areaOf(place))).toBe(true)
    expect(belongs(frame, areaOf(undefined))).toBe(false)
  }
})
