import { describe, expect, it } from 'vitest'
import type { Activity, PathModule } from '#shared/path/wire.ts'
import type { Session } from '#shared/session/wire.ts'
import { pathRoutes } from '#shared/path/wire.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import type { Handlers } from '#server/http/door.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

onEachEngine((aStore) => {
  /** A course with its owner, a trainer and a learner. */
  async function aCourse() {
    const door = await aDoor({
      db: await aStore(),
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
    const awa = await aMember('Awa', 'learner')
    const at = `/api/spocs/${spoc}/modules`
    const titles = async (who: Browser) => {
      const said = await who.get<PathModule[]>(at)
      return said.ok ? said.value.map(({ title }) => title) : said.code
    }
    async function add(title: string) {
      const said = await claire.post<PathModule>(at, { title })
      if (!said.ok) throw new Error(said.code)
      return said.value.id
    }
    return { door, spoc, owner, claire, awa, at, titles, add }
  }

  describe('the modules of a path', () => {
    it('[T1] are written by the trainer and read by the learner, words as they were written', async () => {
      const { claire, awa, at } = await aCourse()
      const made = await claire.post<PathModule>(at, { title: '  Cadrer  ', purpose: 'Pour qui, pour quoi.' })
      expect(made).toMatchObject({ ok: true, value: { title: 'Cadrer', purpose: 'Pour qui, pour quoi.' } })
      expect(await awa.get(at)).toMatchObject({ ok: true, value: [made.ok && made.value] })
      expect(await awa.post(at, { title: 'À moi' })).toMatchObject({ ok: false, code: 'http/not-allowed' })
      expect(await claire.post(at, { title: ' ' })).toMatchObject({ ok: false, code: 'http/bad-request' })
    })

    it('[T2] stand in the order the trainer gives them; one who names a few leaves the others behind', async () => {
      const { claire, awa, at, titles, add } = await aCourse()
      const [, b, c] = [await add('A'), await add('B'), await add('C')]
      expect(await titles(awa)).toEqual(['A', 'B', 'C'])
      expect(await claire.post(`${at}/order`, { order: [c, 'x'.repeat(22), b, c] })).toMatchObject({ ok: true })
      expect(await titles(awa)).toEqual(['C', 'B', 'A'])
      await add('D')
      expect(await titles(awa)).toEqual(['C', 'B', 'A', 'D'])
    })

    it('[T2] added by two people at once stand one after the other', async () => {
      const { awa, titles, add } = await aCourse()
      await Promise.all(['A', 'B', 'C', 'D', 'E', 'F'].map(add))
      expect(((await titles(awa)) as string[]).toSorted()).toEqual(['A', 'B', 'C', 'D', 'E', 'F'])
      const order = await titles(awa)
      expect(await titles(awa)).toEqual(order)
    })

    it('[T3] that are removed come back where they stood; what is in the bin is not changed', async () => {
      const { claire, awa, at, titles, add } = await aCourse()
      const [, b] = [await add('A'), await add('B'), await add('C')]
      expect(await claire.delete(`${at}/${b}`)).toMatchObject({ ok: true })
      expect(await titles(awa)).toEqual(['A', 'C'])
      expect(await claire.patch(`${at}/${b}`, { title: 'B bis' })).toMatchObject({ ok: false, code: 'http/not-found' })
      expect(await claire.delete(`${at}/${b}`)).toMatchObject({ ok: false, code: 'http/not-found' })
      expect(await claire.post(`${at}/${b}/restore`)).toMatchObject({ ok: true })
      expect(await titles(awa)).toEqual(['A', 'B', 'C'])
      expect(await claire.patch(`${at}/${b}`, { title: 'B bis' })).toMatchObject({ ok: true, value: { title: 'B bis', purpose: '' } })
    })

    it('[T23] are duplicated right after themselves, as drafts that wait for each other', async () => {
      const { spoc, claire, awa, at, titles, add } = await aCourse()
      const [a] = [await add('A'), await add('B')]
      const acts = `/api/spocs/${spoc}/activities`
      const detail = { kind: 'page', text: 'Lisez.' }
      const made = async (title: string, given: object) => {
        const said = await claire.post<Activity>(acts, { title, detail, state: 'published', ...given })
        if (!said.ok) throw new Error(said.code)
        return said.value.id
      }
      const before = await made('Avant', {})
      const first = await made('Un', { module: a, minutes: 20 })
      await made('Deux', { module: a, prerequisites: [first, before] })
      const copy = await claire.post<PathModule>(`${at}/${a}/duplicate`, { title: 'A bis' })
      expect(copy).toMatchObject({ ok: true, value: { title: 'A bis' } })
      expect(await titles(awa)).toEqual(['A', 'A bis', 'B'])
      const all = await claire.get<Activity[]>(acts)
      const within = (all.ok ? all.value : []).filter(({ module }) => copy.ok && module === copy.value.id)
      expect(within).toMatchObject([
        { title: 'Un', minutes: 20, state: 'draft' },
        { title: 'Deux', state: 'draft', prerequisites: [within[0]?.id, before] },
      ])
      expect(within[0]?.id).not.toBe(first)
      expect(all.ok && all.value.filter(({ module }) => module === a)).toHaveLength(2)
      expect(await awa.post(`${at}/${a}/duplicate`, { title: 'Non' })).toMatchObject({ code: 'http/not-allowed' })
      expect(await claire.post(`${at}/${'x'.repeat(22)}/duplicate`, { title: 'Non' })).toMatchObject({ code: 'http/not-found' })
    })

    it('of another course are out of reach, by their identity too', async () => {
      const { door, claire, add, titles, awa } = await aCourse()
      const a = await add('A')
      const eve = await door.signedIn('Eve', { administrator: true })
      const other = await eve.post<{ id: string }>('/api/spocs', {
        title: 'Une autre',
        purpose: '',
        objectives: [],
        audience: 'intra',
        capacity: 5,
        starts: null,
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'self-assess',
      })
      if (!other.ok) throw new Error(`${other.code} ${other.detail}`)
      const at = `/api/spocs/${other.value.id}/modules`
      expect(await eve.patch(`${at}/${a}`, { title: 'Volé' })).toMatchObject({ ok: false, code: 'http/not-found' })
      expect(await eve.delete(`${at}/${a}`)).toMatchObject({ ok: false, code: 'http/not-found' })
      expect(await claire.get(at)).toMatchObject({ ok: false, code: 'http/not-found' })
      expect(await titles(awa)).toEqual(['A'])
    })

    it('[T4] hold the sessions of their course, and give them back from the bin', async () => {
      const { door, spoc, claire, awa, at, add } = await aCourse()
      const a = await add('A')
      const b = await add('B')
      const starts = door.clock.now() + 86_400_000
      const session = { title: 'Séance', starts, ends: starts + 3_600_000 }
      const made = await claire.post<Session>(`/api/spocs/${spoc}/sessions`, { ...session, module: a })
      if (!made.ok) throw new Error(made.code)
      expect(made.value.module).toBe(a)
      const where = async () => {
        const said = await awa.get<Session[]>(`/api/spocs/${spoc}/sessions`)
        return said.ok && said.value[0]?.module
      }
      const move = (body: object) => claire.patch(`/api/sessions/${made.value.id}`, body)

      expect(await move({ title: 'Séance 1' })).toMatchObject({ ok: true, value: { module: a } })
      expect(await move({ module: b })).toMatchObject({ ok: true, value: { module: b } })
      await claire.delete(`${at}/${b}`)
      expect(await where()).toBe(b)
      for (const wrong of [b, 'x'.repeat(22)]) {
        expect(await move({ module: wrong })).toMatchObject({ ok: false, code: 'path/no-such-module' })
        expect(await claire.post(`/api/spocs/${spoc}/sessions`, { ...session, module: wrong })).toMatchObject({
          ok: false,
          code: 'path/no-such-module',
        })
      }
      expect(await move({ module: null })).toMatchObject({ ok: true, value: { module: null } })
      expect(await where()).toBeNull()
    })
  })
})
