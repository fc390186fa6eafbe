import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { Offer } from '#shared/mentoring/wire.ts'
import { newActivity } from '#shared/path/wire.ts'
import type { Film } from '#shared/replay/wire.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { deckCards } from '#server/deck/tables.ts'
import { happenings } from '#server/live/tables.ts'
import { addGoal, agreeAction, getCallPage, getPrivateNotes, withdrawAction, writePrivateNotes } from '#server/mentoring/agreed.store.ts'
import { whyNotEnterCall } from '#server/mentoring/entry.ts'
import { book } from '#server/mentoring/booking.store.ts'
import { cancelCall, findCall, listComingCalls, moveCall, settleCall } from '#server/mentoring/call.store.ts'
import { getCockpit } from '#server/mentoring/cockpit.store.ts'
import { getOffer, listFreeTimes, saveOffer, zoneOfMentor } from '#server/mentoring/offer.store.ts'
import { getMentoring } from '#server/mentoring/store.ts'
import { addWish, answerWish } from '#server/mentoring/wish.store.ts'
import { calls } from '#server/mentoring/tables.ts'
import { addActivity, addPersonal } from '#server/path/activities.store.ts'
import { ratings } from '#server/path/tables.ts'
import { quizTries } from '#server/quiz/tables.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc, roleInCall } from '#server/spoc/store.ts'
import { onEachEngine } from '#tests/support/store.ts'

const hour = 3_600_000
const day = 24 * hour
/** A Monday noon in Paris; the mentor's week has Tuesday and Thursday. */
const now = Date.parse('2026-06-08T10:00:00Z')
const tuesday9 = Date.parse('2026-06-09T07:00:00Z')
const thursday9 = Date.parse('2026-06-11T07:00:00Z')
const nothingDone = async () => new Set<string>()
const noFilms = { doneAmong: nothingDone, films: async () => new Map() }

async function aPerson(db: Db, name: string): Promise<string> {
  const person = await db.transaction((tx) =>
    createPerson(tx, {
      name,
      email: `${name.toLowerCase()}@example.org`,
      language: 'fr',
      zone: 'Europe/Paris',
      passwordHash: 'x',
      verified: true,
      now,
    }),
  )
  if (person === undefined) throw new Error(`${name} is there already`)
  return person
}

/** A SPOC with a mentor who accepted the ready-made week. */
async function aCourse(db: Db, offered: Partial<Offer> = {}) {
  const nadia = await aPerson(db, 'Nadia')
  const made = await db.transaction((tx) =>
    createSpoc(
      tx,
      nadia,
      {
        title: 'Concevoir un SPOC',
        purpose: '',
        objectives: [
          { id: 'cadrer', text: 'Cadrer' },
          { id: 'animer', text: 'Animer' },
        ],
        audience: 'inter',
        capacity: 60,
        starts: null,
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'certify',
      },
      now - 30 * day,
    ),
  )
  if (!made.ok) throw new Error(made.code)
  const spoc = made.value.id
  const join = async (name: string, role: MemberRole) => {
    const person = await aPerson(db, name)
    const joined = await db.transaction((tx) => addMember(tx, { spoc, person, role, organisation: null, now: now - 20 * day }))
    if (!joined.ok) throw new Error(joined.code)
    return person
  }
  const marc = await join('Marc', 'mentor')
  await db.transaction((tx) => saveOffer(tx, spoc, marc, { ...readyWeek('Europe/Paris'), ...offered }))
  const books = (person: string, starts: number, by: 'learner' | 'mentor' = 'learner', at = now) =>
    db.transaction((tx) => book(tx, { spoc, mentor: marc, person, starts, about: 'Mes objectifs', by }, at))
  const times = (person: string, from = now, to = now + 28 * day) =>
    db.read((tx) => listFreeTimes(tx, { spoc, mentor: marc, by: 'learner', person, from, to }, now))
  return { spoc, nadia, marc, join, books, times }
}

const aLesson = async (db: Db, spoc: string) => {
  const made = await db.transaction((tx) =>
    createSession(tx, { spoc, title: 'La séance', intention: '', starts: now + day, ends: now + day + hour }, now),
  )
  if (!made.ok) throw new Error(made.code)
  return made.value
}
const aQuiz = async (db: Db, spoc: string, author: string) => {
  const written = newActivity.parse({ title: 'Le quiz', detail: { kind: 'quiz', about: '' } })
  const made = await db.transaction((tx) => addActivity(tx, spoc, author, written, now))
  if (!made.ok) throw new Error(made.code)
  return made.value.id
}

onEachEngine((aStore) => {
  describe('a booking', () => {
    it('gives one of fifty who claim one time at once the call, and the others the next free times', async () => {
      const db = await aStore()
      const { spoc, join, books } = await aCourse(db)
      const people: string[] = []
      for (let i = 0; i < 50; i++) people.push(await join(`Learner${i}`, 'learner'))
      const said = await Promise.all(people.map((person) => books(person, tuesday9)))
      expect(said.filter(({ ok }) => ok)).toHaveLength(1)
      const refused = said.flatMap((one) => (one.ok ? [] : [one]))
      expect(refused).toHaveLength(49)
      for (const one of refused)
        expect(one).toEqual({
          ok: false,
          code: 'mentoring/slot-taken',
          detail: '2026-06-09T07:40:00.000Z 2026-06-09T08:20:00.000Z 2026-06-09T09:00:00.000Z',
        })
      const kept = await db.read((tx) => tx.select().from(calls).where(eq(calls.spoc, spoc)))
      expect(kept).toHaveLength(1)
    })

    it('is settled by the database itself: two overlapping calls of one mentor cannot be written, in any SPOC', async () => {
      const db = await aStore()
      const { marc, join, books } = await aCourse(db)
      const made = await books(await join('Awa', 'learner'), tuesday9)
      if (!made.ok) throw new Error(made.code)
      const other = await books(await join('Louis', 'learner'), tuesday9 + 40 * 60_000)
      if (!other.ok) throw new Error(other.code)
      const overlap = db.transaction((tx) =>
        tx
          .update(calls)
          .set({ starts: tuesday9 + 20 * 60_000 })
          .where(eq(calls.id, other.value.call)),
      )
      await expect(overlap).rejects.toMatchObject({ cause: { code: '23P01' } })
      expect(await db.read((tx) => tx.select().from(calls).where(eq(calls.mentor, marc)))).toHaveLength(2)
    })

    it('of a shared call takes its places one by one, never one too many', async () => {
      const db = await aStore()
      const { join, books, times } = await aCourse(db, { capacity: 3 })
      const people: string[] = []
      for (let i = 0; i < 8; i++) people.push(await join(`Learner${i}`, 'learner'))
      const said = await Promise.all(people.map((person) => books(person, tuesday9)))
      expect(said.filter(({ ok }) => ok)).toHaveLength(3)
      expect(new Set(said.flatMap((one) => (one.ok ? [one.value.room] : []))).size).toBe(1)
      const late = people[said.findIndex(({ ok }) => !ok)] ?? ''
      expect((await times(late)).some(({ starts }) => starts === tuesday9)).toBe(false)
    })

    it('[E7] [E8] keeps the notice and the quota; what was not held gives the quota back', async () => {
      const db = await aStore()
      const { marc, join, books } = await aCourse(db, { quota: 1 })
      const awa = await join('Awa', 'learner')
      expect(await books(awa, tuesday9, 'learner', tuesday9 - 11 * hour)).toMatchObject({ ok: false, code: 'mentoring/slot-taken' })
      const made = await books(awa, tuesday9)
      if (!made.ok) throw new Error(made.code)
      expect(await books(awa, thursday9)).toEqual({ ok: false, code: 'mentoring/quota' })
      expect(await db.transaction((tx) => settleCall(tx, made.value.room, marc, 'missed', tuesday9 - 1))).toMatchObject({
        code: 'mentoring/not-begun',
      })
      expect(await db.transaction((tx) => settleCall(tx, made.value.room, awa, 'missed', tuesday9))).toMatchObject({
        code: 'mentoring/not-found',
      })
      expect(await db.transaction((tx) => settleCall(tx, made.value.room, marc, 'missed', tuesday9))).toMatchObject({ ok: true })
      expect(await books(awa, thursday9)).toMatchObject({ ok: true })
    })

    it('[E1] is for learners, also when a mentor makes it for them', async () => {
      const db = await aStore()
      const { nadia, marc, join, books } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      expect(await books(nadia, tuesday9)).toEqual({ ok: false, code: 'mentoring/not-a-learner' })
      expect(await books(await aPerson(db, 'Zoe'), tuesday9)).toEqual({ ok: false, code: 'mentoring/not-a-learner' })
      expect(await books(await join('Olga', 'observer'), tuesday9)).toEqual({ ok: false, code: 'mentoring/not-a-learner' })
      const made = await books(awa, tuesday9, 'mentor')
      if (!made.ok) throw new Error(made.code)
      expect(await db.read((tx) => findCall(tx, awa, made.value.room))).toMatchObject({
        mine: false,
        mentor: { id: marc },
        learners: [{ id: awa }],
      })
      expect(await books(awa, tuesday9)).toMatchObject({ ok: false, code: 'mentoring/slot-taken' })
    })

    it('never puts a learner in two places at once', async () => {
      const db = await aStore()
      const { spoc, nadia, join, books } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      await db.transaction((tx) => saveOffer(tx, spoc, nadia, readyWeek('Europe/Paris')))
      const also = () =>
        db.transaction((tx) => book(tx, { spoc, mentor: nadia, person: awa, starts: tuesday9, about: '', by: 'learner' }, now))
      const said = await Promise.all([books(awa, tuesday9), also()])
      expect(said.filter(({ ok }) => ok)).toHaveLength(1)
      expect(said.find(({ ok }) => !ok)).toMatchObject({ code: 'mentoring/busy' })
    })
  })

  describe('a call', () => {
    it('[E9] moves to a free time, not to a taken one, and not after the cut-off', async () => {
      const db = await aStore()
      const { marc, join, books, times } = await aCourse(db)
      const [awa, louis] = [await join('Awa', 'learner'), await join('Louis', 'learner')]
      const made = await books(awa, tuesday9)
      await books(louis, thursday9)
      if (!made.ok) throw new Error(made.code)
      const { room } = made.value
      const move = (person: string, starts: number, at = now) => db.transaction((tx) => moveCall(tx, room, person, starts, at))
      expect(await move(awa, thursday9)).toMatchObject({ code: 'mentoring/slot-taken' })
      expect(await move(louis, thursday9)).toMatchObject({ code: 'mentoring/not-found' })
      expect(await move(awa, thursday9 + 40 * 60_000, tuesday9 - hour)).toMatchObject({ code: 'mentoring/too-late' })
      expect(await move(awa, thursday9 + 40 * 60_000)).toMatchObject({ ok: true, value: { before: tuesday9, sequence: 1 } })
      expect((await times(louis)).some(({ starts }) => starts === tuesday9)).toBe(true)
      expect(await move(marc, tuesday9, tuesday9 - hour)).toMatchObject({ ok: true, value: { sequence: 2 } })
    })

    it('[E9] of several is left by one of them, who takes another time', async () => {
      const db = await aStore()
      const { join, books } = await aCourse(db, { capacity: 2 })
      const [awa, louis] = [await join('Awa', 'learner'), await join('Louis', 'learner')]
      const made = await books(awa, tuesday9)
      await books(louis, tuesday9)
      if (!made.ok) throw new Error(made.code)
      const moved = await db.transaction((tx) => moveCall(tx, made.value.room, awa, thursday9, now))
      if (!moved.ok) throw new Error(moved.code)
      expect(moved.value.room).not.toBe(made.value.room)
      expect(await db.read((tx) => findCall(tx, awa, made.value.room))).toBeUndefined()
      expect(await db.read((tx) => findCall(tx, louis, made.value.room))).toMatchObject({ starts: tuesday9 })
    })

    it('[E9] [E10] is cancelled with a reason; its time is free again and its room closed', async () => {
      const db = await aStore()
      const { marc, join, books, times } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      const made = await books(awa, tuesday9)
      if (!made.ok) throw new Error(made.code)
      const { room } = made.value
      const enter = (role: MemberRole, at: number) => db.read(async (tx) => (await whyNotEnterCall(tx, room, role, at))?.code)
      expect(await enter('learner', tuesday9 - hour)).toBe('mentoring/not-open-yet')
      expect(await enter('trainer', tuesday9 - hour)).toBeUndefined()
      expect(await db.transaction((tx) => cancelCall(tx, room, awa, 'Malade', now))).toMatchObject({ ok: true, value: { by: 'learner' } })
      expect(await enter('trainer', tuesday9)).toBe('mentoring/cancelled')
      expect((await times(awa)).some(({ starts }) => starts === tuesday9)).toBe(true)
      expect(await db.read((tx) => findCall(tx, marc, room))).toMatchObject({
        state: 'cancelled',
        reason: 'Malade',
        learners: [{ id: awa }],
      })
      expect(await books(awa, tuesday9)).toMatchObject({ ok: true })
    })

    it('is there for its mentor and those who booked it, and for nobody else', async () => {
      const db = await aStore()
      const { spoc, nadia, marc, join, books } = await aCourse(db, { capacity: 2 })
      const [awa, louis, ines] = [await join('Awa', 'learner'), await join('Louis', 'learner'), await join('Ines', 'learner')]
      const made = await books(awa, tuesday9)
      await books(louis, tuesday9)
      if (!made.ok) throw new Error(made.code)
      const { room } = made.value
      const role = (person: string, as: MemberRole) => db.read((tx) => roleInCall(tx, person, room, as))
      expect(await role(marc, 'mentor')).toBe('trainer')
      expect(await role(awa, 'learner')).toBe('learner')
      expect(await role(ines, 'learner')).toBeUndefined()
      expect(await role(nadia, 'owner')).toBeUndefined()
      const seen = (person: string) => db.read((tx) => getMentoring(tx, spoc, person, now))
      expect((await seen(awa)).calls).toMatchObject([{ learners: [{ id: awa }] }])
      expect(JSON.stringify(await seen(awa))).not.toContain(louis)
      expect(JSON.stringify(await seen(ines))).not.toContain(awa)
      expect((await seen(nadia)).calls).toEqual([])
      expect((await seen(marc)).calls).toMatchObject([{ learners: [{ id: awa }, { id: louis }], mine: true }])
      expect(await db.read((tx) => listComingCalls(tx, awa, now))).toHaveLength(1)
    })

    it('[E12] keeps goals, actions and the mentor’s private notes, each for those it concerns', async () => {
      const db = await aStore()
      const { marc, join, books } = await aCourse(db, { capacity: 2 })
      const [awa, louis] = [await join('Awa', 'learner'), await join('Louis', 'learner')]
      const made = await books(awa, tuesday9)
      await books(louis, tuesday9)
      if (!made.ok) throw new Error(made.code)
      const { room } = made.value
      await db.transaction((tx) => addGoal(tx, room, awa, 'Oser la caméra', now))
      const agreed = await db.transaction((tx) =>
        agreeAction(tx, room, marc, { person: awa, title: 'Filmer 2 minutes', due: thursday9 }, now),
      )
      expect(
        await db.transaction((tx) => agreeAction(tx, room, louis, { person: awa, title: 'Pour une autre', due: null }, now)),
      ).toMatchObject({
        code: 'mentoring/not-found',
      })
      const page = (person: string) => db.read((tx) => getCallPage(tx, room, person, nothingDone))
      expect(await page(awa)).toMatchObject({
        value: { goals: [{ text: 'Oser la caméra' }], actions: [{ title: 'Filmer 2 minutes', state: 'open' }] },
      })
      expect(await page(louis)).toMatchObject({ value: { actions: [] } })
      await db.transaction((tx) => writePrivateNotes(tx, room, marc, 'Fragile, à ménager'))
      expect(await db.transaction((tx) => writePrivateNotes(tx, room, awa, 'Moi aussi'))).toMatchObject({ code: 'mentoring/not-found' })
      expect(await db.read((tx) => getPrivateNotes(tx, room, marc))).toMatchObject({ value: { text: 'Fragile, à ménager' } })
      expect(await db.read((tx) => getPrivateNotes(tx, room, awa))).toMatchObject({ code: 'mentoring/not-found' })
      expect(JSON.stringify([await page(awa), await page(louis)])).not.toContain('Fragile')
      if (!agreed.ok) throw new Error(agreed.code)
      expect(await db.transaction((tx) => withdrawAction(tx, room, louis, agreed.value.action, nothingDone, now))).toMatchObject({
        code: 'mentoring/not-found',
      })
      expect(await db.transaction((tx) => withdrawAction(tx, room, awa, agreed.value.action, nothingDone, now))).toMatchObject({ ok: true })
      expect(await page(awa)).toMatchObject({ value: { actions: [] } })
    })

    it('is prepared with what was agreed and noted in the calls before it', async () => {
      const db = await aStore()
      const { spoc, marc, join, books } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      const first = await books(awa, tuesday9)
      if (!first.ok) throw new Error(first.code)
      await db.transaction(async (tx) => {
        await addGoal(tx, first.value.room, marc, 'Trouver son public', now)
        await agreeAction(tx, first.value.room, marc, { person: awa, title: 'Interroger trois collègues', due: null }, now)
        await writePrivateNotes(tx, first.value.room, marc, 'Très motivée')
        await settleCall(tx, first.value.room, marc, 'held', tuesday9)
      })
      const next = await books(awa, thursday9)
      if (!next.ok) throw new Error(next.code)
      const { id: filled } = await db.transaction((tx) => addPersonal(tx, { spoc, person: awa, title: 'Où j’en suis', by: null, now }))
      await db.transaction((tx) =>
        tx.insert(ratings).values([
          { activity: filled, person: awa, objective: 'cadrer', level: 'with-help', at: now },
          { activity: filled, person: awa, objective: 'animer', level: 'alone', at: now },
        ]),
      )
      const [lesson, quiz, attempt, asking] = [await aLesson(db, spoc), await aQuiz(db, spoc, marc), newId(), newId()]
      await db.transaction(async (tx) => {
        await tx.insert(happenings).values({ room: lesson.room, seq: 1, at: now, kind: 'quiz:opened', v: 1, payload: { question: asking } })
        await tx.insert(quizTries).values({ id: attempt, activity: quiz, person: awa, number: 1, asked: [], of: 1, begun: now })
        for (const [text, source] of Object.entries({ 'En séance': asking, Seule: attempt, Ailleurs: null }))
          await tx.insert(deckCards).values({
            ...{ id: newId(), person: awa, spoc, question: newId(), source, reason: 'missed', step: 0, due: '2026-06-12', entered: now },
            seen: { text, choices: [], right: null, explanation: '' },
          })
      })
      const view = await db.read((tx) => getCockpit(tx, next.value.room, marc, noFilms, now))
      const deck = view.ok ? (view.value[0]?.deck ?? []) : []
      expect(Object.fromEntries(deck.map(({ text, from }) => [text, from]))).toEqual({
        'En séance': { kind: 'session', id: lesson.id, title: 'La séance' },
        Seule: { kind: 'quiz', id: quiz, title: 'Le quiz' },
        Ailleurs: null,
      })
      expect(view).toMatchObject({
        value: [
          {
            person: { id: awa },
            about: 'Mes objectifs',
            gaps: [{ objective: 'Cadrer', level: 'with-help', activity: filled }],
            actions: [{ title: 'Interroger trois collègues' }],
            before: [{ room: first.value.room, goals: ['Trouver son public'], privateNotes: 'Très motivée' }],
          },
        ],
      })
      expect(await db.read((tx) => getCockpit(tx, next.value.room, awa, noFilms, now))).toMatchObject({ code: 'mentoring/not-found' })
    })
  })

  describe('a cockpit', () => {
    it('leads from a question that was missed to the second of the film at which it was asked', async () => {
      const db = await aStore()
      const { spoc, marc, join, books } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      const call = await books(awa, thursday9)
      if (!call.ok) throw new Error(call.code)
      const [lesson, asked, wrong, right] = [await aLesson(db, spoc), newId(), newId(), newId()]
      const began = now + day
      await db.transaction(async (tx) => {
        await tx.insert(happenings).values([
          {
            ...{ room: lesson.room, seq: 1, at: began + 90_500, kind: 'quiz:opened', v: 1 },
            payload: { question: asked, prepared: null, closesAt: null, choices: [wrong, right], right },
            words: { text: 'Combien de personnes ?', explanation: '', choices: { [wrong]: '100', [right]: '10' } },
          },
          {
            ...{ room: lesson.room, seq: 2, at: began + 95_000, person: awa, kind: 'quiz:answered', v: 1 },
            payload: { question: asked, choice: wrong, late: false },
          },
          { room: lesson.room, seq: 3, at: began + 120_000, kind: 'quiz:revealed', v: 1, payload: { question: asked } },
        ])
      })
      const film = (anchor: number): Film => ({ id: newId(), duration: 3_600_000, type: 'video/webm', anchors: [[0, anchor]] })
      const missedWith = (films: Film[]) =>
        db.read(async (tx) => {
          const view = await getCockpit(
            tx,
            call.value.room,
            marc,
            { ...noFilms, films: async () => new Map([[lesson.room, films]]) },
            began + hour,
          )
          return view.ok ? view.value[0]?.missed.map(({ text, answer, second }) => [text, answer, second]) : view.code
        })
      expect(await missedWith([])).toEqual([['Combien de personnes ?', '100', null]])
      expect(await missedWith([film(began + 30_000)])).toEqual([['Combien de personnes ?', '100', 60]])
    })
  })

  describe('an offer', () => {
    it('[E16] of who joins another course is their own week to accept there, their newest, without days off; nobody books before that', async () => {
      const db = await aStore()
      const { nadia, marc } = await aCourse(db)
      const another = async (title: string, at: number) => {
        const asked = { title, purpose: '', objectives: [], audience: 'inter', capacity: 60, starts: null, ends: null } as const
        const more = { language: 'fr', zone: 'Europe/Paris', outcome: 'certify' } as const
        const made = await db.transaction((tx) => createSpoc(tx, nadia, { ...asked, ...more, objectives: [] }, at))
        if (!made.ok) throw new Error(made.code)
        return made.value.id
      }
      const [second, third] = [await another('Deuxième', now - 10 * day), await another('Copie', now - 5 * day)]
      const mine: Offer = {
        ...readyWeek('America/Cayenne'),
        minutes: 45,
        open: false,
        exceptions: [{ kind: 'off', day: '2026-05-05', until: '2026-05-06' }],
      }
      const lundi = { weekday: 1, from: '08:00', to: '10:00' }
      await db.transaction((tx) => addMember(tx, { spoc: second, person: marc, role: 'mentor', organisation: null, now }))
      await db.transaction((tx) => saveOffer(tx, second, marc, { ...mine, windows: [lundi] }))
      // Marc comes to the third course when it has long been made.
      await db.transaction((tx) => addMember(tx, { spoc: third, person: marc, role: 'mentor', organisation: null, now }))
      const given = await db.read((tx) => getOffer(tx, third, marc))
      expect(given).toMatchObject({ saved: false, from: 'Deuxième', offer: { open: true, exceptions: [], windows: [lundi], minutes: 45 } })
      const asked = { spoc: third, mentor: marc, by: 'mentor', person: marc, from: now, to: now + 14 * day } as const
      expect(await db.read((tx) => listFreeTimes(tx, asked, now))).toEqual([])
      expect(await db.read((tx) => zoneOfMentor(tx, third, marc))).toBe('Europe/Paris')
      await db.transaction((tx) => saveOffer(tx, third, marc, given.offer))
      expect((await db.read((tx) => listFreeTimes(tx, asked, now))).length).toBeGreaterThan(0)
      expect(await db.read((tx) => zoneOfMentor(tx, third, marc))).toBe('America/Cayenne')
      expect(await db.read((tx) => getOffer(tx, third, marc))).toMatchObject({ saved: true, from: null })
      // The owner, who offers nothing anywhere, is given the ready-made one: nobody else's week is.
      expect(await db.read((tx) => getOffer(tx, third, nadia))).toMatchObject({ saved: false, from: null, offer: { zone: 'Europe/Paris' } })
    })

    it('is a ready-made week in one’s own zone until there is one, and closes without touching what is booked', async () => {
      const db = await aStore()
      const { spoc, nadia, marc, join, books, times } = await aCourse(db)
      const awa = await join('Awa', 'learner')
      expect(await db.read((tx) => getOffer(tx, spoc, nadia))).toEqual({
        saved: false,
        offer: readyWeek('Europe/Paris'),
        from: null,
      })
      await books(awa, tuesday9)
      await db.transaction((tx) => saveOffer(tx, spoc, marc, { ...readyWeek('Europe/Paris'), open: false }))
      expect(await times(awa)).toEqual([])
      expect(await books(awa, thursday9)).toEqual({ ok: false, code: 'mentoring/not-offered' })
      expect((await db.read((tx) => getMentoring(tx, spoc, awa, now))).calls).toHaveLength(1)
      expect((await db.transaction((tx) => saveOffer(tx, spoc, marc, { ...readyWeek('Europe/Paris'), place: 'in-person' }))).ok).toBe(false)
    })

    it('that suits nobody hears wishes: the mentor sees them, other learners do not', async () => {
      const db = await aStore()
      const { spoc, marc, join } = await aCourse(db)
      const [awa, louis] = [await join('Awa', 'learner'), await join('Louis', 'learner')]
      const wished = await db.transaction((tx) =>
        addWish(
          tx,
          { spoc, mentor: marc, person: awa, text: 'Le soir ?', times: [{ from: tuesday9 + 10 * hour, to: tuesday9 + 12 * hour }] },
          now,
        ),
      )
      if (!wished.ok) throw new Error(wished.code)
      const seen = async (person: string) => (await db.read((tx) => getMentoring(tx, spoc, person, now))).wishes
      expect(await seen(marc)).toMatchObject([{ person: { id: awa }, text: 'Le soir ?', answered: null }])
      expect(await seen(louis)).toEqual([])
      expect(await db.transaction((tx) => answerWish(tx, spoc, louis, wished.value.id, now))).toMatchObject({ code: 'mentoring/not-found' })
      expect(await db.transaction((tx) => answerWish(tx, spoc, marc, wished.value.id, now))).toMatchObject({ ok: true })
      expect(await seen(awa)).toMatchObject([{ answered: now }])
    })
  })
})
