import { expect, it } from 'vitest'
import { mediaKey } from '#server/video/media-key.ts'

const secret = 's'.repeat(40)
const of = (...gone: string[]) => mediaKey(secret, 'our-room', gone)

it('[V11] is 256 bits, of one room and of one server', () => {
  expect(Buffer.from(of().bits, 'base64')).toHaveLength(32)
  expect(of()).toEqual(of())
  const others = [mediaKey(secret, 'another-room', []), mediaKey('t'.repeat(40), 'our-room', [])]
  expect(new Set([of(), ...others].map(({ bits }) => bits)).size).toBe(3)
})

it('[V13] is another one for whoever is gone, whatever the order, and tells itself from the one before', () => {
  expect(of('awa', 'nora')).toEqual(of('nora', 'awa', 'awa'))
  const used = [of(), of('awa'), of('nora'), of('awa', 'nora')]
  expect(new Set(used.map(({ bits }) => bits)).size).toBe(4)
  expect(used.map(({ index }) => index)).toEqual([0, 1, 1, 2])
  expect(of(...Array.from({ length: 40 }, (_, n) => `person ${n}`)).index).toBeLessThan(16)
})

it('[V13] who was removed and came back was given nothing of what was used meanwhile, and the next who goes nothing of what follows', () => {
  const given = { awa: [of()], nora: [of()] }
  // Awa is removed, Nora goes on; Awa comes back, then Nora is removed, then Awa again.
  given.nora.push(of('awa'))
  const [back, without, both] = [of(), of('nora'), of('nora', 'awa')]
  for (const { bits } of [without, both]) expect(given.nora.map((one) => one.bits)).not.toContain(bits)
  given.awa.push(back, without)
  for (const { bits } of [of('awa'), both]) expect(given.awa.map((one) => one.bits)).not.toContain(bits)
})
