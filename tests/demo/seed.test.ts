import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as Y from 'yjs'
import { afterEach, expect, it } from 'vitest'
import { stays, type Attendance } from '#shared/attendance/rules.ts'
import { unpack } from '#shared/board/elements.ts'
import { boardContent, boardDocument, boardRoot, type BoardState } from '#shared/board/rules.ts'
import { messageText } from '#shared/chat/wire.ts'
import { quizSlice, type QuizState } from '#shared/quiz/rules.ts'
import { questionText, type LedQuizView, type QuizView } from '#shared/quiz/wire.ts'
import { newSession, type Session } from '#shared/session/wire.ts'
import { newSpoc } from '#shared/spoc/wire.ts'
import { hashPassword, verifyPassword } from '#server/account/passwords.ts'
import { findPassword, findPersonByEmail, isEmpty, savePassword } from '#server/account/store.ts'
import { listMessages } from '#server/chat/store.ts'
import type { Db } from '#server/db/db.ts'
import { seedDemo } from '#server/demo/seed.ts'
import { openDocuments } from '#server/live/documents.ts'
import { liveFeatures } from '#server/live/features.ts'
import { Room } from '#server/live/room.ts'
import { listInquiries } from '#server/inbox/store.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { listAnswers, listQuestions } from '#server/quiz/store.ts'
import { findFilms } from '#server/recording/store.ts'
import { findCaptions, getReplay, readLesson } from '#server/replay/store.ts'
import { timeOf, timeOfFilm, totalOf } from '#shared/replay/rules.ts'
import { cancelSession, endSession, getToday, listSessions, moveSession } from '#server/session/store.ts'
import { getSpoc, listMembers, listSpocs } from '#server/spoc/store.ts'
import { TestClock } from '../support/clock.ts'
import { onEachEngine } from '../support/store.ts'

const log = openLog('silent')
const day = 86_400_000
const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'cercle-demo-'))
  folders.push(folder)
  return folder
}

/** A server that was started once with the demonstration, as its people find it. */
async function aDemonstration(db: Db) {
  const clock = new TestClock()
  const dataDir = aFolder()
  const start = () => seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir, make: false })
  const accounts = await seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir, make: true })
  const person = async (first: string) => {
    const found = await db.read((tx) => findPersonByEmail(tx, `${first}@demo.cercle.example`))
    if (!found) throw new Error(`${first} is not there`)
    return found.id
  }
  const claire = await person('claire')
  const [spoc] = await db.read((tx) => listSpocs(tx, claire, clock.now()))
  if (!spoc) throw new Error('Claire has no SPOC')
  const session = async (number: string): Promise<Session> => {
    const found = (await db.read((tx) => listSessions(tx, spoc.id))).filter(({ title }) => title.startsWith(number))
    if (!found[0]) throw new Error(`no session ${number}`)
    return found.at(-1) as Session
  }
  return {
    db,
    clock,
    dataDir,
    start,
    accounts,
    person,
    claire,
    spoc: spoc.id,
    session,
    lesson: async (number: string) => room(db, await session(number)),
  }
}

const room = (db: Db, { room: id, spoc }: Session) =>
  Room.load(
    { id, spoc, kind: 'session' },
    { db, clock: new TestClock(), log, features: liveFeatures, doorbell: undefined, keepDeadline: () => Promise.resolve() },
  )

/** The board of a session as a browser gets it: every entry unpacked. */
async function board(db: Db, { room: id }: Session, person: string) {
  const documents = openDocuments({ db, clock: new TestClock(), log, contents: { board: boardContent }, doorbell: undefined })
  const opened = await documents.open(boardDocument(id), person)
  await documents.close()
  if (!opened.ok) throw new Error(opened.code)
  const doc = new Y.Doc()
  const { snapshot, updates } = opened.value
  for (const bytes of [snapshot, ...updates]) if (bytes) Y.applyUpdate(doc, bytes)
  return [...doc.getMap<Uint8Array>(boardRoot).values()].map((bytes) => unpack(bytes))
}

onEachEngine((aStore) => {
  it('makes a SPOC that its trainer finds whole', async () => {
    const { db, clock, claire, spoc } = await aDemonstration(await aStore())
    const course = await db.read((tx) => getSpoc(tx, spoc, 'trainer'))
    expect(course).toMatchObject({
      title: 'Concevoir une formation en petit groupe à distance',
      audience: 'inter',
      capacity: 12,
      learners: 4,
      outcome: 'certify',
      zone: 'Europe/Paris',
    })
    // What was kept is what the page could have written.
    expect(
      newSpoc.partial().safeParse({ purpose: course.purpose, objectives: course.objectives, starts: course.starts, ends: course.ends })
        .success,
    ).toBe(true)
    expect(course.objectives).toHaveLength(4)

    const members = await db.read((tx) => listMembers(tx, spoc, 'owner'))
    expect(members.map(({ name, role, organisation }) => [name, role, organisation])).toEqual([
      ['Nadia Benali', 'owner', 'Atelier Nord'],
      ['Claire Morel', 'trainer', null],
      ['Marc Delattre', 'mentor', null],
      ['Awa Diop', 'learner', 'Atelier Nord'],
      ['Louis Payet', 'learner', 'Réunion Formation'],
      ['Inès Garcia', 'learner', 'Atelier Nord'],
      ['Thomas Leroy', 'learner', 'Réunion Formation'],
    ])

    const now = clock.now()
    const sessions = await db.read((tx) => listSessions(tx, spoc))
    expect(sessions.map(({ title, state }) => [title.slice(0, 8), state])).toEqual([
      ['Séance 1', 'planned'],
      ['Séance 2', 'planned'],
      ['Atelier ', 'cancelled'],
      ['Séance 3', 'planned'],
    ])
    for (const { title, intention, starts, ends } of sessions)
      expect(newSession.safeParse({ title, intention, starts, ends }).success).toBe(true)
    const today = await db.read((tx) => getToday(tx, claire, now))
    expect(today.next?.title).toMatch(/^Séance 2/)
    expect(today.next?.starts).toBeLessThan(now)
    expect(today.coming.map(({ title }) => title.slice(0, 8))).toEqual(['Séance 2', 'Atelier ', 'Séance 3'])

    const prepared = await db.read((tx) => listQuestions(tx, spoc, today.next?.id))
    expect(prepared.filter(({ session }) => session !== null)).toHaveLength(2)
    for (const { id: _id, session: _session, position: _position, version: _version, asked: _asked, ...question } of await db.read((tx) =>
      listQuestions(tx, spoc),
    ))
      expect(questionText.safeParse(question).success).toBe(true)
  })

  it('the past session folds: who was there, what was said, what was answered', async () => {
    const { db, spoc, lesson, session, person } = await aDemonstration(await aStore())
    const past = await lesson('Séance 1')
    const [awa, louis, ines, thomas, marc, claire] = await Promise.all(['awa', 'louis', 'ines', 'thomas', 'marc', 'claire'].map(person))
    if (!awa || !thomas) throw new Error('somebody is missing')

    const attendance = past.state<Attendance>('attendance')
    expect(attendance.seats).toEqual({})
    const { starts, ends } = await session('Séance 1')
    const there = stays(attendance, ends + day)
    expect(new Set(there.map((stay) => stay.person))).toEqual(new Set([awa, ines, thomas, marc, claire]))
    expect(there.some((stay) => stay.person === louis)).toBe(false)
    expect(there.find((stay) => stay.person === awa)).toMatchObject({ from: starts + 90_000, to: starts + 74.5 * 60_000 })

    const { messages } = await db.read((tx) => listMessages(tx, spoc))
    expect(messages.filter(({ at }) => at >= starts - day && at <= ends).length).toBeGreaterThanOrEqual(10)
    for (const { text } of messages) expect(messageText.safeParse(text).success).toBe(true)
    // The thread is one: the session, the days between, the session in progress.
    expect(messages.map(({ at }) => at)).toEqual(messages.map(({ at }) => at).sort((a, b) => a - b))
    expect(messages.some(({ person: who, at }) => who === louis && at > ends)).toBe(true)

    const quiz = past.state<QuizState>('quiz')
    expect(quiz.asked.map(({ phase }) => phase)).toEqual(['revealed', 'closed'])
    const [missed] = quiz.asked
    if (!missed) throw new Error('nothing was asked')
    const mine = quizSlice.mine(quiz, awa)?.[missed.id]
    expect(mine?.choice).toBeTruthy()
    expect(mine?.choice).not.toBe(missed.right)
    expect(quizSlice.mine(quiz, thomas)?.[missed.id]?.choice).toBe(missed.right)
    const led = quizSlice.viewFor(quiz, quizSlice.audienceOf(quiz, { person: 'x', seat: 'x', role: 'trainer' })) as LedQuizView
    expect(led.questions.map(({ answered }) => answered)).toEqual([3, 3])
    const seen = quizSlice.viewFor(quiz, quizSlice.audienceOf(quiz, { person: awa, seat: 'x', role: 'learner' })) as QuizView
    expect(seen.questions.map(({ revealed }) => revealed !== null)).toEqual([true, false])
    // The projection says the same as the log.
    expect((await db.read((tx) => listAnswers(tx, past.card.id, missed.id))).find((one) => one.person === awa)?.choice).toBe(mine?.choice)
  })

  it('its first session has a film: captions, three chapters, a question inside it that Louis has still to answer, one asked at its second', async () => {
    const { db, person, session, spoc, dataDir } = await aDemonstration(await aStore())
    const { room: at } = await session('Séance 1')
    const louis = { person: await person('louis'), role: 'learner' } as const
    const [page, cues, asked] = await db.read(async (tx) => {
      const films = (await findFilms(tx, at, 'learner', Date.now())) ?? []
      const lesson = await readLesson(tx, at)
      return [
        await getReplay(tx, at, { lesson, films }, louis, Date.now()),
        (await findCaptions(tx, at, films))?.cues ?? [],
        await listInquiries(tx, spoc, louis),
      ]
    })
    expect(page.films).toHaveLength(4)
    const total = totalOf(page.films)
    expect(total).toBeGreaterThan(180_000)
    for (const { film, size } of await db.read(async (tx) => (await findFilms(tx, at, 'learner', Date.now())) ?? []))
      expect(await openDiskFiles(dataDir).size(film)).toBe(size)
    expect(page.chapters.map(({ title }) => title)).toEqual([
      'Pourquoi le petit groupe\u202f?',
      'Cinq axes pour décrire une activité',
      'La question, et ce qu’il faut en retenir',
    ])
    const [first] = page.lanes.questions
    const stop = timeOf(page.films, first?.at ?? 0)
    expect(stop).toBeGreaterThan(timeOfFilm(page.films, 2) + 10_000)
    expect(stop).toBeLessThan(timeOfFilm(page.films, 3))
    expect(first).toMatchObject({ mine: null, revealed: null })
    expect(page.standing).toMatchObject({ presence: 'absent', answered: 0 })
    expect(cues.length).toBeGreaterThan(40)
    expect(cues.at(-1)!.to).toBeLessThanOrEqual(total)
    expect(asked.find(({ place }) => place.kind === 'replay')).toMatchObject({ state: 'answered', mine: true, published: true })
  })

  it('its boards decode, and the one in progress waits to be finished', async () => {
    const { db, lesson, session, person } = await aDemonstration(await aStore())
    const louis = await person('louis')
    const first = await board(db, await session('Séance 1'), louis)
    expect(first).not.toContain(undefined)
    expect(first).toHaveLength(28)
    const words = first.flatMap((element) => (element?.kind === 'text' ? [element.text] : [])).join('\n')
    for (const axis of ['Phase', 'Taille du groupe', 'Situation', 'Pédagogie', 'Intention', 'Distanciel asynchrone', 'Interpeller'])
      expect(words).toContain(axis)
    expect(new Set(first.map((element) => element?.colour)).size).toBeGreaterThanOrEqual(4)

    const second = await board(db, await session('Séance 2'), louis)
    expect(second).not.toContain(undefined)
    expect(second).toHaveLength(30)
    const live = await lesson('Séance 2')
    expect(live.state<BoardState>('board')).toMatchObject({ document: boardDocument(live.card.id), locked: false })
    expect(live.state<QuizState>('quiz').asked).toEqual([])
    expect(live.state<Attendance>('attendance').seats).toEqual({})
  })

  it('everybody signs in with what is printed, and only their server can read it', async () => {
    const { db, accounts, dataDir } = await aDemonstration(await aStore())
    expect(accounts.map(({ name }) => name)).toEqual([
      'Nadia Benali',
      'Claire Morel',
      'Marc Delattre',
      'Awa Diop',
      'Louis Payet',
      'Inès Garcia',
      'Thomas Leroy',
      'Hélène Roy',
    ])
    for (const { email, password } of accounts) {
      expect(password).toMatch(/^[a-z]+-[a-z]+-[a-z]+-\d\d$/)
      const hash = await db.read(async (tx) => findPassword(tx, (await findPersonByEmail(tx, email))?.id ?? ''))
      expect(await verifyPassword(hash ?? '', password)).toBe(true)
    }
    expect(new Set(accounts.map(({ password }) => password)).size).toBe(8)
    expect(statSync(join(dataDir, 'demo.json')).mode & 0o777).toBe(0o600)
    expect(await db.read(async (tx) => (await findPersonByEmail(tx, 'helene@demo.cercle.example'))?.administrator)).toBe(true)
  })

  it('a start a week later gives the same accounts, and what was to come is to come again', async () => {
    const { db, clock, accounts, session, start, spoc } = await aDemonstration(await aStore())
    const before = await session('Séance 2')
    clock.forward(7 * day)
    expect(await start()).toEqual(accounts)

    const now = clock.now()
    const after = await session('Séance 2')
    expect([after.id, after.room]).toEqual([before.id, before.room])
    expect(after.starts).toBeLessThan(now)
    expect(after.ends).toBeGreaterThan(now + 60 * 60_000)
    const third = await session('Séance 3')
    expect(third.starts).toBeGreaterThan(now + 5 * day)
    expect(third.starts).toBeLessThan(now + 9 * day)
    const workshop = await session('Atelier')
    expect([workshop.state, workshop.starts > now]).toEqual(['cancelled', true])
    expect((await session('Séance 1')).ends).toBeLessThan(now - 7 * day)

    clock.forward(90 * day)
    await start()
    const { starts, ends } = await db.read((tx) => getSpoc(tx, spoc, 'owner'))
    expect(Date.parse(ends ?? '')).toBeGreaterThan((await session('Séance 3')).ends)
    expect(Date.parse(starts ?? '')).toBeLessThan(now)
  })

  it('what people changed stays: a session moved far ahead, a password, a lesson that was ended', async () => {
    const { db, clock, claire, accounts, session, lesson, start, spoc } = await aDemonstration(await aStore())
    const third = await session('Séance 3')
    const ended = await session('Séance 2')
    const hash = await hashPassword('another one of hers')
    await db.transaction(async (tx) => {
      await moveSession(tx, third.id, { starts: third.starts + 30 * day, ends: third.ends + 30 * day })
      await endSession(tx, ended.id, clock.now())
      await savePassword(tx, claire, hash, clock.now())
    })
    clock.forward(day)
    const again = await start()
    expect((await session('Séance 3')).starts).toBe(third.starts + 30 * day)
    expect(again.find(({ name }) => name === 'Claire Morel')?.password).toBe('(changed)')
    expect(again.filter(({ password }) => password === '(changed)')).toHaveLength(1)
    expect(again.map(({ email }) => email)).toEqual(accounts.map(({ email }) => email))

    const fresh = await session('Séance 2')
    expect(fresh.id).not.toBe(ended.id)
    expect(fresh.ends).toBeGreaterThan(clock.now())
    expect((await lesson('Séance 2')).state<BoardState>('board').document).toBe(boardDocument(fresh.room))
    expect((await db.read((tx) => listQuestions(tx, spoc, fresh.id))).filter(({ session }) => session === fresh.id)).toHaveLength(2)

    await db.transaction((tx) => cancelSession(tx, fresh.id))
    await start()
    expect(await session('Séance 2')).toMatchObject({ id: fresh.id, state: 'planned' })
  })

  it('a folder without it, or beside another database, gives nobody; a failure leaves nothing behind', async () => {
    const db = await aStore()
    const clock = new TestClock()
    const dataDir = aFolder()
    expect(await seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir, make: false })).toEqual([])
    writeFileSync(join(dataDir, 'demo.json'), readFileSync(join((await aDemonstration(await aStore())).dataDir, 'demo.json')))
    expect(await seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir, make: false })).toEqual([])

    // The passwords cannot be kept: then there must be no people either, so that the next start tries again.
    await expect(
      seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir: join(dataDir, 'nowhere'), make: true }),
    ).rejects.toThrow()
    expect(await db.read(isEmpty)).toBe(true)
    expect(await seedDemo({ db, clock, log, files: openDiskFiles(dataDir), dataDir, make: true })).toHaveLength(8)
  })
})
