import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { initialsOf, peopleColours, personColour } from '#client/styles/people.ts'

const css = readFileSync(new URL('../../client/styles/tokens.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(([, name, light, dark]) => [
    name ?? '',
    [light ?? '', dark ?? ''] as const,
  ]),
)

/** WCAG 2.2 relative luminance and contrast. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

const looks = ['light', 'dark'] as const
const colour = (name: string, look: (typeof looks)[number]): string => {
  const pair = tokens.get(name)
  if (!pair) throw new Error(`no token --${name}`)
  return pair[look === 'light' ? 0 : 1]
}

const grounds = ['ground', 'surface', 'sunken', 'hover', 'paper']
const text = ['ink', 'ink-soft', 'accent', 'accent-strong', 'live', 'good', 'warning', 'bad', 'info']
const onFill: [text: string, fill: string][] = [
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-accent-soft', 'accent-soft'],
  ['on-live', 'live'],
  ['on-live-soft', 'live-soft'],
  ['on-bad', 'bad'],
  ['good', 'good-soft'],
  ['warning', 'warning-soft'],
  ['bad', 'bad-soft'],
  ['info', 'info-soft'],
  ['ink', 'good-soft'],
  ['ink', 'warning-soft'],
  ['ink', 'bad-soft'],
  ['ink', 'info-soft'],
  ['ink', 'accent-soft'],
  ['ink', 'live-soft'],
  ['ink-soft', 'accent-soft'],
  ['ink-soft', 'live-soft'],
  ['accent', 'accent-soft'],
  ['accent', 'info-soft'],
  ['on-video', 'video'],
  ['ground', 'ink'],
]

describe.each(looks)('in %s', (look) => {
  it.each(text.flatMap((t) => grounds.map((g) => [t, g] as const)))('--%s can be read on --%s (4.5:1)', (t, g) => {
    expect(contrast(colour(t, look), colour(g, look))).toBeGreaterThanOrEqual(4.5)
  })
  it.each(onFill)('--%s can be read on --%s (4.5:1)', (t, fill) => {
    expect(contrast(colour(t, look), colour(fill, look))).toBeGreaterThanOrEqual(4.5)
  })
  it.each(grounds)('the edge of a control shows on --%s (3:1)', (g) => {
    expect(contrast(colour('edge', look), colour(g, look))).toBeGreaterThanOrEqual(3)
  })
  it.each(peopleColours.map((c) => [c]))('the person colour %s shows on every ground (3:1) and carries white initials (4.5:1)', (c) => {
    for (const g of grounds) expect(contrast(c, colour(g, look)), g).toBeGreaterThanOrEqual(3)
    expect(contrast('#ffffff', c)).toBeGreaterThanOrEqual(4.5)
  })
})

describe('people', () => {
  it('have twelve different colours', () => {
    expect(new Set(peopleColours).size).toBe(12)
  })
  it('keep the colour of their index or identity', () => {
    expect(personColour(3)).toBe(peopleColours[3])
    expect(personColour(15)).toBe(peopleColours[3])
    expect(personColour('V1StGXR8_Z5jdHi6B-myT')).toBe(personColour('V1StGXR8_Z5jdHi6B-myT'))
    expect(new Set(Array.from({ length: 200 }, (_, i) => personColour(`person-${i}`))).size).toBe(12)
  })
  it.each([
    ['Awa Diop', 'AD'],
    ['Louis', 'L'],
    ['Jean-Marie de La Tour', 'JT'],
    ['  élodie  ', 'É'],
    ['', '?'],
  ])('%s has the initials %s', (name, initials) => {
    expect(initialsOf(name)).toBe(initials)
  })
})
