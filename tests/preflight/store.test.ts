import { expect, it } from 'vitest'
import { erasePreflights } from '#server/preflight/erase.store.ts'
import { forgetPreflights, listPreflights, savePreflight } from '#server/preflight/store.ts'
import { createSession, endSession } from '#server/session/store.ts'
import { addMember, createSpoc, removeMember } from '#server/spoc/store.ts'
import { createPerson } from '#server/account/store.ts'
import { aStore } from '#tests/support/store.ts'
import { atEnd } from '#tests/support/end.ts'

const now = Date.parse('2026-11-20T10:00:00Z')
const hour = 3_600_000

async function aSession() {
  const db = await aStore()
  atEnd(() => db.close())
  return db.transaction(async (tx) => {
    const person = async (name: string) => {
      const mailbox = { email: `${name}@example.org`, language: 'fr', zone: 'Europe/Paris' } as const
      const id = await createPerson(tx, { name, ...mailbox, passwordHash: 'x', verified: true, now })
      if (id === undefined) throw new Error('known already')
      return id
    }
    const [claire, awa] = [await person('claire'), await person('awa')]
    const spoc = await createSpoc(
      tx,
      claire,
      {
        title: 'Une',
        purpose: '',
        objectives: [],
        audience: 'intra',
        capacity: 10,
        starts: null,
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'certify',
      },
      now,
    )
    if (!spoc.ok) throw new Error(spoc.code)
    await addMember(tx, { spoc: spoc.value.id, person: awa, role: 'learner', organisation: null, now })
    const made = await createSession(
      tx,
      { spoc: spoc.value.id, title: 'Une', intention: '', starts: now + hour, ends: now + 2 * hour },
      now,
    )
    if (!made.ok) throw new Error(made.code)
    return { db, claire, awa, spoc: spoc.value.id, session: made.value.id, room: made.value.room }
  })
}

it('[U6] keeps the last check of each person, until they leave, are erased, or the session is over', async () => {
  const { db, claire, awa, spoc, session, room } = await aSession()
  const list = () => db.read((tx) => listPreflights(tx, room))
  const save = (person: string, at = now) =>
    db.transaction((tx) => savePreflight(tx, room, person, { verdict: 'sound', reasons: ['slow', 'no-cam'] }, at))
  await save(awa)
  await db.transaction((tx) => savePreflight(tx, room, awa, { verdict: 'good', reasons: [] }, now + 1))
  await save(claire, now + 2)
  expect(await list()).toEqual([
    { person: awa, verdict: 'good', reasons: [], at: now + 1 },
    { person: claire, verdict: 'sound', reasons: ['slow', 'no-cam'], at: now + 2 },
  ])
  await db.transaction((tx) => removeMember(tx, spoc, awa, now + 3))
  expect((await list()).map(({ person }) => person)).toEqual([claire])
  await db.transaction((tx) => erasePreflights(tx, claire))
  expect(await list()).toEqual([])

  await save(claire)
  await db.transaction((tx) => forgetPreflights(tx, now))
  expect(await list()).toHaveLength(1)
  await db.transaction(async (tx) => {
    await endSession(tx, session, now + hour)
    await forgetPreflights(tx, now + hour)
  })
  expect(await list()).toEqual([])
})
