import { afterEach, expect, it } from 'vitest'
import type { RouteContracts } from '#shared/http/contract.ts'
import { inboxRoutes, type Inbox, type Inquiry } from '#shared/inbox/wire.ts'
import { noticesRoutes, type Notice } from '#shared/notices/wire.ts'
import { cause, startFlows } from '#server/flows.ts'
import type { Handlers } from '#server/http/door.ts'
import { inboxHandlers } from '#server/inbox/routes.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { openLog } from '#server/logger.ts'
import { mails } from '#server/mail/tables.ts'
import { noticesHandlers } from '#server/notices/routes.ts'
import { createSession } from '#server/session/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

onEachEngine((aStore) => {
  async function aCourse() {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: { ...inboxRoutes, ...noticesRoutes },
      handlers: {
        ...inboxHandlers({
          asked: (tx, { spoc, inquiry, author }) =>
            cause(tx, 'inquiry-asked', inquiry.id, { spoc, inquiry: inquiry.id, text: inquiry.text, author }),
          answered: (tx, { spoc, inquiry, author, at }) =>
            cause(tx, 'inquiry-answered', `${inquiry.id}:${at}`, {
              spoc,
              inquiry: inquiry.id,
              text: inquiry.text,
              answer: inquiry.answer ?? '',
              author,
            }),
        }),
        ...noticesHandlers,
      } as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const [marc, awa, louis] = [await aMember('Marc', 'mentor'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
    loops.push(await startFlows({ db, clock: door.clock, log: openLog('silent') }))
    const list = async (who: Browser) => {
      const said = await who.get<Inbox>(`/api/spocs/${spoc}/inquiries`)
      return said.ok ? said.value.inquiries : []
    }
    const ask = async (who: Browser, text = 'Comment finir à l’heure ?') => {
      const said = await who.post<Inquiry>(`/api/spocs/${spoc}/inquiries`, { text, place: { kind: 'course' } })
      if (!said.ok) throw new Error(said.code)
      return said.value.id
    }
    const kinds = async (who: Browser) => {
      const said = await who.get<Notice[]>('/api/notices')
      return said.ok ? said.value.map(({ facts }) => facts.kind) : []
    }
    return { db, door, spoc, owner, marc, awa, louis, list, ask, kinds, at: (id: string) => `/api/spocs/${spoc}/inquiries/${id}` }
  }

  it('[I2, I4, I5] what Awa asks waits for the team, who answers it; Louis sees it once it is published, without her name', async () => {
    const { db, owner, marc, awa, louis, list, ask, kinds, at } = await aCourse()
    const id = await ask(awa)
    await soon(() => kinds(marc)).toEqual(['question-asked'])
    expect(await kinds(louis)).toEqual([])
    expect(await list(louis)).toEqual([])
    expect(await list(awa)).toMatchObject([{ id, mine: true, author: null, owner: null, state: 'waiting' }])
    expect(await list(owner)).toMatchObject([{ id, mine: false, author: awa.person }])

    expect(await louis.post(`${at(id)}/answer`, { answer: 'Moi je sais', published: true })).toMatchObject({ code: 'http/not-allowed' })
    expect((await marc.ask('PUT', `${at(id)}/owner`, { owner: marc.person })).ok).toBe(true)
    expect(await marc.ask('PUT', `${at(id)}/owner`, { owner: louis.person })).toMatchObject({ code: 'inbox/not-team' })
    expect((await marc.post(`${at(id)}/answer`, { answer: 'Gardez dix minutes.', published: false })).ok).toBe(true)
    await soon(() => kinds(awa)).toEqual(['question-answered'])
    expect(await list(awa)).toMatchObject([{ answer: 'Gardez dix minutes.', state: 'answered' }])
    expect(await list(louis)).toEqual([])
    const [mail] = await db.read((tx) => tx.select().from(mails))
    expect(mail).toMatchObject({ recipient: 'awa@example.org' })
    expect(mail?.text).toContain('> Comment finir à l’heure ?')

    await owner.post(`${at(id)}/answer`, { answer: 'Gardez dix minutes, chrono en vue.', published: true })
    const [seen] = await list(louis)
    expect(seen).toMatchObject({
      text: 'Comment finir à l’heure ?',
      answer: 'Gardez dix minutes, chrono en vue.',
      author: null,
      mine: false,
    })
    expect(JSON.stringify(seen)).not.toContain(awa.person)
    await soon(() => kinds(awa)).toEqual(['question-answered', 'question-answered'])
  })

  it('[I6] is withdrawn by its author alone and while it waits; taken back, it waits again', async () => {
    const { owner, awa, louis, list, ask, at } = await aCourse()
    const id = await ask(awa)
    expect(await louis.delete(at(id))).toMatchObject({ code: 'http/not-found' })
    expect(await owner.delete(at(id))).toMatchObject({ code: 'http/not-found' })
    expect((await awa.delete(at(id))).ok).toBe(true)
    expect(await list(owner)).toEqual([])
    expect(await owner.post(`${at(id)}/answer`, { answer: 'Trop tard', published: false })).toMatchObject({ code: 'http/not-found' })
    expect((await awa.post(`${at(id)}/restore`)).ok).toBe(true)
    await owner.post(`${at(id)}/answer`, { answer: 'Voici.', published: false })
    expect(await awa.delete(at(id))).toMatchObject({ code: 'inbox/answered' })
  })

  it('[I3] counts what waits and what is late for the team, by what the SPOC promises', async () => {
    const { door, spoc, owner, awa, ask } = await aCourse()
    await ask(awa, 'Une')
    await ask(awa, 'Deux')
    const counts = (who: Browser) => who.get('/api/inquiries/waiting')
    expect(await counts(owner)).toMatchObject({ value: [{ spoc, waiting: 2, late: 0 }] })
    expect(await counts(awa)).toMatchObject({ value: [] })
    door.clock.ahead += 5 * 3_600_000
    await owner.ask('PUT', `/api/spocs/${spoc}/answer-promise`, { hours: 4 })
    expect(await counts(owner)).toMatchObject({ value: [{ waiting: 2, late: 2 }] })
  })

  it('[I7] stands where it was asked, for who may see it: the answer is found there', async () => {
    const { db, door, spoc, marc, awa, louis, ask, at } = await aCourse()
    const session = await db.transaction((tx) =>
      createSession(
        tx,
        { spoc, title: 'La séance', intention: '', starts: door.clock.now(), ends: door.clock.now() + 3_600_000 },
        door.clock.now(),
      ),
    )
    if (!session.ok) throw new Error(session.code)
    const { id } = session.value
    const asked = async (who: Browser, text: string, place: object) => {
      const said = await who.post<Inquiry>(`/api/spocs/${spoc}/inquiries`, { text, place })
      if (!said.ok) throw new Error(said.code)
      return said.value.id
    }
    await ask(awa, 'Du cours entier')
    const inRoom = await asked(awa, 'Dans la salle', { kind: 'session', session: id })
    const inFilm = await asked(louis, 'À la minute deux', { kind: 'replay', session: id, second: 120 })
    const here = async (who: Browser, query: string) => {
      const said = await who.get<Inbox>(`/api/spocs/${spoc}/inquiries?${query}`)
      return said.ok ? said.value.inquiries.map(({ text, answer }) => [text, answer]) : said.code
    }
    expect(await here(marc, `session=${id}`)).toEqual([
      ['À la minute deux', null],
      ['Dans la salle', null],
    ])
    expect(await here(awa, `session=${id}`)).toEqual([['Dans la salle', null]])
    await marc.post(`${at(inRoom)}/answer`, { answer: 'Oui.', published: false })
    await marc.post(`${at(inFilm)}/answer`, { answer: 'Pour tous.', published: true })
    expect(await here(awa, `session=${id}`)).toEqual([
      ['À la minute deux', 'Pour tous.'],
      ['Dans la salle', 'Oui.'],
    ])
    expect(await here(louis, `session=${id}`)).toEqual([['À la minute deux', 'Pour tous.']])
    expect(await here(awa, `activity=${id}`)).toEqual([])
    expect(await here(awa, 'session=<')).toBe('http/bad-request')
  })

  it('[I1] is asked from a place of its own SPOC only', async () => {
    const { db, door, spoc, awa, louis } = await aCourse()
    const other = await db.transaction(async (tx) => {
      const written = {
        title: 'Ailleurs',
        purpose: '',
        objectives: [],
        audience: 'inter',
        outcome: 'certify',
        capacity: 5,
        starts: null,
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
      } as const
      const made = await createSpoc(tx, louis.person, { ...written, objectives: [] }, door.clock.now())
      if (!made.ok) throw new Error(made.code)
      return createSession(
        tx,
        { spoc: made.value.id, title: 'Ailleurs', intention: '', starts: door.clock.now(), ends: door.clock.now() + 3_600_000 },
        door.clock.now(),
      )
    })
    if (!other.ok) throw new Error(other.code)
    const place = { kind: 'session', session: other.value.id }
    expect(await awa.post(`/api/spocs/${spoc}/inquiries`, { text: 'Hop', place })).toMatchObject({ code: 'inbox/no-such-place' })
  })
})
