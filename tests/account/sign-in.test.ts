import { describe, expect, it } from 'vitest'
import { buildRevocation, type Revoked } from '#server/account/revocation.ts'
import { createPerson, isEmpty, makeFirstAddress, rescueAdministrator, livingSignIns } from '#server/account/store.ts'
import { aDoor, Browser } from '#tests/http/door.ts'
import { password } from '#tests/support/password.ts'
import { onEachEngine } from '#tests/support/store.ts'

const secretOf = (address: string | undefined) => address?.split('#')[1] ?? ''

onEachEngine((aStore) => {
  describe('password', () => {
    it('signs in with the right one, in a cookie that scripts cannot read and other sites do not send', async () => {
      const door = await aDoor({ db: await aStore() })
      const awa = await door.aPerson('Awa')
      const browser = door.aBrowser()
      const response = await browser.fetch('/api/auth/sign-in/email', { method: 'POST', body: { email: 'AWA@example.org', password } })
      expect(response.status).toBe(200)
      const cookie = response.headers.getSetCookie().find((each) => each.startsWith('cercle_sign_in='))
      expect(cookie).toMatch(/HttpOnly/i)
      expect(cookie).toMatch(/SameSite=Lax/i)
      expect(await browser.get('/api/me')).toMatchObject({
        ok: true,
        value: { id: awa.id, name: 'Awa', email: 'awa@example.org', hasPassword: true, administrator: false, mayCreate: false },
      })
    })

    it('refuses a wrong one and an unknown address in the same words', async () => {
      const door = await aDoor({ db: await aStore() })
      await door.aPerson('Awa')
      const browser = door.aBrowser()
      const wrong = await browser.post('/api/auth/sign-in/email', { email: 'awa@example.org', password: 'wrong' })
      const unknown = await browser.post('/api/auth/sign-in/email', { email: 'nobody@example.org', password: 'wrong' })
      expect(wrong).toMatchObject({ ok: false, code: 'account/wrong-sign-in' })
      expect(unknown).toEqual(wrong)
      expect(await browser.get('/api/me')).toMatchObject({ ok: true, value: null })
    })

    it('is changed with the current one only, and ends the other sign-ins', async () => {
      const door = await aDoor({ db: await aStore() })
      const first = await door.signedIn('Awa')
      const second = door.aBrowser()
      await second.post('/api/auth/sign-in/email', { email: first.email, password })
      expect(await first.ask('PUT', '/api/me/password', { current: 'not this one', password: 'another long one' })).toMatchObject({
        code: 'account/wrong-password',
      })
      expect(await first.ask('PUT', '/api/me/password', { current: password, password: 'another long one' })).toMatchObject({ ok: true })
      expect(await first.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
      expect(await second.get('/api/me')).toMatchObject({ value: null })
      expect(await second.post('/api/auth/sign-in/email', { email: first.email, password })).toMatchObject({
        code: 'account/wrong-sign-in',
      })
      expect(await second.post('/api/auth/sign-in/email', { email: first.email, password: 'another long one' })).toMatchObject({ ok: true })
    })
  })

  describe('link by mail', () => {
    it('signs in once: opening it consumes nothing, the button does', async () => {
      const door = await aDoor({ db: await aStore() })
      await door.aPerson('Awa')
      const browser = door.aBrowser()
      expect(await browser.post('/api/auth/sign-in/magic-link', { email: 'awa@example.org' })).toMatchObject({ ok: true })
      expect(door.links).toHaveLength(1)
      const [link] = door.links
      expect(link?.address).toMatch(new RegExp(`^${door.base}/sign-in/link#[A-Za-z0-9_-]{22,}$`))
      const token = secretOf(link?.address)
      // What a mail scanner does: opens the address (the fragment stays with it) and everything it can guess around it.
      for (const path of ['/sign-in/link', `/api/auth/magic-link/verify?token=${token}`, `/magic-link/verify?token=${token}`])
        await browser.fetch(path)
      expect(await browser.post('/api/auth/magic-link/verify', { token })).toMatchObject({
        ok: true,
        value: { me: { name: 'Awa' }, joined: null },
      })
      expect(await browser.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
      expect(await door.aBrowser().post('/api/auth/magic-link/verify', { token })).toMatchObject({ ok: false, code: 'account/link-over' })
    })

    it('is used once even by two buttons at the same time', async () => {
      const door = await aDoor({ db: await aStore() })
      await door.aPerson('Awa')
      await door.aBrowser().post('/api/auth/sign-in/magic-link', { email: 'awa@example.org' })
      const token = secretOf(door.links[0]?.address)
      const replies = await Promise.all([1, 2, 3, 4].map(() => door.aBrowser().post('/api/auth/magic-link/verify', { token })))
      expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    })

    it('says the same of an unknown address and mails nobody', async () => {
      const door = await aDoor({ db: await aStore() })
      expect(await door.aBrowser().post('/api/auth/sign-in/magic-link', { email: 'nobody@example.org' })).toMatchObject({ ok: true })
      expect(door.links).toEqual([])
    })
  })

  it('signs out here, and everywhere', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    const heard: Revoked[] = []
    const revocation = await buildRevocation(db)
    revocation.onRevoked((change) => heard.push(change))
    const here = await door.signedIn('Awa')
    const there = door.aBrowser()
    await there.post('/api/auth/sign-in/email', { email: here.email, password })
    const stolen = new Browser(door.base)
    stolen.cookies = new Map(here.cookies)

    await here.post('/api/auth/sign-out')
    expect(await here.get('/api/me')).toMatchObject({ value: null })
    expect(await stolen.get('/api/me')).toMatchObject({ value: null })
    expect(await there.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })

    await here.post('/api/auth/sign-in/email', { email: here.email, password })
    expect(await there.post('/api/me/sign-out-everywhere')).toMatchObject({ ok: true })
    expect(await here.get('/api/me')).toMatchObject({ value: null })
    expect(await there.get('/api/me')).toMatchObject({ value: null })
    await expect.poll(() => heard).toEqual([{ person: here.person, signIn: expect.any(String) }, { person: here.person }])
    const ended = heard[0]?.signIn ?? ''
    await there.post('/api/auth/sign-in/email', { email: here.email, password })
    const { rows } = await db.read((tx) => tx.execute<{ id: string }>('select id from sign_in'))
    const lives = (id: string, later = 0) => db.read(async (tx) => (await livingSignIns(tx, [id], door.clock.now() + later)).has(id))
    expect(rows).toHaveLength(1)
    expect([await lives(ended), await lives(rows[0]?.id ?? ''), await lives(rows[0]?.id ?? '', 31 * 86_400_000)]).toEqual([
      false,
      true,
      false,
    ])
    await revocation.close()
  })

  it('believes only a cookie that this server signed', async () => {
    const door = await aDoor({ db: await aStore() })
    const awa = await door.signedIn('Awa')
    const [name = '', value = ''] = [...awa.cookies][0] ?? []
    const token = decodeURIComponent(value).split('.')[0]
    for (const forged of ['', token, `${token}.`, `${token}.AAAA`, `${value.slice(0, -6)}AAAA%3D`, '%E0%A4%A', `x${value}`]) {
      const browser = door.aBrowser()
      browser.cookies.set(name, forged ?? '')
      expect(await browser.get('/api/me')).toMatchObject({ ok: true, value: null })
    }
  })

  it('forgets a sign-in that expired', async () => {
    const door = await aDoor({ db: await aStore() })
    const awa = await door.signedIn('Awa')
    door.clock.ahead = 31 * 86_400_000
    expect(await awa.get('/api/me')).toMatchObject({ value: null })
  })

  it('makes the first administrator once, from the address printed at start', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    expect(await db.read(isEmpty)).toBe(true)
    const token = await db.transaction((tx) => makeFirstAddress(tx, door.clock.now()))
    const first = { token, name: 'Ana', email: 'ana@example.org', password, language: 'fr', zone: 'Indian/Reunion' }
    expect(await door.aBrowser().post('/api/auth/first-administrator', { ...first, token: 'A'.repeat(22) })).toMatchObject({
      code: 'account/link-over',
    })
    const browser = door.aBrowser()
    expect(await browser.post('/api/auth/first-administrator', first)).toMatchObject({
      ok: true,
      value: { administrator: true, zone: 'Indian/Reunion' },
    })
    expect(await browser.get('/api/me')).toMatchObject({ value: { name: 'Ana', mayCreate: true } })
    expect(await door.aBrowser().post('/api/auth/first-administrator', { ...first, email: 'eve@example.org' })).toMatchObject({
      code: 'account/link-over',
    })
    // Nor does a second address work once somebody is there.
    const late = await db.transaction((tx) => makeFirstAddress(tx, door.clock.now()))
    expect(await door.aBrowser().post('/api/auth/first-administrator', { ...first, token: late, email: 'eve@example.org' })).toMatchObject({
      code: 'account/link-over',
    })
  })

  it('rescues an administrator from the machine', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    const awa = await door.aPerson('Awa')
    const token = await db.transaction((tx) => rescueAdministrator(tx, 'Awa@example.org', door.clock.now()))
    const browser = door.aBrowser()
    expect(await browser.post('/api/auth/magic-link/verify', { token })).toMatchObject({
      ok: true,
      value: { me: { id: awa.id, administrator: true } },
    })
    const newcomer = await db.transaction((tx) => rescueAdministrator(tx, 'new@example.org', door.clock.now()))
    expect(await door.aBrowser().post('/api/auth/magic-link/verify', { token: newcomer })).toMatchObject({
      ok: true,
      value: { me: { email: 'new@example.org', administrator: true } },
    })
  })

  it('keeps one person per address, whatever its case', async () => {
    const db = await aStore()
    const add = (email: string) =>
      db.transaction((tx) => createPerson(tx, { name: 'Awa', email, language: 'fr', zone: 'Europe/Paris', now: Date.now() }))
    expect(await add('awa@example.org')).toEqual(expect.any(String))
    expect(await add('AWA@example.org')).toBeUndefined()
  })
})

describe('limits', () => {
  it('stops guessing one account’s password, and leaves the others alone', async () => {
    const door = await aDoor()
    await door.aPerson('Awa')
    await door.aPerson('Louis')
    const browser = door.aBrowser()
    const codes: string[] = []
    for (let i = 0; i < 12; i++) {
      const reply = await browser.post('/api/auth/sign-in/email', { email: 'awa@example.org', password: `guess ${i}` })
      codes.push(reply.ok ? 'ok' : reply.code)
    }
    expect(codes.slice(0, 10).every((code) => code === 'account/wrong-sign-in')).toBe(true)
    expect(codes.slice(10)).toEqual(['http/too-many', 'http/too-many'])
    // Even the right one must wait.
    const limited = await browser.fetch('/api/auth/sign-in/email', { method: 'POST', body: { email: 'awa@example.org', password } })
    expect(limited.status).toBe(429)
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await browser.post('/api/auth/sign-in/email', { email: 'louis@example.org', password })).toMatchObject({ ok: true })
  })

  it('stops filling a mailbox with links', async () => {
    const door = await aDoor()
    await door.aPerson('Awa')
    for (let i = 0; i < 6; i++) await door.aBrowser().post('/api/auth/sign-in/magic-link', { email: 'awa@example.org' })
    expect(door.links).toHaveLength(4)
  })
})

it('changes one’s own name, language and zone, and nothing else', async () => {
  const door = await aDoor()
  const awa = await door.signedIn('Awa')
  expect(await awa.patch('/api/me', { name: '  Awa Diop ', language: 'en', zone: 'Indian/Reunion' })).toMatchObject({
    ok: true,
    value: { name: 'Awa Diop', language: 'en', zone: 'Indian/Reunion' },
  })
  for (const body of [
    { administrator: true },
    { email: 'eve@example.org' },
    { id: 'x'.repeat(22) },
    { zone: 'Mars/Olympus' },
    { zone: '+02:00' },
    { name: ' ' },
    { name: 'x'.repeat(81) },
    { language: 'de' },
  ])
    expect(await awa.patch('/api/me', body)).toMatchObject({ ok: false, code: 'http/bad-request', status: 400 })
  expect(await awa.get('/api/me')).toMatchObject({ value: { name: 'Awa Diop', administrator: false, email: 'awa@example.org' } })
})

it('has no way in that is not one of its own routes', async () => {
  const door = await aDoor()
  const awa = await door.signedIn('Awa')
  for (const path of [
    'sign-up/email',
    'get-session',
    'list-sessions',
    'update-user',
    'change-email',
    'delete-user',
    'reset-password',
    'request-password-reset',
    'ok',
    'error',
    'sign-in/social',
    'callback/x',
    'set-password',
  ])
    for (const method of ['GET', 'POST'])
      expect(
        (
          await awa.fetch(`/api/auth/${path}`, {
            method,
            ...(method === 'POST' && { body: { email: 'eve@example.org', password, name: 'Eve' } }),
          })
        ).status,
      ).toBe(404)
})
