import { Readable } from 'node:stream'
import { join } from 'node:path'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc } from '#server/spoc/store.ts'
import { Page } from '#tests/support/page.ts'
import type { aServer } from '#tests/support/server.ts'

const password = 'correct horse battery'
const names = ['claire', 'awa', 'louis']

/** A course in the middle of its lesson on a server of its own, with one file, and its people in the room. */
export async function aCourseOn(start: typeof aServer, how: { dataDir?: string; databaseUrl?: string } = {}) {
  let room = ''
  const server = await start({
    ...how,
    before: async (db) => {
      const passwordHash = await hashPassword(password)
      const now = Date.now()
      const people = await db.transaction(async (tx) => {
        const ids: string[] = []
        for (const name of names) {
          const email = `${name}@example.org`
          ids.push((await createPerson(tx, { name, email, language: 'fr', zone: 'Europe/Paris', passwordHash, verified: true, now })) ?? '')
        }
        return ids
      })
      await db.transaction(async (tx) => {
        const outline = {
          title: 'Un SPOC',
          purpose: '',
          objectives: [],
          audience: 'intra' as const,
          capacity: 12,
          starts: null,
          ends: null,
        }
        const spoc = await createSpoc(tx, people[0] ?? '', { ...outline, language: 'fr', zone: 'Europe/Paris', outcome: 'certify' }, now)
        if (!spoc.ok) throw new Error(spoc.code)
        for (const person of people.slice(1)) await addMember(tx, { spoc: spoc.value.id, person, role: 'learner', organisation: null, now })
        const times = { starts: now - 60_000, ends: now + 3_600_000 }
        const session = await createSession(tx, { spoc: spoc.value.id, title: 'Séance 1', intention: '', ...times }, now)
        if (!session.ok) throw new Error(session.code)
        room = session.value.room
      })
    },
  })
  await openDiskFiles(join(server.dataDir, 'files')).put('spoc/file', Readable.from([Buffer.from('bytes')]), 100)
  const people: Page[] = []
  for (const name of names) {
    const reply = await fetch(`${server.base}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: server.base, 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${name}@example.org`, password }),
    })
    const cookie = reply.headers.getSetCookie().map((one) => one.split(';')[0])
    people.push(new Page(server, room, cookie.join('; ')))
  }
  return { server, room, people }
}
