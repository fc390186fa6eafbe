import { describe, expect, it } from 'vitest'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { aDoor } from '#tests/http/door.ts'

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
    for (const role of ['trainer', 'mentor', 'learner', 'observer'] as MemberRole[]) {
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
    // Asked again it is answered as the first time; of a stranger there is nothing to end.
    expect(await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`)).toMatchObject({ value: { cancelled: 0, handedOver: 0 } })
    expect(door.memberships.filter(({ how }) => how === 'removed')).toHaveLength(1)
    const eve = await door.signedIn('Eve')
    expect(await owner.delete(`/api/spocs/${spoc}/members/${eve.person}`)).toMatchObject({ status: 404 })
    expect(await owner.delete(`/api/spocs/${spoc}/members/${owner.person}`)).toMatchObject({ code: 'spoc/last-owner' })
  })

  it('leave once: who did not hear the answer and asks again is answered as the first time, and is in nobody else’s place', async () => {
    const door = await aDoor()
    const { spoc, aMember } = await door.aSpoc()
    const [awa, louis] = [await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
    const leave = (who: typeof awa, key: string, body: object = {}) =>
      who.fetch(`/api/spocs/${spoc}/leave`, { method: 'POST', body, headers: { 'Idempotency-Key': key } })
    const [mine, other] = ['k'.repeat(22), 'l'.repeat(22)]
    const first = await leave(awa, mine)
    expect(first.status).toBe(200)
    const again = await leave(awa, mine)
    expect({ status: again.status, body: await again.json() }).toEqual({ status: 200, body: await first.json() })
    expect(door.memberships.filter(({ how }) => how === 'left')).toHaveLength(1)
    // Another request, another body or somebody else's key is one of a stranger's.
    for (const asked of [await leave(awa, other), await leave(awa, mine, { to: 'x'.repeat(22) })]) expect(asked.status).toBe(404)
    expect((await leave(louis, mine)).status).toBe(200)
  })
})
