import { eq } from 'drizzle-orm'
import { newId } from '#server/db/ids.ts'
import { describe, expect, it } from 'vitest'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import {
  activitiesOfSession,
  addActivity,
  addPersonal,
  binActivity,
  changeActivity,
  duplicateActivity,
  listActivities,
  listRoad,
  markDone,
  orderActivities,
} from '#server/path/activities.store.ts'
import { followSession } from '#server/path/dues.ts'
import { addModule, binModule } from '#server/path/store.ts'
import { progress } from '#server/path/tables.ts'
import { createSession } from '#server/session/store.ts'
import { sessions } from '#server/session/tables.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { newActivity, type Detail } from '#shared/path/wire.ts'
import { newSpoc } from '#shared/spoc/wire.ts'
import type { Result } from '#shared/result.ts'
import { onEachEngine } from '#tests/support/store.ts'

const now = Date.UTC(2026, 10, 24)
const aim = { id: newId(), text: 'À la fin, "cadrer", {concevoir}' }

const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(said.code)
  return said.value
}

async function aCourse(db: Db) {
  const person = async (name: string) => {
    const made = await db.transaction((tx) =>
      createPerson(tx, { name, email: `${name}@example.org`, language: 'fr', zone: 'Europe/Paris', verified: true, now }),
    )
    if (made === undefined) throw new Error(`${name} exists`)
    return made
  }
  const claire = await person('claire')
  const awa = await person('awa')
  const louis = await person('louis')
  const spoc = must(
    await db.transaction((tx) =>
      createSpoc(tx, claire, newSpoc.parse({ title: 'Un', language: 'fr', zone: 'Europe/Paris', objectives: [aim] }), now),
    ),
  ).id
  const module = async (title: string) => must(await db.transaction((tx) => addModule(tx, spoc, { title, purpose: '' }, now))).id
  const one = (title: string, given: object = {}, detail: Detail = { kind: 'page', text: title }) =>
    newActivity.parse({ title, detail, state: 'published', ...given })
  const add = (title: string, given: object = {}, detail?: Detail) =>
    db.transaction((tx) => addActivity(tx, spoc, claire, one(title, given, detail), now))
  const added = async (title: string, given: object = {}, detail?: Detail) => must(await add(title, given, detail)).id
  const titles = async (person?: string) =>
    (await db.read<{ title: string }[]>((tx) => (person === undefined ? listActivities(tx, spoc) : listRoad(tx, spoc, person)))).map(
      ({ title }) => title,
    )
  return { claire, awa, louis, spoc, module, add, added, titles }
}

onEachEngine((aStore) => {
  describe('activities', () => {
    it('keep what is written, lists and shapes included', async () => {
      const db = await aStore()
      const { spoc, added } = await aCourse(db)
      const a = await added('A')
      await added(
        'B',
        {
          minutes: 20,
          required: false,
          objectives: [aim.id],
          axes: { phases: ['learn', 'assess'], sizes: ['small'], situations: ['in-person'], pedagogies: ['active'], intentions: ['share'] },
          releases: now,
          due: now + 5,
          prerequisites: [a],
        },
        { kind: 'meeting', place: 'Nantes', starts: now, ends: now + 1, capacity: 8, about: '' },
      )
      expect((await db.read((tx) => listActivities(tx, spoc)))[1]).toMatchObject({
        kind: 'meeting',
        person: null,
        minutes: 20,
        required: false,
        objectives: [aim.id],
        axes: { phases: ['learn', 'assess'] },
        releases: now,
        due: now + 5,
        prerequisites: [a],
        detail: { place: 'Nantes', capacity: 8 },
      })
    })

    it('[T5] stand in the order of their modules, then in their own; those of no module last, one’s own first', async () => {
      const db = await aStore()
      const { spoc, awa, claire, module, added, titles } = await aCourse(db)
      const [first, second] = [await module('1'), await module('2')]
      await added('loose')
      const c = await added('C', { module: second })
      const a = await added('A', { module: first })
      const b = await added('B', { module: first })
      expect(await titles()).toEqual(['A', 'B', 'C', 'loose'])
      await db.transaction((tx) => orderActivities(tx, spoc, first, [c, b]))
      expect(await titles()).toEqual(['C', 'B', 'A', 'loose'])
      await db.transaction((tx) => orderActivities(tx, spoc, null, [a]))
      expect(await titles()).toEqual(['C', 'B', 'A', 'loose'])
      expect(await db.transaction((tx) => orderActivities(tx, spoc, 'x'.repeat(22), [a]))).toMatchObject({ code: 'path/no-such-module' })
      await db.transaction((tx) => addPersonal(tx, { spoc, person: awa, title: 'À moi', by: claire, now }))
      expect(await titles(awa)).toEqual(['À moi', 'C', 'B', 'A', 'loose'])
      const copy = must(await db.transaction((tx) => duplicateActivity(tx, spoc, b, claire, 'B (copie)', now)))
      expect(copy).toMatchObject({ state: 'draft', module: first })
      expect(await titles()).toEqual(['C', 'B', 'B (copie)', 'A', 'loose'])
    })

    it('[T6] that are drafts, in the bin or somebody else’s own never reach a learner', async () => {
      const db = await aStore()
      const { spoc, awa, louis, claire, module, added, titles } = await aCourse(db)
      const first = await module('1')
      const a = await added('A', { module: first })
      await added('draft', { state: 'draft' })
      const gone = await added('gone')
      await db.transaction((tx) => binActivity(tx, spoc, gone, now))
      await db.transaction((tx) => addPersonal(tx, { spoc, person: louis, title: 'À Louis', by: claire, now }))
      expect(await titles(awa)).toEqual(['A'])
      expect(await titles()).toEqual(['A', 'draft'])
      await db.transaction((tx) => binModule(tx, spoc, first, now))
      expect(await titles(awa)).toEqual([])
      expect((await db.read((tx) => listActivities(tx, spoc))).find(({ id }) => id === a)?.module).toBeNull()
      await db.transaction((tx) => binModule(tx, spoc, first, null))
      await db.transaction((tx) => binActivity(tx, spoc, gone, null))
      expect(await titles(awa)).toEqual(['A', 'gone'])
      expect((await db.read((tx) => listRoad(tx, spoc))).map(({ title, person }) => [title, person])).toEqual([
        ['A', null],
        ['gone', null],
        ['À Louis', louis],
      ])
    })

    it('refuse what does not fit, and keep what was there', async () => {
      const db = await aStore()
      const { spoc, claire, awa, add, added, titles } = await aCourse(db)
      const a = await added('A')
      const b = await added('B', { prerequisites: [a] })
      expect(await add('C', { prerequisites: ['x'.repeat(22)] })).toMatchObject({ code: 'path/no-such-activity' })
      expect(await add('C', { module: 'x'.repeat(22) })).toMatchObject({ code: 'path/no-such-module' })
      expect(await add('C', {}, { kind: 'session', session: 'x'.repeat(22), about: '' })).toMatchObject({ code: 'path/no-such-session' })
      expect(await add('C', {}, { kind: 'meeting', place: 'Ici', starts: now, ends: now, capacity: null, about: '' })).toMatchObject({
        code: 'path/ends-before-starts',
      })
      const change = (id: string, set: object) => db.transaction((tx) => changeActivity(tx, spoc, id, set))
      expect(await change(a, { prerequisites: [b] })).toMatchObject({ code: 'path/waits-for-itself' })
      expect(await change(a, { detail: { kind: 'link', url: 'https://a.example', about: '' } })).toMatchObject({ code: 'path/other-kind' })
      const own = await db.transaction((tx) => addPersonal(tx, { spoc, person: awa, title: 'À moi', by: claire, now }))
      expect(await change(own.id, { title: 'Non' })).toMatchObject({ code: 'http/not-found' })
      expect(await change(a, { title: 'A bis' })).toMatchObject({ ok: true, value: { title: 'A bis' } })
      expect(await titles()).toEqual(['A bis', 'B'])
    })

    it('[T20] are never due before they open, by a date or by a session; what a session moved there may still be changed', async () => {
      const db = await aStore()
      const { spoc, add, added } = await aCourse(db)
      const wrong = { ok: false, code: 'path/due-before-release' }
      const day = 86_400_000
      const starts = now + 10 * day
      const session = must(
        await db.transaction((tx) => createSession(tx, { spoc, title: 'Séance', intention: '', starts, ends: starts + 3_600_000 }, now)),
      )
      const by = (days: number) => ({ dueBy: { session: session.id, days } })
      const change = (id: string, set: object) => db.transaction((tx) => changeActivity(tx, spoc, id, set))
      expect(await add('A', { releases: now + day, due: now })).toMatchObject(wrong)
      expect(await add('A', { releases: starts, ...by(-1) })).toMatchObject(wrong)
      const a = await added('A', { releases: now, due: now + day })
      expect(await change(a, { releases: now + 2 * day })).toMatchObject(wrong)
      expect(await change(a, { due: now - day })).toMatchObject(wrong)
      expect(await change(a, { releases: now + 2 * day, due: now + 3 * day })).toMatchObject({ ok: true })
      const b = await added('B', { releases: starts - day, ...by(0) })
      await db.transaction(async (tx) => {
        await tx
          .update(sessions)
          .set({ starts: now + day })
          .where(eq(sessions.id, session.id))
        await followSession(tx, session.id)
      })
      expect(await change(b, { title: 'B bis', releases: starts - day, due: now + day, ...by(0) })).toMatchObject({
        ok: true,
        value: { title: 'B bis', due: now + day },
      })
      expect(await change(b, by(1))).toMatchObject(wrong)
      expect(await change(b, { due: null })).toMatchObject({ ok: true })
    })

    it('of one cause are made once, by several at once too', async () => {
      const db = await aStore()
      const { spoc, awa, titles } = await aCourse(db)
      const asked = { spoc, person: awa, title: 'Rattraper', by: null, cause: 'absence 1', now }
      const made = await Promise.all([1, 2, 3].map(() => db.transaction((tx) => addPersonal(tx, asked))))
      expect(new Set(made.map(({ id }) => id)).size).toBe(1)
      expect(await titles(awa)).toEqual(['Rattraper'])
    })
  })

  describe('what happened', () => {
    it('is a line each time it changes, and none when it is said again', async () => {
      const db = await aStore()
      const { awa, claire, added } = await aCourse(db)
      const activity = await added('A', {}, { kind: 'task', about: '', session: null, links: [] })
      const mark = (state: 'ticked' | 'unticked' | 'handed-in') =>
        db.transaction((tx) => markDone(tx, { activity, person: awa, state, by: claire, now }))
      expect(await Promise.all([mark('ticked'), mark('ticked')])).toSatisfy((noted: boolean[]) => noted.filter(Boolean).length === 1)
      expect(await mark('unticked')).toBe(true)
      expect(await mark('ticked')).toBe(true)
      expect([await mark('handed-in'), await mark('handed-in')]).toEqual([true, true])
      const lines = await db.read((tx) => tx.select({ state: progress.state, by: progress.by }).from(progress).orderBy(progress.line))
      expect(lines.map(({ state }) => state)).toEqual(['ticked', 'unticked', 'ticked', 'handed-in', 'handed-in'])
      expect(lines[0]?.by).toBe(claire)
      expect(await db.transaction((tx) => markDone(tx, { activity: 'x'.repeat(22), person: awa, state: 'ticked', by: null, now }))).toBe(
        false,
      )
    })

    it('of a session is found by the activities that hang on it', async () => {
      const db = await aStore()
      const { spoc, awa, louis, added } = await aCourse(db)
      const session = must(
        await db.transaction((tx) => createSession(tx, { spoc, title: 'Une', intention: '', starts: now, ends: now + 3_600_000 }, now)),
      ).id
      await added('La séance', {}, { kind: 'session', session, about: '' })
      await db.transaction((tx) => addPersonal(tx, { spoc, person: louis, title: 'Rattraper', by: null, session, now }))
      const of = async (person: string) =>
        (await db.read((tx) => activitiesOfSession(tx, session, person))).map(({ title }) => title).toSorted()
      expect(await of(awa)).toEqual(['La séance'])
      expect(await of(louis)).toEqual(['La séance', 'Rattraper'])
    })
  })
})
