import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { and, inArray, isNull, lte, sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { listTables } from '#server/backup/rows.ts'
import { consequences } from '#server/consequences/tables.ts'
import type { Db } from '#server/db/db.ts'
import { mails } from '#server/mail/tables.ts'
import { Browser } from '#tests/http/door.ts'
import { aClassroom, type Classroom } from '#tests/support/classroom.ts'
import { atEnd } from '#tests/support/end.ts'
import { PostOffice } from '#tests/support/post-office.ts'

const day = 86_400_000
const root = join(import.meta.dirname, '../..')
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

/** Every kind of address that the server makes, `:x` for what is told apart in it: read from its sources. */
function kindsInSources(): string[] {
  const made = /\$\{(?:origin|base|(?:app\.)?origins\.publicUrl)\}(\/[^`\s?#\\]*)/g
  const kinds = new Set<string>()
  for (const file of readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.ts'))
      for (const [, path = ''] of readFileSync(join(root, 'server', file), 'utf8').matchAll(made))
        kinds.add(path.replace(/\$\{[^}]*\}/g, ':x').replace(/\$\{.*/, ''))
  return [...kinds].sort()
}

/** What an address is, of these kinds. */
const kindOf = (address: string, kinds: readonly string[]) =>
  kinds.find((kind) => new RegExp(`^${kind.replaceAll('.', '\\.').replaceAll(':x', '[\\w-]{22}')}$`).test(new URL(address).pathname))

/** A course on a server that mail leaves and that shows pages, Nadia who owns it, and Awa who learns in it. */
async function aSchool() {
  const pages = mkdtempSync(join(tmpdir(), 'cercle-pages-'))
  atEnd(() => rmSync(pages, { recursive: true, force: true }))
  mkdirSync(join(pages, 'assets'))
  writeFileSync(join(pages, 'assets/page.js'), '')
  writeFileSync(join(pages, 'index.html'), '<html><head><script type="module" src="/assets/page.js"></script></head></html>')
  const office = await PostOffice.open()
  const mail = { smtpUrl: office.url, from: 'Cercle <ecole@example.org>' }
  const room = await aClassroom({ pages, environment: { mail } })
  const owner = await room.aMember('Ana', 'owner')
  const awa = await room.aMember('Awa', 'learner')
  /** The address of this kind in the newest letter to somebody that has one. */
  const mailed = async (recipient: string, kind: string) => {
    const find = () =>
      office.letters
        .filter((one) => one.recipient === recipient)
        .flatMap(({ text }) => text.match(/http:\/\/127\.0\.0\.1:\d+\/[^\s<>"\\]+/g) ?? [])
        .findLast((address) => kindOf(address, [kind]) !== undefined && (kind !== '/invitation' || address.includes('#')))
    await soon(find).toBeTruthy()
    return find() ?? ''
  }
  const must = async <T = unknown>(reply: Promise<Response>) => {
    const said = (await (await reply).json()) as { ok: boolean; value: T; code?: string }
    if (!said.ok) throw new Error(said.code)
    return said.value
  }
  return { ...room, office, owner, awa, mailed, must }
}

/** What was said until now has had its consequences. */
const settled = (db: Db) => soon(() => db.read((tx) => tx.$count(consequences, isNull(consequences.done)))).toBe(0)

/** All there is, but for the sign of life of the process: two equal ones, once nothing is on its way any more. */
async function wholeDatabase({ db, clock }: Pick<Classroom, 'db' | 'clock'>): Promise<Record<string, string>> {
  const read = () =>
    db.read(async (tx) => {
      const found: Record<string, string> = {}
      for (const { name } of await listTables(tx))
        if (name !== 'boots') {
          const { rows } = await tx.execute<{ all: string }>(
            sql`select coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as all from ${sql.identifier(name)} t`,
          )
          found[name] = rows[0]?.all ?? ''
        }
      return found
    })
  await settled(db)
  const leaving = and(inArray(mails.state, ['queued', 'sending']), lte(mails.due, clock.now()))
  await soon(() => db.read((tx) => tx.$count(mails, leaving))).toBe(0)
  await soon(async () => JSON.stringify(await read()) === JSON.stringify(await read())).toBe(true)
  return read()
}

/**
 * What a mail scanner, a link preview and a browser without JavaScript do with an address: all but to press what its page shows. They have
 * the secret as the letter has it, and try it wherever it might be asked for; they follow what the page names.
 */
async function scan({ base }: Classroom, address: string): Promise<number> {
  const { pathname, search, hash } = new URL(address)
  const secret = hash.slice(1)
  const guessed = secret
    ? [
        `${pathname}?token=${secret}`,
        `${pathname}/${secret}`,
        ...['auth/magic-link/verify', 'invitations/open', 'invitations/accept', 'invitations/ask', 'me/email/confirm'].map(
          (path) => `/api/${path}?token=${secret}`,
        ),
      ]
    : []
  let opened = 0
  const look = async (path: string, how: RequestInit) => {
    const reply = await fetch(base + path, { ...how, headers: { 'user-agent': 'scanner', ...how.headers } })
    opened++
    expect(reply.headers.getSetCookie(), path).toEqual([])
    expect(reply.status, path).toBeLessThan(500)
    return reply
  }
  const prefetch = { purpose: 'prefetch', 'sec-purpose': 'prefetch;prerender' }
  for (let time = 0; time < 2; time++)
    for (const path of [pathname + search, ...guessed])
      for (const redirect of ['follow', 'manual'] as const)
        for (const headers of [{}, prefetch])
          for (const method of ['HEAD', 'GET']) {
            const reply = await look(path, { method, redirect, headers })
            const page = method === 'GET' && reply.ok ? await reply.text() : ''
            for (const [, named = ''] of page.matchAll(/(?:href|src)="([^"]+)"/g)) await look(named, {})
          }
  return opened
}

/** What the person does, once scanned: one click, and they are in. */
type Click = (school: Awaited<ReturnType<typeof aSchool>>, address: string) => Promise<void>
type Given = (school: Awaited<ReturnType<typeof aSchool>>) => Promise<string>

const secretOf = (address: string) => new URL(address).hash.slice(1)
const accepts: Click = async ({ base, spoc }, address) => {
  const louis = new Browser(base)
  const token = secretOf(address)
  expect(await louis.post('/api/invitations/accept', { token, name: 'Louis', email: 'louis@example.org' })).toMatchObject({
    value: { how: 'joined', spoc },
  })
  expect(await louis.get(`/api/spocs/${spoc}`)).toMatchObject({ value: { role: 'learner' } })
}
const invited: Given = async ({ owner, spoc, must, mailed }) => {
  await must(owner.fetch('POST', `/api/spocs/${spoc}/invitations/people`, { people: [{ email: 'louis@example.org' }], days: 2 }))
  return mailed('louis@example.org', '/invitation')
}
/** A page of the house: whoever is signed in sees it, with the same address, and nobody else does. */
const opens =
  (api: string): Click =>
  async ({ base, awa }, address) => {
    const [id = ''] = /[\w-]{22}/.exec(new URL(address).pathname) ?? []
    expect((await awa.fetch('GET', new URL(address).pathname)).status).toBe(200)
    expect((await awa.fetch('GET', api.replace(':x', id))).status).toBe(200)
    expect((await fetch(base + api.replace(':x', id))).status).toBe(401)
  }

const links: Record<string, [what: string, kind: string, given: Given, click: Click][]> = {
  'with a secret': [
    [
      'a sign-in link',
      '/sign-in/link',
      async ({ base, mailed }) => {
        await new Browser(base).post('/api/auth/sign-in/magic-link', { email: 'awa@example.org', to: '/notices' })
        return mailed('awa@example.org', '/sign-in/link')
      },
      async ({ base }, address) => {
        const awa = new Browser(base)
        expect(await awa.post('/api/auth/magic-link/verify', { token: secretOf(address) })).toMatchObject({ ok: true })
        expect(await awa.get('/api/me')).toMatchObject({ value: { name: 'Awa' } })
      },
    ],
    ['an invitation', '/invitation', invited, accepts],
    [
      'an invitation asked for anew, the old link scanned first',
      '/invitation',
      async (school) => {
        const old = await invited(school)
        school.clock.forward(3 * day)
        await scan(school, old)
        expect(await new Browser(school.base).post('/api/invitations/ask', { token: secretOf(old) })).toMatchObject({
          value: { how: 'sent' },
        })
        await soon(() => school.office.letters.filter(({ recipient }) => recipient === 'louis@example.org').length).toBe(2)
        return school.mailed('louis@example.org', '/invitation')
      },
      accepts,
    ],
    [
      'the confirmation of an address',
      '/email',
      async ({ awa, must, mailed }) => {
        await must(awa.fetch('POST', '/api/me/email', { email: 'awa@new.example.org', current: 'correct horse battery' }))
        return mailed('awa@new.example.org', '/email')
      },
      async ({ awa, must }, address) => {
        expect(await must(awa.fetch('POST', '/api/me/email/confirm', { token: secretOf(address) }))).toMatchObject({
          email: 'awa@new.example.org',
        })
      },
    ],
    [
      'a private calendar',
      '/api/calendars/:x/cercle.ics',
      async ({ awa, must }) => (await must<{ address: string }>(awa.fetch('POST', '/api/me/calendar'))).address,
      async (_school, address) => {
        const calendar = await fetch(address)
        expect(calendar.status).toBe(200)
        expect(await calendar.text()).toMatch(/^BEGIN:VCALENDAR/)
      },
    ],
  ],
  'without a secret': [
    [
      'the way to a session, from its invitation to the calendar',
      '/sessions/:x',
      async ({ db, owner, awa, spoc, clock, must, mailed }) => {
        // At whatever hour this test runs.
        const mail = { calendar: true, reminders: true, path: true, replays: true, answers: true }
        await must(awa.fetch('PUT', '/api/me/notice-choices', { mail, quiet: { from: 0, to: 0 } }))
        const starts = clock.now() + 3 * day
        await must(owner.fetch('POST', `/api/spocs/${spoc}/sessions`, { title: 'Séance 2', starts, ends: starts + 3_600_000 }))
        await settled(db)
        clock.forward(11 * 60_000)
        return mailed('awa@example.org', '/sessions/:x')
      },
      opens('/api/sessions/:x'),
    ],
    ['a call', '/rooms/:x/call', async ({ base, room }) => `${base}/rooms/${room}/call`, opens('/api/notices')],
    ['a replay', '/sessions/:x/replay', async ({ base, session }) => `${base}/sessions/${session}/replay`, opens('/api/sessions/:x')],
    [
      'an activity in person',
      '/spocs/:x/road/:x',
      async ({ base, spoc, room }) => `${base}/spocs/${spoc}/road/${room}`,
      opens('/api/spocs/:x'),
    ],
    [
      'one’s certificates',
      '/spocs/:x/certificates',
      async ({ base, spoc }) => `${base}/spocs/${spoc}/certificates`,
      opens('/api/spocs/:x'),
    ],
    [
      'the check of a certificate',
      '/check/:x',
      async ({ base, room }) => `${base}/check/${room}`,
      async ({ base }, address) => {
        const code = new URL(address).pathname.split('/').at(-1) ?? ''
        expect(await new Browser(base).get(`/api/checks/${code}`)).toMatchObject({ ok: true, value: { state: 'unknown' } })
      },
    ],
  ],
}
const kinds = [...new Set(Object.values(links).flatMap((some) => some.map(([, kind]) => kind)))]
/** Made by the server, and in no letter: printed on its machine or answered to a click there. */
const inNoLetter = ['/demo', '/first', '/guest']

it('knows every kind of address that the server makes', () => expect([...kinds, ...inNoLetter].sort()).toEqual(kindsInSources()))

describe.each(Object.entries(links))('a link %s', (_, some) => {
  it.each(some)(
    '%s opened by strangers and their machines: nothing changes, and one click opens it after',
    async (_what, kind, given, click) => {
      const school = await aSchool()
      const address = await given(school)
      expect(kindOf(address, kinds)).toBe(kind)
      const before = await wholeDatabase(school)
      expect(await scan(school, address)).toBeGreaterThan(15)
      expect(await wholeDatabase(school)).toEqual(before)
      await click(school, address)
      // Nor does any letter hold an address of a kind that is not here.
      const held = school.office.letters.flatMap(({ text }) => text.match(/http:\/\/127\.0\.0\.1:\d+\/[^\s<>"\\]+/g) ?? [])
      expect(held.filter((one) => kindOf(one, kinds) === undefined)).toEqual([])
    },
  )
})
