import { sql } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import { systemClock, type Clock } from '#server/clock.ts'
import { consequencesOf, flowsOn } from '#server/consequences/consequences.ts'
import { listGivenUpFlows, retryConsequence } from '#server/consequences/store.ts'
import { consequences } from '#server/consequences/tables.ts'
import type { Db, Tx } from '#server/db/db.ts'
import { cause, flows, startFlows } from '#server/flows.ts'
import { maxAttempts, type Loop } from '#server/jobs/loop.ts'
import { openLog } from '#server/logger.ts'
import { mails } from '#server/mail/tables.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** Generous, because the machine may be busy; the figures are asserted elsewhere. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

interface Causes {
  'bell-rang': { times: number }
  'nobody-listens': null
}
const when = flowsOn<Causes>()
const note = (tx: Tx, words: string) => tx.execute(sql`insert into noted values (${words})`)

const log = openLog('silent')
const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))

const prepared = async (db: Db) => {
  await db.transaction((tx) => tx.execute(sql`create table noted (words text)`))
  return db
}
const noted = async (db: Db) =>
  (await db.read((tx) => tx.execute<{ words: string }>(sql`select words from noted order by words`))).rows.map(({ words }) => words)
const all = (db: Db) => db.read((tx) => tx.select().from(consequences).orderBy(consequences.n))
const begin = async (starting: Promise<Loop>) => void loops.push(await starting)

onEachEngine((aStore) => {
  it('a cause has each flow’s consequence once, however often it is told, and not when its transaction fails', async () => {
    const db = await prepared(await aStore())
    const both = consequencesOf<Causes>([
      when('bell-rang', 'open', async () => undefined),
      when('bell-rang', 'bark', async () => undefined),
      when('nobody-listens', 'never', async () => undefined),
    ])
    for (let n = 0; n < 2; n++) await db.transaction((tx) => both.cause(tx, 'bell-rang', 'a', { times: 1 }))
    await db
      .transaction(async (tx) => {
        await both.cause(tx, 'bell-rang', 'b', { times: 1 })
        throw new Error('no')
      })
      .catch(() => undefined)
    expect((await all(db)).map(({ flow, cause }) => [flow, cause])).toEqual([
      ['open', 'bell-rang:a'],
      ['bark', 'bell-rang:a'],
    ])
  })

  it('two workers perform each exactly once', async () => {
    const db = await prepared(await aStore())
    const { cause, start } = consequencesOf<Causes>([
      when('bell-rang', 'note it', async (tx, { times }) => void (await note(tx, String(times)))),
    ])
    await Promise.all([1, 2].map(() => begin(start({ db, clock: systemClock, log }))))
    const keys = Array.from({ length: 20 }, (_, n) => n + 10)
    await Promise.all(keys.map((n) => db.transaction((tx) => cause(tx, 'bell-rang', String(n), { times: n }))))
    await soon(async () => (await all(db)).every(({ state }) => state === 'done')).toBe(true)
    expect(await noted(db)).toEqual(keys.map(String))
    // What was done keeps nothing of what it was about.
    expect((await all(db)).every(({ payload }) => payload === null)).toBe(true)
  })

  it('after an error it is performed once, with nothing left of the failed attempt, and the others go on', async () => {
    const db = await prepared(await aStore())
    let fails = 2
    const { cause, start } = consequencesOf<Causes>([
      when('bell-rang', 'stumble', async (tx) => {
        await note(tx, 'stumbled')
        if (fails-- > 0) throw new Error('again')
      }),
      when('bell-rang', 'walk', async (tx) => void (await note(tx, 'walked'))),
    ])
    await db.transaction((tx) => cause(tx, 'bell-rang', 'a', { times: 1 }))
    // A clock that runs a thousand times faster, so that "later" comes soon.
    const origin = Date.now()
    const fast: Clock = { now: () => origin + (Date.now() - origin) * 1000, after: (ms, call) => systemClock.after(ms / 1000, call) }
    await begin(start({ db, clock: fast, log }))
    await soon(async () => (await all(db)).map(({ state }) => state)).toEqual(['done', 'done'])
    expect(await noted(db)).toEqual(['stumbled', 'walked'])
    expect((await all(db))[0]).toMatchObject({ attempts: 2, error: null })
  })

  it('what was given up is listed, and performed once when whoever looks after the server has it tried again', async () => {
    const db = await prepared(await aStore())
    let mended = false
    const { cause, start } = consequencesOf<Causes>([
      when('bell-rang', 'stumble', async (tx) => {
        if (!mended) throw new Error('a stone')
        await note(tx, 'walked')
      }),
    ])
    await db.transaction((tx) => cause(tx, 'bell-rang', 'a', { times: 1 }))
    // A hundred thousand times faster: hours of trying pass while one watches.
    const origin = Date.now()
    const fast: Clock = { now: () => origin + (Date.now() - origin) * 100_000, after: (ms, call) => systemClock.after(ms / 100_000, call) }
    await begin(start({ db, clock: fast, log }))
    await soon(async () => (await db.read(listGivenUpFlows)).length).toBe(1)
    const [givenUp] = await db.read(listGivenUpFlows)
    expect(givenUp).toMatchObject({ flow: 'stumble', cause: 'bell-rang:a', attempts: maxAttempts, error: 'a stone' })
    mended = true
    const again = () => db.transaction((tx) => retryConsequence(tx, givenUp?.id ?? '', fast.now()))
    expect(await again()).toBe(true)
    await soon(async () => (await all(db)).map(({ state }) => state)).toEqual(['done'])
    expect(await noted(db)).toEqual(['walked'])
    expect(await again()).toBe(false)
  })

  it('an invited person is written to once, in the language of the course', async () => {
    const db = await aStore()
    const invited = {
      invitation: 'i1',
      sending: 1,
      name: 'Awa',
      words: 'Hâte de vous y voir.',
      code: '012345',
      email: 'awa@example.org',
      language: 'fr',
      spocTitle: 'Concevoir\r\nun SPOC',
      role: 'learner',
      author: 'Nadia',
      address: 'https://c.example/i#secret',
      expires: Date.UTC(2026, 11, 8),
    } as const
    for (let n = 0; n < 2; n++) await db.transaction((tx) => cause(tx, 'person-invited', invited.invitation, invited))
    await begin(startFlows({ db, clock: systemClock, log }))
    await soon(() => db.read((tx) => tx.$count(mails))).toBe(1)
    await soon(async () => (await all(db)).map(({ state }) => state)).toEqual(['done'])
    const [mail] = await db.read((tx) => tx.select().from(mails))
    expect(mail).toMatchObject({ recipient: 'awa@example.org', subject: 'Invitation\u00a0: Concevoir un SPOC', state: 'queued' })
    expect(mail?.text).toContain(invited.address)
    expect(mail?.text).toContain('8 décembre 2026')
    for (const told of ['Bonjour Awa', 'Hâte de vous y voir.', 'https://c.example/invitation', '012 345'])
      expect(mail?.text).toContain(told)
    expect(mail?.cause).toBe('invitation:i1:1')
  })

  it('a sign-in link is mailed in the language of the person', async () => {
    const db = await aStore()
    await db.transaction((tx) =>
      cause(tx, 'sign-in-link-asked', 'l1', {
        person: 'p',
        name: 'Louis',
        email: 'louis@example.org',
        language: 'en',
        address: 'https://c.example/l#secret',
        expires: 0,
      }),
    )
    await begin(startFlows({ db, clock: systemClock, log }))
    await soon(() => db.read((tx) => tx.$count(mails))).toBe(1)
    expect((await db.read((tx) => tx.select().from(mails)))[0]).toMatchObject({
      recipient: 'louis@example.org',
      subject: 'Your sign-in link',
    })
  })
})

it('every flow has a name of its own', () => {
  expect(flows.length).toBeGreaterThan(0)
  expect(() =>
    consequencesOf<Causes>([when('bell-rang', 'same', async () => undefined), when('nobody-listens', 'same', async () => undefined)]),
  ).toThrow(/same name/)
})
