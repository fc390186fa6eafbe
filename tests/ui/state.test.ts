import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { api } from '#client/http.ts'
import { router } from '#client/router.svelte.ts'

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
