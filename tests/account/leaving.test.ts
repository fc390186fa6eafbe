import { eq, sql } from 'drizzle-orm'
import { unzipSync, strFromU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import { findPersonByEmail, getPerson, makeSignInSecret } from '#server/account/store.ts'
import { person as persons } from '#server/account/tables.ts'
import { attendanceSignatures } from '#server/attendance/tables.ts'
import { messages } from '#server/chat/tables.ts'
import { deckCards } from '#server/deck/tables.ts'
import { newId } from '#server/db/ids.ts'
import { happenings } from '#server/live/tables.ts'
import { readAttendance } from '#server/attendance/store.ts'
import { addNotice } from '#server/notices/store.ts'
import { notices } from '#server/notices/tables.ts'
import { savePreflight } from '#server/preflight/store.ts'
import { preflights } from '#server/preflight/tables.ts'
import { aDoor } from '#tests/http/door.ts'
import { password } from '#tests/support/password.ts'

const mail = { kind: 'smtp', url: 'smtp://localhost:1', from: 'Cercle <cercle@example.org>' } as never
const secretIn = (address: string | undefined) => address?.split('#')[1] ?? ''

describe('another address', () => {
  it('[C1] counts once the link that went there is used by the account that asked', async () => {
    const door = await aDoor({ environment: { mail } })
    const awa = await door.signedIn('Awa')
    const eve = await door.signedIn('Eve')
    expect(await awa.post('/api/me/email', { email: 'awa@new.example', current: 'not this one' })).toMatchObject({
      code: 'account/wrong-password',
    })
    expect(await awa.post('/api/me/email', { email: awa.email, current: password })).toMatchObject({ code: 'account/same-address' })
    expect(await awa.post('/api/me/email', { email: 'first@new.example', current: password })).toMatchObject({ ok: true })
    expect(await awa.post('/api/me/email', { email: 'Awa@New.example', current: password })).toMatchObject({ ok: true })
    expect(await awa.get('/api/me')).toMatchObject({ value: { email: 'awa@example.org' } })
    expect(door.addresses[1]).toMatchObject({ before: 'awa@example.org', email: 'awa@new.example', taken: false })
    const [old, good] = door.addresses.map(({ address }) => secretIn(address))
    expect(await awa.post('/api/me/email/confirm', { token: old })).toMatchObject({ code: 'account/link-over' })
    expect(await eve.post('/api/me/email/confirm', { token: good })).toMatchObject({ code: 'account/link-over' })
    expect(await awa.post('/api/me/email/confirm', { token: good })).toMatchObject({ ok: true, value: { email: 'awa@new.example' } })
    expect(door.changes).toMatchObject([{ before: 'awa@example.org', email: 'awa@new.example', by: null }])
    expect(await awa.post('/api/me/email/confirm', { token: good })).toMatchObject({ code: 'account/link-over' })
    const again = door.aBrowser()
    expect(await again.post('/api/auth/sign-in/email', { email: 'awa@example.org', password })).toMatchObject({
      code: 'account/wrong-sign-in',
    })
    expect(await again.post('/api/auth/sign-in/email', { email: 'awa@new.example', password })).toMatchObject({ ok: true })
  })

  it('[C1] ends the links that went to the one before, and expires after a day', async () => {
    const door = await aDoor({ environment: { mail } })
    const awa = await door.signedIn('Awa')
    const link = await door.db.transaction((tx) => makeSignInSecret(tx, awa.email, door.clock.now(), 86_400_000))
    await awa.post('/api/me/email', { email: 'awa@new.example', current: password })
    door.clock.ahead = 86_400_001
    expect(await awa.post('/api/me/email/confirm', { token: secretIn(door.addresses[0]?.address) })).toMatchObject({
      code: 'account/link-over',
    })
    door.clock.ahead = 0
    expect(await awa.post('/api/me/email/confirm', { token: secretIn(door.addresses[0]?.address) })).toMatchObject({ ok: true })
    expect(await door.aBrowser().post('/api/auth/magic-link/verify', { token: link })).toMatchObject({ code: 'account/link-over' })
  })

  it('[C1] that somebody has is told to that mailbox only, and stays theirs', async () => {
    const door = await aDoor({ environment: { mail } })
    const awa = await door.signedIn('Awa')
    const louis = await door.aPerson('Louis')
    expect(await awa.post('/api/me/email', { email: louis.email, current: password })).toMatchObject({ ok: true })
    expect(door.addresses).toMatchObject([{ taken: true }])
    expect(await awa.post('/api/me/email/confirm', { token: secretIn(door.addresses[0]?.address) })).toMatchObject({
      code: 'account/address-taken',
    })
    expect((await door.db.read((tx) => findPersonByEmail(tx, louis.email)))?.id).toBe(louis.id)
  })

  it('[C2] is changed by an administrator where no mail leaves, and the mailbox counts as unproven', async () => {
    const door = await aDoor()
    const [awa, ana] = [await door.signedIn('Awa'), await door.signedIn('Ana', { administrator: true })]
    expect(await awa.post('/api/me/email', { email: 'awa@new.example', current: password })).toMatchObject({ code: 'account/no-mail' })
    const put = (email: string) => ana.ask('PUT', `/api/accounts/${awa.person}/email`, { email })
    expect(await put(ana.email)).toMatchObject({ code: 'account/address-taken' })
    expect(await put('awa@new.example')).toMatchObject({ value: { email: 'awa@new.example' } })
    expect(door.changes).toMatchObject([{ person: awa.person, before: 'awa@example.org', by: 'Ana' }])
    expect((await door.db.read((tx) => getPerson(tx, awa.person))).emailVerified).toBe(false)
    expect(await awa.get('/api/me')).toMatchObject({ value: { email: 'awa@new.example' } })
  })
})

describe('[C3] a deactivated account', () => {
  it('enters nowhere: cookie, password and link are over at once, until it is reactivated', async () => {
    const door = await aDoor()
    const ana = await door.signedIn('Ana', { administrator: true })
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner')
    const link = await door.db.transaction((tx) => makeSignInSecret(tx, awa.email, door.clock.now(), 86_400_000))
    expect(await ana.post(`/api/accounts/${ana.person}/deactivate`, {})).toMatchObject({ code: 'account/not-oneself' })
    expect(await ana.post(`/api/accounts/${awa.person}/deactivate`, {})).toMatchObject({ value: { deactivated: expect.any(Number) } })
    expect(await awa.get('/api/me')).toMatchObject({ value: null })
    expect(await awa.get(`/api/spocs/${spoc}`)).toMatchObject({ code: 'http/signed-out' })
    const browser = door.aBrowser()
    const enter = () => browser.post('/api/auth/sign-in/email', { email: awa.email, password })
    expect(await enter()).toMatchObject({ code: 'account/deactivated' })
    expect(await browser.get('/api/me')).toMatchObject({ value: null })
    expect(await browser.post('/api/auth/magic-link/verify', { token: link })).toMatchObject({ code: 'account/link-over' })
    await browser.post('/api/auth/sign-in/magic-link', { email: awa.email })
    expect(door.links).toEqual([])
    expect(await owner.post(`/api/spocs/${spoc}/members/${awa.person}/sign-in-link`, {})).toMatchObject({ code: 'account/deactivated' })
    expect(await ana.post(`/api/accounts/${awa.person}/reactivate`, {})).toMatchObject({ value: { deactivated: null } })
    expect(await enter()).toMatchObject({ ok: true })
    expect(await browser.get(`/api/spocs/${spoc}`)).toMatchObject({ ok: true })
  })

  it('is found by its name or address; nothing of a course is told but how many', async () => {
    const door = await aDoor()
    const ana = await door.signedIn('Ana', { administrator: true })
    const { owner } = await door.aSpoc()
    const found = await ana.get('/api/accounts?words=NADIA')
    expect(found).toMatchObject({
      value: { more: false, accounts: [{ id: owner.person, courses: 1, ownsAlone: ['Concevoir un SPOC'], deactivated: null }] },
    })
    expect(await ana.get('/api/accounts?words=%25')).toMatchObject({ value: { accounts: [] } })
    expect(await ana.get('/api/accounts')).toMatchObject({ value: { accounts: [{ name: 'Ana' }, { name: 'Nadia' }] } })
  })
})

describe('one’s own data', () => {
  it('come as a zip of plain files: one’s own words, and nobody else’s', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc()
    const [awa, louis] = [await aMember('Awa', 'learner', 'Acme'), await aMember('Louis', 'learner')]
    const session = await owner.post<{ room: string }>(`/api/spocs/${spoc}/sessions`, {
      title: 'Première',
      starts: door.clock.now() + 3_600_000,
      ends: door.clock.now() + 7_200_000,
    })
    if (!session.ok) throw new Error('no session')
    const { room } = session.value
    await door.db.transaction(async (tx) => {
      await savePreflight(tx, room, awa.person, { verdict: 'listen', reasons: ['mic-refused'] }, 5)
      await savePreflight(tx, room, louis.person, { verdict: 'data', reasons: ['offline'] }, 6)
    })
    await door.db.transaction((tx) =>
      tx.insert(messages).values([
        { id: newId(), spoc, person: awa.person, at: 1, text: 'Les mots d’Awa' },
        { id: newId(), spoc, person: louis.person, at: 2, text: 'Les mots de Louis' },
      ]),
    )
    const one = newId()
    const seen = { text: 'Combien ?', choices: [{ id: one, text: 'Douze' }], right: one, explanation: 'Douze, comme les mois' }
    await door.db.transaction((tx) =>
      tx.insert(deckCards).values({
        ...{ id: newId(), person: awa.person, spoc, question: newId(), seen: seen as never, source: null },
        ...{ reason: 'missed', step: 0, due: '2026-01-01', entered: 1 },
      }),
    )
    const reply = await awa.fetch('/api/me/data')
    expect(reply.headers.get('content-type')).toBe('application/zip')
    expect(reply.headers.get('content-disposition')).toMatch(/^attachment; filename="cercle-\d{4}-\d\d-\d\d\.zip"$/)
    const files = unzipSync(new Uint8Array(await reply.arrayBuffer()))
    const text = Object.entries(files).map(([name, bytes]) => `${name}: ${strFromU8(bytes)}`)
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['LISEZ-MOI.txt', 'account.json', 'messages.json', 'attendance.json', 'files.json']),
    )
    expect(JSON.parse(strFromU8(files['courses.json'] ?? new Uint8Array()))).toMatchObject([
      { course: 'Concevoir un SPOC', organisation: 'Acme' },
    ])
    // What her check of devices and network found, before which session; nothing of anybody else's.
    expect(JSON.parse(strFromU8(files['preflights.json'] ?? new Uint8Array()))).toEqual([
      { course: 'Concevoir un SPOC', session: 'Première', verdict: 'listen', reasons: ['mic-refused'], at: 5 },
    ])
    expect(strFromU8(files['LISEZ-MOI.txt'] ?? new Uint8Array())).toMatch(/vérifications\sde\smatériel/)
    expect(text.join()).toContain('Les mots d’Awa')
    // A question of one's own reviews is there; its key is not.
    expect(text.join()).toContain('Combien ?')
    for (const secret of ['Les mots de Louis', louis.email, '$argon2', 'token', one, 'comme les mois'])
      expect(text.join()).not.toContain(secret)
    expect((await door.aBrowser().fetch('/api/me/data')).status).toBe(401)
  })
})

describe('erasing', () => {
  it('[C4] is refused to who alone owns a course and to the only administrator', async () => {
    const door = await aDoor()
    const ana = await door.signedIn('Ana', { administrator: true })
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner')
    expect(await owner.post('/api/me/erase', { current: password })).toMatchObject({
      code: 'account/owns-alone',
      detail: 'Concevoir un SPOC',
    })
    expect(await ana.post('/api/me/erase', { current: password })).toMatchObject({ code: 'account/only-administrator' })
    expect(await ana.post(`/api/accounts/${ana.person}/erase`, {})).toMatchObject({ code: 'account/not-oneself' })
    expect(await awa.post('/api/me/erase', {})).toMatchObject({ code: 'account/wrong-password' })
    expect(await owner.get(`/api/spocs/${spoc}/members`)).toMatchObject({ value: [{ name: 'Nadia' }, { name: 'Awa' }] })
  })

  it('[C5] [C6] takes words, name and address everywhere; a sheet keeps the name of who signed', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc()
    const [awa, louis] = [await aMember('Awa', 'learner', 'Acme'), await aMember('Louis', 'learner')]
    const session = await owner.post<{ id: string; room: string }>(`/api/spocs/${spoc}/sessions`, {
      title: 'Une',
      starts: door.clock.now() - 3_600_000,
      ends: door.clock.now() + 3_600_000,
    })
    if (!session.ok) throw new Error('no session')
    const { id, room } = session.value
    await door.db.transaction(async (tx) => {
      const line = { room, at: 1, v: 1, payload: {} }
      await tx.insert(happenings).values([
        { ...line, seq: 1, person: awa.person, kind: 'chat:said', payload: { message: 'm' }, words: { text: 'Mots d’Awa' } },
        {
          ...line,
          seq: 2,
          person: null,
          kind: 'chat:heard',
          payload: { message: 'n', person: awa.person, at: 1 },
          words: { text: 'Mots d’Awa' },
        },
        { ...line, seq: 3, person: louis.person, kind: 'chat:said', payload: { message: 'o' }, words: { text: 'Mots de Louis' } },
      ])
      await tx.insert(messages).values({ id: newId(), spoc, room, seq: 1, person: awa.person, at: 1, text: 'Mots d’Awa' })
      await tx
        .insert(attendanceSignatures)
        .values({ event: id, half: '2026-11-24 am', person: awa.person, at: 1, userAgent: '', words: 'Awa, présente', sha256: '' })
    })
    await door.db.transaction(async (tx) => {
      for (const { person } of [awa, louis, owner]) await savePreflight(tx, room, person, { verdict: 'sound', reasons: ['slow'] }, 1)
    })
    // What the team was told of them goes too; what it was told of others stays.
    const contested = { kind: 'presence-contested', spoc, title: 'Une', starts: 1, spocTitle: 'Un' } as const
    await door.db.transaction(async (tx) => {
      for (const [about, name, reason] of [
        [awa.person, 'Awa', 'Mots d’Awa'],
        [louis.person, 'Louis', 'Mots de Louis'],
        [owner.person, 'Nadia', 'Autre'],
      ] as const)
        await addNotice(tx, { person: owner.person, cause: newId(), facts: { ...contested, about, name, reason }, now: 1 })
    })
    expect(await awa.post('/api/me/erase', { current: password })).toMatchObject({ ok: true })
    expect(await louis.post('/api/me/erase', { current: password })).toMatchObject({ ok: true })
    expect(await awa.get('/api/me')).toMatchObject({ value: null })
    expect(await door.aBrowser().post('/api/auth/sign-in/email', { email: awa.email, password })).toMatchObject({
      code: 'account/wrong-sign-in',
    })

    await door.db.read(async (tx) => {
      const said = await tx.select({ seq: happenings.seq, words: happenings.words }).from(happenings).where(eq(happenings.room, room))
      expect(said.map(({ words }) => words)).toEqual([null, null, null])
      expect((await tx.select().from(messages)).map(({ text }) => text)).toEqual([null])
      expect(await getPerson(tx, awa.person)).toMatchObject({ name: 'Compte effacé', keptName: 'Awa' })
      expect(await getPerson(tx, louis.person)).toMatchObject({ name: 'Compte effacé', keptName: null })
      const table = await readAttendance(tx, spoc, { person: owner.person, role: 'owner' }, door.clock.now())
      expect(table.people.find(({ person }) => person === awa.person)).toMatchObject({ name: 'Awa', organisation: 'Acme' })
      expect(table.people.find(({ person }) => person === louis.person)?.name ?? 'Compte effacé').toBe('Compte effacé')
      // No column of any table says the address any more, or the name but where the law asks for it.
      const { rows } = await tx.execute<{ t: string; c: string }>(
        sql`select table_name as t, column_name as c from information_schema.columns where table_schema = 'public' and data_type in ('text', 'jsonb')`,
      )
      const holding: string[] = []
      for (const { t, c } of rows) {
        const found = await tx.execute<{ n: number }>(
          sql.raw(
            `select count(*)::int as n from "${t}" where "${c}"::text like '%awa@example.org%' or "${c}"::text like '%Mots d’Awa%' or "${c}"::text like '%Louis%'`,
          ),
        )
        if ((found.rows[0]?.n ?? 0) > 0) holding.push(`${t}.${c}`)
      }
      expect(holding).toEqual([])
      expect((await tx.select().from(preflights)).map(({ person }) => person)).toEqual([owner.person])
      expect((await tx.select().from(notices)).map(({ facts }) => facts)).toMatchObject([{ about: owner.person, name: 'Nadia' }])
    })
    expect(await owner.get(`/api/spocs/${spoc}/former-members`)).toMatchObject({ value: [] })
    expect(await owner.post(`/api/spocs/${spoc}/members/${awa.person}/resume`, {})).toMatchObject({ code: 'http/not-found' })
    expect((await door.db.read((tx) => tx.select().from(persons))).length).toBe(3)
  })
})
