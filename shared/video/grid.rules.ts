/** L1, L5: rules of how people are shown, see `view.rules.ts`. */

/** L1 */
export const layouts = ['grid', 'speaker', 'beside'] as const
export type Layout = (typeof layouts)[number]

const gap = 8
const least = { width: 176, height: 96 }
const leastOnPhone = { width: 148, height: 88 }

export interface Fit {
  pages: number
  /** How many stand on a page. */
  each: number
  width: number
  height: number
}

/** L5: how so many tiles stand in so much room (CSS pixels). A tile is between 4:3 and 16:9. */
export function fit(count: number, measured: number, height: number): Fit {
  // A browser rounds what it measures: half a pixel too much and the last of a row is on the next one.
  const width = measured - 1
  const small = width < 640 ? leastOnPhone : least
  const columns = Math.max(1, Math.floor((width + gap) / (small.width + gap)))
  const rows = Math.max(1, Math.floor((height + gap) / (small.height + gap)))
  const pages = Math.max(1, Math.ceil(count / (columns * rows)))
  const each = Math.max(1, Math.ceil(count / pages))
  let best: Fit = { pages, each, width: 0, height: 0 }
  for (let across = 1; across <= Math.min(columns, each); across++) {
    const down = Math.ceil(each / across)
    if (down > rows) continue
    const high = Math.min((height - gap * (down - 1)) / down, ((width - gap * (across - 1)) / across) * 0.75)
    const wide = Math.min((width - gap * (across - 1)) / across, (high * 16) / 9)
    if (wide * high > best.width * best.height) best = { pages, each, width: Math.floor(wide), height: Math.floor(high) }
  }
  return best
}
