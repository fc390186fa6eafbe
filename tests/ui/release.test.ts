import { beforeEach, expect, it, vi } from 'vitest'

const told = vi.hoisted(() => vi.fn())
vi.mock('#client/pages/old-page.ts', () => ({ tellOldPage: told }))

beforeEach(() => {
  vi.resetModules()
  told.mockReset()
  vi.stubGlobal('document', { querySelector: () => ({ content: 'of today' }) })
})

it('a page is told once that the server has gone on to another release', async () => {
  const { hearRelease, isOldPage } = await import('#client/release.ts')
  for (const same of ['of today', null]) hearRelease(same)
  expect(isOldPage()).toBe(false)
  for (const other of ['of tomorrow', 'of tomorrow', 'of the day after']) hearRelease(other)
  expect(isOldPage()).toBe(true)
  await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(1))
  vi.unstubAllGlobals()
})
