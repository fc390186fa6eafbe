import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request, type RequestOptions } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io } from 'socket.io-client'
import { afterAll, expect, it } from 'vitest'
import { parser } from '#shared/live/parser.ts'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import { buildApp } from '#server/app.ts'
import { newId } from '#server/db/ids.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { openMailer } from '#server/outside/mail.ts'
import { readEnvironment } from '#server/environment.ts'
import { TestClock } from '#tests/support/clock.ts'
import { aStore } from '#tests/support/store.ts'
import { testEnvironment } from '#tests/support/server-wire.ts'
import { aDoor } from './door.ts'

const folder = mkdtempSync(join(tmpdir(), 'cercle-tls-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const [cert, key, otherKey] = ['cert.pem', 'key.pem', 'other.pem'].map((name) => join(folder, name)) as [string, string, string]

/** Whether this machine can make a certificate. */
const openssl = (() => {
  try {
    const options = [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ]
    const make = (to: string, at: string) =>
      execFileSync('openssl', [...options, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', at, '-out', to], {
        stdio: 'ignore',
      })
    make(join(folder, 'unused.pem'), otherKey)
    make(cert, key)
    return true
  } catch {
    return false
  }
})()
if (!openssl && process.env['CI']) throw new Error('HTTPS must be tested too: install openssl.')

const ask = (url: string, { body, ...options }: RequestOptions & { body?: unknown } = {}) =>
  new Promise<IncomingMessage & { text: string }>((resolve, reject) => {
    const asked = request(url, { ca: readFileSync(cert), ...options }, (reply) => {
      let text = ''
      reply.on('data', (data: Buffer) => (text += data.toString()))
      reply.on('end', () => resolve(Object.assign(reply, { text })))
    })
    asked.on('error', reject)
    asked.end(body === undefined ? undefined : JSON.stringify(body))
  })

it.skipIf(!openssl)('with TLS_CERT and TLS_KEY serves HTTPS directly: pages, sign-in and rooms', async () => {
  const db = await aStore()
  const clock = new TestClock()
  const password = 'correct horse battery'
  const passwordHash = await hashPassword(password)
  await db.transaction((tx) =>
    createPerson(tx, {
      name: 'Awa',
      email: 'awa@example.org',
      language: 'fr',
      zone: 'Europe/Paris',
      passwordHash,
      verified: true,
      now: clock.now(),
    }),
  )
  const app = await buildApp({
    db,
    clock,
    log: openLog('silent'),
    environment: { ...testEnvironment({ dataDir: folder, port: 0 }), tls: { cert, key } },
    outside: { mailer: openMailer(undefined, folder), files: openDiskFiles(join(folder, 'files')) },
    pages: undefined,
  })
  try {
    const base = app.origins.publicUrl
    expect(base).toMatch(/^https:/)
    const health = await ask(`${base}/api/health`)
    expect(health).toMatchObject({ statusCode: 200 })
    expect(health.headers['strict-transport-security']).toMatch(/max-age/)
    const headers = { origin: base, 'content-type': 'application/json' }
    const signedIn = await ask(`${base}/api/auth/sign-in/email`, { method: 'POST', headers, body: { email: 'awa@example.org', password } })
    expect(signedIn.statusCode).toBe(200)
    const cookies = signedIn.headers['set-cookie'] ?? []
    expect(cookies.length).toBeGreaterThan(0)
    expect(cookies.every((one) => /; Secure/i.test(one))).toBe(true)
    // A page of the same machine over plain HTTP is somebody else.
    expect(
      await ask(`${base}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { ...headers, origin: base.replace('https', 'http') },
        body: {},
      }),
    ).toMatchObject({ statusCode: 403 })

    const socket = io(base, {
      path: '/live',
      query: { room: newId() },
      auth: { epoch: newId(), contract: app.contract },
      transports: ['websocket'],
      parser,
      reconnection: false,
      ca: readFileSync(cert, 'utf8'),
      extraHeaders: { origin: base, cookie: cookies.map((one) => one.split(';')[0]).join('; ') },
    })
    // Through TLS to the room's own door: she is known there, the room is not.
    const refused = await new Promise<unknown>((resolve) =>
      socket.once('connect_error', (error: Error & { data?: { code: string } }) => resolve(error.data?.code ?? error.message)),
    )
    expect(refused).toBe('live/not-found')
    socket.disconnect()
  } finally {
    await app.close()
    await db.close()
  }
})

it.skipIf(!openssl)('a certificate that is none, or not of its key, stops the start in one line', () => {
  const DATA_DIR = join(folder, 'data')
  expect(readEnvironment({ DATA_DIR, TLS_CERT: cert, TLS_KEY: key }).tls).toEqual({ cert, key })
  expect(() => readEnvironment({ DATA_DIR, TLS_CERT: cert, TLS_KEY: key, PUBLIC_URL: 'http://cercle.example' })).toThrow(
    /^PUBLIC_URL is wrong/,
  )
  writeFileSync(join(folder, 'none.pem'), 'no certificate')
  for (const [TLS_CERT, TLS_KEY] of [
    [join(folder, 'none.pem'), key],
    [cert, join(folder, 'none.pem')],
    [cert, otherKey],
    [folder, key],
  ] as const)
    expect(() => readEnvironment({ DATA_DIR, TLS_CERT, TLS_KEY })).toThrow(/^TLS_(CERT|KEY) is wrong: [^\n]+$/)
})

it('TRUST_PROXY decides whose word about an address counts', async () => {
  const limitOf = async (trustProxy: number | false) => {
    const door = await aDoor({ environment: { trustProxy } })
    let n = 0
    const from = (address: string) =>
      fetch(`${door.base}/api/auth/sign-in/magic-link`, {
        method: 'POST',
        headers: { origin: door.base, 'content-type': 'application/json', 'x-forwarded-for': address },
        body: JSON.stringify({ email: `somebody-${n++}@example.org` }),
      })
    // Somebody behind the proxy asks far too often; another one asks once.
    let last = 200
    while (n < 50 && last === 200) last = (await from('203.0.113.7')).status
    expect(last).toBe(429)
    return (await from('203.0.113.8')).status
  }
  expect(await limitOf(1)).toBe(200)
  // Nobody is believed: all of them come from one address, the proxy's.
  expect(await limitOf(false)).toBe(429)
})
