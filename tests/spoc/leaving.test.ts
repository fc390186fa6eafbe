import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { releasing } from '#server/flows/leaving.ts'
import { addInquiry, giveInquiry } from '#server/inbox/store.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { book } from '#server/mentoring/booking.store.ts'
import { saveOffer } from '#server/mentoring/offer.store.ts'
import { bookings, calls, offers } from '#server/mentoring/tables.ts'
import { createSession } from '#server/session/store.ts'
import { findHanging, findTaker } from '#server/spoc/hanging.store.ts'
import {
  addMember,
  createSpoc,
  findMembership,
  getSpoc,
  listFormerMembers,
  listMembers,
  listSpocs,
  removeMember,
  resumeMember,
  suspendMember,
} from '#server/spoc/store.ts'
import { onEachEngine } from '#tests/support/store.ts'

const now = Date.parse('2026-06-08T10:00:00Z')
const tuesday9 = Date.parse('2026-06-09T07:00:00Z')
const tuesday10 = Date.parse('2026-06-09T08:20:00Z')
const thursday9 = Date.parse('2026-06-11T07:00:00Z')

async function aPerson(db: Db, name: string): Promise<string> {
  const known = { email: `${name.toLowerCase()}@example.org`, language: 'fr', zone: 'Europe/Paris', verified: true, now } as const
  const made = await db.transaction((tx) => createPerson(tx, { name, ...known }))
  if (made === undefined) throw new Error(`${name} is there already`)
  return made
}

/** A course of three places: Nadia owns it, Marc and Claire are mentors who offer calls, Awa and Louis learn. */
async function aCourse(db: Db) {
  const nadia = await aPerson(db, 'Nadia')
  const written = { title: 'Un SPOC', purpose: '', objectives: [], audience: 'inter', capacity: 3, starts: null, ends: null } as const
  const made = await db.transaction((tx) =>
    createSpoc(tx, nadia, { ...written, objectives: [], language: 'fr', zone: 'Europe/Paris', outcome: 'certify' }, now),
  )
  if (!made.ok) throw new Error(made.code)
  const spoc = made.value.id
  const join = async (name: string, role: MemberRole, organisation: string | null = null) => {
    const person = await aPerson(db, name)
    const joined = await db.transaction((tx) => addMember(tx, { spoc, person, role, organisation, now }))
    if (!joined.ok) throw new Error(joined.code)
    return person
  }
  const [marc, claire] = [await join('Marc', 'mentor'), await join('Claire', 'mentor')]
  for (const mentor of [marc, claire])
    await db.transaction((tx) => saveOffer(tx, spoc, mentor, { ...readyWeek('Europe/Paris'), cutoff: 48 }))
  const [awa, louis] = [await join('Awa', 'learner', 'Acme'), await join('Louis', 'learner')]
  const books = async (mentor: string, person: string, starts: number) => {
    const booked = await db.transaction((tx) => book(tx, { spoc, mentor, person, starts, about: '', by: 'learner' }, now))
    if (!booked.ok) throw new Error(booked.code)
    return booked.value.call
  }
  const told: string[] = []
  const release = releasing({
    callChanged: async (_tx, what, { call }) => void told.push(`${what} ${call}`),
    membershipChanged: async () => undefined,
  })
  const leaves = (person: string, to: string | null = null) =>
    db.transaction(async (tx) => {
      const done = await removeMember(tx, spoc, person, now)
      return done.ok ? release(tx, { spoc, person, to, reason: 'Parti', now }) : done
    })
  const callOf = async (id: string) => (await db.read((tx) => tx.select().from(calls).where(eq(calls.id, id))))[0]
  return { spoc, nadia, marc, claire, awa, louis, books, leaves, told, callOf }
}

onEachEngine((aStore) => {
  describe('a suspended member', () => {
    it('[M11] sees nothing, keeps their place, and no invitation lets them back in', async () => {
      const db = await aStore()
      const { spoc, nadia, awa } = await aCourse(db)
      await db.transaction((tx) => suspendMember(tx, spoc, awa, now + 1))
      await db.read(async (tx) => {
        expect(await findMembership(tx, awa, { spoc })).toBeUndefined()
        expect(await listSpocs(tx, awa, now)).toEqual([])
        expect((await listMembers(tx, spoc, 'owner')).map(({ name }) => name)).not.toContain('Awa')
        expect((await getSpoc(tx, spoc, 'owner')).learners).toBe(2)
        expect(await listFormerMembers(tx, spoc, 'owner')).toMatchObject([
          { name: 'Awa', role: 'learner', organisation: 'Acme', suspended: true, ended: now + 1, email: 'awa@example.org' },
        ])
      })
      const joins = () => db.transaction((tx) => addMember(tx, { spoc, person: awa, role: 'trainer', organisation: null, now }))
      expect(await joins()).toMatchObject({ code: 'spoc/suspended' })
      expect(await db.transaction((tx) => suspendMember(tx, spoc, awa, now))).toMatchObject({ code: 'http/not-found' })
      expect(await db.transaction((tx) => suspendMember(tx, spoc, nadia, now))).toMatchObject({ code: 'spoc/not-an-owner' })
      for (let i = 0; i < 2; i++)
        expect(await db.transaction((tx) => resumeMember(tx, spoc, awa, 'owner'))).toMatchObject({
          ok: true,
          value: { role: 'learner', organisation: 'Acme' },
        })
      expect(await db.read((tx) => findMembership(tx, awa, { spoc }))).toMatchObject({ role: 'learner' })
      expect((await db.read((tx) => getSpoc(tx, spoc, 'owner'))).learners).toBe(2)
    })

    it('[M13] once removed gives the place back; taken back, they need a free one', async () => {
      const db = await aStore()
      const { spoc, awa } = await aCourse(db)
      await db.transaction((tx) => suspendMember(tx, spoc, awa, now))
      expect(await db.transaction((tx) => removeMember(tx, spoc, awa, now))).toMatchObject({ ok: true })
      expect(await db.transaction((tx) => removeMember(tx, spoc, awa, now))).toMatchObject({ code: 'http/not-found' })
      expect((await db.read((tx) => getSpoc(tx, spoc, 'owner'))).learners).toBe(1)
      for (const name of ['Ines', 'Zoe']) {
        const person = await aPerson(db, name)
        expect(await db.transaction((tx) => addMember(tx, { spoc, person, role: 'learner', organisation: null, now }))).toMatchObject({
          ok: true,
        })
      }
      expect(await db.transaction((tx) => resumeMember(tx, spoc, awa, 'owner'))).toMatchObject({ code: 'spoc/full' })
    })
  })

  describe('who leaves', () => {
    it('[M5] is not the last owner', async () => {
      const db = await aStore()
      const { nadia, leaves, awa, books, marc, callOf } = await aCourse(db)
      const call = await books(marc, awa, tuesday9)
      expect(await leaves(nadia)).toMatchObject({ code: 'spoc/last-owner' })
      expect((await callOf(call))?.state).toBe('planned')
    })

    it('[M12] is told first what hangs on them', async () => {
      const db = await aStore()
      const { spoc, marc, awa, nadia, books } = await aCourse(db)
      const call = await books(marc, awa, tuesday9)
      const asked = await db.transaction((tx) =>
        addInquiry(tx, spoc, { person: awa, role: 'learner' }, { text: 'Où ?', place: { kind: 'course' } }, now),
      )
      if (!asked.ok) throw new Error(asked.code)
      await db.transaction((tx) => giveInquiry(tx, spoc, asked.value.id, { person: marc, role: 'mentor' }, marc))
      const session = { title: 'Une', intention: '', starts: thursday9, ends: thursday9 + 1, zone: 'Europe/Paris' }
      await db.transaction((tx) => createSession(tx, { spoc, ...session }, now))
      const of = (person: string) => db.read((tx) => findHanging(tx, spoc, person, now))
      expect(await of(marc)).toEqual({
        calls: [{ id: call, starts: tuesday9, people: ['Awa'] }],
        bookings: [],
        inquiries: [{ id: asked.value.id, text: 'Où ?' }],
        asked: 0,
        toRead: 0,
        handedIn: 0,
        sessions: null,
        othersLead: 1,
      })
      expect(await of(awa)).toMatchObject({ calls: [], bookings: [{ id: call, mentor: 'Marc' }], inquiries: [], asked: 1, toRead: null })
      expect(await of(nadia)).toMatchObject({ sessions: [{ title: 'Une', starts: thursday9 }], othersLead: 0, toRead: 0 })
      expect(await of('nobody')).toBeUndefined()
    })

    it('[M12] hands their calls and questions over where the taker is free; private notes go to nobody', async () => {
      const db = await aStore()
      const { spoc, marc, claire, awa, louis, books, leaves, told, callOf } = await aCourse(db)
      const [free, busy] = [await books(marc, awa, tuesday9), await books(marc, louis, thursday9)]
      await books(claire, awa, thursday9)
      await db.transaction((tx) => tx.update(calls).set({ privateNotes: 'Pour moi seul' }).where(eq(calls.mentor, marc)))
      const asked = await db.transaction((tx) =>
        addInquiry(tx, spoc, { person: awa, role: 'learner' }, { text: 'Où ?', place: { kind: 'course' } }, now),
      )
      if (!asked.ok) throw new Error(asked.code)
      await db.transaction((tx) => giveInquiry(tx, spoc, asked.value.id, { person: marc, role: 'mentor' }, marc))
      expect(await db.read((tx) => findTaker(tx, spoc, claire, marc))).toBe(claire)
      for (const nobody of [marc, awa, 'stranger']) expect(await db.read((tx) => findTaker(tx, spoc, nobody, marc))).toBeUndefined()

      expect(await leaves(marc, claire)).toEqual({ handedOver: 1, cancelled: 1 })
      expect(await callOf(free)).toMatchObject({ mentor: claire, state: 'planned', privateNotes: '', sequence: 1 })
      expect(await callOf(busy)).toMatchObject({ mentor: marc, state: 'cancelled', reason: 'Parti' })
      expect(told).toEqual([`call-moved ${free}`, `call-cancelled ${busy}`])
      await db.read(async (tx) => {
        expect(await tx.select({ owner: inquiries.owner }).from(inquiries)).toEqual([{ owner: claire }])
        expect(await tx.select({ open: offers.open }).from(offers).where(eq(offers.person, marc))).toEqual([{ open: false }])
      })
    })

    it('[M12] gives their places back, even past the cut-off, and the questions to the team', async () => {
      const db = await aStore()
      const { spoc, marc, claire, awa, louis, books, leaves, told, callOf } = await aCourse(db)
      const [own, other] = [await books(marc, awa, tuesday9), await books(claire, louis, tuesday10)]
      expect(await leaves(awa)).toEqual({ handedOver: 0, cancelled: 1 })
      expect(await callOf(own)).toMatchObject({ state: 'cancelled' })
      expect(told).toEqual([`call-cancelled ${own}`])
      const placed = await db.read((tx) =>
        tx
          .select()
          .from(bookings)
          .where(and(eq(bookings.call, own), eq(bookings.person, awa))),
      )
      expect(placed).toMatchObject([{ ended: now, reason: 'Parti' }])
      expect(await callOf(other)).toMatchObject({ state: 'planned' })
      expect(await leaves(claire)).toEqual({ handedOver: 0, cancelled: 1 })
      expect(await callOf(other)).toMatchObject({ state: 'cancelled' })
      expect(await db.read((tx) => findHanging(tx, spoc, claire, now))).toBeUndefined()
    })
  })
})
