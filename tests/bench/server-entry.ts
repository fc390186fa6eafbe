import { join } from 'node:path'
import { createHmac } from 'node:crypto'
import { buildApp } from '#server/app.ts'
import { createPerson } from '#server/account/store.ts'
import { signIn } from '#server/account/tables.ts'
import { systemClock } from '#server/clock.ts'
import { newId } from '#server/db/ids.ts'
import { migrate } from '#server/db/migrate.ts'
import { openDb } from '#server/db/open.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { openMailer } from '#server/outside/mail.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc } from '#server/spoc/store.ts'
import { testEnvironment } from '#tests/support/server-wire.ts'
import { fillCall, fillPath, fillWeek } from './course.ts'
import { fillReplay } from './replayed.ts'
import type { Prepare, Prepared } from './server-wire.ts'

/** The server that ships, on real files with fsync, in a process of its own, with a class that is already signed in. */
const { dataDir, worker, learners, rooms, circle, replay, pages } = JSON.parse(process.argv[2] ?? '{}') as Prepare
const clock = systemClock
const environment = testEnvironment({ dataDir, port: 0 })
const db = await openDb({ dataDir, worker })
await migrate(db)
const now = clock.now()
const files = openDiskFiles(join(dataDir, 'files'))

/** A sign-in as signing in by password leaves it, without the hash that makes a thousand of them slow. */
const cookieOf = (token: string) =>
  `cercle_sign_in=${encodeURIComponent(`${token}.${createHmac('sha256', environment.secret).update(token).digest('base64')}`)}`

const made = await db.transaction(async (tx) => {
  const people: Prepared['people'] = []
  const mentors = circle?.mentors ?? 0
  for (let i = 0; i <= learners + mentors; i++) {
    const person = await createPerson(tx, {
      name: `Person ${i}`,
      email: `person-${i}@example.org`,
      language: 'fr',
      zone: 'Europe/Paris',
      verified: true,
      colour: i % 12,
      now,
    })
    if (person === undefined) throw new Error('twice the same address')
    const token = newId()
    const at = new Date(now)
    await tx
      .insert(signIn)
      .values({ id: newId(), userId: person, token, expiresAt: new Date(now + 86_400_000), createdAt: at, updatedAt: at })
    people.push({ person, cookie: cookieOf(token) })
  }
  const owner = people[0]?.person ?? ''
  const written = {
    title: 'Mesures',
    purpose: '',
    objectives: [],
    audience: 'inter' as const,
    capacity: Math.max(1, learners),
    starts: null,
    ends: null,
    language: 'fr' as const,
    zone: 'Europe/Paris',
    outcome: 'certify' as const,
  }
  const spoc = await createSpoc(tx, owner, written, now)
  if (!spoc.ok) throw new Error(spoc.code)
  for (const [i, { person }] of people.slice(1).entries()) {
    const role = i < learners ? 'learner' : 'mentor'
    const joined = await addMember(tx, { spoc: spoc.value.id, person, role, organisation: null, now })
    if (!joined.ok) throw new Error(joined.code)
  }
  const [taught, mentoring] = [people.slice(0, learners + 1), people.slice(learners + 1)]
  const open: string[] = []
  for (let i = 0; i < rooms; i++) {
    const starts = now - 60_000
    const session = await createSession(
      tx,
      { spoc: spoc.value.id, title: `Séance ${i}`, intention: '', starts, ends: starts + 7_200_000, zone: 'Europe/Paris' },
      now,
    )
    if (!session.ok) throw new Error(session.code)
    open.push(session.value.room)
  }
  const course = { spoc: spoc.value.id, learners: taught.slice(1).map(({ person }) => person), now }
  if (circle) await fillPath(tx, course, circle.activities)
  for (const { person } of mentoring) await fillWeek(tx, course, person)
  const call = mentoring[0] ? await fillCall(tx, course, mentoring[0].person) : ''
  const replayed = replay ? await fillReplay(tx, course, people[0]?.person ?? '', files, replay) : { room: '', session: '' }
  return { people: taught, mentors: mentoring, spoc: spoc.value.id, rooms: open, call, replayed }
})

const app = await buildApp({
  db,
  clock,
  log: openLog('error'),
  environment,
  outside: { mailer: openMailer(undefined, dataDir), files },
  pages,
})
process.on('message', ({ id }: { id: number }) => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ id, reply: heapUsed + external })
})
// Nobody is there any more to end it.
process.on('disconnect', () => process.exit(1))
process.send?.({ id: 0, reply: { base: app.origins.publicUrl, contract: app.contract, ...made } satisfies Prepared })
