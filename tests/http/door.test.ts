import { request as rawRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RouteContracts } from '#shared/http/contract.ts'
import { id } from '#shared/live/wire.ts'
import { ok } from '#shared/result.ts'
import { routes } from '#shared/wire.ts'
import { administrator, anybody, member, signedIn, type Handlers } from '#server/http/door.ts'
import { openapiOf } from '#server/http/openapi.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { sessions } from '#server/session/tables.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const contracts = {
  'GET /api/test/count': {
    about: 'Counts.',
    query: z.object({ step: z.coerce.number().int().max(5).optional() }),
    reply: z.object({ count: z.int() }),
  },
  'POST /api/test/count': {
    about: 'Counts one more.',
    body: z.strictObject({ words: z.string().optional() }),
    reply: z.object({ count: z.int() }),
  },
  'POST /api/test/fail': { about: 'Fails.', reply: z.void() },
  'GET /api/test/leak': { about: 'Says too much.', reply: z.object({ name: z.string() }) },
  'GET /api/test/admin': { about: 'For administrators.', reply: z.void() },
  'GET /api/test/misused': { about: 'Reads what it may not.', reply: z.object({ person: id }) },
  'GET /api/spocs/:spoc/test': { about: 'For learners.', reply: z.object({ role: z.string() }) },
} satisfies RouteContracts

const counting = () => {
  let count = 0
  const handlers: Handlers<typeof contracts> = {
    'GET /api/test/count': { who: anybody, run: ({ query }) => ok({ count: count + (query.step ?? 0) }) },
    'POST /api/test/count': {
      who: signedIn,
      run: async () => {
        await new Promise((later) => setTimeout(later, 20))
        return ok({ count: ++count })
      },
    },
    'POST /api/test/fail': {
      who: signedIn,
      run: () => {
        count++
        throw Object.assign(new Error('secret of awa@example.org'), { cause: new TypeError('password hunter2') })
      },
    },
    'GET /api/test/leak': { who: anybody, run: () => ok({ name: 'Awa', secret: 'right answer' }) },
    'GET /api/test/admin': { who: administrator, run: () => ok() },
    'GET /api/test/misused': { who: anybody, run: ({ asker }) => ok({ person: asker.person }) },
    'GET /api/spocs/:spoc/test': { who: member((role) => role === 'learner'), run: ({ member }) => ok({ role: member.role }) },
  }
  return { contracts, handlers: handlers as unknown as Handlers<RouteContracts>, counted: () => count }
}

/** Asks as a browser's cache does; Node's own fetch adds `no-cache` to such a request, which forbids the 304. */
const conditional = (base: string, browser: Browser, etag: string) =>
  new Promise<[number | undefined, string]>((told, failed) => {
    const request = rawRequest(
      `${base}/api/me`,
      { headers: { 'If-None-Match': etag, Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ') } },
      (response) => {
        let text = ''
        response.setEncoding('utf8').on('data', (part: string) => (text += part))
        response.on('end', () => told([response.statusCode, text]))
      },
    )
    request.on('error', failed).end()
  })

describe('Origin', () => {
  it('must be ours on every write, and its absence is not', async () => {
    const door = await aDoor(counting())
    const awa = await door.signedIn('Awa')
    const post = async (origin: string | null) => (await awa.fetch('/api/test/count', { method: 'POST', body: {}, origin })).status
    for (const origin of [
      null,
      'null',
      '',
      'https://evil.example',
      `http://evil.example:${door.port}`,
      `https://127.0.0.1:${door.port}`,
      'http://127.0.0.1',
      `http://127.0.0.1:${door.port + 1}`,
      `http://localhost.evil.example:${door.port}`,
      `http://127.0.0.1:${door.port}/`,
      `http://x@127.0.0.1:${door.port}`,
      // Somebody's own address exists where the demonstration is shown only.
      `http://awa.localhost:${door.port}`,
    ])
      expect(await post(origin), String(origin)).toBe(403)
    for (const origin of [`http://127.0.0.1:${door.port}`, `http://localhost:${door.port}`, `http://[::1]:${door.port}`])
      expect(await post(origin), origin).toBe(200)
    // Signing somebody in from elsewhere is refused too, though no cookie is needed for that.
    expect(
      (
        await door.aBrowser().fetch('/api/auth/sign-in/email', {
          method: 'POST',
          body: { email: 'awa@example.org', password: 'x' },
          origin: 'https://evil.example',
        })
      ).status,
    ).toBe(403)
  })

  it('is PUBLIC_URL alone when that is set', async () => {
    const door = await aDoor({ ...counting(), environment: { publicUrl: 'https://cercle.example' } })
    const allowed = (origin: string | undefined) => door.parts.origins.originAllowed(origin)
    expect([
      allowed('https://cercle.example'),
      allowed('http://cercle.example'),
      allowed('https://www.cercle.example'),
      allowed(`http://localhost:${door.port}`),
      allowed(undefined),
    ]).toEqual([true, false, false, false, false])
  })
})

describe('a body', () => {
  it('that is not what the contract says is refused with its place, before anything happens', async () => {
    const door = await aDoor(counting())
    const awa = await door.signedIn('Awa')
    const owner = await door.aSpoc()
    const bad: [string, unknown, string][] = [
      ['/api/test/count', { words: 3 }, 'body.words'],
      ['/api/test/count', { words: 'x', role: 'owner' }, 'body: unknown role'],
      ['/api/test/count', [], 'body'],
      ['/api/test/count', null, 'body'],
      ['/api/test/count', 'text', 'body'],
      [`/api/spocs/${owner.spoc}/invitations`, { uses: 1e9 }, 'body.uses'],
      [`/api/spocs/${owner.spoc}/invitations`, { role: 'administrator' }, 'body.role'],
      [`/api/spocs/${owner.spoc}/invitations/people`, { people: [{ email: 'no' }] }, 'body.people.0.email'],
    ]
    for (const [path, body, detail] of bad) {
      const browser = path.startsWith('/api/spocs') ? owner.owner : awa
      expect(await browser.post(path, body), JSON.stringify(body)).toMatchObject({
        ok: false,
        code: 'http/bad-request',
        detail: expect.stringContaining(detail),
        status: 400,
      })
    }
    expect(await awa.get('/api/test/count')).toMatchObject({ value: { count: 0 } })
  })

  it('that is not JSON, too large, or carries a zero character is refused', async () => {
    const door = await aDoor(counting())
    const awa = await door.signedIn('Awa')
    const send = async (raw: string, headers: Record<string, string> = {}) => {
      const response = await awa.fetch('/api/test/count', { method: 'POST', raw, headers })
      return [response.status, ((await response.json()) as { code?: string }).code]
    }
    expect(await send('{')).toEqual([400, 'http/bad-request'])
    expect(await send('{"words":"a\\u0000b"}')).toEqual([400, 'http/bad-request'])
    expect(await send('{"words":"a\\\\u0000b"}')).toEqual([200, undefined])
    expect(await send('words=x', { 'Content-Type': 'application/x-www-form-urlencoded' })).toEqual([400, 'http/bad-request'])
    expect(await send('{}', { 'Content-Type': 'text/plain' })).toEqual([400, 'http/bad-request'])
    expect(await send(JSON.stringify({ words: 'x'.repeat(200_000) }))).toEqual([413, 'http/too-large'])
    expect(await send('{"__proto__":{"administrator":true}}')).toEqual([400, 'http/bad-request'])
    expect(await send('['.repeat(40_000))).toEqual([400, 'http/bad-request'])
    // The server is as well as before.
    expect(await send('{"words":"x"}')).toEqual([200, undefined])
  })

  it('a line of 100 MB is refused, and nobody waits for it', async () => {
    const door = await aDoor(counting())
    const [awa, louis] = [await door.signedIn('Awa'), await door.signedIn('Louis')]
    let sent = 0
    const line = new ReadableStream<Uint8Array>({
      pull(to) {
        if (sent >= 100_000_000) return to.close()
        sent += 1_000_000
        to.enqueue(Buffer.from(sent === 1_000_000 ? `{"words":"${'x'.repeat(999_990)}` : 'x'.repeat(1_000_000)))
      },
    })
    const refused = fetch(`${door.base}/api/test/count`, {
      method: 'POST',
      body: line,
      duplex: 'half',
      headers: {
        'content-type': 'application/json',
        origin: door.base,
        cookie: [...awa.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    } as RequestInit).then(
      (reply) => reply.json(),
      // The server may hang up on what it does not want to hear to its end.
      () => ({ code: 'http/too-large' }),
    )
    let longest = 0
    for (let i = 0; i < 20; i++) {
      const asked = performance.now()
      expect((await louis.post('/api/test/count', { words: 'x' })).ok).toBe(true)
      longest = Math.max(longest, performance.now() - asked)
    }
    expect(await refused).toMatchObject({ code: 'http/too-large' })
    expect(longest).toBeLessThan(3000)
  })

  it('of a stranger is not even read', async () => {
    const door = await aDoor(counting())
    expect(await door.aBrowser().ask('POST', '/api/test/count', undefined, { raw: '{' })).toMatchObject({
      code: 'http/signed-out',
      status: 401,
    })
  })
})

it('refuses a query that is not what the contract says, and a parameter that cannot be an identity', async () => {
  const door = await aDoor(counting())
  const awa = await door.signedIn('Awa')
  expect(await awa.get('/api/test/count?step=2')).toMatchObject({ value: { count: 2 } })
  for (const query of ['step=9', 'step=x', 'step[a]=1&step=9', 'step=1&step=2'])
    expect(await awa.get(`/api/test/count?${query}`), query).toMatchObject({ code: 'http/bad-request', detail: 'query.step' })
  for (const spoc of ['x', '%00', '..%2f..', "'--", 'x'.repeat(65), '%F0%9F%92%A9', '%E0%A4%A'])
    expect((await awa.fetch(`/api/spocs/${spoc}`)).status, spoc).toBe(spoc === '%E0%A4%A' ? 400 : 404)
})

it('asks for the sign-in, then the membership, then the role', async () => {
  const door = await aDoor(counting())
  const { spoc, owner, aMember } = await door.aSpoc()
  const awa = await aMember('Awa', 'learner')
  const eve = await door.signedIn('Eve')
  const path = `/api/spocs/${spoc}/test`
  expect((await door.aBrowser().get(path)).status).toBe(401)
  expect((await eve.get(path)).status).toBe(404)
  expect((await owner.get(path)).status).toBe(403)
  expect(await awa.get(path)).toEqual({ ok: true, value: { role: 'learner' }, status: 200 })
  expect((await eve.get('/api/test/admin')).status).toBe(403)
  expect((await (await door.signedIn('Ana', { administrator: true })).get('/api/test/admin')).status).toBe(200)
})

describe('a reply', () => {
  it('holds what the contract names and nothing else', async () => {
    const door = await aDoor(counting())
    expect(await door.aBrowser().get('/api/test/leak')).toEqual({ ok: true, value: { name: 'Awa' }, status: 200 })
  })

  it('to a failure tells nothing, and the log no personal data', async () => {
    const door = await aDoor(counting())
    const awa = await door.signedIn('Awa')
    const response = await awa.fetch('/api/test/fail', { method: 'POST' })
    const text = await response.text()
    expect(response.status).toBe(500)
    expect(JSON.parse(text)).toEqual({ ok: false, code: 'http/unavailable', detail: expect.stringMatching(/^[\w-]{22}$/) })
    expect(door.lines).toHaveLength(1)
    const line = JSON.parse(door.lines[0] ?? '') as { request: string; route: string; kinds: string[]; at: string[] }
    expect(line).toMatchObject({
      route: 'POST /api/test/fail',
      kinds: ['Error', 'TypeError'],
      request: (JSON.parse(text) as { detail: string }).detail,
    })
    expect(line.at[0]).toContain('door.test.ts')
    expect(door.lines[0]).not.toMatch(/hunter2|awa@|secret/)
    // A handler that reads what its route does not promise is a mistake, and gives nobody away.
    expect((await awa.fetch('/api/test/misused')).status).toBe(200)
    expect((await door.aBrowser().fetch('/api/test/misused')).status).toBe(500)
  })

  it('to a read carries a weak ETag and is kept by nobody else', async () => {
    const door = await aDoor(counting())
    const awa = await door.signedIn('Awa')
    const first = await awa.fetch('/api/me')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\//)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    expect(await conditional(door.base, awa, etag)).toEqual([304, ''])
    // Somebody else, or nobody, does not get "not modified" by knowing the tag.
    expect(await conditional(door.base, door.aBrowser(), etag)).toEqual([200, JSON.stringify({ ok: true, value: null })])
    await awa.patch('/api/me', { name: 'Awa D' })
    expect(await conditional(door.base, awa, etag)).toMatchObject([200, expect.stringContaining('Awa D')])
    expect((await awa.fetch('/api/test/count', { method: 'POST', body: {} })).headers.get('cache-control')).toBe('no-store')
  })

  it('carries the strict headers, whatever the route says', async () => {
    const door = await aDoor(counting())
    for (const path of ['/api/me', '/api/nowhere', '/api/openapi.json', '/api/test/misused']) {
      const { headers } = await door.aBrowser().fetch(path)
      const policy = headers.get('content-security-policy') ?? ''
      const directives = new Map(policy.split(';').map((each) => [each.trim().split(' ')[0], each.trim().split(' ').slice(1)]))
      expect(directives.get('script-src'), path).toEqual(["'self'"])
      expect(directives.get('style-src')).toEqual(["'self'"])
      expect(directives.get('worker-src')).toEqual(["'self'", 'blob:'])
      expect(directives.get('connect-src')).toEqual(["'self'", `ws://127.0.0.1:${door.port}`])
      expect(policy).not.toContain('unsafe')
      expect(policy).not.toContain('data:')
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cross-origin-opener-policy')).toBe('same-origin')
      expect(headers.get('permissions-policy')).toContain('camera=(self), microphone=(self), display-capture=(self)')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

it('says that an unknown route does not exist, in the same form', async () => {
  const door = await aDoor()
  for (const [method, path] of [
    ['GET', '/api/nowhere'],
    ['POST', '/api/nowhere'],
    ['DELETE', '/api/me'],
    ['GET', '/api'],
  ] as const)
    expect(await door.aBrowser().ask(method, path)).toEqual({ ok: false, code: 'http/not-found', status: 404 })
})

it('refuses a flood of one person’s writes, and of one address without sign-in', async () => {
  const door = await aDoor(counting())
  const awa = await door.signedIn('Awa')
  for (let i = 0; i < 600; i++) await door.parts.limits.take('writeAccount', awa.person)
  expect(await awa.post('/api/test/count', {})).toMatchObject({ code: 'http/too-many', status: 429 })
  expect(await awa.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
  for (let i = 0; i < 600; i++) await door.parts.limits.take('anonymousAddress', '127.0.0.1')
  expect(await door.aBrowser().get('/api/test/leak')).toMatchObject({ status: 429 })
  expect(await awa.get('/api/test/leak')).toMatchObject({ ok: true })
})

it('survives a caller that goes away in the middle of its body', async () => {
  const door = await aDoor(counting())
  const awa = await door.signedIn('Awa')
  await new Promise<void>((gone) => {
    const request = rawRequest(`${door.base}/api/test/count`, {
      method: 'POST',
      headers: {
        Origin: door.base,
        Cookie: [...awa.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'Content-Type': 'application/json',
        'Content-Length': '1000',
      },
    })
    request.on('error', () => gone())
    request.write('{"words":')
    setTimeout(() => request.destroy(new Error('gone')), 100)
  })
  expect(await awa.post('/api/test/count', {})).toMatchObject({ value: { count: 1 } })
  expect(door.lines).toEqual([])
})

onEachEngine((aStore) => {
  describe('Idempotency-Key', () => {
    it('gives the first reply again, and does the work once, also at the same time', async () => {
      const test = counting()
      const door = await aDoor({ db: await aStore(), ...test })
      const awa = await door.signedIn('Awa')
      const key = newId()
      const post = (browser = awa, body: object = { words: 'x' }, with_ = key) =>
        browser.post('/api/test/count', body, { headers: { 'Idempotency-Key': with_ } })
      const first = await Promise.all([post(), post(), post()])
      expect(first).toEqual([first[0], first[0], first[0]])
      expect(first[0]).toMatchObject({ value: { count: 1 } })
      expect(await post()).toEqual(first[0])
      expect(test.counted()).toBe(1)
      // Another request with the same key is a mistake; another person's key is another key.
      expect(await post(awa, { words: 'other' })).toMatchObject({ code: 'http/bad-request', detail: 'Idempotency-Key' })
      expect(await post(await door.signedIn('Louis'))).toMatchObject({ value: { count: 2 } })
      expect(await post(awa, {}, 'short')).toMatchObject({ code: 'http/bad-request' })
      expect(await awa.post('/api/test/count', {})).toMatchObject({ value: { count: 3 } })
    })

    it('forgets after a day, and after a failure', async () => {
      const test = counting()
      const door = await aDoor({ db: await aStore(), ...test })
      const awa = await door.signedIn('Awa')
      const headers = { 'Idempotency-Key': newId() }
      expect(await awa.post('/api/test/count', {}, { headers })).toMatchObject({ value: { count: 1 } })
      door.clock.ahead = 86_400_000 - 60_000
      expect(await awa.post('/api/test/count', {}, { headers })).toMatchObject({ value: { count: 1 } })
      door.clock.ahead = 86_400_000 + 60_000
      expect(await awa.post('/api/test/count', {}, { headers })).toMatchObject({ value: { count: 2 } })
      const failing = { 'Idempotency-Key': newId() }
      expect((await awa.fetch('/api/test/fail', { method: 'POST', headers: failing })).status).toBe(500)
      expect((await awa.fetch('/api/test/fail', { method: 'POST', headers: failing })).status).toBe(500)
      expect(test.counted()).toBe(4)
    })

    it('is taken over when the first process died, and waits while it may be alive', async () => {
      const test = counting()
      const db = await aStore()
      const door = await aDoor({ db, ...test })
      const awa = await door.signedIn('Awa')
      const key = newId()
      const post = () => awa.post('/api/test/count', {}, { headers: { 'Idempotency-Key': key } })
      await post()
      await db.transaction((tx) => tx.execute('update replies set status = null, body = null'))
      // The embedded database has one process: what it finds without a reply belonged to one that died.
      if (db.engine === 'postgres') expect(await post()).toMatchObject({ code: 'http/unavailable', status: 503 })
      door.clock.ahead = 61_000
      expect(await post()).toMatchObject({ value: { count: 2 } })
    })

    it('what was done is not done again when its process died before it could say so', async () => {
      const db = await aStore()
      // Its process writes nothing more once the session was saved.
      let dead = false
      const dying: Db = {
        ...db,
        transaction: async (fn, turn) => {
          if (dead) throw new Error('dead')
          const value = await db.transaction(fn, turn)
          dead = (await planned()) > 0
          return value
        },
      }
      const planned = () => db.read((tx) => tx.$count(sessions))
      const door = await aDoor({ db: dying })
      const { spoc, owner } = await door.aSpoc()
      const asked = { title: 'Une séance', starts: door.clock.now(), ends: door.clock.now() + 60_000 }
      const plan = () => owner.post(`/api/spocs/${spoc}/sessions`, asked, { headers: { 'Idempotency-Key': 'a-key-of-this-very-test' } })
      await plan()
      dying.transaction = db.transaction
      door.clock.ahead = 61_000
      expect(await plan()).toMatchObject({ ok: true, value: { title: 'Une séance' } })
      expect(await planned()).toBe(1)
    })

    it('keeps an invitation’s secret unreadable', async () => {
      const db = await aStore()
      const door = await aDoor({ db })
      const { spoc, owner } = await door.aSpoc()
      const ask = () =>
        owner.post<{ link: string }>(`/api/spocs/${spoc}/invitations`, {}, { headers: { 'Idempotency-Key': 'a-key-of-this-very-test' } })
      const made = await ask()
      if (!made.ok) throw new Error(made.code)
      expect(await ask()).toEqual(made)
      const { rows } = await db.read((tx) => tx.execute('select * from replies'))
      expect(rows).toHaveLength(1)
      expect(JSON.stringify(rows)).not.toContain(made.value.link.split('#')[1])
    })
  })
})

it('describes every route', async () => {
  const door = await aDoor()
  const served = (await (await door.aBrowser().fetch('/api/openapi.json')).json()) as ReturnType<typeof openapiOf>
  expect(served.openapi).toBe('3.1.0')
  const described = (document: ReturnType<typeof openapiOf>) =>
    Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    )
  expect(described(served)).toContain('GET /api/rooms/:room')
  // The whole product's contracts can be described, not only those of this file's server.
  expect(described(openapiOf(routes)).sort()).toEqual(Object.keys(routes).sort())
  expect(served.paths['/api/spocs/{spoc}/invitations']?.['post']).toMatchObject({
    parameters: [{ name: 'spoc', in: 'path', required: true }, { name: 'Idempotency-Key' }],
    requestBody: { content: { 'application/json': { schema: { properties: { uses: { type: 'integer', maximum: 500 } } } } } },
  })
})
