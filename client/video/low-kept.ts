import { choices, type Choice } from '#shared/video/low.rules.ts'

const kept = 'cercle.low'

/** What of the pictures this browser takes, as it was chosen last (Y2). */
export function keptLow(): Choice {
  try {
    const read = localStorage.getItem(kept)
    return choices.find((one) => one === read) ?? 'auto'
  } catch {
    return 'auto'
  }
}

export function keepLow(choice: Choice): void {
  try {
    localStorage.setItem(kept, choice)
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
