/** One line of the report. `against` is what stands beside it, measured in the same run; `ratio` is value over that. */
export interface Figure {
  bench: string
  figure: string
  unit: string
  value: number
  against: { peer: string; value: number } | null
  ratio: number | null
  /** In words; null when the figure is only told. */
  target: string | null
  holds: boolean | null
}

/** The value at or below which `share` of the measurements lie; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? NaN
}

export const median = (values: readonly number[]) => quantile(values, 0.5)

const rounded = (value: number) => Number(value.toPrecision(4))

/** What a value must stay below: so many times the peer, plus so much. Without a peer the target is `plus` alone. */
export interface Target {
  times?: number
  plus?: number
}

/** Makes the line of a figure and judges it. */
export function figure(
  [bench, name, unit]: readonly [bench: string, figure: string, unit: string],
  value: number,
  against: { peer: string; value: number } | null = null,
  target: Target | null = null,
): Figure {
  const { times, plus } = target ?? {}
  const limit = target && (times ?? 0) * (against?.value ?? 0) + (plus ?? 0)
  const words = [times !== undefined && against ? `${times} × ${against.peer}` : '', plus === undefined ? '' : `${plus} ${unit}`]
  return {
    bench,
    figure: name,
    unit,
    value: rounded(value),
    against: against && { peer: against.peer, value: rounded(against.value) },
    ratio: against && rounded(value / against.value),
    target: target && `≤ ${words.filter(Boolean).join(' + ')}`,
    holds: limit === null ? null : value <= limit,
  }
}
