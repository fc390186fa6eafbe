/** Where pictures stand in a film: rectangles of whole pixels. */
export interface Box {
  x: number
  y: number
  width: number
  height: number
}

export const film = { width: 1280, height: 720, fps: 15 }

/** Places for so many faces, as large as they can be, in rows of 16:9 places with a gap between. */
export function tiles(count: number, { width, height } = film, gap = 8): Box[] {
  if (count === 0) return []
  let best = { columns: 1, width: 0, height: 0 }
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns)
    const wide = Math.min((width - gap * (columns + 1)) / columns, (((height - gap * (rows + 1)) / rows) * 16) / 9)
    if (wide > best.width) best = { columns, width: Math.floor(wide), height: Math.floor((wide * 9) / 16) }
  }
  const rows = Math.ceil(count / best.columns)
  const top = (height - rows * best.height - (rows - 1) * gap) / 2
  return Array.from({ length: count }, (_, i) => {
    const row = Math.floor(i / best.columns)
    const inRow = row === rows - 1 ? count - row * best.columns : best.columns
    const left = (width - inRow * best.width - (inRow - 1) * gap) / 2
    return {
      x: Math.round(left + (i % best.columns) * (best.width + gap)),
      y: Math.round(top + row * (best.height + gap)),
      width: best.width,
      height: best.height,
    }
  })
}

/** The largest place inside a box that keeps a picture's shape. */
export function contained(box: Box, width: number, height: number): Box {
  const scale = Math.min(box.width / width, box.height / height)
  const [w, h] = [Math.round(width * scale), Math.round(height * scale)]
  return { x: Math.round(box.x + (box.width - w) / 2), y: Math.round(box.y + (box.height - h) / 2), width: w, height: h }
}
