/**
 * B7 A board has sheets: pages of documents lie on it, and shared screens, each at a place of its own, far from the board itself and from each
 *    other. What is drawn belongs to the place where its middle is, so that one document holds the board and all of its sheets, with the
 *    same rights.
 */
export interface Sheet {
  /** The document that lies there, and its page (from 1). */
  row: number
  page: number
}

export interface Area {
  minX: number
  minY: number
  maxX: number
  maxY: number
}

/** The longer side of a page on the plane. */
export const sheetSide = 1600
const cell = 2_400
const columns = 300
const top = 100_000

/** Where a page lies: its upper left corner. */
export const sheetCorner = ({ row, page }: Sheet) => ({
  x: (page - 1 - columns / 2) * cell + (cell - sheetSide) / 2,
  y: top + row * cell + (cell - sheetSide) / 2,
})

/** All that belongs to a sheet; of the board itself when there is none. */
export function areaOf(sheet: Sheet | undefined): Area {
  if (!sheet) return { minX: -1_000_000, minY: -1_000_000, maxX: 1_000_000, maxY: top }
  const { x, y } = sheetCorner(sheet)
  const margin = (cell - sheetSide) / 2
  return { minX: x - margin, minY: y - margin, maxX: x - margin + cell, maxY: y - margin + cell }
}

/** B7: whether something that reaches so far belongs to a place. */
export function belongs({ minX, minY, maxX, maxY }: Area, to: Area): boolean {
  const x = (minX + maxX) / 2
  const y = (minY + maxY) / 2
  return x >= to.minX && x < to.maxX && y >= to.minY && y < to.maxY
}

/** B7: the frame that a shared screen lies in, whatever its own proportions: the same for all who see it. */
export const screenFrame = { width: 1600, height: 900 } as const
/** Documents have rows below these; so far down the plane still has numbers. */
const screenRows = { first: 120, count: 240 }

/** B7: the place of the screen that this person shares. It is theirs alone, as good as always: 72 000 places for a few people. */
export function screenSheet(person: string): Sheet {
  let hash = 2_166_136_261
  for (const letter of person) hash = Math.imul(hash ^ letter.codePointAt(0)!, 16_777_619) >>> 0
  return { row: screenRows.first + (hash % screenRows.count), page: 1 + (Math.floor(hash / screenRows.count) % columns) }
}
