import { newId } from '#server/db/ids.ts'
import { expect, it } from 'vitest'
import { buildRevocation, type Revoked } from '#server/account/revocation.ts'
import { createPerson, findPersonByEmail, getPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import {
  acceptInvitation,
  addMember,
  awaitArrival,
  changeMember,
  createInvitation,
  createSpoc,
  findMembership,
  forgetArrivals,
  getSpoc,
  joinArrivals,
  type HasJoined,
  listMembers,
  removeMember,
} from '#server/spoc/store.ts'
import { onEachEngine } from '#tests/support/store.ts'

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
    const { invitation } = await db.transaction((tx) =>
      createInvitation(tx, { spoc, author: owner, role: 'learner', organisation: 'Ville', email: null, uses: 100, days: 3, now }),
    )
    const people: string[] = []
    for (let i = 0; i < 20; i++) people.push(await aPerson(db, `learner${i}`))
    const results = await Promise.all(
      people.map((person, i) => db.transaction((tx) => acceptInvitation(tx, invitation.id, person, `learner${i}@example.org`, now))),
    )
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
    const { invitation } = await db.transaction((tx) =>
      createInvitation(tx, { spoc, author: owner, role: 'learner', organisation: null, email: null, uses: 1, days: 3, now }),
    )
    const people = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => aPerson(db, name)))
    const results = await Promise.all(people.map((person) => db.transaction((tx) => acceptInvitation(tx, invitation.id, person, '', now))))
    expect(results.filter((each) => each.ok)).toHaveLength(1)
    expect(results.filter((each) => !each.ok && each.code === 'spoc/invitation-used')).toHaveLength(4)
  })

  it('[M10] leaves a member as they are, and spends nothing', async () => {
    const db = await aStore()
    const { spoc, owner } = await aSpoc(db, 5)
    const awa = await aPerson(db, 'awa')
    await join(db, spoc, awa)
    const { invitation } = await db.transaction((tx) =>
      createInvitation(tx, { spoc, author: owner, role: 'owner', organisation: null, email: null, uses: 1, days: 3, now }),
    )
    expect(await db.transaction((tx) => acceptInvitation(tx, invitation.id, awa, 'awa@example.org', now))).toEqual({
      ok: true,
      value: { spoc, added: false },
    })
    expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toEqual({ spoc, role: 'learner' })
    const louis = await aPerson(db, 'louis')
    expect(await db.transaction((tx) => acceptInvitation(tx, invitation.id, louis, 'louis@example.org', now))).toMatchObject({ ok: true })
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
    const { invitation } = await db.transaction((tx) =>
      createInvitation(tx, { spoc, author: owner, role: 'mentor', organisation: null, email: null, uses: 5, days: 3, now }),
    )
    const [awa, louis, never] = [await aPerson(db, 'awa', false), await aPerson(db, 'louis', false), await aPerson(db, 'never', false)]
    for (const person of [awa, louis, never]) await db.transaction((tx) => awaitArrival(tx, person, invitation.id, now))
    const joined: string[] = []
    const hasJoined: HasJoined = async (_tx, into, person) => void joined.push(`${into} ${person}`)
    expect(await db.transaction((tx) => joinArrivals(tx, awa, now + 1000, hasJoined))).toBe(spoc)
    expect(await db.transaction((tx) => joinArrivals(tx, awa, now + 1000, hasJoined))).toBeNull()
    expect(await db.transaction((tx) => joinArrivals(tx, louis, now + 2 * day, hasJoined))).toBeNull()
    expect(joined).toEqual([`${spoc} ${awa}`])
    await db.transaction((tx) => forgetArrivals(tx, now + 2 * day))
    expect(await db.read((tx) => findPersonByEmail(tx, 'never@example.org'))).toBeUndefined()
    expect(await db.read((tx) => getPerson(tx, awa))).toMatchObject({ name: 'awa' })
  })
})
