import { describe, expect, it } from 'vitest'
import type { MailCard } from '#shared/mail/wire.ts'
import type { Result } from '#shared/result.ts'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { mails } from '#server/mail/tables.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { Browser } from '#tests/http/door.ts'
import { aDatabase, postgresIs } from '#tests/support/postgres.ts'
import { PostOffice, type Step } from '#tests/support/post-office.ts'
import { aServer } from '#tests/support/server.ts'

/** How often the server dies on its own database; on PostgreSQL, where the same statements run, a third of it. */
const most = Number(process.env['KILLS'] ?? 10)
/** How long the server is away by its own clock (ms): longer than any sending may last. */
const away = 200_000
const password = 'correct horse battery'

/**
 * When the power goes, one kill after the other: while the post office says nothing to a step of a letter, or just after it said that it
 * took it (`taken`), which may have been heard or not.
 */
const moments: readonly (Step | 'taken')[] = ['letter', 'taken', 'DATA', 'RCPT', 'taken', 'MAIL', 'EHLO', 'letter', 'DATA', 'taken']

/** A server whose mail goes to a slow post office, and Nadia who administers it and owns a course. */
async function aSchool(databaseUrl: string | undefined) {
  const office = await PostOffice.open()
  office.slowness = 5
  let spoc = ''
  const server = await aServer({
    ...(databaseUrl !== undefined && { databaseUrl }),
    smtpUrl: office.url,
    before: async (db) => {
      const [passwordHash, now] = [await hashPassword(password), Date.now()]
      await db.transaction(async (tx) => {
        const nadia = await createPerson(tx, {
          ...{ name: 'Nadia', email: 'nadia@example.org', language: 'fr' as const, zone: 'Europe/Paris', passwordHash, now },
          ...{ administrator: true, verified: true },
        })
        const made = await createSpoc(
          tx,
          nadia ?? '',
          {
            ...{ title: 'Un SPOC', purpose: '', objectives: [], audience: 'inter' as const, capacity: 60, starts: null, ends: null },
            ...{ language: 'fr' as const, zone: 'Europe/Paris', outcome: 'certify' as const },
          },
          now,
        )
        if (!made.ok) throw new Error(made.code)
        spoc = made.value.id
      })
    },
  })
  const nadia = new Browser(server.base)
  await nadia.post('/api/auth/sign-in/email', { email: 'nadia@example.org', password })
  /** As the page does: sent under a key of its own until it is answered, however often the server goes. */
  const invites = async (emails: readonly string[]) => {
    const key = newId()
    for (;;) {
      const said: Result<unknown> | undefined = await nadia
        .post(
          `/api/spocs/${spoc}/invitations/people`,
          { people: emails.map((email) => ({ email })) },
          { headers: { 'Idempotency-Key': key } },
        )
        .catch(() => undefined)
      if (said?.ok) return
      if (said) throw new Error(said.code)
      await new Promise((again) => setTimeout(again, 50))
    }
  }
  return { office, server, nadia, invites }
}

const allMails = (db: Db) => db.read((tx) => tx.select().from(mails))

const engines = [
  { name: 'the embedded database', kills: most, address: async () => undefined, runs: true },
  {
    name: postgresIs.there ? 'PostgreSQL' : `PostgreSQL (not run: ${postgresIs.missing})`,
    kills: Math.ceil(most / 3),
    address: () => aDatabase(),
    runs: postgresIs.there,
  },
]

describe.each(engines)('on $name', ({ kills, address, runs }) => {
  it.skipIf(!runs)(
    `${kills} kills in the middle of sending: no mail twice, none lost, the interrupted ones in doubt and never sent again`,
    { timeout: 120_000 + kills * 30_000 },
    async () => {
      const { office, server, nadia, invites } = await aSchool(await address())
      const invited: string[] = []
      const inviting: Promise<void>[] = []
      /** How many kills found a letter on its way for certain. */
      let interrupted = 0
      for (let kill = 0; kill < kills; kill++) {
        const emails = Array.from({ length: 4 }, (_, i) => `person-${kill}-${i}@example.org`)
        invited.push(...emails)
        inviting.push(invites(emails))
        const moment = moments[kill % moments.length] ?? 'letter'
        const step = moment === 'taken' ? 'letter' : moment
        // Not always the first letter: some have gone well in between.
        let passes = kill % 3
        await new Promise<void>((now) => {
          office.answers = (at) => {
            if (at !== step || passes-- > 0) return true
            now()
            return moment === 'taken'
          }
        })
        if (moment !== 'taken') interrupted++
        await server.kill()
        office.answers = () => true
        await server.restart({ later: away })
      }
      await Promise.all(inviting)

      // All that is listed, as the administrator reads it.
      const listed = async () => {
        const found = await nadia.get<{ kind: string; mails: MailCard[]; more: boolean }>('/api/outbox')
        if (!found.ok) throw new Error(found.code)
        expect([found.value.kind, found.value.more]).toEqual(['smtp', false])
        return found.value.mails
      }
      await expect
        .poll(async () => (await listed()).filter(({ state }) => !['sent', 'uncertain'].includes(state)).length, { timeout: 60_000 })
        .toBe(0)
      const seen = await listed()
      expect(seen.map(({ recipient }) => recipient).sort()).toEqual([...invited].sort())
      const doubted = new Set(seen.flatMap(({ id, state }) => (state === 'uncertain' ? [id] : [])))
      // One for each kill, unless the answer was heard and written down before it.
      expect(doubted.size).toBeGreaterThanOrEqual(interrupted)
      expect(doubted.size).toBeLessThanOrEqual(kills)

      // Long after, and once more from the start: what is in doubt stays so.
      await server.kill()
      await server.restart({ later: 3_600_000 })
      await invites(['last@example.org'])
      await expect
        .poll(() => office.letters.filter(({ recipient }) => recipient === 'last@example.org').length, { timeout: 60_000 })
        .toBe(1)
      await expect.poll(async () => (await listed()).find(({ recipient }) => recipient === 'last@example.org')?.state).toBe('sent')
      for (const { id, recipient, state } of seen)
        expect({ recipient, state, came: office.counts.get(id) ?? 0 }).toEqual({
          recipient,
          state: doubted.has(id) ? 'uncertain' : 'sent',
          came: doubted.has(id) ? expect.toBeOneOf([0, 1]) : 1,
        })
      expect(office.letters).toHaveLength(office.counts.size)
      await server.kill()
      const rows = await server.opened(allMails)
      expect(new Set(rows.map(({ id }) => id)).size).toBe(invited.length + 1)
      expect(new Set(rows.map(({ recipient }) => recipient)).size).toBe(invited.length + 1)
      expect(server.complaints).toEqual([])
      const arrived = [...doubted].filter((id) => office.counts.has(id)).length
      console.log(
        `${kills} kills: ${rows.length} mails, ${rows.length - doubted.size} sent once, ${doubted.size} in doubt (${arrived} had arrived), 0 twice, 0 lost`,
      )
    },
  )
})
