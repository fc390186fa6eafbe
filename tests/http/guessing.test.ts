import { sql } from 'drizzle-orm'
import { afterEach, expect, it, vi } from 'vitest'
import { httpRefusals } from '#client/words/common.ts'
import { newId } from '#server/db/ids.ts'
import { aClassroom, type Classroom } from '#tests/support/classroom.ts'

const minute = 60_000
/** How often one machine tries in five minutes of the clock that is driven. */
const tries = 70

afterEach(() => void vi.useRealTimers())

interface Try {
  method?: 'GET' | 'POST'
  path: string
  body?: unknown
}

/** What can be guessed, how, and how many of these tries are answered: from one address in ten minutes, and from three in five. */
const guesses: readonly { what: string; one: number; many: number; make: (n: number) => Try }[] = [
  {
    what: 'the six-digit code of a mailbox',
    one: 10,
    many: 10,
    make: (n) => ({ path: '/api/invitations/code', body: { email: 'louis@example.org', code: String(n).padStart(6, '0') } }),
  },
  {
    what: 'the codes of all mailboxes',
    one: 30,
    many: 90,
    make: (n) => ({ path: '/api/invitations/code', body: { email: `person-${n}@example.org`, code: '000000' } }),
  },
  {
    what: 'the password of an account',
    one: 10,
    many: 10,
    make: (n) => ({ path: '/api/auth/sign-in/email', body: { email: 'awa@example.org', password: `guess ${n}` } }),
  },
  {
    what: 'a sign-in link',
    one: 120,
    many: 180,
    make: () => ({ path: '/api/auth/magic-link/verify', body: { token: newId() } }),
  },
  {
    what: 'an invitation, looked at',
    one: 120,
    many: 180,
    make: () => ({ path: '/api/invitations/open', body: { token: newId() } }),
  },
  {
    what: 'an invitation, accepted',
    one: 80,
    many: 120,
    make: (n) => ({ path: '/api/invitations/accept', body: { token: newId(), name: 'Eve', email: `eve-${n}@example.org` } }),
  },
  {
    what: 'an invitation, asked for anew',
    one: 20,
    many: 60,
    make: () => ({ path: '/api/invitations/ask', body: { token: newId() } }),
  },
  { what: 'a certificate', one: 120, many: 180, make: () => ({ method: 'GET', path: `/api/checks/${newId()}` }) },
  {
    what: 'a private calendar',
    one: 120,
    many: 180,
    make: () => ({ method: 'GET', path: `/api/calendars/${newId()}/cercle.ics` }),
  },
]

/** A school behind one proxy, which says where each request came from. Awa has an account, Louis an invitation. No time passes by itself. */
async function aSchool() {
  vi.useFakeTimers({ toFake: ['Date'] })
  const mail = { smtpUrl: 'smtp://127.0.0.1:1', from: 'Cercle <ecole@example.org>' }
  const room = await aClassroom({ environment: { trustProxy: 1, mail } })
  const ana = await room.aMember('Ana', 'owner')
  const awa = await room.aMember('Awa', 'learner')
  await ana.fetch('POST', `/api/spocs/${room.spoc}/invitations/people`, { people: [{ email: 'louis@example.org' }] })
  return { ...room, ana, awa }
}

const ask = ({ base }: Classroom, { method = 'POST', path, body }: Try, from: string, cookie = '') =>
  fetch(base + path, {
    method,
    headers: {
      ...{ origin: base, 'x-forwarded-for': from, ...(cookie && { cookie }) },
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })

/** Has machines try for so many times five minutes, as fast as they can; gives how many tries got another answer than to wait. */
async function tryAll(school: Classroom, make: (n: number) => Try, from: readonly string[], windows: number, cookie = '') {
  let answered = 0
  let n = 0
  for (let window = 0; window < windows; window++) {
    for (const address of from) {
      const replies = await Promise.all(Array.from({ length: tries }, () => ask(school, make(n++), address, cookie)))
      for (const reply of replies)
        if (reply.status !== 429) answered++
        else {
          // It is told in words, and how long to wait (s).
          const { code, detail } = (await reply.json()) as { code: 'http/too-many'; detail: string }
          expect(httpRefusals[code]).toEqual({ fr: expect.stringMatching(/\w/), en: expect.stringMatching(/\w/) })
          expect(reply.headers.get('retry-after')).toBe(detail)
          expect(Number(detail)).toBeGreaterThan(0)
          expect(Number(detail)).toBeLessThanOrEqual(3600)
        }
    }
    vi.setSystemTime(Date.now() + 5 * minute)
  }
  return answered
}

const addresses = (n: number) => Array.from({ length: n }, (_, i) => `192.0.2.${i + 1}`)

it.each(guesses)('$what is not guessed, from one address or from many', async ({ what, one, many, make }) => {
  const alone = await tryAll(await aSchool(), make, addresses(1), 2)
  const together = await tryAll(await aSchool(), make, addresses(3), 1)
  expect([alone, together]).toEqual([one, many])
  console.log(`${what}: tries answered in a minute ${alone / 10} from one address, ${together / 5} from three`)
})

it('[I5] in a whole day from everywhere a code is compared with five tries: a chance of five in a million', async () => {
  const school = await aSchool()
  let answered = 0
  for (let hour = 0; hour < 24; hour++) {
    for (let machine = 0; machine < 12; machine++) {
      const body = { email: 'louis@example.org', code: String(hour * 12 + machine).padStart(6, '0') }
      const { status } = await ask(school, { path: '/api/invitations/code', body }, `198.51.100.${machine}`)
      if (status !== 429) answered++
    }
    vi.setSystemTime(Date.now() + 60 * minute)
  }
  const { rows } = await school.db.read((tx) => tx.execute(sql`select code_tries from invitations where email = 'louis@example.org'`))
  expect([answered, rows]).toEqual([240, [{ code_tries: 5 }]])
})

it('a sign-in is no way around: who has an account is stopped as soon', async () => {
  const school = await aSchool()
  for (const { what, make } of guesses.filter(({ what }) => ['a certificate', 'a private calendar'].includes(what))) {
    const answered = await tryAll(school, make, addresses(1), 1, school.awa.cookie)
    expect([what, answered]).toEqual([what, 60])
  }
})

it('what is there is given however often, and is not once its seeker is stopped', async () => {
  const school = await aSchool()
  const made = (await (await school.awa.fetch('POST', '/api/me/calendar')).json()) as { value: { address: string } }
  const hers: Try = { method: 'GET', path: new URL(made.value.address).pathname }
  const [atSchool, eve] = ['203.0.113.1', '203.0.113.2']
  for (let i = 0; i < 200; i++) expect((await ask(school, hers, atSchool)).status).toBe(200)
  for (let i = 0; i < 60; i++)
    expect((await ask(school, { method: 'GET', path: `/api/calendars/${newId()}/cercle.ics` }, eve)).status).toBe(404)
  expect((await ask(school, hers, eve)).status).toBe(429)
  expect((await ask(school, hers, atSchool)).status).toBe(200)
  vi.setSystemTime(Date.now() + 5 * minute)
  expect((await ask(school, hers, eve)).status).toBe(200)
})
