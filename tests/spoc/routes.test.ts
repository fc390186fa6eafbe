import { describe, expect, it } from 'vitest'
import type { Role } from '#shared/spoc/rules.ts'
import { aDoor } from '#tests/http/door.ts'

const secretOf = (address: string | null | undefined) => address?.split('#')[1] ?? ''
const day = 86_400_000

describe('a SPOC', () => {
  it('is created by administrators only, unless sign-up is open', async () => {
    const door = await aDoor()
    const course = { title: 'Nouveau', capacity: 4, language: 'fr', zone: 'Europe/Paris' }
    const awa = await door.signedIn('Awa')
    expect(await awa.post('/api/spocs', course)).toMatchObject({ code: 'http/not-allowed', status: 403 })
    const ana = await door.signedIn('Ana', { administrator: true })
    const made = await ana.post('/api/spocs', course)
    expect(made).toMatchObject({ ok: true, value: { id: expect.any(String) } })
    expect(await ana.get('/api/spocs')).toMatchObject({ value: [{ title: 'Nouveau', role: 'owner', next: null }] })
    const open = await aDoor({ environment: { signUp: 'open' } })
    expect(await (await open.signedIn('Awa')).post('/api/spocs', course)).toMatchObject({ ok: true })
  })

  it('appears in no list of those who are not in it, administrators included', async () => {
    const door = await aDoor()
    const { spoc, owner } = await door.aSpoc()
    await owner.post(`/api/spocs/${spoc}/sessions`, { title: 'Une', starts: door.clock.now(), ends: door.clock.now() + 3_600_000 })
    for (const stranger of [await door.signedIn('Eve'), await door.signedIn('Ana', { administrator: true })]) {
      expect(await stranger.get('/api/spocs')).toMatchObject({ value: [] })
      expect(await stranger.get('/api/today')).toMatchObject({ value: { next: null, coming: [], spocs: [] } })
    }
    expect(await owner.get('/api/today')).toMatchObject({ value: { next: { title: 'Une' }, spocs: [{ title: 'Concevoir un SPOC' }] } })
  })

  it('[M3] is changed by its owners only', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc(3)
    for (const role of ['trainer', 'mentor', 'learner', 'observer'] as Role[]) {
      const browser = await aMember(role, role)
      expect(await browser.get(`/api/spocs/${spoc}`)).toMatchObject({ ok: true, value: { role } })
      for (const [method, path, body] of [
        ['PATCH', '', { title: 'Autre' }],
        ['PATCH', `/members/${browser.person}`, { role: 'owner' }],
        ['DELETE', `/members/${owner.person}`],
        ['GET', '/invitations'],
        ['POST', '/invitations', {}],
      ] as const)
        expect(await browser.ask(method, `/api/spocs/${spoc}${path}`, body), `${role} ${path}`).toMatchObject({
          code: 'http/not-allowed',
          status: 403,
        })
    }
    expect(await owner.patch(`/api/spocs/${spoc}`, { title: 'Autre', ends: '2026-12-01', starts: '2026-11-01' })).toMatchObject({
      value: { title: 'Autre', ends: '2026-12-01' },
    })
    expect(await owner.patch(`/api/spocs/${spoc}`, { ends: '2026-10-01' })).toMatchObject({ code: 'spoc/ends-before-starts', status: 409 })
    expect(await owner.patch(`/api/spocs/${spoc}`, {})).toMatchObject({ ok: true })
  })

  it('[M6] cannot shrink below its learners', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc(3)
    await aMember('Awa', 'learner')
    await aMember('Louis', 'learner')
    expect(await owner.patch(`/api/spocs/${spoc}`, { capacity: 1 })).toMatchObject({ code: 'spoc/capacity-below-learners', detail: '2' })
    expect(await owner.patch(`/api/spocs/${spoc}`, { capacity: 2 })).toMatchObject({ value: { capacity: 2, learners: 2 } })
  })
})

describe('members', () => {
  it('are seen by all of them, their addresses by owners only', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner', 'Ville de Lyon')
    const seen = await awa.get(`/api/spocs/${spoc}/members`)
    expect(seen).toMatchObject({
      value: [
        { name: 'Nadia', role: 'owner' },
        { name: 'Awa', initials: 'A', role: 'learner', organisation: 'Ville de Lyon' },
      ],
    })
    expect(JSON.stringify(seen)).not.toContain('@')
    expect(JSON.stringify(await owner.get(`/api/spocs/${spoc}/members`))).toContain('awa@example.org')
  })

  it('change role and leave; a former member sees nothing from then on', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner')
    expect(await owner.patch(`/api/spocs/${spoc}/members/${awa.person}`, { role: 'mentor', organisation: 'Métropole' })).toMatchObject({
      value: { role: 'mentor', organisation: 'Métropole' },
    })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ value: { role: 'mentor', learners: 0 } })
    expect(await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`)).toMatchObject({ ok: true })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ status: 404 })
    expect(await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`)).toMatchObject({ status: 404 })
    expect(await owner.delete(`/api/spocs/${spoc}/members/${owner.person}`)).toMatchObject({ code: 'spoc/last-owner' })
  })
})

describe('an invitation', () => {
  const anInvitation = async (body: object = {}) => {
    const door = await aDoor()
    const course = await door.aSpoc()
    const made = await course.owner.post(`/api/spocs/${course.spoc}/invitations`, body)
    if (!made.ok) throw new Error(made.code)
    return {
      door,
      ...course,
      id: made.value.invitation.id as string,
      link: made.value.link as string | null,
      token: secretOf(made.value.link as string | null),
    }
  }

  it('tells what it is for, and makes its holder a member', async () => {
    const { door, spoc, token, link, owner } = await anInvitation({ role: 'mentor', organisation: 'Ville' })
    expect(link).toMatch(/\/invitation#[A-Za-z0-9_-]{22}$/)
    expect(await door.aBrowser().post('/api/invitations/open', { token })).toMatchObject({
      ok: true,
      value: { title: 'Concevoir un SPOC', role: 'mentor', organisation: 'Ville', forOneAddress: false },
    })
    const awa = await door.signedIn('Awa')
    expect(await awa.post('/api/invitations/accept', { token })).toEqual({ ok: true, value: { how: 'joined', spoc }, status: 200 })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ value: { role: 'mentor' } })
    expect(await (await door.signedIn('Louis')).post('/api/invitations/accept', { token })).toMatchObject({ code: 'spoc/invitation-used' })
    expect(await owner.get(`/api/spocs/${spoc}/invitations`)).toMatchObject({ value: [{ state: 'used', usesLeft: 0 }] })
    // The secret is shown once and kept nowhere.
    expect(JSON.stringify(await owner.get(`/api/spocs/${spoc}/invitations`))).not.toContain(token)
    const kept = await door.db.read((tx) => tx.execute('select * from invitations'))
    expect(JSON.stringify(kept.rows)).not.toContain(token)
  })

  it('[M7] is refused when unknown, expired or revoked', async () => {
    const { door, spoc, id, token, owner } = await anInvitation({ days: 2 })
    const awa = await door.signedIn('Awa')
    expect(await awa.post('/api/invitations/accept', { token: 'A'.repeat(22) })).toMatchObject({
      code: 'spoc/invitation-not-found',
      status: 404,
    })
    door.clock.ahead = 2 * day + 1000
    expect(await awa.post('/api/invitations/accept', { token })).toMatchObject({ code: 'spoc/invitation-expired' })
    expect(await awa.post('/api/invitations/open', { token })).toMatchObject({ code: 'spoc/invitation-expired' })
    door.clock.ahead = 0
    expect(await owner.delete(`/api/spocs/${spoc}/invitations/${id}`)).toMatchObject({ ok: true })
    expect(await awa.post('/api/invitations/accept', { token })).toMatchObject({ code: 'spoc/invitation-revoked' })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ status: 404 })
  })

  it('accepted by somebody signed out joins them when they use the link sent to their mailbox, not before', async () => {
    const { door, spoc, token, owner } = await anInvitation({ uses: 2 })
    const browser = door.aBrowser()
    expect(await browser.post('/api/invitations/accept', { token })).toMatchObject({ code: 'http/signed-out' })
    expect(
      await browser.post('/api/invitations/accept', {
        token,
        name: 'Awa',
        email: 'Awa@Example.org',
        language: 'en',
        zone: 'Indian/Reunion',
      }),
    ).toEqual({ ok: true, value: { how: 'link-sent' }, status: 200 })
    expect(browser.cookies.size).toBe(0)
    expect(await owner.get(`/api/spocs/${spoc}/members`)).toMatchObject({ value: [{ name: 'Nadia' }] })
    expect(door.links).toMatchObject([{ email: 'awa@example.org', name: 'Awa', language: 'en' }])
    expect(await browser.post('/api/auth/magic-link/verify', { token: secretOf(door.links[0]?.address) })).toMatchObject({
      value: { me: { name: 'Awa', language: 'en', zone: 'Indian/Reunion', hasPassword: false }, joined: spoc },
    })
    expect(await browser.get(`/api/spocs/${spoc}`)).toMatchObject({ value: { role: 'learner' } })
  })

  it('answers the same for an address that has an account, and does not open it', async () => {
    const { door, spoc, token } = await anInvitation({ uses: 2 })
    const awa = await door.signedIn('Awa')
    const eve = door.aBrowser()
    expect(await eve.post('/api/invitations/accept', { token, name: 'Eve', email: awa.email })).toEqual({
      ok: true,
      value: { how: 'link-sent' },
      status: 200,
    })
    expect(eve.cookies.size).toBe(0)
    expect(await awa.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ status: 404 })
  })

  it('[M8] by mail goes to that mailbox only, and signs a new person in at once', async () => {
    const { door, spoc, link } = await anInvitation({ email: 'awa@example.org', role: 'trainer' })
    expect(link).toBeNull()
    expect(door.invitations).toMatchObject([{ email: 'awa@example.org', spocTitle: 'Concevoir un SPOC', author: 'Nadia', role: 'trainer' }])
    const token = secretOf(door.invitations[0]?.address)
    expect(await (await door.signedIn('Eve')).post('/api/invitations/accept', { token })).toMatchObject({
      code: 'spoc/invitation-other-address',
    })
    expect(await door.aBrowser().post('/api/invitations/accept', { token, name: 'Eve', email: 'eve2@example.org' })).toMatchObject({
      code: 'spoc/invitation-other-address',
    })
    const browser = door.aBrowser()
    expect(await browser.post('/api/invitations/accept', { token, name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      ok: true,
      value: { how: 'joined', spoc },
    })
    expect(await browser.get('/api/me')).toMatchObject({ value: { name: 'Awa', email: 'awa@example.org' } })
    expect(await browser.get(`/api/spocs/${spoc}`)).toMatchObject({ value: { role: 'trainer' } })
    expect(await door.aBrowser().post('/api/invitations/accept', { token, name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      code: 'spoc/invitation-used',
    })
  })

  it('[M8] by mail is no key to an account that exists', async () => {
    const door = await aDoor()
    const { spoc, owner } = await door.aSpoc()
    await door.aPerson('Awa')
    await owner.post(`/api/spocs/${spoc}/invitations`, { email: 'awa@example.org' })
    const browser = door.aBrowser()
    expect(
      await browser.post('/api/invitations/accept', {
        token: secretOf(door.invitations[0]?.address),
        name: 'Awa',
        email: 'awa@example.org',
      }),
    ).toMatchObject({ ok: true, value: { how: 'link-sent' } })
    expect(browser.cookies.size).toBe(0)
  })

  it('leaves nobody behind when the SPOC is full', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc(1)
    await aMember('Louis', 'learner')
    await owner.post(`/api/spocs/${spoc}/invitations`, { email: 'awa@example.org' })
    const accept = () =>
      door
        .aBrowser()
        .post('/api/invitations/accept', { token: secretOf(door.invitations[0]?.address), name: 'Awa', email: 'awa@example.org' })
    expect(await accept()).toMatchObject({ code: 'spoc/full' })
    await owner.patch(`/api/spocs/${spoc}`, { capacity: 2 })
    expect(await accept()).toMatchObject({ ok: true, value: { how: 'joined' } })
  })

  it('cannot be found by trying', async () => {
    const { door } = await anInvitation()
    const browser = door.aBrowser()
    let refused = 0
    for (let i = 0; i < 70; i++) {
      const reply = await browser.post('/api/invitations/open', { token: `${String(i).padStart(22, 'x')}` })
      if (!reply.ok && reply.code === 'http/too-many') refused++
    }
    expect(refused).toBe(10)
  })
})
