import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import type { RouteContracts } from '#shared/http/contract.ts'
import type { FileRecord } from '#shared/files/wire.ts'
import { filesRoutes } from '#shared/files/wire.ts'
import { pathRoutes, type Activity, type Detail, type Evidence, type HandIn, type Opened, type WithPeople } from '#shared/path/wire.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import { filesHandlers } from '#server/files/routes.ts'
import { copyFiles, forgetFile, listForgettable, noteUnused } from '#server/files/store.ts'
import { files as kept } from '#server/files/tables.ts'
import type { Handlers } from '#server/http/door.ts'
import { copyOffers, findOffer, saveOffer } from '#server/mentoring/offer.store.ts'
import { showsFile } from '#server/path/road.store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { readyWeek } from '#shared/mentoring/rules.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const day = 86_400_000
const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
  return said.value
}
const aPdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(3000)])
const aPicture = await sharp({ create: { width: 80, height: 50, channels: 3, background: '#3355aa' } })
  .png()
  .toBuffer()

onEachEngine((aStore) => {
  async function aCourse() {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: { ...pathRoutes, ...filesRoutes },
      handlers: {
        ...filesHandlers({ shown: showsFile }),
        ...pathHandlers({
          makeSpoc: createSpoc,
          copyFiles,
          duplicated: async () => undefined,
          copied: (tx, from, to) => copyOffers(tx, from, to),
          handedIn: async () => undefined,
          fedBack: async () => undefined,
          meetingChanged: async () => undefined,
        }),
      } as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const claire = await aMember('Claire', 'trainer')
    const awa = await aMember('Awa', 'learner')
    const louis = await aMember('Louis', 'learner')
    // A sign-in costs its time: these come where they are needed.
    const aMentor = () => aMember('Marc', 'mentor')
    const anObserver = () => aMember('Oscar', 'observer')
    const aStranger = () => door.signedIn('Eve', { administrator: true })
    const everyone = async () => ({
      ...{ owner, claire, awa, louis, visitor: door.aBrowser() },
      ...{ marc: await aMentor(), observer: await anObserver(), stranger: await aStranger() },
    })
    const base = `/api/spocs/${spoc}`
    const address = (file: string, of = spoc) => `/api/spocs/${of}/files/${file}`
    const send = async (who: Browser, bytes: Buffer, name: string, audience: string) => {
      const reply = await who.fetch(`${address(newId())}?name=${encodeURIComponent(name)}&audience=${audience}`, {
        method: 'PUT',
        raw: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      })
      return must((await reply.json()) as Result<FileRecord>)
    }
    const picture = () => send(claire, aPicture, 'schéma.png', 'path')
    const note = (who: Browser) => send(who, aPdf, 'devoir.pdf', 'work')
    const add = async (title: string, detail: Detail, given: object = {}) =>
      must(await claire.post<Activity>(`${base}/activities`, { title, detail, state: 'published', ...given })).id
    const page = (text: string, given: object = {}, title = 'La page') => add(title, { kind: 'page', text }, given)
    const at = (activity: string) => `${base}/activities/${activity}`
    const open = async (who: Browser, activity: string) => must(await who.get<Opened>(at(activity)))
    const status = async (who: Browser, file: string) => (await who.fetch(address(file))).status
    const work = () => add('Le devoir', { kind: 'assignment', about: 'Écrivez.' })
    const handIn = (who: Browser, activity: string, body: { text: string; files: string[] }) =>
      who.post<HandIn>(`${at(activity)}/hand-ins`, body)
    const draft = (who: Browser, activity: string, body: { text: string; files: string[] }) => who.ask('PUT', `${at(activity)}/draft`, body)
    const people = { owner, claire, awa, louis, aMentor, anObserver, aStranger, everyone }
    return { db, door, spoc, base, address, send, picture, note, add, page, at, open, status, work, handIn, draft, ...people }
  }

  describe('[T18] what the words of an activity name', () => {
    it('is read by who may open it, and comes with its words', async () => {
      const { everyone, awa, picture, page, open, status } = await aCourse()
      const everybody = await everyone()
      const { id } = await picture()
      const activity = await page(`Regardez.\n\n![Un schéma](file:${id})`)
      expect((await open(awa, activity)).files).toMatchObject([{ id, name: 'schéma.webp', type: 'image/webp', width: 80, height: 50 }])
      const said: Record<string, number> = {}
      for (const [name, who] of Object.entries(everybody)) said[name] = await status(who, id)
      expect(said).toEqual({ owner: 200, claire: 200, marc: 200, awa: 200, louis: 200, observer: 200, stranger: 404, visitor: 401 })
    })

    it('gives not a byte before it is published, released and open, nor after it is taken away', async () => {
      const { door, claire, awa, louis, anObserver, picture, page, at, status } = await aCourse()
      const observer = await anObserver()
      const first = await page('D’abord', {}, 'La première')
      const { id } = await picture()
      const reads = async () => [await status(claire, id), await status(awa, id), await status(louis, id), await status(observer, id)]
      // Named nowhere yet.
      expect(await reads()).toEqual([200, 404, 404, 404])
      const activity = await page(`![x](file:${id})`, { state: 'draft' })
      expect(await reads()).toEqual([200, 404, 404, 404])
      const change = (body: object) => claire.patch(at(activity), body).then(must)
      await change({ state: 'published', releases: door.clock.now() + day })
      expect(await reads()).toEqual([200, 404, 404, 200])
      await change({ releases: null, prerequisites: [first] })
      expect(await reads()).toEqual([200, 404, 404, 200])
      must(await awa.post(`${at(first)}/mark`, { state: 'read' }))
      expect(await reads()).toEqual([200, 200, 404, 200])
      await change({ prerequisites: [] })
      expect(await reads()).toEqual([200, 200, 200, 200])
      await change({ detail: { kind: 'page', text: 'Sans image' } })
      expect(await reads()).toEqual([200, 404, 404, 404])
      await change({ detail: { kind: 'page', text: `![x](file:${id})` } })
      must(await claire.delete(at(activity)))
      expect(await reads()).toEqual([200, 404, 404, 404])
      must(await claire.post(`${at(activity)}/restore`))
      expect(await reads()).toEqual([200, 200, 200, 200])
    })

    it('in a module of the bin is as closed as the module', async () => {
      const { claire, awa, base, picture, page, status } = await aCourse()
      const module = must(await claire.post<{ id: string }>(`${base}/modules`, { title: 'Un' })).id
      const { id } = await picture()
      await page(`![x](file:${id})`, { module })
      expect(await status(awa, id)).toBe(200)
      must(await claire.delete(`${base}/modules/${module}`))
      expect(await status(awa, id)).toBe(404)
    })

    it('is of this SPOC and meant to be shown: nothing of the team, of a learner, of another course, of the bin', async () => {
      const { aStranger, claire, awa, base, address, send, picture, note, page, at } = await aCourse()
      const stranger = await aStranger()
      const mine = await picture()
      const document = await send(claire, aPdf, 'programme.pdf', 'spoc')
      const binned = await picture()
      must(await claire.delete(address(binned.id)))
      const other = must(await stranger.post<{ id: string }>('/api/spocs', { title: 'À moi', language: 'fr', zone: 'Europe/Paris' })).id
      const elsewhere = await stranger.fetch(`${address(newId(), other)}?name=x.pdf&audience=path`, {
        method: 'PUT',
        raw: aPdf,
        headers: { 'content-type': 'application/octet-stream' },
      })
      const foreign = must((await elsewhere.json()) as Result<FileRecord>)
      const wrong = [await send(claire, aPdf, 'x.pdf', 'team'), await note(awa), await send(awa, aPdf, 'x.pdf', 'spoc'), binned, foreign]
      const body = (id: string) => ({ title: 'X', detail: { kind: 'page', text: `[x](file:${id})` } })
      for (const { id } of [...wrong, { id: newId() }])
        expect(await claire.post(`${base}/activities`, body(id))).toMatchObject({ code: 'path/no-such-file' })
      const activity = await page(`![x](file:${mine.id}) [y](file:${document.id})`)
      expect(await claire.patch(at(activity), { detail: body(foreign.id).detail })).toMatchObject({ code: 'path/no-such-file' })
      // Nobody but the team gives files to the path.
      expect((await send(awa, aPdf, 'x.pdf', 'path')).audience).toBe('team')
    })

    it('may be in the instructions of an assignment, and in a duplicate that is published', async () => {
      const { claire, awa, louis, picture, add, at, open, status } = await aCourse()
      const { id } = await picture()
      const activity = await add('Le devoir', { kind: 'assignment', about: `[La fiche](file:${id})` }, { state: 'draft' })
      expect(await status(louis, id)).toBe(404)
      const copy = must(await claire.post<Activity>(`${at(activity)}/duplicate`, { title: 'Bis' })).id
      must(await claire.patch(at(copy), { state: 'published' }))
      expect((await open(awa, copy)).files).toMatchObject([{ id }])
      expect(await status(louis, id)).toBe(200)
    })
  })

  describe('[F3] a file that an activity shows', () => {
    it('is removed by who was told where, comes back, and lets its page be changed meanwhile', async () => {
      const { claire, awa, address, picture, page, at, open, status } = await aCourse()
      const { id } = await picture()
      const activity = await page(`![x](file:${id})`)
      await page(`![x](file:${id})`, { state: 'draft' }, 'Une autre')
      expect(await claire.delete(address(id))).toMatchObject({ code: 'files/named', detail: 'La page\nUne autre' })
      expect(await status(awa, id)).toBe(200)
      must(await claire.delete(`${address(id)}?named=remove`))
      expect(await status(awa, id)).toBe(404)
      expect((await open(awa, activity)).files).toEqual([])
      must(await claire.patch(at(activity), { detail: { kind: 'page', text: `Plus de mots. ![x](file:${id})` } }))
      must(await claire.post(`${address(id)}/restore`))
      expect((await open(awa, activity)).files).toMatchObject([{ id }])
    })
  })

  describe('[T19] the files of a work', () => {
    it('stay with the draft, in order, and go with it', async () => {
      const { awa, louis, note, work, open, draft, handIn } = await aCourse()
      const [activity, a, b] = [await work(), await note(awa), await note(awa)]
      must(await draft(awa, activity, { text: 'Je commence', files: [b.id, a.id, b.id] }))
      expect((await open(awa, activity)).draft).toMatchObject({ text: 'Je commence', files: [{ id: b.id }, { id: a.id }] })
      must(await draft(awa, activity, { text: 'Je commence', files: [a.id] }))
      expect((await open(awa, activity)).draft.files.map(({ id }) => id)).toEqual([a.id])
      expect((await open(louis, activity)).draft).toEqual({ text: '', files: [] })
      must(await handIn(awa, activity, { text: '', files: [a.id, b.id] }))
      const after = await open(awa, activity)
      expect(after.draft).toEqual({ text: '', files: [] })
      expect(after.handIns[0]?.files.map(({ id, name, size }) => [id, name, size])).toEqual([
        [a.id, 'devoir.pdf', aPdf.length],
        [b.id, 'devoir.pdf', aPdf.length],
      ])
      // Handed in again, with one of before.
      must(await handIn(awa, activity, { text: 'Mieux', files: [a.id] }))
      expect((await open(awa, activity)).handIns.map(({ files }) => files.length)).toEqual([1, 2])
    })

    it('are read by their author alone, then by the team too, once handed in; by nobody else', async () => {
      const { everyone, owner, claire, awa, spoc, base, address, note, work, at, draft, handIn, status } = await aCourse()
      const everybody = await everyone()
      const [activity, file] = [await work(), await note(awa)]
      const reads = async () => {
        const said: Record<string, number> = {}
        for (const [name, who] of Object.entries(everybody)) said[name] = await status(who, file.id)
        return said
      }
      const nobody = { louis: 404, observer: 404, stranger: 404, visitor: 401 }
      must(await draft(awa, activity, { text: '', files: [file.id] }))
      expect(await reads()).toEqual({ ...nobody, owner: 404, claire: 404, marc: 404, awa: 200 })
      must(await handIn(awa, activity, { text: '', files: [file.id] }))
      expect(await reads()).toEqual({ ...nobody, owner: 200, claire: 200, marc: 200, awa: 200 })

      const seen = must(await claire.get<WithPeople>(`${at(activity)}/people`)).people.find(({ person }) => person === awa.person)
      expect(seen?.handIns[0]?.files).toMatchObject([{ id: file.id, name: 'devoir.pdf', type: 'application/pdf' }])
      const evidence = must(await claire.get<Evidence>(`${at(activity)}/people/${awa.person}`))
      expect(evidence.handIns[0]?.files).toMatchObject([{ id: file.id }])
      const bytes = await claire.fetch(address(file.id))
      expect(bytes.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(Buffer.from(await bytes.arrayBuffer()).equals(aPdf)).toBe(true)
      // No list names it, nor does another address give it.
      for (const who of [owner, claire, awa]) expect(await who.get(`${base}/files`)).toMatchObject({ value: [] })
      const other = await everybody.stranger.post<{ id: string }>('/api/spocs', { title: 'À moi', language: 'fr', zone: 'Europe/Paris' })
      expect((await everybody.stranger.fetch(address(file.id, must(other).id))).status).toBe(404)
      expect(await status(claire, `${file.id.slice(0, -1)}${file.id.endsWith('A') ? 'B' : 'A'}`)).toBe(404)
      // Evidence stays; who left reads nothing, in ranges neither.
      expect(await awa.delete(address(file.id))).toMatchObject({ code: 'files/handed-in' })
      expect(await claire.delete(`${address(file.id)}?named=remove`)).toMatchObject({ code: 'files/handed-in' })
      must(await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`))
      expect((await awa.fetch(address(file.id), { headers: { range: 'bytes=0-9' } })).status).toBe(404)
      expect(await status(claire, file.id)).toBe(200)
    })

    it('are one’s own, for works, and not too many; a work of nothing is refused', async () => {
      const { claire, awa, louis, send, picture, note, work, page, draft, handIn, open } = await aCourse()
      const activity = await work()
      const shown = await picture()
      await page(`![x](file:${shown.id})`)
      const wrong = [await note(louis), await send(awa, aPdf, 'x.pdf', 'team'), await send(claire, aPdf, 'x.pdf', 'spoc'), shown]
      for (const { id } of [...wrong, { id: newId() }]) {
        expect(await draft(awa, activity, { text: 'x', files: [id] })).toMatchObject({ code: 'path/no-such-file' })
        expect(await handIn(awa, activity, { text: 'x', files: [id] })).toMatchObject({ code: 'path/no-such-file' })
      }
      const many = Array.from({ length: 11 }, () => newId())
      expect(await draft(awa, activity, { text: 'x', files: many })).toMatchObject({ code: 'http/bad-request' })
      expect(await handIn(awa, activity, { text: ' \n', files: [] })).toMatchObject({ code: 'path/empty-work' })
      expect(await open(awa, activity)).toMatchObject({ draft: { text: '', files: [] }, handIns: [], step: { state: 'todo' } })
    })
  })

  describe('[F6] what nothing names', () => {
    it('is forgotten after thirty days, its bytes too; what a page, a draft or a work names never is', async () => {
      const { db, door, claire, awa, send, picture, note, page, work, at, draft, handIn } = await aCourse()
      const [inPage, inBinned, lost, removed] = [await picture(), await picture(), await picture(), await picture()]
      const [inDraft, inWork, dropped] = [await note(awa), await note(awa), await note(awa)]
      const document = await send(claire, aPdf, 'programme.pdf', 'spoc')
      await page(`![x](file:${inPage.id})`)
      must(await claire.delete(at(await page(`![x](file:${inBinned.id})`))))
      const changed = await page(`![x](file:${removed.id})`)
      const activity = await work()
      must(await handIn(awa, activity, { text: '', files: [inWork.id] }))
      must(await draft(awa, activity, { text: '', files: [inDraft.id, dropped.id] }))
      must(await draft(awa, activity, { text: '', files: [inDraft.id] }))

      const now = door.clock.now()
      const clean = async (at: number) => {
        await db.transaction((tx) => noteUnused(tx, at))
        const gone = await db.transaction((tx) => listForgettable(tx, at - 30 * day))
        const keys: (string | undefined)[] = []
        for (const { id } of gone) keys.push(await db.transaction((tx) => forgetFile(tx, id)))
        return { gone: gone.map(({ id }) => id).toSorted(), keys: keys.filter(Boolean).length }
      }
      expect(await clean(now + 60_000)).toEqual({ gone: [], keys: 0 })
      expect(await clean(now + 2 * day)).toEqual({ gone: [], keys: 0 })
      // Named no more since the tenth day; named again in time.
      must(await claire.patch(at(changed), { detail: { kind: 'page', text: 'Sans' } }))
      await clean(now + 10 * day)
      must(await claire.patch(at(changed), { detail: { kind: 'page', text: `![x](file:${removed.id})` } }))
      expect(await clean(now + 33 * day)).toEqual({ gone: [lost.id, dropped.id].toSorted(), keys: 2 })
      expect(await clean(now + 400 * day)).toEqual({ gone: [], keys: 0 })
      const left = await db.read((tx) => tx.select({ id: kept.id }).from(kept))
      expect(left.map(({ id }) => id).toSorted()).toEqual(
        [inPage, inBinned, removed, inDraft, inWork, document].map(({ id }) => id).toSorted(),
      )
      // Nor can it be, by whatever hand.
      for (const { id } of [inPage, inDraft, inWork]) {
        expect(await db.transaction((tx) => forgetFile(tx, id))).toBeUndefined()
        await expect(db.transaction((tx) => tx.delete(kept).where(eq(kept.id, id)))).rejects.toThrow()
      }
    })
  })

  describe('[F7] a course copied for another group', () => {
    it('has the files of its pages and the documents for everybody as its own, and the weeks of its team', async () => {
      const { db, door, spoc, owner, claire, aMentor, awa, base, address, send, picture, note, page, work, handIn, status } =
        await aCourse()
      const marc = await aMentor()
      const [shown, gone] = [await picture(), await picture()]
      const document = await send(claire, aPdf, 'programme.pdf', 'spoc')
      await send(claire, aPdf, 'budget.pdf', 'team')
      await page(`Un ![schéma](file:${shown.id}), un ![parti](file:${gone.id}), le [programme](file:${document.id})`)
      must(await claire.delete(`${address(gone.id)}?named=remove`))
      const activity = await work()
      must(await handIn(awa, activity, { text: 'x', files: [(await note(awa)).id] }))
      for (const who of [owner, marc])
        await db.transaction((tx) => saveOffer(tx, spoc, who.person, { ...readyWeek('Europe/Paris'), open: true }))

      const copy = must(await owner.post<{ id: string }>(`${base}/copies`, { title: 'Le groupe de mars' })).id
      const listed = must(await owner.get<FileRecord[]>(`/api/spocs/${copy}/files`))
      expect(listed.map(({ name, audience, person }) => [name, audience, person]).toSorted()).toEqual([
        ['programme.pdf', 'spoc', owner.person],
        ['schéma.webp', 'path', owner.person],
      ])
      const own = listed.find(({ audience }) => audience === 'path')?.id ?? ''
      const programme = listed.find(({ audience }) => audience === 'spoc')?.id ?? ''
      const [first] = must(await owner.get<Activity[]>(`/api/spocs/${copy}/activities`))
      expect(first?.detail).toMatchObject({ text: `Un ![schéma](file:${own}), un parti, le [programme](file:${programme})` })
      expect(new Set([shown.id, document.id, own, programme]).size).toBe(4)
      // Its own people read it; those of the first group do not.
      expect((await owner.fetch(address(own, copy))).status).toBe(200)
      expect((await awa.fetch(address(own, copy))).status).toBe(404)
      expect((await owner.fetch(address(own))).status).toBe(404)

      // The bytes are there as long as one of the two is.
      must(await claire.delete(`${address(shown.id)}?named=remove`))
      must(
        await claire.patch(`${base}/activities/${must(await claire.get<Activity[]>(`${base}/activities`))[0]?.id}`, {
          detail: { kind: 'page', text: '' },
        }),
      )
      expect(await db.transaction((tx) => forgetFile(tx, shown.id))).toBeUndefined()
      expect(await status(owner, shown.id)).toBe(404)
      const bytes = await owner.fetch(address(own, copy))
      expect((await sharp(Buffer.from(await bytes.arrayBuffer())).metadata()).width).toBe(80)

      expect(await db.read((tx) => findOffer(tx, copy, owner.person))).toMatchObject({ open: true, exceptions: [] })
      expect(await db.read((tx) => findOffer(tx, copy, marc.person))).toBeUndefined()
      expect(door.lines.join('')).not.toContain('a request failed')
    })
  })
})
