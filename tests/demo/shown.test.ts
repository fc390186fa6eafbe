import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { ChatView } from '#shared/chat/wire.ts'
import type { Demonstration, Simulated } from '#shared/demo/wire.ts'
import { minute, quietFor, simulatedFor } from '#shared/demo/rules.ts'
import type { HandsView } from '#shared/hands/wire.ts'
import { parser } from '#shared/live/parser.ts'
import type { LedQuizView } from '#shared/quiz/wire.ts'
import type { Refused, Result } from '#shared/result.ts'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import { buildApp } from '#server/app.ts'
import { listTables } from '#server/backup/rows.ts'
import { newId } from '#server/db/ids.ts'
import { buildAccess } from '#server/demo/access.ts'
import { isOver } from '#server/demo/accounts.ts'
import { seedDemo } from '#server/demo/seed.ts'
import type { Environment } from '#server/environment.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { openMailer } from '#server/outside/mail.ts'
import { listQuestions } from '#server/quiz/store.ts'
import { findSession, listSessions } from '#server/session/store.ts'
import { listMembers } from '#server/spoc/store.ts'
import { Participant } from '../support/classroom.ts'
import { TestClock } from '../support/clock.ts'
import { testEnvironment } from '../support/server-wire.ts'
import { aStore } from '../support/store.ts'

const toEnd: (() => Promise<unknown> | unknown)[] = []
afterAll(async () => {
  for (const end of toEnd.splice(0).reverse()) await end()
})

interface How {
  host?: string
  origin?: string | null
  cookie?: string
  headers?: Record<string, string>
}

/** A server with the demonstration, asked under whatever name: where a browser was led to is the Host that it sends. */
async function aDemonstration() {
  const db = await aStore()
  toEnd.push(() => db.close())
  const clock = new TestClock()
  const dataDir = mkdtempSync(join(tmpdir(), 'cercle-shown-'))
  toEnd.push(() => rmSync(dataDir, { recursive: true, force: true }))
  const pages = join(dataDir, 'pages')
  mkdirSync(join(pages, 'assets'), { recursive: true })
  writeFileSync(join(pages, 'index.html'), '<html><head></head></html>')
  const files = openDiskFiles(join(dataDir, 'files'))
  const log = openLog('silent')
  const start = async () => {
    const started = await buildApp({
      ...{ db, clock, log, pages },
      environment: { ...testEnvironment({ dataDir, port: 0 }), demo: 'on' },
      outside: { mailer: openMailer(undefined, dataDir), files },
    })
    toEnd.push(() => started.close())
    return started
  }
  const app = await start()
  const accounts = await seedDemo({ db, clock, log, files, dataDir, make: true })
  const address = new URL(app.origins.publicUrl).port
  const at = (name: string) => `${name}:${address}`

  const ask = <T = unknown>(method: string, path: string, body?: unknown, how: How = {}) =>
    new Promise<{ status: number; said: Result<T>; text: string; headers: NodeJS.Dict<string | string[]> }>((resolve, reject) => {
      const host = how.host ?? at('127.0.0.1')
      const origin = how.origin === undefined ? `http://${host}` : how.origin
      const asking = request(
        {
          ...{ host: '127.0.0.1', port: address, method, path },
          headers: {
            host,
            ...(origin !== null && method !== 'GET' && { origin }),
            ...(how.cookie !== undefined && { cookie: how.cookie }),
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...how.headers,
          },
        },
        (reply) => {
          let text = ''
          reply.on('data', (chunk: Buffer) => (text += chunk.toString()))
          reply.on('end', () => {
            const json = reply.headers['content-type']?.includes('json') ?? false
            resolve({
              status: reply.statusCode ?? 0,
              said: (json ? JSON.parse(text) : undefined) as Result<T>,
              text,
              headers: reply.headers,
            })
          })
        },
      )
      asking.on('error', reject)
      asking.end(body === undefined ? undefined : JSON.stringify(body))
    })

  const value = async <T>(asked: Promise<{ said: Result<T> }>): Promise<T> => {
    const { said } = await asked
    if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
    return said.value
  }
  const look = () => value(ask<Demonstration | null>('GET', '/api/demo'))
  /** Comes in as the page does: one click, then the address that it gave. */
  const come = async (who: string) => {
    const { address: given } = await value(ask<{ address: string }>('POST', '/api/demo/enter', { who, place: 'home' }))
    const { host, hash } = new URL(given)
    const reply = await ask('POST', '/api/auth/magic-link/verify', { token: hash.slice(1) }, { host })
    const cookies = [reply.headers['set-cookie'] ?? []].flat()
    return { host, given, cookies, cookie: cookies.map((one) => one.split(';')[0]).join('; ') }
  }
  const sit = async ({ host, cookie }: { host: string; cookie: string }, room: string, origin = `http://${host}`) => {
    const socket = io(`http://127.0.0.1:${address}`, {
      ...{ path: '/live', query: { room }, auth: { epoch: newId(), contract: app.contract }, transports: ['websocket'], parser },
      ...{ forceNew: true, reconnection: false, extraHeaders: { cookie, origin } },
    })
    toEnd.push(() => socket.disconnect())
    return new Participant('', '', socket).here()
  }
  return { db, clock, dataDir, app, start, accounts, ask, value, look, come, sit, at }
}

/** One demonstration for all: each test leaves it as the next may find it, the last removes it. */
let demonstration: Awaited<ReturnType<typeof aDemonstration>>
beforeAll(async () => (demonstration = await aDemonstration()), 180_000)

const notHere: Refused = { ok: false, code: 'http/not-allowed', detail: 'demo' }

describe('[D1, D2] who opens the demonstration on its machine', () => {
  it('chooses a person, and is that person at an address of their own, whose cookie goes nowhere else', async () => {
    const { look, come, ask, value, at } = demonstration
    const shown = await look()
    expect(shown?.people.map(({ who }) => who)).toEqual(expect.arrayContaining(['claire', 'awa', 'louis', 'marc', 'nadia', 'helene']))
    expect(shown?.here).toBe(null)
    const awa = await come('awa')
    const claire = await come('claire')
    expect(awa.given).toMatch(new RegExp(`^http://${at('awa.localhost')}/demo\\?to=%2F#`))
    for (const cookie of awa.cookies) {
      expect(cookie).not.toMatch(/domain=/i)
      expect(cookie).toMatch(/httponly/i)
    }
    expect(await value(ask<{ name: string }>('GET', '/api/me', undefined, awa))).toMatchObject({ name: 'Awa Diop' })
    expect(await value(ask<{ name: string }>('GET', '/api/me', undefined, claire))).toMatchObject({ name: 'Claire Morel' })
    // The address was for one click.
    expect((await ask('POST', '/api/auth/magic-link/verify', { token: new URL(awa.given).hash.slice(1) })).said).toMatchObject({
      code: 'account/link-over',
    })
  })

  it('is a page of this machine: no other name, no other site, no proxy, nobody who is not of the demonstration', async () => {
    const { ask, at } = demonstration
    const enter = (how: How, body: unknown = { who: 'claire', place: 'home' }) => ask('POST', '/api/demo/enter', body, how)
    for (const host of ['rebound.example', 'mallory.localhost', 'localhost.rebound.example', '192.168.1.4']) {
      // A name made to lead here is answered as if there were no demonstration, even by a page that claims to be ours.
      expect((await ask('GET', '/api/demo', undefined, { host: at(host) })).said, host).toEqual({ ok: true, value: null })
      expect((await enter({ host: at(host), origin: `http://${at('127.0.0.1')}` })).said, host).toEqual(notHere)
      expect((await enter({ host: at(host) })).status, host).toBe(403)
    }
    for (const origin of [null, 'null', 'https://evil.example', `http://${at('evil.localhost')}`, 'http://localhost:1'])
      expect((await enter({ origin })).status, String(origin)).toBe(403)
    // Another of our own names is another site to a browser.
    expect((await enter({ origin: `http://${at('awa.localhost')}` })).said).toEqual(notHere)
    for (const name of ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'])
      expect((await enter({ headers: { [name]: '192.0.2.1' } })).said, name).toEqual(notHere)
    expect((await enter({}, { who: 'mallory', place: 'home' })).said).toEqual(notHere)
    expect((await enter({})).said.ok).toBe(true)
  })

  it('is refused all of it where others can come, or where the demonstration is off', async () => {
    const { db, dataDir, app, at } = demonstration
    const request = { headers: { host: at('127.0.0.1') } }
    const here = testEnvironment({ dataDir, port: 0 })
    const shown = async (environment: Partial<Environment>, publicUrl = app.origins.publicUrl) => {
      const access = buildAccess(db, { ...here, demo: 'on', ...environment }, () => publicUrl)
      return [(await access.shown(request)) !== undefined, access.named('awa')]
    }
    expect(await shown({})).toEqual([true, true])
    expect(await shown({ demo: 'auto' })).toEqual([true, true])
    for (const environment of [{ demo: 'off' }, { demo: 'auto', production: true }, { trustProxy: 1 }, { loopback: false }] as const)
      expect(await shown(environment), JSON.stringify(environment)).toEqual([false, false])
    for (const publicUrl of ['https://cercle.example', `http://cercle.example:${new URL(app.origins.publicUrl).port}`])
      expect(await shown({}, publicUrl), publicUrl).toEqual([false, false])
    // Nor has anybody an address of their own in a folder without a demonstration.
    expect(await shown({ dataDir: '/nowhere' })).toEqual([false, false])
  })

  it('is told to wait, and for how long, who comes in as if by a machine', async () => {
    const { ask } = demonstration
    vi.useFakeTimers({ toFake: ['Date'] })
    onTestFinished(() => void vi.useRealTimers())
    for (const [path, body] of [
      ['/api/demo/enter', { who: 'claire', place: 'home' }],
      ['/api/demo/begin', { accounts: 1000 }],
    ] as const) {
      const replies = await Promise.all(Array.from({ length: 70 }, () => ask('POST', path, body)))
      const told = replies.filter(({ status }) => status === 429)
      expect(told.length, path).toBeGreaterThanOrEqual(10)
      for (const { said, headers } of told) {
        const wait = headers['retry-after']
        expect(said).toEqual({ ok: false, code: 'http/too-many', detail: wait })
        expect(Number(wait)).toBeGreaterThan(0)
        expect(Number(wait)).toBeLessThanOrEqual(300)
      }
      vi.setSystemTime(Date.now() + 5 * minute)
      expect((await ask('POST', path, body)).status, path).not.toBe(429)
    }
  })

  it('is led from the first page to the choice, unless signed in; other names see the page as anywhere', async () => {
    const { ask, come, at } = demonstration
    const first = await ask('GET', '/')
    expect([first.status, first.headers['location']]).toEqual([302, '/demo'])
    expect((await ask('GET', '/sign-in')).text).toContain('<meta name="demo"')
    const awa = await come('awa')
    expect((await ask('GET', '/', undefined, awa)).status).toBe(200)
    const other = await ask('GET', '/', undefined, { host: at('rebound.example') })
    expect(other.status).toBe(200)
    expect(other.text).not.toContain('name="demo"')
  })
})

it('[D4] each opening finds a session twelve minutes old, until somebody is in it; a week later too', async () => {
  const { db, clock, look, come, sit, value, ask } = demonstration
  const ofToday = async () => {
    const shown = await look()
    const all = await db.read(async (tx) => listSessions(tx, (await findSpoc(tx)) ?? ''))
    const found = all.find(({ room }) => room === shown?.session?.room)
    if (!found) throw new Error('no session in progress')
    return found
  }
  const findSpoc = async (tx: Parameters<typeof findSession>[0]) =>
    (await tx.execute<{ id: string }>(sql`select id from spocs limit 1`)).rows[0]?.id
  const age = ({ starts }: { starts: number }) => Math.round((clock.now() - starts) / minute)
  const before = await ofToday()
  clock.forward(7 * 24 * 60 * minute)
  await come('helene')
  const later = await ofToday()
  expect([later.id, age(later), age({ starts: later.began ?? 0 })]).toEqual([before.id, 12, 12])

  // What is read of it is of today as well.
  const claire = await come('claire')
  const seat = await sit(claire, later.room)
  const chat = seat.view<ChatView>('chat')
  const times = (chat?.messages ?? []).map(({ at }) => Math.round((clock.now() - at) / minute))
  expect(times.length).toBeGreaterThan(3)
  expect(Math.max(...times)).toBeLessThanOrEqual(15)
  expect(Math.min(...times)).toBeGreaterThanOrEqual(2)

  // Somebody is there: who comes in beside them finds the same one, older.
  clock.forward(20 * minute)
  await come('awa')
  expect([(await ofToday()).id, age(await ofToday())]).toEqual([before.id, 32])
  await seat.send('chat:say', { message: newId(), text: 'Je reviens.' })
  seat.socket.disconnect()
  await expect.poll(async () => (clock.forward(16_000), (await left(db, later.room)) > 0), { timeout: 20_000 }).toBe(true)
  await come('awa')
  expect((await ofToday()).id).toBe(before.id)

  // Gone for good: what they did is history, and another one is in progress.
  clock.forward(quietFor)
  await come('awa')
  const another = await ofToday()
  expect(another.id).not.toBe(before.id)
  expect(age(another)).toBe(12)
  expect(await db.read((tx) => findSession(tx, before.id))).toMatchObject({ state: 'ended' })
  expect((await value(ask<{ next: { room: string } | null }>('GET', '/api/today', undefined, await come('claire')))).next?.room).toBe(
    another.room,
  )
})

it('[D4] what is to come is to come, for each of them, on a server that has run for a week; a call that somebody is in stays', async () => {
  const { clock, come, sit, value, ask } = demonstration
  type Someone = Awaited<ReturnType<typeof come>>
  interface Coming {
    title: string
    room: string
    starts: number
    ends: number
    state: string
  }
  const todayOf = (who: Someone) => value(ask<{ next: Coming | null; coming: Coming[] }>('GET', '/api/today', undefined, who))
  const callOf = async (who: Someone) => (await value(ask<{ calls: Coming[] }>('GET', '/api/calls', undefined, who))).calls[0]
  const inMinutes = (at = NaN) => Math.round((at - clock.now()) / minute)
  for (const days of [7, 1]) {
    clock.forward(days * 24 * 60 * minute)
    for (const name of ['claire', 'awa', 'louis', 'marc', 'nadia']) {
      const who = await come(name)
      const { next, coming } = await todayOf(who)
      expect([name, next?.title.slice(0, 8), inMinutes(next?.starts)]).toEqual([name, 'Séance 2', -12])
      expect(coming.map(({ title }) => title.slice(0, 8)).sort()).toEqual(['Atelier ', 'Séance 2', 'Séance 3'])
      for (const { title, starts } of coming) if (!title.startsWith('Séance 2')) expect(inMinutes(starts), title).toBeGreaterThan(0)
      const call = await callOf(who)
      if (name !== 'awa' && name !== 'marc') expect([name, call]).toEqual([name, undefined])
      else {
        expect(inMinutes(call?.starts), name).toBeGreaterThanOrEqual(18)
        expect(inMinutes(call?.starts), name).toBeLessThanOrEqual(23)
      }
    }
  }
  // Nobody came to it: at the next opening it is to come again. Somebody did: it goes on.
  clock.forward(30 * minute)
  const awa = await come('awa')
  const call = await callOf(awa)
  expect(inMinutes(call?.starts)).toBeGreaterThanOrEqual(18)
  clock.forward(inMinutes(call?.starts) * minute + minute)
  const seat = await sit(awa, call?.room ?? '')
  expect(seat.welcome?.seat).toBeTruthy()
  const marc = await come('marc')
  expect((await callOf(marc))?.starts).toBe(call?.starts)
  seat.socket.disconnect()
})

it('[D3] a room’s door takes the origins of the people of the demonstration, and no other name', async () => {
  const { come, sit, look, at } = demonstration
  const room = (await look())?.session?.room ?? ''
  const awa = await come('awa')
  const seat = await sit(awa, room)
  expect(seat.welcome?.role).toBe('learner')
  // Its socket ends with it.
  await seat.ask('live:leave', {}).catch(() => undefined)
  const socket = io(`http://${at('127.0.0.1')}`, {
    ...{ path: '/live', query: { room }, transports: ['websocket'], parser, forceNew: true, reconnection: false },
    extraHeaders: { cookie: awa.cookie, origin: `http://${at('mallory.localhost')}` },
  })
  toEnd.push(() => socket.disconnect())
  await new Promise((failed) => socket.once('connect_error', failed))
  expect(socket.connected).toBe(false)
})

const left = async (db: Awaited<ReturnType<typeof aStore>>, room: string) =>
  Number(
    (
      await db.read((tx) =>
        tx.execute<{ n: number }>(
          sql`select count(*)::int as n from happenings where room = ${room} and kind = 'attendance:left' and at > (select max(at) from happenings where room = ${room} and kind = 'chat:said')`,
        ),
      )
    ).rows[0]?.n ?? 0,
  )

describe('[D5, D6] simulated participants', () => {
  it('come in when Claire asks, say what they are, greet, raise a hand, draw, answer differently, and leave in one click', async () => {
    const { db, look, come, sit, ask, value } = demonstration
    const room = (await look())?.session?.room ?? ''
    const claire = await come('claire')
    const seat = await sit(claire, room)
    const spoc = (await db.read((tx) => tx.execute<{ id: string }>(sql`select id from spocs limit 1`))).rows[0]?.id ?? ''
    const before = await db.read((tx) => tx.execute<{ n: number }>(sql`select count(*)::int as n from document_updates`))

    const started = await value(ask<Simulated>('POST', '/api/demo/simulated', undefined, claire))
    expect(started).toMatchObject({ room, people: 3 })
    // Twice is not six.
    await value(ask<Simulated>('POST', '/api/demo/simulated', undefined, claire))
    await expect.poll(() => seat.presence.people.length, { timeout: 30_000 }).toBe(4)
    const members = await db.read((tx) => listMembers(tx, spoc, 'owner'))
    const simulated = members.filter(({ name }) => /participante? simulée?$/.test(name))
    expect(simulated.map(({ role }) => role)).toEqual(['learner', 'learner', 'learner'])
    const theirs = new Set(simulated.map(({ person }) => person))
    const said = () => new Set((seat.view<ChatView>('chat')?.messages ?? []).map(({ person }) => person).filter((one) => theirs.has(one)))
    await expect.poll(() => said().size, { timeout: 30_000 }).toBe(3)
    await expect.poll(() => seat.view<HandsView>('hands')?.queue.length, { timeout: 30_000 }).toBe(1)
    const drawn = async () =>
      (await db.read((tx) => tx.execute<{ n: number }>(sql`select count(*)::int as n from document_updates`))).rows[0]?.n
    await expect.poll(drawn, { timeout: 30_000 }).toBe((before.rows[0]?.n ?? 0) + 1)

    const shown = await db.read(async (tx) => listQuestions(tx, spoc))
    const prepared = shown.find(({ text }) => text.startsWith('Vous avez dix minutes'))
    await seat.send('quiz:open', { question: newId(), prepared: prepared?.id, typed: null, seconds: null })
    await expect.poll(() => seat.view<LedQuizView>('quiz')?.questions.at(-1)?.answered, { timeout: 30_000 }).toBe(3)
    expect(Object.values(seat.view<LedQuizView>('quiz')?.questions.at(-1)?.tally ?? {}).filter((n) => n > 0)).toEqual([1, 1, 1])

    expect(await value(ask<Simulated>('DELETE', '/api/demo/simulated', undefined, claire))).toEqual({ room, people: 0, until: null })
    await expect.poll(() => seat.presence.people.length, { timeout: 30_000 }).toBe(1)
    expect((await db.read((tx) => listMembers(tx, spoc, 'owner'))).some(({ person }) => theirs.has(person))).toBe(false)
    await seat.ask('live:leave', {}).catch(() => undefined)
  })

  it('leave by themselves after a quarter of an hour', async () => {
    const { clock, look, come, sit, ask, value } = demonstration
    const room = (await look())?.session?.room ?? ''
    const claire = await come('claire')
    const seat = await sit(claire, room)
    await value(ask<Simulated>('POST', '/api/demo/simulated', undefined, claire))
    await expect.poll(() => seat.presence.people.length, { timeout: 30_000 }).toBe(4)
    clock.forward(simulatedFor)
    await expect.poll(() => seat.presence.people.length, { timeout: 30_000 }).toBe(1)
    await expect.poll(async () => (await value(ask<Simulated>('GET', '/api/demo/simulated', undefined, claire))).people).toBe(0)
  })

  it('are asked for by who leads the session, and by nobody else', async () => {
    const { come, ask } = demonstration
    for (const who of ['awa', 'marc', 'helene'])
      for (const method of ['GET', 'POST', 'DELETE'])
        expect((await ask(method, '/api/demo/simulated', undefined, await come(who))).said, `${who} ${method}`).toMatchObject({
          code: 'http/not-found',
        })
  })
})

describe('[D7] beginning for real', () => {
  it('leaves nothing: no line, no file, no letter, no sign-in; and gives the address of the first administrator', async () => {
    const { db, dataDir, come, sit, look, ask, value } = demonstration
    const room = (await look())?.session?.room ?? ''
    const claire = await come('claire')
    const seat = await sit(claire, room)
    const passwordHash = await hashPassword('correct horse battery')
    await db.transaction((tx) =>
      createPerson(tx, { name: 'Zoé', email: 'zoe@example.org', language: 'fr', zone: 'Europe/Paris', passwordHash, now: Date.now() }),
    )
    // Whoever does not know of an account that would go with it is asked again.
    expect((await ask('POST', '/api/demo/begin', { accounts: 0 }, claire)).status).toBe(400)
    expect((await look())?.others).toEqual({ accounts: 1, courses: 0 })

    const { address } = await value(ask<{ address: string }>('POST', '/api/demo/begin', { accounts: 1 }, claire))
    await expect.poll(() => seat.bye).toBe('live/room-ended')
    const counts = await db.read(async (tx) => {
      const found: Record<string, number> = {}
      for (const { name } of await listTables(tx)) {
        const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from ${sql.identifier(name)}`)
        if (rows[0]?.n) found[name] = rows[0].n
      }
      return found
    })
    // The life of this process, the daily cleaning, the secret of the address.
    expect(counts).toEqual({ boots: 1, jobs: 1, verification: 1 })
    expect(existsSync(join(dataDir, 'files')) ? readdirSync(join(dataDir, 'files')) : []).toEqual([])
    expect(existsSync(join(dataDir, 'demo.json'))).toBe(false)
    expect(isOver(dataDir)).toBe(true)
    expect((await ask('GET', '/api/me', undefined, claire)).said).toEqual({ ok: true, value: null })
    expect(await look()).toBe(null)

    const token = new URL(address).hash.slice(1)
    const first = { token, name: 'Ana', email: 'ana@example.org', password: 'correct horse battery', language: 'fr', zone: 'Europe/Paris' }
    expect((await ask('POST', '/api/auth/first-administrator', first)).said).toMatchObject({ ok: true, value: { administrator: true } })
  })

  it('a server started again on it is Ana’s: no demonstration, nobody enters in one click, none of its people sign in', async () => {
    const { db, clock, dataDir, accounts, start } = demonstration
    const again = await start()
    expect(
      await seedDemo({ db, clock, log: openLog('silent'), files: openDiskFiles(join(dataDir, 'files')), dataDir, make: false }),
    ).toEqual([])
    const base = again.origins.publicUrl
    const post = (path: string, body: unknown) =>
      fetch(base + path, {
        method: 'POST',
        headers: { origin: base, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect(await (await fetch(`${base}/api/demo`)).json()).toEqual({ ok: true, value: null })
    const first = await fetch(base, { redirect: 'manual' })
    expect(first.status).toBe(200)
    expect(await first.text()).not.toContain('name="demo"')
    for (const who of ['claire', 'awa', 'helene'])
      expect(await (await post('/api/demo/enter', { who, place: 'home' })).json(), who).toEqual(notHere)
    for (const { email, password } of accounts)
      expect(await (await post('/api/auth/sign-in/email', { email, password })).json()).toMatchObject({ code: 'account/wrong-sign-in' })
    expect(
      await (await post('/api/auth/sign-in/email', { email: 'ana@example.org', password: 'correct horse battery' })).json(),
    ).toMatchObject({ value: { name: 'Ana', administrator: true } })
  })
})
