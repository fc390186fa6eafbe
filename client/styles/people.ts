/**
 * The colours of people: cursors, strokes, avatars, always beside a name or initials. Each is at least 3:1 on paper and on ink,
 * in light and in dark, and carries white initials at 4.5:1 (tests/ui/contrast.test.ts). The order is part of the contract: a
 * person's colour is an index that stays.
 */
export const peopleColours = [
  '#2871c6',
  '#c74140',
  '#2d8046',
  '#8658c9',
  '#a55f18',
  '#067d82',
  '#ab4aa5',
  '#5e7a1e',
  '#5965d5',
  '#b74d6b',
  '#826f1d',
  '#017f69',
] as const

/** The colour for an index, or for an identity when no index was given: the same text always gets the same colour. */
export function personColour(of: number | string): string {
  let index = typeof of === 'number' ? of : 0
  if (typeof of === 'string') for (let i = 0; i < of.length; i++) index = (Math.imul(index, 31) + of.charCodeAt(i)) | 0
  const size = peopleColours.length
  return peopleColours[((index % size) + size) % size] ?? peopleColours[0]
}

/** `Awa Diop` → `AD`, `Louis` → `L`, `Jean-Marie de La Tour` → `JT`: the first letters of the first and the last word, what stands in brackets aside. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /^[^(]/.test(word))
  const first = words[0] ?? ''
  const last = words.length > 1 ? (words[words.length - 1] ?? '') : ''
  return ((Array.from(first)[0] ?? '?') + (Array.from(last)[0] ?? '')).toLocaleUpperCase()
}
