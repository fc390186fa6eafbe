import { colourAfter } from '#shared/account/rules.ts'
import { inProgress } from '#shared/demo/rules.ts'
import type { Session } from '#shared/session/wire.ts'
import { hashPassword, verifyPassword } from '../account/passwords.ts'
import { createPerson, findPassword, findPersonByEmail } from '../account/store.ts'
import { writeMessage } from '../chat/store.ts'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import type { Log } from '../logger.ts'
import type { FileStore } from '../outside/files.ts'
import { addModule, listModules } from '../path/store.ts'
import { addQuestions } from '../quiz/store.ts'
import { fillBank } from './bank.ts'
import { findLastLine } from '../live/log.ts'
import { followSession } from '../path/dues.ts'
import { cancelSession, createSession, findSession, listSessions, moveSession, reinstateSession } from '../session/store.ts'
import { addWaiting, createInvitation } from '../spoc/invite.store.ts'
import { copySlides } from '../slides/store.ts'
import { addMember, changeMember, changeSpoc, createSpoc, getSpoc } from '../spoc/store.ts'
import { findKept, makePassword, saveKept, type Kept } from './accounts.ts'
import { bringBack } from './again.ts'
import { afternoonOf, day, dayIn, hour, minute } from './calendar.ts'
import { addressOf, cast, course, french, modules, question, questions, sessions, zone, type MemberName, type Name } from './course.ts'
import { keepHandouts, prepareDeck } from './handouts.ts'
import { seedPath } from './path.ts'
import { writeEvidence } from './evidence.ts'
import { keepFilm, writeReplay } from './film.ts'
import { Lesson, must, type Actor, type LessonTools } from './lesson.ts'
import { isOver } from '../flows.ts'
import { bringCallsBack, seedCalls, seedProposal } from './mentoring.ts'
import { seeSimulatedOut } from './simulated.ts'
import { betweenSessions, firstSession, sessionInProgress, type Ready } from './scripts.ts'

/** Somebody of the demonstration as the start prints them. */
export interface DemoAccount {
  name: string
  email: string
  password: string
  about: string
}

export interface Demonstration {
  db: Db
  clock: Clock
  log: Log
  /** Where the film of its first session goes. */
  files: FileStore
  /** The folder that keeps its passwords, readable by the server's own user only. */
  dataDir: string
  /** Create it: the database must be empty. */
  make: boolean
}

const names = Object.keys(cast) as Name[]
const memberNames = names.filter((name): name is MemberName => cast[name].role !== undefined)

/**
 * Creates the demonstration SPOC (`make`), or finds the one this folder made before and brings its dates back to the future. Gives
 * who can sign in, nobody when there is none. All of it happens in one transaction: it is there whole, or not at all.
 */
export async function seedDemo({ db, clock, log, files, dataDir, make }: Demonstration): Promise<DemoAccount[]> {
  if (make) return create({ db, log }, files, dataDir, clock.now())
  const kept = findKept(dataDir)
  return kept ? comeBack({ db, log }, dataDir, kept, clock.now()) : []
}

/** The day of the past session, and with it the beginning of everything. */
const pastSession = (now: number) => {
  const starts = afternoonOf(now - 7 * day, 14, zone)
  return { starts, ends: starts + 75 * minute }
}
const nextWeek = (now: number) => {
  const starts = afternoonOf(now + 7 * day, 14, zone)
  return { starts, ends: starts + 90 * minute }
}
const cancelled = (now: number) => {
  const starts = afternoonOf(now + 2 * day, 17, zone)
  return { starts, ends: starts + 45 * minute }
}
/** Three weeks of work remain after the last session. */
const lastDay = (now: number) => dayIn(nextWeek(now).ends + 21 * day, zone)

async function create(tools: LessonTools, files: FileStore, dataDir: string, now: number): Promise<DemoAccount[]> {
  // Hashing takes its time: before the transaction, in which everybody waits.
  const accounts = await Promise.all(
    names.map(async (name) => {
      const password = makePassword()
      return { name, password, hash: await hashPassword(password) }
    }),
  )

  const film = await keepFilm(files)
  const handouts = await keepHandouts(files, now)
  const kept = await tools.db.transaction(async (tx) => {
    const past = pastSession(now)
    const opened = past.starts - 14 * day
    const people = {} as Record<Name, string>
    for (const [i, { name, hash }] of accounts.entries()) {
      const { name: fullName, zone: own } = cast[name]
      const person = await createPerson(tx, {
        name: fullName,
        email: addressOf(name),
        language: 'fr',
        zone: own,
        passwordHash: hash,
        verified: true,
        administrator: name === 'helene',
        colour: colourAfter(i),
        now: opened,
      })
      if (person === undefined) throw new Error('the demonstration is there already')
      people[name] = person
    }
    const spoc = await createCourse(tx, people, opened, now)
    await fillBank(tx, spoc, now)
    const written: string[] = []
    for (const each of modules) written.push(must(await addModule(tx, spoc, each, opened), 'write the path').id)
    const planned = (name: keyof typeof sessions) => scheduled(name, spoc, written)

    const first = must(await createSession(tx, { ...planned('past'), ...past }, opened), 'schedule the first session')
    const actors = actorsOf(people)
    await Lesson.play(
      tools,
      tx,
      first,
      firstSession({ cast: actors, questions: await prepare(tx, first, 'past', opened), parts: film.map(({ part }) => part) }),
    )
    await writeReplay(tx, first, film, people)
    await writeEvidence(tx, first, people, now)
    for (const { who, hours, text } of betweenSessions)
      await writeMessage(tx, spoc, { id: newId(), person: people[who], at: past.ends + hours * hour, text: french(text) })

    const { session: second, written: lines } = await openSecond(tools, tx, planned('inProgress'), actors, now)
    await prepareDeck(tx, handouts, { spoc, room: second.room, person: people.claire, created: now - day })
    const third = must(await createSession(tx, { ...planned('nextWeek'), ...nextWeek(now) }, opened), 'schedule the third session')
    await prepare(tx, third, 'nextWeek', opened)
    const off = must(await createSession(tx, { ...planned('cancelled'), ...cancelled(now) }, opened), 'schedule the workshop')
    must(await cancelSession(tx, off.id), 'cancel the workshop')

    await seedCalls(tx, spoc, people, now)
    await seedPath(tx, {
      ...{ spoc, modules: written, people, handouts, opened, pastEnds: past.ends, now },
      sessions: { past: first.id, inProgress: second.id, nextWeek: third.id },
    })

    // Who missed it finds a way to catch up, the others what is left of it, as soon as the server runs.
    await isOver(tx, first, people.claire)
    await seedProposal(tx, spoc, { marc: people.marc, person: people.louis }, now)

    const made: Kept = {
      people: accounts.map(({ name, password }) => ({
        person: people[name],
        name: cast[name].name,
        email: addressOf(name),
        password,
        about: [cast[name].about, cast[name].organisation].filter((part) => part !== null).join(' · '),
      })),
      spoc,
      sessions: { inProgress: second.id, nextWeek: third.id, cancelled: off.id },
      written: lines,
    }
    // Before the commit: without its passwords the demonstration would be of no use to anybody.
    saveKept(dataDir, made)
    return made
  })
  return kept.people.map(accountOf)
}

const accountOf = ({ name, email, password, about }: Kept['people'][number]): DemoAccount => ({ name, email, password, about })

const actorsOf = (people: Record<Name, string>) =>
  Object.fromEntries(
    memberNames.map((name) => [name, { person: people[name], role: cast[name].role, ink: colourAfter(names.indexOf(name)) + 1 }]),
  ) as Record<MemberName, Actor>

/** What is said of a session of the demonstration, in its module when that is still there. */
function scheduled(name: keyof typeof sessions, spoc: string, modules: readonly string[]) {
  const { module, title, intention } = sessions[name]
  return { spoc, title, intention, module: module === null ? null : (modules[module] ?? null) }
}

/** The SPOC and its members, who joined one after the other. */
async function createCourse(tx: Tx, people: Record<Name, string>, opened: number, now: number): Promise<string> {
  const { id: spoc } = must(
    await createSpoc(tx, people.nadia, course(dayIn(pastSession(now).starts, zone), lastDay(now)), opened),
    'create the SPOC',
  )
  for (const [i, name] of memberNames.entries()) {
    const { role, organisation } = cast[name]
    if (role === 'owner') must(await changeMember(tx, spoc, people[name], { organisation }, 'owner'), 'name her organisation')
    else must(await addMember(tx, { spoc, person: people[name], role, organisation, now: opened + i * 5 * hour }), 'add a member')
  }
  await inviteOthers(tx, spoc, people.nadia, now)
  return spoc
}

/** Who is still to come: two invitations to hand over, one that expired, a link for several, and somebody who asks for another. */
async function inviteOthers(tx: Tx, spoc: string, author: string, now: number): Promise<void> {
  const invite = (email: string | null, name: string | null, how: { organisation?: string; uses?: number; sent?: number }) =>
    createInvitation(
      tx,
      {
        spoc,
        author,
        role: 'learner',
        organisation: how.organisation ?? null,
        session: null,
        uses: how.uses ?? 1,
        days: 14,
        now: now - (how.sent ?? 1) * day,
        ...(email !== null && { to: { email, name } }),
      },
      // Nobody holds it yet: whoever copies the link gets one that works.
      newId,
    )
  const late = await invite('paul.girard@demo.cercle.example', 'Paul Girard', { organisation: 'Atelier Nord', sent: 20 })
  await invite(null, null, { organisation: 'Réunion Formation', uses: 5, sent: 3 })
  await invite('sophie.bernard@demo.cercle.example', 'Sophie Bernard', { organisation: 'Atelier Nord' })
  await invite('karim.haddad@demo.cercle.example', 'Karim Haddad', {})
  await addWaiting(tx, {
    spoc,
    invitation: late.id,
    name: 'Paul Girard',
    email: 'paul.girard@demo.cercle.example',
    why: 'over',
    now: now - 2 * hour,
  })
}

/** Keeps the questions of a session, and gives them back ready to be asked. */
async function prepare(tx: Tx, session: Session, of: keyof typeof questions, now: number): Promise<Ready[]> {
  const written = questions[of].map((one) => question(one))
  const ids = await addQuestions(tx, session.spoc, session.id, written, now)
  return written.map(({ choices }, i) => ({ id: ids?.[i] ?? '', choices: choices.map((choice) => choice.id) }))
}

/** The session in progress, with what has happened in it so far, and how many lines of its log that is. */
async function openSecond(
  tools: LessonTools,
  tx: Tx,
  planned: ReturnType<typeof scheduled>,
  actors: Record<MemberName, Actor>,
  now: number,
): Promise<{ session: Session; written: number }> {
  const session = must(await createSession(tx, { ...planned, ...inProgress(now) }, now - day), 'schedule the session in progress')
  await prepare(tx, session, 'inProgress', now - day)
  await Lesson.play(tools, tx, session, sessionInProgress({ cast: actors }))
  return { session, written: (await findLastLine(tx, session.room))?.seq ?? 0 }
}

/** A later start: the same accounts, and dates that are future again. What people did to the demonstration meanwhile stays. */
async function comeBack(tools: LessonTools, dataDir: string, kept: Kept, now: number): Promise<DemoAccount[]> {
  const hashes = await tools.db.read(async (tx) => {
    const found = new Map<string, string | undefined>()
    for (const { person, email } of kept.people)
      if ((await findPersonByEmail(tx, email))?.id === person) found.set(person, await findPassword(tx, person))
    return found
  })
  // The folder remembers a demonstration that this database does not have.
  if (hashes.size === 0) return []

  await tools.db.transaction(async (tx) => {
    await seeSimulatedOut(tx, kept.spoc, now)
    const moved = await keepFuture(tools, tx, kept, now, { session: tooNear, call: 5 * minute })
    if (moved !== kept) saveKept(dataDir, moved)
  })

  const accounts: DemoAccount[] = []
  for (const one of kept.people) {
    const hash = hashes.get(one.person)
    if (!hashes.has(one.person)) continue
    const same = hash !== undefined && (await verifyPassword(hash, one.password))
    accounts.push(same ? accountOf(one) : { ...accountOf(one), password: '(changed)' })
  }
  return accounts
}

/** How near a session of "next week" may come before it goes back to next week: what is due before it is then still to come. */
const tooNear = 6 * day

/** Dates that have gone by, or are nearer than said, are future again: what is to come when somebody opens the demonstration is to come. */
async function keepFuture(
  tools: LessonTools,
  tx: Tx,
  kept: Kept,
  now: number,
  near: { session: number; call: number } = { session: 0, call: 0 },
): Promise<Kept> {
  const there = new Map((await listSessions(tx, kept.spoc)).map((session) => [session.id, session]))
  const late = there.get(kept.sessions.nextWeek)
  if (late?.state === 'planned' && late.starts < now + near.session) {
    must(await moveSession(tx, late.id, nextWeek(now)), 'move the third session')
    await followSession(tx, late.id)
  }

  const off = there.get(kept.sessions.cancelled)
  if (off?.state === 'cancelled' && off.ends < now) {
    must(await reinstateSession(tx, off.id), 'reinstate the workshop')
    must(await moveSession(tx, off.id, cancelled(now)), 'move the workshop')
    must(await cancelSession(tx, off.id), 'cancel the workshop')
  }

  const { ends } = await getSpoc(tx, kept.spoc, 'owner')
  if (ends !== null && ends < dayIn(nextWeek(now).ends, zone))
    must(await changeSpoc(tx, kept.spoc, { ends: lastDay(now) }, 'owner'), 'move the end of the SPOC')

  const byName = (name: Name) => kept.people.find(({ email }) => email === addressOf(name))?.person ?? ''
  await bringCallsBack(tx, kept.spoc, { marc: byName('marc'), awa: byName('awa') }, now, near.call)

  return there.has(kept.sessions.inProgress) ? keepInProgress(tools, tx, kept, now) : kept
}

/** D4: one session is always in progress. What people did in the one before is history when they are gone. */
async function keepInProgress(tools: LessonTools, tx: Tx, kept: Kept, now: number): Promise<Kept> {
  if (await bringBack(tx, kept.sessions.inProgress, kept.written, now)) return kept
  const people = Object.fromEntries(
    names.map((name) => [name, kept.people.find(({ email }) => email === addressOf(name))?.person]),
  ) as Record<Name, string>
  const modules = (await listModules(tx, kept.spoc)).map(({ id }) => id)
  const { session, written } = await openSecond(tools, tx, scheduled('inProgress', kept.spoc, modules), actorsOf(people), now)
  const before = await findSession(tx, kept.sessions.inProgress)
  if (before) await copySlides(tx, before.room, session.room)
  return { ...kept, sessions: { ...kept.sessions, inProgress: session.id }, written }
}

/** D4: the room of what somebody who opens the demonstration now finds in progress; undefined when that session was removed. */
export const openDemo = (tools: LessonTools, dataDir: string, now: number): Promise<string | undefined> =>
  tools.db.transaction(async (tx) => {
    // Looked at inside: two who open it at once find the same session.
    const kept = findKept(dataDir)
    if (!kept || !(await findSession(tx, kept.sessions.inProgress))) return undefined
    const after = await keepFuture(tools, tx, kept, now)
    if (after !== kept) saveKept(dataDir, after)
    return (await findSession(tx, after.sessions.inProgress))?.room
  })
