import { eq } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { Call, FreeTime } from '#shared/mentoring/wire.ts'
import type { Activity } from '#shared/path/wire.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { activities } from '#server/path/tables.ts'
import { onEachEngine } from '#tests/support/store.ts'
import { aCourse, day, eventIn, hour, method, minute, morning, must, otherEventIn, soon } from './course.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))

onEachEngine((aStore) => {
  /** Marc offers calls of half an hour, for as many as said. */
  async function withMarc(capacity = 1) {
    const course = await aCourse(await aStore(), loops)
    const marc = await course.aMember('Marc', 'mentor')
    must(await marc.put(`/api/spocs/${course.spoc}/offer`, { ...readyWeek('Europe/Paris'), capacity, cutoff: 0 }))
    const at = `/api/spocs/${course.spoc}/mentors/${marc.person}/times?from=${morning}&to=${morning + 28 * day}`
    const { times } = must(await course.awa.get<{ times: FreeTime[] }>(at))
    // Two that lie days apart, so that a quarter of an hour never matters.
    const far = times.filter(({ starts }) => starts > morning + 6 * day)
    const books = async (who: typeof marc, starts: number) =>
      must(await who.post<Call>(`/api/spocs/${course.spoc}/calls`, { mentor: marc.person, starts, about: 'Mon déroulé' }))
    const mailsTo = async (name: string) => (await course.sent()).filter(({ recipient }) => recipient === `${name}@example.org`)
    return { ...course, marc, far, books, mailsTo }
  }

  describe('a call on calendars', () => {
    it('[K2, K6] is invited to at once, moved under the same identity with both times, cancelled; nobody else hears of it', async () => {
      const { awa, marc, owner, far, books, mailsTo, sent, later, noticed } = await withMarc()
      const [first, second, third] = [far[0]?.starts ?? 0, far[3]?.starts ?? 0, far[6]?.starts ?? 0]
      const call = await books(awa, first)
      await soon(async () => (await sent()).length).toBe(2)
      // Moved twice within ten minutes: one mail, with the last word.
      await later(minute)
      must(await awa.post(`/api/rooms/${call.room}/call/move`, { starts: second }))
      await later(5 * minute)
      must(await marc.post(`/api/rooms/${call.room}/call/move`, { starts: third }))
      await later(9 * minute)
      expect(await sent()).toHaveLength(2)
      await later(2 * minute)
      await soon(async () => (await sent()).length).toBe(4)
      must(await marc.post(`/api/rooms/${call.room}/call/cancel`, { reason: 'Je suis malade' }))
      await later(11 * minute)
      await soon(async () => (await sent()).length).toBe(6)

      for (const [name, other] of [
        ['awa', 'Marc'],
        ['marc', 'Awa'],
      ] as const) {
        const mine = await mailsTo(name)
        expect(mine.map(({ ics }) => method(ics))).toEqual(['REQUEST', 'REQUEST', 'CANCEL'])
        expect(mine.map(({ subject }) => subject)).toEqual([
          `Entretien réservé : ${other}`,
          `Entretien déplacé : ${other}`,
          `Entretien annulé : ${other}`,
        ])
        const read = mine.map(({ ics }) => eventIn(ics))
        const otherwise = mine.map(({ ics }) => otherEventIn(ics))
        expect(new Set(read.map(({ uid }) => uid))).toEqual(new Set([`${call.id}@cercle`]))
        expect(read.map(({ startDate }) => startDate.toJSDate().getTime())).toEqual([first, third, third])
        expect(otherwise.map(({ start }) => start.getTime())).toEqual([first, third, third])
        const sequences = read.map(({ sequence }) => sequence)
        expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
        expect(otherwise.map(({ sequence }) => Number(sequence))).toEqual(sequences)
        expect(otherwise.at(-1)?.status).toBe('CANCELLED')
        expect(mine[1]?.text).toMatch(/Avant : .*\nMaintenant : /)
        expect(mine[1]?.text).toContain(`https://cercle.example/rooms/${call.room}/call`)
        expect(mine[2]?.text).toContain('Raison donnée : Je suis malade')
      }
      expect((await noticed(awa)).map(({ kind }) => kind)).toEqual(['call-cancelled', 'call-moved', 'call-booked'])
      expect((await noticed(marc)).map(({ kind }) => kind)).toEqual(['call-cancelled', 'call-moved', 'call-booked'])
      expect(await noticed(owner)).toEqual([])
    })

    it('[K4] is reminded of the day before and an hour before, with the way in, and not once it is given up', async () => {
      const { awa, far, books, mailsTo, later, settled } = await withMarc()
      const starts = far[0]?.starts ?? 0
      const call = await books(awa, starts)
      await later(starts - day - morning + minute)
      await soon(async () => (await mailsTo('awa')).length).toBe(2)
      await later(day - hour)
      await soon(async () => (await mailsTo('awa')).length).toBe(3)
      const [, before, last] = await mailsTo('awa')
      expect([before?.subject, last?.subject]).toEqual(['Demain : Entretien avec Marc', 'Dans une heure : Entretien avec Marc'])
      expect(last?.text).toContain(`/rooms/${call.room}/call`)
      expect((await mailsTo('marc')).map(({ subject }) => subject).at(-1)).toBe('Dans une heure : Entretien avec Awa')

      const next = await books(awa, far.find((time) => time.starts > starts + 2 * day)?.starts ?? 0)
      await soon(async () => (await mailsTo('awa')).length).toBe(4)
      must(await awa.post(`/api/rooms/${next.room}/call/cancel`, { reason: 'Non' }))
      await later(11 * minute)
      await soon(async () => (await mailsTo('awa')).at(-1)?.subject).toBe('Entretien annulé : Marc')
      await later(9 * day)
      await settled()
      expect((await mailsTo('awa')).filter(({ subject }) => subject.startsWith('Demain'))).toHaveLength(1)
    })

    it('[K6] that is shared: who leaves is told for themselves alone, comes back with a higher sequence, and the mentor knows who is in it', async () => {
      const { awa, aMember, marc, far, books, mailsTo, later, noticed } = await withMarc(2)
      const louis = await aMember('Louis', 'learner')
      const starts = far[0]?.starts ?? 0
      const call = await books(awa, starts)
      await soon(async () => (await mailsTo('awa')).length).toBe(1)
      await books(louis, starts)
      await soon(async () => (await mailsTo('louis')).length).toBe(1)
      await soon(async () => (await mailsTo('marc')).map(({ subject }) => subject)).toEqual([
        'Entretien réservé : Awa',
        'Entretien modifié : Awa et Louis',
      ])
      must(await louis.post(`/api/rooms/${call.room}/call/cancel`, { reason: 'Je ne peux pas' }))
      await later(11 * minute)
      await soon(async () => (await mailsTo('louis')).map(({ ics }) => method(ics))).toEqual(['REQUEST', 'CANCEL'])
      await soon(async () => (await mailsTo('marc')).at(-1)?.subject).toBe('Entretien modifié : Awa')
      await books(louis, starts)
      await soon(async () => (await mailsTo('louis')).length).toBe(3)
      const mine = (await mailsTo('louis')).map(({ ics }) => eventIn(ics))
      expect(mine.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
      // Of each other the two learners never read a word.
      expect(await mailsTo('awa')).toHaveLength(1)
      expect(JSON.stringify([await mailsTo('awa'), await noticed(awa)])).not.toContain('Louis')
      expect(JSON.stringify([await mailsTo('louis'), await noticed(louis)])).not.toContain('Awa')
      expect((await noticed(marc)).length).toBe(4)
    })

    it('is told once though the server stops in between', async () => {
      const { awa, far, books, sent, start, later } = await withMarc()
      await Promise.all(loops.splice(0).map((loop) => loop.stop()))
      await books(awa, far[0]?.starts ?? 0)
      await start()
      await soon(async () => (await sent()).length).toBe(2)
      await Promise.all(loops.splice(0).map((loop) => loop.stop()))
      await start()
      await later(hour)
      expect(await sent()).toHaveLength(2)
    })
  })

  describe('a meeting on calendars', () => {
    const detail = { kind: 'meeting', place: '12, rue des Lilas', starts: morning + 5 * day, ends: morning + 5 * day + hour, about: '' }

    it('[K7] says nothing as a draft, is invited to once published, changes with its place, and ends in the bin', async () => {
      const { owner, awa, spoc, sent, later, noticed } = await withMarc()
      const base = `/api/spocs/${spoc}/activities`
      const body = { title: 'Se voir à Dijon', detail: { ...detail, capacity: null } }
      const { id } = must(await owner.post<Activity>(base, body))
      must(await owner.patch(`${base}/${id}`, { minutes: 60 }))
      await later(11 * minute)
      expect(await sent()).toEqual([])
      must(await owner.patch(`${base}/${id}`, { state: 'published' }))
      await later(11 * minute)
      // Awa, Marc and Nadia; the observer is not concerned.
      await soon(async () => (await sent()).map(({ recipient }) => recipient).sort()).toEqual([
        'awa@example.org',
        'marc@example.org',
        'nadia@example.org',
      ])
      must(await owner.patch(`${base}/${id}`, { detail: { ...body.detail, place: '3, place Wilson' } }))
      await later(11 * minute)
      await soon(async () => (await sent()).length).toBe(6)
      must(await owner.patch(`${base}/${id}`, { minutes: 90 }))
      await later(11 * minute)
      must(await owner.delete(`${base}/${id}`))
      await later(11 * minute)
      await soon(async () => (await sent()).length).toBe(9)
      must(await owner.post(`${base}/${id}/restore`))
      await later(11 * minute)
      await soon(async () => (await sent()).length).toBe(12)

      const mine = (await sent()).filter(({ recipient }) => recipient === 'awa@example.org')
      expect(mine.map(({ ics }) => method(ics))).toEqual(['REQUEST', 'REQUEST', 'CANCEL', 'REQUEST'])
      expect(mine.map(({ ics }) => eventIn(ics)).map(({ uid, sequence, location }) => [uid, sequence, location])).toEqual([
        [`${id}@cercle`, 0, '12, rue des Lilas'],
        [`${id}@cercle`, 1, '3, place Wilson'],
        [`${id}@cercle`, 2, '3, place Wilson'],
        [`${id}@cercle`, 3, '3, place Wilson'],
      ])
      expect(mine.map(({ ics }) => otherEventIn(ics)).map(({ sequence, location }) => [Number(sequence), location])).toEqual([
        [0, '12, rue des Lilas'],
        [1, '3, place Wilson'],
        [2, '3, place Wilson'],
        [3, '3, place Wilson'],
      ])
      expect(mine[1]?.text).toContain('Où : 3, place Wilson')
      expect((await noticed(awa)).map(({ kind }) => kind)).toEqual([
        'meeting-scheduled',
        'meeting-cancelled',
        'meeting-moved',
        'meeting-scheduled',
      ])
    })

    it('[K7] of counted places reminds who signed up, and the team', async () => {
      const { owner, awa, aMember, spoc, sent, later } = await withMarc()
      const louis = await aMember('Louis', 'learner')
      const base = `/api/spocs/${spoc}/activities`
      const { id } = must(await owner.post<Activity>(base, { title: 'Se voir', state: 'published', detail: { ...detail, capacity: 2 } }))
      must(await louis.post(`${base}/${id}/mark`, { state: 'coming' }))
      must(await awa.post(`${base}/${id}/mark`, { state: 'coming' }))
      must(await awa.post(`${base}/${id}/mark`, { state: 'not-coming' }))
      await later(11 * minute)
      await later(4 * day)
      await soon(async () =>
        (await sent())
          .filter(({ subject }) => subject.startsWith('Demain'))
          .map(({ recipient }) => recipient)
          .sort(),
      ).toEqual(['louis@example.org', 'marc@example.org', 'nadia@example.org'])
    })
  })

  describe('a due date that hangs on a session', () => {
    it('[T16] follows it when it moves, is lifted while it is cancelled, and is left alone once a date is given', async () => {
      const { db, owner, spoc, plan, settled } = await withMarc()
      const session = await plan(morning + 3 * day)
      const add = async (title: string, days: number) =>
        must(
          await owner.post<Activity>(`/api/spocs/${spoc}/activities`, {
            title,
            detail: { kind: 'page', text: '' },
            dueBy: { session, days },
          }),
        )
      const [before, after, loose] = [await add('Préparer', -1), await add('Rendre', 7), await add('Libre', 7)]
      expect([before.due, after.due]).toEqual([morning + 2 * day, morning + 10 * day])
      must(await owner.patch(`/api/spocs/${spoc}/activities/${loose.id}`, { due: morning + 20 * day }))
      const dues = async () => {
        await settled()
        const found = await db.read((tx) => tx.select().from(activities).where(eq(activities.spoc, spoc)).orderBy(activities.position))
        return found.map(({ due }) => due)
      }
      must(await owner.patch(`/api/sessions/${session}`, { starts: morning + 4 * day, ends: morning + 4 * day + hour }))
      expect(await dues()).toEqual([morning + 3 * day, morning + 11 * day, morning + 20 * day])
      must(await owner.post(`/api/sessions/${session}/cancel`))
      expect(await dues()).toEqual([null, null, morning + 20 * day])
      must(await owner.post(`/api/sessions/${session}/reinstate`))
      expect(await dues()).toEqual([morning + 3 * day, morning + 11 * day, morning + 20 * day])
      const elsewhere = await owner.post(`/api/spocs/${spoc}/activities`, {
        title: 'Ailleurs',
        detail: { kind: 'page', text: '' },
        dueBy: { session: 'a-session-of-nobody-at-all', days: 1 },
      })
      expect(elsewhere).toMatchObject({ code: 'path/no-such-session' })
    })
  })
})
