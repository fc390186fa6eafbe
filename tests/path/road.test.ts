import { describe, expect, it } from 'vitest'
import type { Activity, Detail, Everybody, Evidence, HandIn, Opened, Report, Road, WithPeople } from '#shared/path/wire.ts'
import { pathRoutes } from '#shared/path/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import type { Session } from '#shared/session/wire.ts'
import type { Result } from '#shared/result.ts'
import { correctHalf, readAttendance } from '#server/attendance/store.ts'
import { newId } from '#server/db/ids.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { addPersonal, markDone } from '#server/path/activities.store.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import type { Handlers } from '#server/http/door.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const aims = ['Cadrer', 'Animer'].map((text) => ({ id: newId(), text }))

const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
  return said.value
}
const page: Detail = { kind: 'page', text: 'Un secret de page' }
const work: Detail = { kind: 'assignment', about: 'Écrivez.' }

onEachEngine((aStore) => {
  async function aCourse() {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: pathRoutes,
      handlers: pathHandlers({
        makeSpoc: createSpoc,
        copyFiles,
        duplicated: async () => undefined,
        copied: async () => undefined,
        handedIn: async () => undefined,
        fedBack: async () => undefined,
        meetingChanged: async () => undefined,
      }) as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const claire = await aMember('Claire', 'trainer')
    const marc = await aMember('Marc', 'mentor')
    const awa = await aMember('Awa', 'learner')
    const louis = await aMember('Louis', 'learner')
    const base = `/api/spocs/${spoc}`
    must(await owner.patch(base, { objectives: aims }))
    const add = async (title: string, detail: Detail, given: object = {}) =>
      must(await claire.post<Activity>(`${base}/activities`, { title, detail, state: 'published', ...given })).id
    const road = async (who: Browser) => must(await who.get<Road>(`${base}/road`))
    const states = async (who: Browser) => (await road(who)).steps.map(({ title, state }) => `${title} ${state}`)
    const at = (activity: string) => `${base}/activities/${activity}`
    const mark = (who: Browser, activity: string, state: string) => who.post(`${at(activity)}/mark`, { state })
    return { db, door, spoc, owner, aMember, claire, marc, awa, louis, base, add, road, states, at, mark }
  }

  describe('the road of a learner', () => {
    it('[T6] [T7] holds no draft, nothing of another learner, and nothing of the inside of what is locked', async () => {
      const { db, spoc, door, awa, louis, claire, add, at, base, mark, states } = await aCourse()
      const a = await add('A', page)
      const later = await add('Plus tard', page, { releases: door.clock.now() + 86_400_000 })
      const after = await add('Après', page, { prerequisites: [a] })
      const draft = await add('Brouillon', page, { state: 'draft' })
      const own = await db.transaction((tx) =>
        addPersonal(tx, { spoc, person: louis.person, title: 'À Louis', about: 'un mot privé', by: claire.person, now: door.clock.now() }),
      )
      expect(await states(awa)).toEqual(['A todo', 'Plus tard locked', 'Après locked'])
      const said = await (await awa.fetch(`${base}/road`)).text()
      for (const secret of ['Brouillon', 'À Louis', 'privé', 'secret', draft, own.id]) expect(said).not.toContain(secret)
      expect((await awa.get<Road>(`${base}/road`)) as object).toMatchObject({
        value: { steps: [{}, { waits: { before: [] } }, { waits: { before: ['A'], releases: null } }] },
      })
      for (const [id, code] of [
        [later, 'path/locked'],
        [after, 'path/locked'],
        [draft, 'http/not-found'],
        [own.id, 'http/not-found'],
      ] as const) {
        expect(await awa.get(at(id)), code).toMatchObject({ code })
        expect(await mark(awa, id, 'opened'), code).toMatchObject({ code })
      }
      expect(must(await louis.get<Opened>(at(own.id))).activity.title).toBe('À Louis')
      expect(must(await claire.get<Opened>(at(draft))).activity.detail).toEqual(page)
      must(await mark(awa, a, 'read'))
      expect(await states(awa)).toEqual(['A done', 'Plus tard locked', 'Après todo'])
      expect(await states(louis)).toEqual(['À Louis todo', 'A todo', 'Plus tard locked', 'Après locked'])
    })

    it('[T9] [T15] is done by what happens; a mark that is not one’s own to make is refused', async () => {
      const { awa, claire, add, mark, road, states } = await aCourse()
      const a = await add('Page', page, { objectives: [aims[0]?.id] })
      const link = await add('Lien', { kind: 'link', url: 'https://exemple.org', about: '' })
      const task = await add('Action', { kind: 'task', about: '', session: null, links: [] }, { required: false })
      for (const [id, state] of [
        [a, 'ticked'],
        [link, 'read'],
        [task, 'read'],
      ] as const)
        expect(await mark(awa, id, state)).toMatchObject({ code: 'path/not-markable' })
      expect(await mark(awa, a, 'present')).toMatchObject({ code: 'http/bad-request' })
      expect(await mark(claire, a, 'read')).toMatchObject({ code: 'http/not-allowed' })
      must(await mark(awa, a, 'opened'))
      expect(await states(awa)).toEqual(['Page started', 'Lien todo', 'Action todo'])
      expect((await road(awa)).next).toBe(a)
      must(await mark(awa, a, 'read'))
      must(await mark(awa, link, 'opened'))
      must(await mark(awa, task, 'ticked'))
      expect(await states(awa)).toEqual(['Page done', 'Lien done', 'Action done'])
      must(await mark(awa, task, 'unticked'))
      expect(await road(awa)).toMatchObject({
        progress: { done: 2, of: 2 },
        next: task,
        perObjective: [
          { text: 'Cadrer', done: 1, of: 1 },
          { text: 'Animer', done: 0, of: 0 },
        ],
      })
      expect(await states(claire)).toEqual(['Page todo', 'Lien todo', 'Action todo'])
    })

    it('keeps the draft of a work, each hand-in as it was, and the feedback; others see none of it', async () => {
      const { spoc, awa, louis, claire, marc, add, at, base, states } = await aCourse()
      const id = await add('Devoir', work)
      const waiting = async (who: Browser) => must(await who.get<{ waiting: number }[]>('/api/works/waiting'))
      expect(await waiting(claire)).toEqual([])
      must(await awa.put(`${at(id)}/draft`, { text: 'Je commence' }))
      expect(must(await awa.get<Opened>(at(id)))).toMatchObject({ draft: { text: 'Je commence' }, handIns: [] })
      for (const who of [louis, claire]) expect(must(await who.get<Opened>(at(id))).draft.text).toBe('')
      expect(await awa.post(`${at(id)}/hand-ins`, { text: '' })).toMatchObject({ code: 'path/empty-work' })
      const first = must(await awa.post<HandIn>(`${at(id)}/hand-ins`, { text: 'Une version' }))
      expect(await states(awa)).toEqual(['Devoir done'])
      expect(must(await claire.get<Everybody>(`${base}/progress`)).waiting).toMatchObject([{ title: 'Devoir', name: 'Awa' }])
      expect(await waiting(marc)).toMatchObject([{ spoc, waiting: 1, since: first.at }])
      expect(await waiting(awa)).toEqual([])
      expect(await awa.put(`${base}/hand-ins/${first.id}/feedback`, { text: 'Bravo' })).toMatchObject({ code: 'http/not-allowed' })
      must(await marc.put(`${base}/hand-ins/${first.id}/feedback`, { text: 'Presque' }))
      expect(await waiting(claire)).toEqual([])
      must(await awa.post<HandIn>(`${at(id)}/hand-ins`, { text: 'Une autre' }))
      expect(must(await awa.get<Opened>(at(id)))).toMatchObject({
        draft: { text: '', files: [] },
        handIns: [
          { text: 'Une autre', feedback: null },
          { text: 'Une version', feedback: { text: 'Presque', by: 'Marc' } },
        ],
      })
      expect(must(await louis.get<Opened>(at(id))).handIns).toEqual([])
      expect(await louis.get(`${at(id)}/people`)).toMatchObject({ code: 'http/not-allowed' })
      const seen = must(await claire.get<WithPeople>(`${at(id)}/people`))
      expect(seen.people.map(({ name, state, handIns }) => [name, state, handIns.length])).toEqual([
        ['Awa', 'done', 2],
        ['Louis', 'todo', 0],
      ])
      expect(await claire.put(`${base}/hand-ins/${'x'.repeat(22)}/feedback`, { text: 'Non' })).toMatchObject({ code: 'http/not-found' })
    })

    it('takes a word on every objective, and shows after the course what was said before', async () => {
      const { awa, louis, add, at, states } = await aCourse()
      const before = await add('Avant', { kind: 'self-assessment', moment: 'before', about: '' })
      const after = await add('Après', { kind: 'self-assessment', moment: 'after', about: '' })
      const say = (id: string, ...levels: string[]) =>
        awa.put(`${at(id)}/ratings`, { ratings: levels.map((level, i) => ({ objective: aims[i]?.id, level })) })
      expect(await say(before, 'alone')).toMatchObject({ code: 'path/objective-left-out' })
      must(await say(before, 'not-yet', 'with-help'))
      expect(await states(awa)).toEqual(['Avant done', 'Après todo'])
      expect(must(await awa.get<Opened>(at(after))).ratings).toEqual([
        { objective: aims[0]?.id, text: 'Cadrer', level: null, before: 'not-yet' },
        { objective: aims[1]?.id, text: 'Animer', level: null, before: 'with-help' },
      ])
      must(await say(before, 'with-help', 'with-help'))
      expect(must(await awa.get<Opened>(at(before))).ratings[0]).toMatchObject({ level: 'with-help', before: null })
      expect(must(await louis.get<Opened>(at(after))).ratings[0]).toEqual({
        objective: aims[0]?.id,
        text: 'Cadrer',
        level: null,
        before: null,
      })
    })

    it('[T14] takes as many as the meeting holds, also at once, and counts who the team saw', async () => {
      const { door, awa, louis, claire, add, at, mark, states } = await aCourse()
      const starts = door.clock.now() + 1000
      const id = await add('Rencontre', { kind: 'meeting', place: 'Nantes', starts, ends: starts + 1000, capacity: 1, about: '' })
      const said = await Promise.all([mark(awa, id, 'coming'), mark(louis, id, 'coming')])
      expect(said.filter(({ ok }) => ok)).toHaveLength(1)
      expect(said.find(({ ok }) => !ok)).toMatchObject({ code: 'path/meeting-full' })
      const [there, other] = said[0].ok ? [awa, louis] : [louis, awa]
      must(await mark(there, id, 'not-coming'))
      must(await mark(other, id, 'coming'))
      expect(must(await other.get<Opened>(at(id))).meeting).toEqual({ taken: 1, coming: true })
      expect(await states(other)).toEqual(['Rencontre started'])
      const present = (person: string, is: boolean) => claire.put(`${at(id)}/people/${person}`, { present: is })
      expect(await awa.put(`${at(id)}/people/${awa.person}`, { present: true })).toMatchObject({ code: 'http/not-allowed' })
      must(await present(other.person, true))
      expect(await states(other)).toEqual(['Rencontre done'])
      must(await present(other.person, false))
      expect(await states(other)).toEqual(['Rencontre started'])
      const seen = must(await claire.get<WithPeople>(`${at(id)}/people`))
      expect(seen.people.find(({ person }) => person === other.person)?.present).toMatchObject({ is: false, by: 'Claire' })
      expect(await present(claire.person, true)).toMatchObject({ code: 'http/not-found' })
    })

    it('[H2, H5] a correction counts on the road, at a meeting as in a room; its half-day is the team’s word', async () => {
      const { db, door, spoc, awa, louis, claire, add, at, states } = await aCourse()
      const starts = Date.parse(`${new Date(door.clock.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T08:00:00Z`)
      const id = await add('Rencontre', { kind: 'meeting', place: 'Nantes', starts, ends: starts + 3_600_000, capacity: null, about: '' })
      door.clock.ahead = starts + 7_200_000 - Date.now()
      must(await claire.put(`${at(id)}/people/${awa.person}`, { present: true }))
      const table = () => db.read((tx) => readAttendance(tx, spoc, { person: claire.person, role: 'trainer' }, door.clock.now()))
      const before = await table()
      const [half] = before.halves
      expect(half).toMatchObject({ event: id, place: 'Nantes' })
      expect(before.people.map(({ name, cells }) => [name, cells[0]?.presence, cells[0]?.minutes])).toEqual([
        ['Awa', 'present', 60],
        ['Louis', 'absent', 0],
      ])
      const correct = (person: string, minutes: number) =>
        db.transaction((tx) =>
          correctHalf(
            tx,
            spoc,
            claire.person,
            { event: id, half: half?.half ?? '', person, minutes, reason: 'Vu sur place' },
            door.clock.now(),
          ),
        )
      must(await correct(awa.person, 29))
      must(await correct(louis.person, 30))
      expect([await states(awa), await states(louis)]).toEqual([['Rencontre started'], ['Rencontre done']])
    })

    it('[T17] an observer follows the people of their organisation and reads nobody’s work; a learner follows nobody', async () => {
      const { aMember, awa, louis, claire, add, at, base, mark } = await aCourse()
      const ines = await aMember('Ines', 'learner', '=Nord')
      const [odile, oscar] = [await aMember('Odile', 'observer', '=Nord'), await aMember('Oscar', 'observer')]
      const id = await add('Devoir', work, { objectives: [aims[1]?.id] })
      must(await ines.post<HandIn>(`${at(id)}/hand-ins`, { text: 'Mon travail secret' }))
      must(await mark(louis, id, 'opened'))
      const seen = must(await odile.get<Everybody>(`${base}/progress`))
      expect(seen.people.map(({ name, states }) => [name, ...states])).toEqual([['Ines', 'done']])
      expect(seen.objectives).toEqual(aims)
      expect(seen.activities.map(({ title, objectives }) => [title, ...objectives])).toEqual([['Devoir', aims[1]?.id]])
      expect(seen.waiting).toEqual([])
      expect(must(await oscar.get<Everybody>(`${base}/progress`)).people).toEqual([])
      const csv = await (await odile.fetch(`${base}/progress/csv`)).text()
      expect(csv).toContain(`Ines;'=Nord;`)
      const whole = `${JSON.stringify(seen)}${csv}${JSON.stringify(await odile.get(`${at(id)}/people/${ines.person}`))}`
      for (const hidden of [louis.person, awa.person, 'Louis', 'secret']) expect(whole).not.toContain(hidden)
      expect(must(await odile.get<Evidence>(`${at(id)}/people/${ines.person}`))).toMatchObject({ state: 'done', handIns: [] })
      expect(await odile.get(`${at(id)}/people/${louis.person}`)).toMatchObject({ code: 'http/not-found' })
      expect(must(await claire.get<Evidence>(`${at(id)}/people/${ines.person}`)).handIns).toMatchObject([{ text: 'Mon travail secret' }])
      expect(await awa.get(`${base}/progress`)).toMatchObject({ code: 'http/not-allowed' })
      expect(await awa.get(`${at(id)}/people/${awa.person}`)).toMatchObject({ code: 'http/not-allowed' })
    })

    it('[T21] an objective reworded keeps its activities and its assessments; the report is its learner’s and the team’s', async () => {
      const { owner, awa, louis, claire, add, at, base, mark } = await aCourse()
      const page = await add('Page', { kind: 'page', text: 'Lisez.' }, { objectives: [aims[0]?.id] })
      const before = await add('Avant', { kind: 'self-assessment', moment: 'before', about: '' })
      must(await awa.put(`${at(before)}/ratings`, { ratings: aims.map(({ id }) => ({ objective: id, level: 'not-yet' })) }))
      must(await mark(awa, page, 'read'))
      must(await owner.patch(base, { objectives: [{ ...aims[0], text: 'Cadrer autrement' }, aims[1]] }))
      const report = (who: Browser) => who.get<Report>(`${base}/people/${awa.person}/report`)
      expect(must(await report(awa)).objectives).toMatchObject([
        { text: 'Cadrer autrement', before: 'not-yet', after: null, done: 1, of: 1 },
        { text: 'Animer', before: 'not-yet', of: 0 },
      ])
      expect(must(await report(claire)).name).toBe('Awa')
      expect(await report(louis)).toMatchObject({ code: 'http/not-found' })
      const paper = await awa.fetch(`${base}/people/${awa.person}/report/pdf?language=fr`)
      expect(paper.headers.get('content-type')).toBe('application/pdf')
      expect(await claire.post(`${base}/activities`, { title: 'X', detail: work, objectives: ['x'.repeat(22)] })).toMatchObject({
        code: 'path/no-such-objective',
      })
      const twice = [aims[0], { ...aims[1], id: aims[0]?.id }]
      expect(await owner.patch(base, { objectives: twice })).toMatchObject({ code: 'http/bad-request' })
    })

    it('[T9] counts half a session from the lines of its room, and whoever caught it up', async () => {
      const { db, door, spoc, claire, awa, louis, add, states, base } = await aCourse()
      const starts = door.clock.now() - 7_200_000
      const session = must(await claire.post<Session>(`${base}/sessions`, { title: 'Séance', starts, ends: starts + 3_600_000 }))
      const id = await add('Séance', { kind: 'session', session: session.id, about: '' })
      await db.transaction((tx) =>
        addPersonal(tx, { spoc, person: louis.person, title: 'Rattraper', by: null, session: session.id, now: door.clock.now() }),
      )
      const boot = 'b'.repeat(22)
      let seq = 0
      const stay = async (person: string, from: number, to: number) => {
        const seat = `${person.slice(0, 20)}-${seq}`
        await db.transaction(async (tx) => {
          const line = (kind: string, at: number, who: string | null, payload: object) =>
            tx
              .insert(happenings)
              .values({ room: session.room, seq: ++seq, at, person: who, kind, v: 1, audience: null, payload, words: null })
          await line('attendance:entered', from, person, { seat, boot, role: 'learner' })
          await line('attendance:left', to, null, { seat, person, heard: to })
        })
      }
      await stay(awa.person, starts - 600_000, starts + 1_000_000)
      expect(await states(awa)).toEqual(['Séance todo'])
      await stay(awa.person, starts + 2_000_000, starts + 2_800_000)
      expect(await states(awa)).toEqual(['Séance done'])
      expect(await states(louis)).toEqual(['Rattraper todo', 'Séance todo'])
      await db.transaction((tx) =>
        markDone(tx, { activity: id, person: louis.person, state: 'caught-up', by: null, now: door.clock.now() }),
      )
      expect(await states(louis)).toEqual(['Rattraper done', 'Séance done'])
      const all = must(await claire.get<Everybody>(`${base}/progress`))
      expect(all.people).toMatchObject([
        { name: 'Awa', states: ['done'], progress: { done: 1, of: 1 } },
        { name: 'Louis', states: ['done'] },
      ])
    })

    it('[T9] counts each call of the road with a call that was held, and none with one given up or missed', async () => {
      const { db, door, spoc, marc, awa, louis, add, states } = await aCourse()
      await add('Un', { kind: 'call', about: '' })
      await add('Deux', { kind: 'call', about: '' })
      let hours = 0
      const call = (state: 'held' | 'missed', person: string, ended: number | null = null) =>
        db.transaction(async (tx) => {
          const starts = door.clock.now() - ++hours * 7_200_000
          const [id, room] = [newId(), newId()]
          await tx.insert(rooms).values({ id: room, spoc, kind: 'call', created: starts })
          const times = { starts, ends: starts + 1_800_000, free: starts + 1_800_000, created: starts }
          await tx.insert(calls).values({
            ...{ id, spoc, mentor: marc.person, room, ...times, state },
            ...{ cutoff: 1, capacity: 1, zone: 'Europe/Paris', place: 'video', address: '' },
          })
          await tx.insert(bookings).values({ call: id, person, author: person, at: starts, ended })
        })
      await call('missed', awa.person)
      await call('held', awa.person, door.clock.now())
      expect(await states(awa)).toEqual(['Un todo', 'Deux todo'])
      await call('held', awa.person)
      expect(await states(awa)).toEqual(['Un done', 'Deux todo'])
      await call('held', awa.person)
      expect(await states(awa)).toEqual(['Un done', 'Deux done'])
      expect(await states(louis)).toEqual(['Un todo', 'Deux todo'])
    })

    it('says where to go on, in each course one learns in and in no other', async () => {
      const { awa, claire, add, spoc } = await aCourse()
      const a = await add('Page', page)
      expect(must(await awa.get<object[]>('/api/next-steps'))).toMatchObject([{ spoc, step: { id: a }, progress: { done: 0, of: 1 } }])
      expect(must(await claire.get<object[]>('/api/next-steps'))).toEqual([])
    })
  })

  describe('a copy of a course', () => {
    it('has its structure, of which each part points within the copy, and nobody and nothing that happened', async () => {
      const { door, owner, awa, claire, base, add, at, mark } = await aCourse()
      const module = must(await claire.post<{ id: string }>(`${base}/modules`, { title: 'Un' })).id
      const starts = door.clock.now()
      const session = must(await claire.post<Session>(`${base}/sessions`, { title: 'Séance', starts, ends: starts + 1000 })).id
      const a = await add('A', page, { module, due: starts })
      await add('B', { kind: 'session', session, about: '' }, { module, prerequisites: [a] })
      must(await mark(awa, a, 'read'))
      expect(await claire.post(`${base}/copies`, { title: 'Encore' })).toMatchObject({ code: 'http/not-allowed' })
      const { id } = must(await owner.post<{ id: string }>(`${base}/copies`, { title: 'Encore' }))
      const copied = must(await owner.get<Activity[]>(`/api/spocs/${id}/activities`))
      expect(copied).toMatchObject([
        { title: 'A', due: null, state: 'published', prerequisites: [] },
        { title: 'B', state: 'draft', detail: { kind: 'session', session: null } },
      ])
      expect(copied[1]?.prerequisites).toEqual([copied[0]?.id])
      expect(copied[0]?.id).not.toBe(a)
      expect(copied[0]?.module).toBe(must(await owner.get<{ id: string }[]>(`/api/spocs/${id}/modules`))[0]?.id)
      expect(await awa.get(`/api/spocs/${id}`)).toMatchObject({ code: 'http/not-found' })
      expect(must(await owner.get<Everybody>(`/api/spocs/${id}/progress`)).people).toEqual([])
      // Its parts are out of reach from the other course.
      expect(await claire.patch(at(copied[0]?.id ?? ''), { title: 'Volé' })).toMatchObject({ code: 'http/not-found' })
    })
  })
})
