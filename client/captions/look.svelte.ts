/** How captions look to one person, on this browser. */
export interface Looks {
  shown: boolean
  size: 'small' | 'normal' | 'large' | 'huge'
  /** Under the stage, or over it: at its bottom or its top. */
  place: 'under' | 'bottom' | 'top'
  lines: '2' | '3' | '4' | '6'
  /** White on black whatever the look of the page. */
  strong: boolean
  /** Each line is said by a screen reader. */
  spoken: boolean
}

const kept = 'cercle.captions'
const first: Looks = { shown: false, size: 'normal', place: 'under', lines: '3', strong: true, spoken: false }

/** Kept on this browser; what it does not know is as at first. */
export class Look implements Looks {
  shown = $state(first.shown)
  size = $state(first.size)
  place = $state(first.place)
  lines = $state(first.lines)
  strong = $state(first.strong)
  spoken = $state(first.spoken)

  constructor() {
    try {
      const read = JSON.parse(localStorage.getItem(kept) ?? '{}') as Partial<Looks>
      if (typeof read === 'object') Object.assign(this, { ...first, ...read })
    } catch {
      // As at first.
    }
  }

  /** What it is now, to be kept. */
  keep(): void {
    const { shown, size, place, lines, strong, spoken } = this
    try {
      localStorage.setItem(kept, JSON.stringify({ shown, size, place, lines, strong, spoken } satisfies Looks))
    } catch {
      // It is so until the page is left.
    }
  }
}
