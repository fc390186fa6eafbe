import { newId } from '#server/db/ids.ts'
import { expect, it } from 'vitest'
import { buildRevocation, type Revoked } from '#server/account/revocation.ts'
import { createPerson, findPersonByEmail, getPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import {
  acceptInvitation,
  addWaiting,
  aboutHelp,
  awaitArrival,
  correctInvitation,
  createInvitation,
  findInvitation,
  forgetArrivals,
  getInvitation,
  joinArrivals,
  listWaiting,
  noteSending,
  revokeInvitation,
  takeInvitation,
  takeWaiting,
  tryCode,
  whoToInvite,
  type HasJoined,
} from '#server/spoc/invite.store.ts'
import { endMail, queueMail, takeMail } from '#server/mail/store.ts'
import { hashOf } from '#server/http/secrets.ts'
import { addMember, changeMember, createSpoc, findMembership, getSpoc, listMembers, removeMember } from '#server/spoc/store.ts'
import { onEachEngine } from '#tests/support/store.ts'

import type { MemberRole } from '#shared/spoc/rules.ts'

const now = Date.UTC(2026, 10, 24)
const day = 86_400_000

const aPerson = async (db: Db, name: string, verified = true) => {
  const made = await db.transaction((tx) =>
    createPerson(tx, { name, email: `${name}@example.org`, language: 'fr', zone: 'Europe/Paris', verified, now }),
  )
  if (made === undefined) throw new Error(`${name} exists`)
  return made
}

const aims = ['À la fin, "cadrer", {concevoir}', 'animer'].map((text) => ({ id: newId(), text }))

async function aSpoc(db: Db, capacity: number) {
  const owner = await aPerson(db, 'Nadia')
  const made = await db.transaction((tx) =>
    createSpoc(
      tx,
      owner,
      {
        title: 'Un SPOC',
        purpose: '',
        objectives: aims,
        audience: 'intra',
        capacity,
        starts: '2026-11-01',
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'certify',
      },
      now,
    ),
  )
  if (!made.ok) throw new Error(made.code)
  return { spoc: made.value.id, owner }
}

const join = (db: Db, spoc: string, person: string, role: 'learner' | 'mentor' | 'owner' = 'learner') =>
  db.transaction((tx) => addMember(tx, { spoc, person, role, organisation: null, now }))

const aLink = (
  db: Db,
  spoc: string,
  author: string,
  how: { role?: MemberRole; organisation?: string | null; uses?: number; to?: string } = {},
) =>
  db.transaction((tx) =>
    createInvitation(
      tx,
      {
        spoc,
        author,
        role: how.role ?? 'learner',
        organisation: how.organisation ?? null,
        session: null,
        uses: how.uses ?? 1,
        days: 3,
        now,
        ...(how.to && { to: { email: how.to, name: null } }),
      },
      (id) => `copied ${id}`,
    ),
  )

onEachEngine((aStore) => {
  it('keeps what is written, days and objectives included', async () => {
    const db = await aStore()
    const { spoc } = await aSpoc(db, 8)
    expect(await db.read((tx) => getSpoc(tx, spoc, 'owner'))).toMatchObject({
      objectives: aims,
      starts: '2026-11-01',
      ends: null,
      capacity: 8,
      learners: 0,
    })
  })

  it('[M6] holds the capacity when twenty accept at once', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 7)
    const invitation = await aLink(db, spoc, owner, { role: 'learner', organisation: 'Ville', uses: 100 })
    const people: string[] = []
    for (let i = 0; i < 20; i++) people.push(await aPerson(db, `learner${i}`))
    const results = await Promise.all(people.map((person) => db.transaction((tx) => acceptInvitation(tx, invitation.id, person, now))))
    expect(results.filter((each) => each.ok)).toHaveLength(7)
    expect(results.filter((each) => !each.ok && each.code === 'spoc/full')).toHaveLength(13)
    const course = await db.read((tx) => getSpoc(tx, spoc, 'owner'))
    expect(course.learners).toBe(7)
    expect((await db.read((tx) => listMembers(tx, spoc, 'owner'))).filter(({ role }) => role === 'learner')).toHaveLength(7)
  })

  it('[M6] holds it by different roads too, and the last word is the database’s', async () => {
    const db = await aStore()
    const { spoc } = await aSpoc(db, 1)
    const [awa, louis, ines] = [await aPerson(db, 'awa'), await aPerson(db, 'louis'), await aPerson(db, 'ines')]
    await join(db, spoc, ines, 'mentor')
    const results = await Promise.all([
      join(db, spoc, awa),
      join(db, spoc, louis),
      db.transaction((tx) => changeMember(tx, spoc, ines, { role: 'learner' }, 'owner')),
    ])
    expect(results.filter((each) => each.ok)).toHaveLength(1)
    await expect(db.transaction((tx) => tx.execute(`update spocs set learners = 2`))).rejects.toThrow()
  })

  it('[M7] uses the last use once when several accept at once', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 50)
    const invitation = await aLink(db, spoc, owner, { role: 'learner', organisation: null, uses: 1 })
    const people = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => aPerson(db, name)))
    const results = await Promise.all(people.map((person) => db.transaction((tx) => acceptInvitation(tx, invitation.id, person, now))))
    expect(results.filter((each) => each.ok)).toHaveLength(1)
    expect(results.filter((each) => !each.ok && each.code === 'spoc/invitation-used')).toHaveLength(4)
  })

  it('[M10] leaves a member as they are, and spends nothing', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const awa = await aPerson(db, 'awa')
    await join(db, spoc, awa)
    const invitation = await aLink(db, spoc, owner, { role: 'owner', organisation: null, uses: 1 })
    expect(await db.transaction((tx) => acceptInvitation(tx, invitation.id, awa, now))).toEqual({
      ok: true,
      value: { spoc, room: null, added: false },
    })
    expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toEqual({ spoc, role: 'learner' })
    const louis = await aPerson(db, 'louis')
    expect(await db.transaction((tx) => acceptInvitation(tx, invitation.id, louis, now))).toMatchObject({ ok: true })
  })

  it('[M5] keeps an owner when two owners leave at once', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const second = await aPerson(db, 'second')
    await join(db, spoc, second, 'owner')
    const results = await Promise.all([
      db.transaction((tx) => removeMember(tx, spoc, owner, now)),
      db.transaction((tx) => changeMember(tx, spoc, second, { role: 'mentor' }, 'owner')),
    ])
    expect(results.filter((each) => each.ok)).toHaveLength(1)
    expect(results.find((each) => !each.ok)).toMatchObject({ code: 'spoc/last-owner' })
  })

  it('ends a membership, frees the place, tells the seats once committed, and lets them come back', async () => {
    const db = await aStore()
    const { spoc } = await aSpoc(db, 1)
    const heard: Revoked[] = []
    const revocation = await buildRevocation(db)
    revocation.onRevoked((change) => heard.push(change))
    const [awa, louis] = [await aPerson(db, 'awa'), await aPerson(db, 'louis')]
    await join(db, spoc, awa)
    expect(await join(db, spoc, louis)).toMatchObject({ code: 'spoc/full' })
    // What is rolled back is not told.
    await expect(
      db.transaction(async (tx) => {
        await removeMember(tx, spoc, awa, now)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toBeDefined()
    await db.transaction((tx) => removeMember(tx, spoc, awa, now))
    await expect.poll(() => heard).toEqual([{ person: awa, spoc }])
    expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toBeUndefined()
    expect(await join(db, spoc, louis)).toMatchObject({ ok: true })
    await db.transaction((tx) => changeMember(tx, spoc, louis, { role: 'observer' }, 'owner'))
    expect(await join(db, spoc, awa)).toEqual({ ok: true, value: { added: true } })
    expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toEqual({ spoc, role: 'learner' })
    await revocation.close()
  })

  it('joins an arrival within the day and forgets who never came', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const invitation = await aLink(db, spoc, owner, { role: 'mentor', organisation: null, uses: 5 })
    const [awa, louis, never] = [await aPerson(db, 'awa', false), await aPerson(db, 'louis', false), await aPerson(db, 'never', false)]
    for (const person of [awa, louis, never]) await db.transaction((tx) => awaitArrival(tx, person, invitation.id, now))
    const joined: string[] = []
    const hasJoined: HasJoined = async (_tx, into, person) => void joined.push(`${into} ${person}`)
    expect(await db.transaction((tx) => joinArrivals(tx, awa, now + 1000, hasJoined))).toEqual({ spoc, room: null })
    expect(await db.transaction((tx) => joinArrivals(tx, awa, now + 1000, hasJoined))).toBeNull()
    expect(await db.transaction((tx) => joinArrivals(tx, louis, now + 2 * day, hasJoined))).toBeNull()
    expect(joined).toEqual([`${spoc} ${awa}`])
    await db.transaction((tx) => forgetArrivals(tx, now + 2 * day))
    expect(await db.read((tx) => findPersonByEmail(tx, 'never@example.org'))).toBeUndefined()
    expect(await db.read((tx) => getPerson(tx, awa))).toMatchObject({ name: 'awa' })
  })

  it('[I2] tells how far the message of an invitation is, by the last one written', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const made = await aLink(db, spoc, owner, { to: 'awa@example.org' })
    const state = async () => (await db.read((tx) => getInvitation(tx, spoc, made.id, now))).state
    expect(await state()).toBe('not-sent')
    const write = (n: number) =>
      db.transaction(async (tx) => {
        const row = await takeInvitation(tx, spoc, made.id)
        if (!row) throw new Error('it is gone')
        await noteSending(tx, row, { mailHash: `m${n}`, code: `c${n}` }, now)
        await queueMail(tx, { cause: `invitation:${made.id}:${n}`, recipient: 'awa@example.org', subject: 's', text: 't', now })
      })
    const end = (how: { state: 'sent' | 'failed'; text?: null; error?: string }) =>
      db.transaction(async (tx) => {
        const mail = await takeMail(tx, now)
        await endMail(tx, mail?.id ?? '', { changed: now, ...how })
      })
    await write(1)
    expect(await state()).toBe('sending')
    await end({ state: 'failed', error: 'no such mailbox' })
    expect(await db.read((tx) => getInvitation(tx, spoc, made.id, now))).toMatchObject({ state: 'failed', error: 'no such mailbox' })
    await write(2)
    expect(await state()).toBe('sending')
    await end({ state: 'sent' })
    expect(await state()).toBe('not-sent')
    await write(3)
    await end({ state: 'sent', text: null })
    expect(await state()).toBe('sent')
    const awa = await aPerson(db, 'zoe')
    await db.transaction((tx) => acceptInvitation(tx, made.id, awa, now))
    expect(await db.read((tx) => getInvitation(tx, spoc, made.id, now))).toMatchObject({
      state: 'accepted',
      by: [{ name: 'zoe', email: 'zoe@example.org' }],
    })
  })

  it('[I3] tells the secret of the mailbox from the one that was copied; a corrected address has another', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const made = await aLink(db, spoc, owner, { to: 'awa@example.org' })
    await db.transaction((tx) => noteSending(tx, made, { mailHash: hashOf('to awa'), code: 'c' }, now))
    const proven = (secret: string) => db.read(async (tx) => (await findInvitation(tx, secret))?.proven)
    expect([await proven(`copied ${made.id}`), await proven('to awa'), await proven('else')]).toEqual([false, true, undefined])
    await db.transaction(async (tx) => {
      const done = await correctInvitation(tx, made, { email: 'awa.diop@example.org' }, now)
      if (done.ok) await noteSending(tx, done.value, { mailHash: hashOf('to awa diop'), code: 'd' }, now)
    })
    expect([await proven('to awa'), await proven('to awa diop')]).toEqual([undefined, true])
  })

  it('[I5] ends a code after five wrong tries, made at once or one by one; another sending makes another', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const made = await aLink(db, spoc, owner, { to: 'awa@example.org' })
    const row = await db.transaction((tx) => noteSending(tx, made, { mailHash: 'm', code: `${made.id} 123456` }, now))
    const attempt = (code: string) => db.transaction(async (tx) => (await tryCode(tx, 'awa@example.org', (id) => `${id} ${code}`))?.id)
    expect(await attempt('123456')).toBe(made.id)
    expect(await Promise.all(['1', '2', '3', '4'].map(attempt))).toEqual([undefined, undefined, undefined, undefined])
    expect(await attempt('123456')).toBe(made.id)
    expect(await attempt('5')).toBeUndefined()
    expect(await attempt('123456')).toBeUndefined()
    await db.transaction((tx) => noteSending(tx, row, { mailHash: 'm2', code: `${made.id} 654321` }, now))
    expect(await attempt('654321')).toBe(made.id)
  })

  it('[I7] leaves out who belongs, who is invited and who is there twice, until the invitation is over', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    await join(db, spoc, await aPerson(db, 'awa'))
    const louis = await aLink(db, spoc, owner, { to: 'louis@example.org' })
    const people = ['awa', 'louis', 'ines', 'ines'].map((name) => ({ email: `${name}@example.org`, name: null, organisation: null }))
    const who = (at = now) => db.read((tx) => whoToInvite(tx, spoc, people, at))
    expect(await who()).toMatchObject({
      chosen: [{ email: 'ines@example.org' }],
      left: [
        { email: 'awa@example.org', why: 'member' },
        { email: 'louis@example.org', why: 'invited' },
        { email: 'ines@example.org', why: 'twice' },
      ],
    })
    expect((await who(now + 4 * day)).chosen.map(({ email }) => email)).toEqual(['louis@example.org', 'ines@example.org'])
    await db.transaction((tx) => revokeInvitation(tx, spoc, louis.id, now))
    expect((await who()).chosen).toHaveLength(2)
    await db.transaction((tx) => revokeInvitation(tx, spoc, louis.id, null))
    expect((await who()).chosen).toHaveLength(1)
  })

  it('[I8] keeps one line per mailbox on the waiting list, and takes it off when they come', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const made = await aLink(db, spoc, owner)
    const asks = (why: 'full' | 'over') =>
      db.transaction((tx) => addWaiting(tx, { spoc, invitation: made.id, name: 'Awa', email: 'awa@example.org', why, now }))
    expect((await Promise.all([asks('full'), asks('full')])).filter(({ isNew }) => isNew)).toHaveLength(1)
    expect(await asks('over')).toMatchObject({ isNew: false })
    expect(await db.read((tx) => listWaiting(tx, spoc))).toMatchObject([{ name: 'Awa', why: 'over', role: 'learner' }])
    const awa = await aPerson(db, 'awa')
    await db.transaction((tx) => acceptInvitation(tx, made.id, awa, now))
    expect(await db.read((tx) => listWaiting(tx, spoc))).toEqual([])
    expect(await db.transaction((tx) => takeWaiting(tx, spoc, 'nobody'))).toBeUndefined()
  })

  it('[I9] knows where a person belongs, and what of it the asker owns', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const awa = await aPerson(db, 'awa')
    await join(db, spoc, awa)
    const about = () => db.read((tx) => aboutHelp(tx, { id: awa, administrator: false }, owner))
    expect(await about()).toEqual({
      administrator: false,
      isOneself: false,
      courses: [{ mine: true, role: 'learner', sameOrganisation: true }],
    })
    const other = await aPerson(db, 'louis')
    const made = await db.transaction((tx) =>
      createSpoc(
        tx,
        other,
        {
          title: 'Ailleurs',
          purpose: '',
          objectives: [],
          audience: 'intra',
          capacity: 3,
          starts: null,
          ends: null,
          language: 'fr',
          zone: 'Europe/Paris',
          outcome: 'certify',
        },
        now,
      ),
    )
    if (!made.ok) throw new Error(made.code)
    await join(db, made.value.id, awa, 'owner')
    expect((await about()).courses).toContainEqual({ mine: false, role: 'owner', sameOrganisation: false })
    await db.transaction((tx) => removeMember(tx, made.value.id, awa, now))
    expect((await about()).courses).toHaveLength(1)
  })
})
