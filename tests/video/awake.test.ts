import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Awake } from '#client/video/awake.ts'

/** A phone whose screen goes dark unless something holds it. */
let locks: { released: boolean; release: () => Promise<void> }[]
let page: { hidden: boolean }
let refuses: boolean
beforeEach(() => {
  locks = []
  refuses = false
  page = { hidden: false }
  vi.stubGlobal('document', page)
  vi.stubGlobal('navigator', {
    wakeLock: {
      request: vi.fn(async () => {
        if (refuses) throw new DOMException('', 'NotAllowedError')
        const lock = { released: false, release: async () => void (lock.released = true) }
        locks.push(lock)
        return lock
      }),
    },
  })
})
afterEach(() => vi.unstubAllGlobals())
const asked = () => (navigator.wakeLock.request as ReturnType<typeof vi.fn>).mock.calls.length
const held = () => locks.filter(({ released }) => !released).length
const soon = () => new Promise((later) => setTimeout(later))

it('the screen is held once while somebody is seen or heard, and let go after', async () => {
  const awake = new Awake()
  awake.keep(false)
  awake.keep(true)
  awake.keep(true)
  await soon()
  awake.keep(true)
  expect([asked(), held()]).toEqual([1, 1])
  awake.keep(false)
  await soon()
  expect(held()).toBe(0)
})

it('what the browser let go while the page was out of sight is taken again when it is back', async () => {
  const awake = new Awake()
  awake.keep(true)
  await soon()
  page.hidden = true
  locks[0]!.released = true
  awake.keep(true)
  await soon()
  expect(asked()).toBe(1)
  page.hidden = false
  awake.seen()
  await soon()
  expect([asked(), held()]).toEqual([2, 1])
})

it('left before it was given, it is let go at once', async () => {
  const awake = new Awake()
  awake.keep(true)
  awake.keep(false)
  await soon()
  expect([asked(), held()]).toEqual([1, 0])
})

it('a browser that refuses is asked again when the page comes back, not ten times a second; one without it is left alone', async () => {
  refuses = true
  const awake = new Awake()
  for (let look = 0; look < 5; look++) {
    awake.keep(true)
    await soon()
  }
  expect(asked()).toBe(1)
  refuses = false
  awake.seen()
  await soon()
  expect([asked(), held()]).toEqual([2, 1])
  vi.stubGlobal('navigator', {})
  new Awake().keep(true)
})
