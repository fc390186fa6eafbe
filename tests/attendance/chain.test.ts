import { expect, it } from 'vitest'
import { checkChain, hashOf, type Sealable, type Seal } from '#server/attendance/chain.ts'

const lines: Sealable[] = [1, 2, 3].map((n) => ({ of: `line ${n}`, at: n, said: { minutes: n, reason: 'vu', at: n } }))
const sealed = (spoc: string, all: readonly Sealable[]): Seal[] => {
  let hash = spoc
  return all.map((line, i) => ({ n: i + 1, of: line.of, hash: (hash = hashOf(hash, line)) }))
}
const seals = sealed('spoc', lines)
const broken = (seals: readonly Seal[], lines: readonly Sealable[], spoc = 'spoc') => checkChain(spoc, seals, lines)?.broken

it('[H9] is whole as long as each line is the one that was sealed, whatever the order of its words', () => {
  expect(checkChain('spoc', [], [])).toBeNull()
  expect(checkChain('spoc', seals, lines.toReversed())).toEqual({ sealed: 3, last: seals[2]?.hash, broken: null })
  const reordered = lines.map((line) => ({ ...line, said: Object.fromEntries(Object.entries(line.said).reverse()) }))
  expect(broken(seals, reordered)).toBeNull()
})

it('[H9] breaks at the first line that was altered, taken away, slipped in, or sealed for another course', () => {
  expect(
    broken(seals, [...lines.slice(0, 1), { of: 'line 2', at: 2, said: { minutes: 9, reason: 'vu', at: 2 } }, ...lines.slice(2)]),
  ).toEqual({
    n: 2,
    why: 'altered',
  })
  expect(broken(seals, lines.slice(1))).toEqual({ n: 1, why: 'removed' })
  expect(broken(seals, lines.slice(0, 2))).toEqual({ n: 3, why: 'removed' })
  expect(broken([seals[0], seals[2]] as Seal[], lines)).toEqual({ n: 2, why: 'removed' })
  expect(broken(seals.slice(0, 2), lines)).toEqual({ n: 3, why: 'added' })
  // A line and its seal are gone, and the seals counted anew: what came after does not follow what is left.
  const [first, , third] = seals as [Seal, Seal, Seal]
  expect(broken([first, { ...third, n: 2 }], [lines[0], lines[2]] as Sealable[])).toEqual({ n: 2, why: 'altered' })
  expect(broken(seals, lines, 'another')).toEqual({ n: 1, why: 'altered' })
})

it('[H9] tells nothing of lines from before the first seal', () => {
  expect(checkChain('spoc', [], lines)).toEqual({ sealed: 0, last: null, broken: null })
})
