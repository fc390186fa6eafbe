import { expect, it } from 'vitest'
import { contractFingerprint, contractText } from '#server/live/contract.ts'
import { commands, ephemerals, routes } from '#shared/wire.ts'

/** Each route, command, whisper and request with its schemas: a change of the contract is read in the change of this file. */
const readable = () =>
  contractText()
    .split('\n')
    .map((line) => {
      const [name, ...shapes] = JSON.parse(line) as [string, ...unknown[]]
      const parts = shapes.length === 1 ? ['payload'] : ['query', 'body', 'reply']
      const shown = shapes.flatMap((shape, i) =>
        shape === null ? [] : [`${parts[i]} ${JSON.stringify(shape, (key, value: unknown) => (key === '$schema' ? undefined : value), 1)}`],
      )
      return [name, ...shown, ''].join('\n')
    })
    .join('\n')

/** Changing what is spoken is allowed, by mistake it is not: `npx vitest run tests/wire.test.ts -u` after a change that is meant. */
it('speaks as it did: a page of yesterday and a server of today understand each other, or know that they do not', async () => {
  await expect(readable()).toMatchFileSnapshot('wire.contract.txt')
})

it('names everything that is spoken, and gives the same fingerprint each time', () => {
  const names = contractText()
    .split('\n')
    .map((line) => (JSON.parse(line) as [string])[0])
  for (const name of [...Object.keys(routes), ...Object.keys(commands), ...Object.keys(ephemerals)]) expect(names).toContain(name)
  expect(contractFingerprint()).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(contractFingerprint()).toBe(contractFingerprint())
})
