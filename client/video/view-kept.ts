import { layouts, type Layout } from '#shared/video/grid.rules.ts'

/** How somebody looks at a room, on this browser. */
export interface KeptView {
  layout: Layout
  /** One's own picture as in a mirror: only for oneself. */
  mirrored: boolean
  /** L8 */
  selfHidden: boolean
  /** Beside what is in front, how much of the width is for people (%). */
  share: number
  /** Whether keys without Ctrl or Alt mean something. */
  keys: boolean
}

const kept = 'cercle.view'
const first: KeptView = { layout: 'grid', mirrored: true, selfHidden: false, share: 28, keys: true }

/** As it was last; a browser that kept nothing shows a grid. */
export function keptView(): KeptView {
  try {
    const read = JSON.parse(localStorage.getItem(kept) ?? '{}') as Partial<KeptView>
    // What somebody else wrote there is nothing.
    return layouts.some((one) => one === read.layout) ? { ...first, ...read } : first
  } catch {
    return first
  }
}

export function keepView(view: KeptView): void {
  try {
    localStorage.setItem(kept, JSON.stringify(view))
  } catch {
    // A browser that keeps nothing shows it as the first time.
  }
}
