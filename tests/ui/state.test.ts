import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '#client/http.ts'
import { router } from '#client/router.svelte.ts'
import { loadAgain } from '#client/ui/load.ts'
import { Together } from '#client/ui/together.svelte.ts'

/** What a server would say, one reply after the other; `undefined` is a cut line. */
function server(...replies: (Response | undefined)[]) {
  const asked: { address: string; request: RequestInit }[] = []
  vi.stubGlobal('fetch', (address: string, request: RequestInit) => {
    asked.push({ address, request })
    const reply = replies[asked.length - 1]
    return reply ? Promise.resolve(reply) : Promise.reject(new TypeError('network'))
  })
  return asked
}
const key = (request: RequestInit | undefined) => new Headers(request?.headers).get('idempotency-key')
const id = 'V1StGXR8_Z5jdHi6B-myTx'
const toSignIn = vi.spyOn(router, 'toSignIn').mockImplementation(() => undefined)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  toSignIn.mockClear()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

async function settle<T>(promise: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync()
  return promise
}

describe('api', () => {
  it('puts parameters into the path, escaped, and gives what the server says', async () => {
    const asked = server(Response.json({ ok: true, value: [] }))
    expect(await api('GET /api/spocs/:spoc/members', { params: { spoc: 'a/b' } })).toEqual({ ok: true, value: [] })
    expect(asked[0]?.address).toBe('/api/spocs/a%2Fb/members')
    expect(key(asked[0]?.request)).toBeNull()
  })
  it('reads "done" without a body', async () => {
    server(Response.json({ ok: true }))
    expect(await api('POST /api/auth/sign-out')).toEqual({ ok: true, value: undefined })
  })
  it('asks once more after a cut, a POST with the same key so that it is done once', async () => {
    const asked = server(undefined, Response.json({ ok: true, value: { id } }))
    const said = await settle(api('POST /api/auth/sign-in/magic-link', { body: { email: 'awa@exemple.fr' } }))
    expect(said.ok).toBe(true)
    expect(asked).toHaveLength(2)
    expect(key(asked[0]?.request)).toMatch(/^[\w-]{22}$/)
    expect(key(asked[1]?.request)).toBe(key(asked[0]?.request))
  })
  it('does not send a change twice when it cannot be recognised', async () => {
    const asked = server()
    expect(await settle(api('PATCH /api/me', { body: { name: 'Awa' } }))).toEqual({ ok: false, code: 'http/unavailable' })
    expect(asked).toHaveLength(1)
  })
  it('gives the refusal of the server, with its detail', async () => {
    server(Response.json({ ok: false, code: 'spoc/full', detail: '12' }, { status: 409 }))
    expect(await api('POST /api/auth/sign-out')).toEqual({ ok: false, code: 'spoc/full', detail: '12' })
    expect(toSignIn).not.toHaveBeenCalled()
  })
  it('leads somebody signed out to the sign-in', async () => {
    server(Response.json({ ok: false, code: 'http/signed-out' }, { status: 401 }))
    expect(await api('GET /api/today')).toEqual({ ok: false, code: 'http/signed-out' })
    expect(toSignIn).toHaveBeenCalledOnce()
  })
  it('makes sense of a proxy that speaks HTML', async () => {
    server(new Response('<h1>Bad gateway</h1>', { status: 502 }))
    expect(await api('GET /api/today')).toEqual({ ok: false, code: 'http/unavailable' })
    server(new Response('<h1>Too large</h1>', { status: 413 }))
    expect(await api('GET /api/today')).toEqual({ ok: false, code: 'http/too-large' })
    server(new Response('<h1>Sign in to the Wi-Fi</h1>'))
    expect(await api('GET /api/today')).toEqual({ ok: false, code: 'http/unavailable' })
    server(Response.json({ status: 'portal' }))
    expect(await api('GET /api/today')).toEqual({ ok: false, code: 'http/unavailable' })
  })
})

describe('parts that are shown together', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  /** A page that begins, with so many parts that ask. */
  function begin(parts: number) {
    const together = new Together()
    const answers = Array.from({ length: parts }, () => together.wait())
    return { together, answers, end: together.begin() }
  }

  it('are seen once each has an answer, and not before', () => {
    const { together, answers } = begin(3)
    answers[2]?.()
    answers[0]?.()
    // Asked again meanwhile, one is still one.
    answers[0]?.()
    expect(together.shown).toBe(false)
    answers[1]?.()
    expect(together.shown).toBe(true)
  })
  it('that ask for nothing are seen at once', () => {
    expect(begin(0).together.shown).toBe(true)
  })
  it('do not wait for one that takes too long; what comes later hides nothing again', () => {
    const { together, answers } = begin(2)
    answers[0]?.()
    vi.advanceTimersByTime(1_499)
    expect(together.shown).toBe(false)
    vi.advanceTimersByTime(1)
    expect(together.shown).toBe(true)
    together.wait()
    answers[1]?.()
    expect(together.shown).toBe(true)
  })
  it('leave no timer behind when the page is left', () => {
    const { together, end } = begin(1)
    end()
    vi.advanceTimersByTime(5_000)
    expect(together.shown).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a part that is loaded again', () => {
  /** A page with these style sheets; one that is broken comes the next time, or not. */
  function aPage(links: { came: boolean; comes?: boolean }[]) {
    const asked: number[] = []
    const aLink = (i: number, came: boolean): object => ({
      sheet: came ? {} : null,
      cloneNode: () => {
        const heard = new Map<string, () => void>()
        return { sheet: null, i, addEventListener: (name: string, fn: () => void) => heard.set(name, fn), heard }
      },
      replaceWith: (again: { i: number; heard: Map<string, () => void> }) => {
        asked.push(again.i)
        queueMicrotask(() => again.heard.get(links[i]?.comes === false ? 'error' : 'load')?.())
      },
    })
    const all = links.map(({ came }, i) => aLink(i, came))
    vi.stubGlobal('document', { querySelectorAll: () => all })
    return asked
  }

  it('has the style sheets first that did not come with it, and those alone', async () => {
    const asked = aPage([{ came: true }, { came: false }, { came: false }])
    expect(await loadAgain(() => Promise.resolve(`after ${asked.length}`))).toBe('after 2')
    expect(asked).toEqual([1, 2])
  })
  it('is not shown without them', async () => {
    aPage([{ came: false, comes: false }])
    const load = vi.fn(() => Promise.resolve('bare'))
    await expect(loadAgain(load)).rejects.toThrow('style sheet')
    expect(load).not.toHaveBeenCalled()
  })
})
