import { describe, expect, it } from 'vitest'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { addMember } from '#server/spoc/store.ts'
import { aDoor } from '#tests/http/door.ts'

const secretOf = (address: string | null | undefined) => address?.split('#')[1] ?? ''
const day = 86_400_000
/** A server that mail leaves; without it, it goes nowhere. */
const mail = { mail: { smtpUrl: 'smtp://127.0.0.1:9', from: 'Cercle <cercle@example.org>' } }

/** A course on such a server. */
async function aCourse({ leaves = true, capacity = 5 }: { leaves?: boolean; capacity?: number } = {}) {
  const door = await aDoor(leaves ? { environment: mail } : {})
  const course = await door.aSpoc(capacity)
  const at = `/api/spocs/${course.spoc}`
  const invite = async (people: object[], meant: object = {}) => {
    const made = await course.owner.post(`${at}/invitations/people`, { people, ...meant })
    if (!made.ok) throw new Error(made.code)
    return made.value as { invitations: { id: string; state: string }[]; left: { email: string; why: string }[] }
  }
  const link = async (meant: object = {}) => {
    const made = await course.owner.post(`${at}/invitations`, meant)
    if (!made.ok) throw new Error(made.code)
    return { id: made.value.invitation.id as string, link: made.value.link as string, token: secretOf(made.value.link as string) }
  }
  /** The secret that was sent last. */
  const sent = () => secretOf(door.invitations.at(-1)?.address)
  const list = async () => (await course.owner.get(`${at}/invitations`)) as unknown as { value: { id: string; state: string }[] }
  return { ...door, ...course, at, invite, link, sent, list }
}

describe('a link for several', () => {
  it('tells what it is for, makes its holders members, and shows the owner who they are', async () => {
    const { spoc, at, owner, link, aBrowser, signedIn, db } = await aCourse()
    const { token, link: address } = await link({ role: 'mentor', organisation: 'Ville' })
    expect(address).toMatch(/\/invitation#[A-Za-z0-9_-]{22}$/)
    expect(await aBrowser().post('/api/invitations/open', { token })).toMatchObject({
      ok: true,
      value: { title: 'Concevoir un SPOC', role: 'mentor', organisation: 'Ville', author: 'Nadia', email: null, session: null },
    })
    const awa = await signedIn('Awa')
    expect(await awa.post('/api/invitations/accept', { token })).toEqual({
      ok: true,
      value: { how: 'joined', spoc, room: null },
      status: 200,
    })
    expect(await awa.get(at)).toMatchObject({ value: { role: 'mentor' } })
    expect(await (await signedIn('Louis')).post('/api/invitations/accept', { token })).toMatchObject({ code: 'spoc/invitation-used' })
    expect(await owner.get(`${at}/invitations`)).toMatchObject({
      value: [{ state: 'used', usesLeft: 0, by: [{ name: 'Awa', email: 'awa@example.org' }] }],
    })
    // Its secret is kept nowhere.
    const kept = await db.read((tx) => tx.execute('select * from invitations'))
    expect(JSON.stringify(kept.rows)).not.toContain(token)
  })

  it('can be copied again by an owner, as the same link', async () => {
    const { at, owner, link, list } = await aCourse()
    const { id, link: address } = await link()
    expect(await owner.post(`${at}/invitations/${id}/link`)).toMatchObject({ value: { link: address } })
    expect(JSON.stringify(await list())).not.toContain(secretOf(address))
  })

  it('[M7] is refused when unknown, expired or revoked; revoking can be taken back', async () => {
    const { at, owner, link, clock, signedIn } = await aCourse()
    const { id, token } = await link({ days: 2 })
    const awa = await signedIn('Awa')
    expect(await awa.post('/api/invitations/accept', { token: 'A'.repeat(22) })).toMatchObject({
      code: 'spoc/invitation-not-found',
      status: 404,
    })
    clock.ahead = 2 * day + 1000
    for (const act of ['accept', 'open'])
      expect(await awa.post(`/api/invitations/${act}`, { token })).toMatchObject({ code: 'spoc/invitation-expired' })
    clock.ahead = 0
    expect(await owner.delete(`${at}/invitations/${id}`)).toMatchObject({ ok: true })
    expect(await awa.post('/api/invitations/accept', { token })).toMatchObject({ code: 'spoc/invitation-revoked' })
    expect(await owner.post(`${at}/invitations/${id}/link`)).toMatchObject({ code: 'spoc/invitation-revoked' })
    expect(await awa.get(at)).toMatchObject({ status: 404 })
    expect(await owner.post(`${at}/invitations/${id}/restore`)).toMatchObject({ value: { state: 'open' } })
    expect(await awa.post('/api/invitations/accept', { token })).toMatchObject({ ok: true })
  })

  it('leads to the lobby of its session', async () => {
    const { at, spoc, owner, link, clock, signedIn, aBrowser } = await aCourse()
    const made = await owner.post(`${at}/sessions`, { title: 'Une', starts: clock.now(), ends: clock.now() + 3_600_000 })
    if (!made.ok) throw new Error(made.code)
    const { token } = await link({ session: made.value.id, uses: 2 })
    expect(await aBrowser().post('/api/invitations/open', { token })).toMatchObject({ value: { session: { title: 'Une' } } })
    expect(await (await signedIn('Awa')).post('/api/invitations/accept', { token })).toMatchObject({
      value: { how: 'joined', spoc, room: made.value.room },
    })
    expect(await owner.post(`${at}/invitations`, { session: 'x'.repeat(22) })).toMatchObject({ status: 404 })
  })

  it('[I4] joins somebody signed out when they use the link sent to their mailbox, not before', async () => {
    const { at, spoc, link, aBrowser, owner, links } = await aCourse()
    const { token } = await link({ uses: 2 })
    const browser = aBrowser()
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
    expect(await owner.get(`${at}/members`)).toMatchObject({ value: [{ name: 'Nadia' }] })
    expect(links).toMatchObject([{ email: 'awa@example.org', name: 'Awa', language: 'en' }])
    expect(await browser.post('/api/auth/magic-link/verify', { token: secretOf(links[0]?.address) })).toMatchObject({
      value: { me: { name: 'Awa', language: 'en', zone: 'Indian/Reunion', hasPassword: false }, joined: { spoc, room: null } },
    })
    expect(await browser.get(at)).toMatchObject({ value: { role: 'learner' } })
  })

  it('answers the same for an address that has an account, and does not open it', async () => {
    const { at, link, signedIn, aBrowser } = await aCourse()
    const { token } = await link({ uses: 2 })
    const awa = await signedIn('Awa')
    const eve = aBrowser()
    expect(await eve.post('/api/invitations/accept', { token, name: 'Eve', email: awa.email })).toEqual({
      ok: true,
      value: { how: 'link-sent' },
      status: 200,
    })
    expect(eve.cookies.size).toBe(0)
    expect(await awa.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
    expect(await awa.get(at)).toMatchObject({ status: 404 })
  })

  it('cannot be found by trying', async () => {
    const { aBrowser } = await aCourse()
    const browser = aBrowser()
    let refused = 0
    for (let i = 0; i < 70; i++) {
      const reply = await browser.post('/api/invitations/open', { token: `${String(i).padStart(22, 'x')}` })
      if (!reply.ok && reply.code === 'http/too-many') refused++
    }
    expect(refused).toBe(10)
  })
})

describe('the invitation of one person', () => {
  it('[M8] by mail signs a new person in at once, without a password; scanners that open it change nothing', async () => {
    const { at, spoc, invite, invitations, sent, aBrowser, fetchAll } = await withScanner()
    const { invitations: made } = await invite([{ email: 'awa@example.org', name: 'Awa Diop' }], {
      role: 'trainer',
      words: 'Hâte de vous y voir.',
    })
    expect(JSON.stringify(made)).not.toContain(sent())
    expect(invitations).toMatchObject([
      {
        email: 'awa@example.org',
        name: 'Awa Diop',
        spocTitle: 'Concevoir un SPOC',
        author: 'Nadia',
        role: 'trainer',
        words: 'Hâte de vous y voir.',
        code: expect.stringMatching(/^\d{6}$/),
      },
    ])
    await fetchAll(sent())
    const browser = aBrowser()
    expect(await browser.post('/api/invitations/open', { token: sent() })).toMatchObject({
      value: { name: 'Awa Diop', email: 'awa@example.org', words: 'Hâte de vous y voir.' },
    })
    expect(await browser.post('/api/invitations/accept', { token: sent(), name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      ok: true,
      value: { how: 'joined', spoc },
    })
    expect(await browser.get('/api/me')).toMatchObject({ value: { name: 'Awa', email: 'awa@example.org', hasPassword: false } })
    expect(await browser.get(at)).toMatchObject({ value: { role: 'trainer' } })
    expect(await aBrowser().post('/api/invitations/accept', { token: sent(), name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      code: 'spoc/invitation-used',
    })
  })

  it('[M8] is accepted with another address by who shows that it is theirs; the owner sees which', async () => {
    const { at, owner, invite, sent, signedIn, aBrowser, links } = await aCourse()
    await invite([{ email: 'awa@work.example.org' }, { email: 'louis@work.example.org' }])
    const louis = aBrowser()
    const accepted = await louis.post('/api/invitations/accept', { token: sent(), name: 'Louis', email: 'louis@home.example.org' })
    expect(accepted).toMatchObject({ value: { how: 'link-sent' } })
    await louis.post('/api/auth/magic-link/verify', { token: secretOf(links[0]?.address) })
    const copied = await owner.post(`${at}/invitations/${await idOf(owner, at, 'awa@work.example.org')}/link`)
    await (await signedIn('Awa')).post('/api/invitations/accept', { token: secretOf(copied.ok ? (copied.value.link as string) : '') })
    const found = await owner.get(`${at}/invitations`)
    expect(found.ok && found.value).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ email: 'awa@work.example.org', state: 'accepted', by: [{ name: 'Awa', email: 'awa@example.org' }] }),
        expect.objectContaining({
          email: 'louis@work.example.org',
          state: 'accepted',
          by: [{ name: 'Louis', email: 'louis@home.example.org' }],
        }),
      ]),
    )
  })

  it('[I3] is no key to an account that exists', async () => {
    const { invite, sent, aPerson, aBrowser } = await aCourse()
    await aPerson('Awa')
    await invite([{ email: 'awa@example.org' }])
    const browser = aBrowser()
    expect(await browser.post('/api/invitations/accept', { token: sent(), name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      ok: true,
      value: { how: 'link-sent' },
    })
    expect(browser.cookies.size).toBe(0)
  })

  it('[I3] copied by an owner proves nothing: the mailbox is asked, and its address is not told', async () => {
    const { at, owner, invite, aBrowser } = await aCourse()
    const { invitations: made } = await invite([{ email: 'awa@example.org', name: 'Awa' }])
    const copied = await owner.post(`${at}/invitations/${made[0]?.id ?? ''}/link`)
    const token = secretOf(copied.ok ? (copied.value.link as string) : '')
    const browser = aBrowser()
    expect(await browser.post('/api/invitations/open', { token })).toMatchObject({ value: { name: 'Awa', email: null } })
    expect(await browser.post('/api/invitations/accept', { token, name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      value: { how: 'link-sent' },
    })
    expect(browser.cookies.size).toBe(0)
  })

  it('[I5] opens with the address and the code of the last message, on any device', async () => {
    const { at, owner, invite, sent, invitations, aBrowser } = await aCourse()
    const { invitations: made } = await invite([{ email: 'awa@example.org' }])
    const first = invitations[0]?.code ?? ''
    expect(await aBrowser().post('/api/invitations/code', { email: 'AWA@example.org', code: first })).toMatchObject({
      value: { token: sent() },
    })
    expect(await aBrowser().post('/api/invitations/code', { email: 'louis@example.org', code: first })).toMatchObject({
      code: 'spoc/wrong-code',
    })
    await owner.post(`${at}/invitations/${made[0]?.id ?? ''}/send`)
    const second = invitations[1]?.code ?? ''
    if (second !== first)
      expect(await aBrowser().post('/api/invitations/code', { email: 'awa@example.org', code: first })).toMatchObject({
        code: 'spoc/wrong-code',
      })
    expect(await aBrowser().post('/api/invitations/code', { email: 'awa@example.org', code: second })).toMatchObject({ ok: true })
  })

  it('[I5] its code is stopped after five tries, and full speed at ten', async () => {
    const { invite, invitations, aBrowser } = await aCourse()
    await invite([{ email: 'awa@example.org' }])
    const right = invitations[0]?.code ?? ''
    const browser = aBrowser()
    const tries = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        browser.post('/api/invitations/code', {
          email: 'awa@example.org',
          code: String((Number(right) + 1 + i) % 1_000_000).padStart(6, '0'),
        }),
      ),
    )
    expect(tries.filter((each) => !each.ok && each.code === 'spoc/wrong-code')).toHaveLength(10)
    expect(tries.filter((each) => !each.ok && each.code === 'http/too-many')).toHaveLength(30)
    expect(await browser.post('/api/invitations/code', { email: 'awa@example.org', code: right })).toMatchObject({ ok: false })
  })

  it('is sent again, and corrected: what went to the wrong address no longer works', async () => {
    const { at, owner, invite, sent, invitations, aBrowser, clock } = await aCourse()
    const { invitations: made } = await invite([{ email: 'awa@exemple.org' }], { days: 2 })
    const [id, wrong] = [made[0]?.id ?? '', sent()]
    expect(await owner.patch(`${at}/invitations/${id}`, { email: 'awa@example.org' })).toMatchObject({
      value: { email: 'awa@example.org' },
    })
    expect(invitations.map(({ email, sending }) => [email, sending])).toEqual([
      ['awa@exemple.org', 1],
      ['awa@example.org', 2],
    ])
    expect(await aBrowser().post('/api/invitations/open', { token: wrong })).toMatchObject({ code: 'spoc/invitation-not-found' })
    clock.ahead = 3 * day
    expect(await aBrowser().post('/api/invitations/open', { token: sent() })).toMatchObject({ code: 'spoc/invitation-expired' })
    expect(await owner.post(`${at}/invitations/${id}/send`)).toMatchObject({ ok: true })
    expect(await aBrowser().post('/api/invitations/open', { token: sent() })).toMatchObject({ ok: true })
  })

  it('is not made for who belongs or is invited; the others of the list are', async () => {
    const { invite, aMember, invitations } = await aCourse()
    await aMember('Awa', 'learner')
    await invite([{ email: 'louis@example.org' }])
    const { invitations: made, left } = await invite(['awa', 'louis', 'ines', 'zoe'].map((name) => ({ email: `${name}@example.org` })))
    expect(made).toHaveLength(2)
    expect(left).toEqual([
      { email: 'awa@example.org', why: 'member' },
      { email: 'louis@example.org', why: 'invited' },
    ])
    expect(invitations).toHaveLength(3)
  })

  it('leaves nobody behind when the SPOC is full', async () => {
    const { at, owner, invite, sent, aMember, aBrowser } = await aCourse({ capacity: 1 })
    await aMember('Louis', 'learner')
    await invite([{ email: 'awa@example.org' }])
    const accept = () => aBrowser().post('/api/invitations/accept', { token: sent(), name: 'Awa', email: 'awa@example.org' })
    expect(await accept()).toMatchObject({ code: 'spoc/full' })
    await owner.patch(at, { capacity: 2 })
    expect(await accept()).toMatchObject({ ok: true, value: { how: 'joined' } })
  })
})

describe('asking', () => {
  it('[I8] for a new link sends it to the mailbox of an invitation that expired', async () => {
    const { invite, sent, invitations, clock, aBrowser } = await aCourse()
    await invite([{ email: 'awa@example.org' }], { days: 1 })
    const token = sent()
    expect(await aBrowser().post('/api/invitations/ask', { token })).toMatchObject({ code: 'spoc/invitation-still-open' })
    clock.ahead = 2 * day
    expect(await Promise.all([1, 2].map(() => aBrowser().post('/api/invitations/ask', { token })))).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ value: { how: 'sent' } }),
        expect.objectContaining({ code: 'spoc/invitation-still-open' }),
      ]),
    )
    expect(invitations).toHaveLength(2)
    expect(await aBrowser().post('/api/invitations/open', { token })).toMatchObject({ ok: true })
  })

  it('[I8] with the link of somebody who has come, one says who one is', async () => {
    const { at, owner, invite, list, signedIn, aBrowser } = await aCourse({ leaves: false })
    await invite([{ email: 'awa@example.org', name: 'Awa' }])
    const [{ id } = { id: '' }] = (await list()).value
    const given = (await owner.post(`${at}/invitations/${id}/link`)) as unknown as { value: { link: string } }
    const token = secretOf(given.value.link)
    await (await signedIn('Awa')).post('/api/invitations/accept', { token })
    const ask = (who: object) => aBrowser().post('/api/invitations/ask', { token, ...who })
    expect(await ask({})).toMatchObject({ code: 'http/signed-out' })
    expect(await ask({ name: 'Noé', email: 'noe@example.org' })).toMatchObject({ value: { how: 'asked' } })
    expect(await owner.get(`${at}/waiting`)).toMatchObject({ value: [{ name: 'Noé', email: 'noe@example.org' }] })
  })

  it('[I8] with a link that was used up, or in a full course, waits for an owner', async () => {
    const { at, owner, link, signedIn, aBrowser, asks, invitations, sent } = await aCourse({ capacity: 1 })
    const { token } = await link({ organisation: 'Ville' })
    await (await signedIn('Louis')).post('/api/invitations/accept', { token })
    const browser = aBrowser()
    expect(await browser.post('/api/invitations/ask', { token })).toMatchObject({ code: 'http/signed-out' })
    for (let i = 0; i < 2; i++)
      expect(await browser.post('/api/invitations/ask', { token, name: 'Awa', email: 'awa@example.org' })).toMatchObject({
        value: { how: 'asked', owners: ['Nadia'] },
      })
    const { token: other } = await link({ uses: 5 })
    const ines = await signedIn('Ines')
    expect(await ines.post('/api/invitations/accept', { token: other })).toMatchObject({ code: 'spoc/full' })
    expect(await ines.post('/api/invitations/ask', { token: other })).toMatchObject({ value: { how: 'asked' } })
    expect(asks).toMatchObject([
      { name: 'Awa', why: 'over' },
      { name: 'Ines', why: 'full' },
    ])
    const waiting = await owner.get<{ id: string }[]>(`${at}/waiting`)
    expect(waiting).toMatchObject({
      value: [
        { name: 'Awa', email: 'awa@example.org', why: 'over' },
        { name: 'Ines', why: 'full' },
      ],
    })
    const [awa, second] = waiting.ok ? waiting.value : []
    await owner.patch(at, { capacity: 3 })
    expect(await owner.post(`${at}/waiting/${awa?.id ?? ''}/invite`)).toMatchObject({
      value: { email: 'awa@example.org', organisation: 'Ville', role: 'learner' },
    })
    expect(invitations).toMatchObject([{ email: 'awa@example.org', name: 'Awa' }])
    expect(await browser.post('/api/invitations/accept', { token: sent(), name: 'Awa', email: 'awa@example.org' })).toMatchObject({
      value: { how: 'joined' },
    })
    expect(await owner.delete(`${at}/waiting/${second?.id ?? ''}`)).toMatchObject({ ok: true })
    expect(await owner.get(`${at}/waiting`)).toMatchObject({ value: [] })
    expect(await owner.post(`${at}/waiting/${second?.id ?? ''}/invite`)).toMatchObject({ status: 404 })
  })

  it('[I8] is refused with an invitation that was revoked', async () => {
    const { at, owner, link, aBrowser } = await aCourse()
    const { id, token } = await link()
    await owner.delete(`${at}/invitations/${id}`)
    expect(await aBrowser().post('/api/invitations/ask', { token, name: 'Eve', email: 'eve@example.org' })).toMatchObject({
      code: 'spoc/invitation-revoked',
    })
  })
})

describe('where no mail leaves', () => {
  it('[I4] a new person enters at once by a copied link, unproven; who has an account is told whom to ask', async () => {
    const { at, spoc, owner, invite, aBrowser, aPerson, db, links, signedIn } = await aCourse({ leaves: false })
    await signedIn('Ana', { administrator: true })
    const { invitations: made } = await invite([{ email: 'awa@example.org' }, { email: 'louis@example.org' }])
    const copied = async (i: number) => {
      const given = await owner.post(`${at}/invitations/${made[i]?.id ?? ''}/link`)
      return secretOf(given.ok ? (given.value.link as string) : '')
    }
    const awa = aBrowser()
    const address = (await idOf(owner, at, 'awa@example.org')) === made[0]?.id ? 0 : 1
    expect(
      await awa.post('/api/invitations/accept', { token: await copied(address), name: 'Awa', email: 'awa@example.org' }),
    ).toMatchObject({
      value: { how: 'joined', spoc },
    })
    expect(await awa.get(at)).toMatchObject({ value: { role: 'learner' } })
    const { rows } = await db.read((tx) => tx.execute(`select email_verified from person where email = 'awa@example.org'`))
    expect(rows).toEqual([{ email_verified: false }])
    await aPerson('Louis')
    const louis = aBrowser()
    expect(
      await louis.post('/api/invitations/accept', { token: await copied(1 - address), name: 'Louis', email: 'louis@example.org' }),
    ).toMatchObject({ value: { how: 'sign-in', ask: ['Nadia', 'Ana'] } })
    expect(louis.cookies.size).toBe(0)
    expect(links).toEqual([])
  })

  it('[I8] a new link is asked of the owners, for the mailbox of the invitation', async () => {
    const { at, owner, invite, sent, clock, aBrowser, invitations } = await aCourse({ leaves: false })
    await invite([{ email: 'awa@example.org', name: 'Awa' }], { days: 1 })
    clock.ahead = 2 * day
    expect(await aBrowser().post('/api/invitations/ask', { token: sent() })).toMatchObject({ value: { how: 'asked', owners: ['Nadia'] } })
    expect(invitations).toHaveLength(1)
    const waiting = await owner.get<{ id: string }[]>(`${at}/waiting`)
    expect(await owner.post(`${at}/waiting/${(waiting.ok && waiting.value[0]?.id) || ''}/invite`)).toMatchObject({
      value: { email: 'awa@example.org' },
    })
    expect(await owner.get(`${at}/invitations`)).toMatchObject({ value: [{ email: 'awa@example.org' }] })
  })

  it('it is said, and who administers the server; where mail leaves nobody is named', async () => {
    const { signedIn, aBrowser } = await aCourse({ leaves: false })
    await signedIn('Ana', { administrator: true })
    expect(await aBrowser().get('/api/mail')).toMatchObject({ value: { leaves: false, ask: ['Ana'] } })
    const other = await aCourse()
    await other.signedIn('Ana', { administrator: true })
    expect(await other.aBrowser().get('/api/mail')).toMatchObject({ value: { leaves: true, ask: [] } })
  })
})

describe('a sign-in link for somebody', () => {
  it('[I9] is made by their owner, works once, and is told to them', async () => {
    const { at, owner, aMember, helps, lines, aBrowser } = await aCourse({ leaves: false })
    const awa = await aMember('Awa', 'learner')
    const made = await owner.post(`${at}/members/${awa.person}/sign-in-link`)
    expect(made).toMatchObject({ ok: true, value: { link: expect.stringMatching(/\/sign-in\/link#/) } })
    expect(helps).toMatchObject([{ person: awa.person, by: 'Nadia' }])
    const logged = lines.filter((line) => line.includes('a sign-in link was made'))
    expect(logged).toHaveLength(1)
    expect(logged[0]).toContain(awa.person)
    expect(logged[0]).not.toContain('@')
    const token = secretOf(made.ok ? (made.value.link as string) : '')
    const browser = aBrowser()
    expect(await browser.post('/api/auth/magic-link/verify', { token })).toMatchObject({ value: { me: { name: 'Awa' } } })
    expect(await aBrowser().post('/api/auth/magic-link/verify', { token })).toMatchObject({ code: 'account/link-over' })
  })

  it('[I9] lasts a day', async () => {
    const { at, owner, aMember, clock } = await aCourse()
    const awa = await aMember('Awa', 'learner')
    const made = await owner.post(`${at}/members/${awa.person}/sign-in-link`)
    if (!made.ok) throw new Error(made.code)
    expect(made.value.expires).toBeGreaterThan(clock.now() + day - 60_000)
    expect(made.value.expires).toBeLessThanOrEqual(clock.now() + day)
  })

  it('[I9] is never made for an administrator, for oneself, for somebody of another course, or by others than owners', async () => {
    const { at, spoc, owner, aMember, db, signedIn, helps } = await aCourse()
    const awa = await aMember('Awa', 'learner')
    const ana = await signedIn('Ana', { administrator: true })
    const made = await ana.post('/api/spocs', { title: 'Ailleurs', capacity: 4, language: 'fr', zone: 'Europe/Paris' })
    const join = (into: string, person: string, role: MemberRole) =>
      db.transaction((tx) => addMember(tx, { spoc: into, person, role, organisation: null, now: Date.now() }))
    await join(spoc, ana.person, 'learner')
    const refused = { code: 'spoc/no-sign-in-link' }
    for (const person of [ana.person, owner.person]) expect(await owner.post(`${at}/members/${person}/sign-in-link`)).toMatchObject(refused)
    const marc = await aMember('Marc', 'trainer')
    expect(await marc.post(`${at}/members/${awa.person}/sign-in-link`)).toMatchObject({ code: 'http/not-allowed' })
    expect(await owner.post('/api/sign-in-links', { email: 'awa@example.org' })).toMatchObject({ code: 'http/not-allowed' })
    await join(made.ok ? (made.value.id as string) : '', awa.person, 'learner')
    expect(await owner.post(`${at}/members/${awa.person}/sign-in-link`)).toMatchObject(refused)
    expect(await owner.post(`${at}/members/${(await signedIn('Eve')).person}/sign-in-link`)).toMatchObject({ status: 404 })
    expect(helps).toEqual([])
    expect(await ana.post('/api/sign-in-links', { email: 'awa@example.org' })).toMatchObject({ value: { name: 'Awa' } })
    expect(await ana.post('/api/sign-in-links', { email: 'nobody@example.org' })).toMatchObject({ code: 'spoc/nobody-there' })
    expect(await ana.post('/api/sign-in-links', { email: 'ana@example.org' })).toMatchObject(refused)
  })
})

/** The identity of the invitation to a mailbox. */
async function idOf(owner: { get: (path: string) => Promise<unknown> }, at: string, email: string) {
  const found = (await owner.get(`${at}/invitations`)) as { value: { id: string; email: string | null }[] }
  return found.value.find((each) => each.email === email)?.id ?? ''
}

/** A course whose mail is looked at by a machine first, which opens every address twice and what it guesses around it. */
async function withScanner() {
  const course = await aCourse()
  const fetchAll = async (token: string) => {
    for (let twice = 0; twice < 2; twice++)
      for (const path of ['/invitation', `/api/invitations/open?token=${token}`, `/api/invitations/accept?token=${token}`])
        await course.aBrowser().fetch(path)
  }
  return { ...course, fetchAll }
}
