import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import * as Y from 'yjs'
import { attendanceSlice, stays, type Attendance } from '#shared/attendance/rules.ts'
import { pack } from '#shared/board/elements.ts'
import { boardDocument, boardRoot } from '#shared/board/rules.ts'
import type { Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import { fronts } from '#shared/stage/wire.ts'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { listUpdates } from '#server/live/documents.store.ts'
import { readLog } from '#server/live/log.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc } from '#server/spoc/store.ts'
import { aPen } from '../documents/pen.ts'
import { Page } from '../support/page.ts'
import { aServer, type TestServer } from '../support/server.ts'

const kills = Number(process.env['KILLS'] ?? 3)
/** How long the server is away by its own clock (ms): long enough for a stay that grew meanwhile to show. */
const away = 300_000
/** A stay of a dead server is true to this (ms). */
const trueTo = 2500
const password = 'correct horse battery'

/** A browser that draws, too, with one pen for its whole life. */
class Browser extends Page {
  readonly strokes = new Map<string, Uint8Array>()
  readonly person: string
  private readonly document: string
  private pen: ReturnType<typeof aPen> | undefined

  constructor(server: TestServer, course: { room: string }, who: { id: string; cookie: string }) {
    super(server, course.room, who.cookie)
    this.person = who.id
    this.document = boardDocument(course.room)
  }

  protected override arrive() {
    return this.takePen()
  }

  /** Opens the board, under the id it had if it had one. Before the trainer has brought the board out there is none. */
  async takePen() {
    const client = this.pen?.doc.clientID
    const opened = (await this.socket.emitWithAck('document:open', {
      document: this.document,
      ...(client !== undefined && { client }),
    })) as Result<Opened>
    if (!opened.ok) return
    if (this.pen && opened.value.client !== client) throw new Error('the pen was given to somebody else')
    this.pen ??= aPen(opened.value.client)
  }

  draw() {
    if (!this.pen) return
    const id = newId()
    const bytes = pack({ kind: 'line', z: this.strokes.size, colour: 1, width: 3, x1: 0, y1: 0, x2: this.strokes.size, y2: 50 })
    this.strokes.set(id, bytes)
    const update = this.pen.set(id, bytes)
    this.do({ name: 'stroke', id, send: (socket, reply) => socket.emit('document:commit', { document: this.document, update }, reply) })
  }
}

interface Person {
  id: string
  email: string
}

/** A course with one session of a whole evening, a trainer and three learners. */
async function aCourse() {
  const course = { spoc: '', room: '', people: [] as Person[] }
  const server = await aServer({
    before: async (db) => {
      const passwordHash = await hashPassword(password)
      const now = Date.now()
      const person = async (name: string) => {
        const email = `${name}@example.org`
        const id = await db.transaction((tx) =>
          createPerson(tx, { name, email, language: 'fr', zone: 'Europe/Paris', passwordHash, verified: true, now }),
        )
        return { id: id ?? '', email }
      }
      const owner = await person('nadia')
      const spoc = await db.transaction((tx) =>
        createSpoc(
          tx,
          owner.id,
          {
            title: 'Un SPOC',
            purpose: '',
            objectives: [],
            audience: 'intra',
            capacity: 12,
            starts: null,
            ends: null,
            language: 'fr',
            zone: 'Europe/Paris',
            outcome: 'certify',
          },
          now,
        ),
      )
      if (!spoc.ok) throw new Error(spoc.code)
      course.spoc = spoc.value.id
      for (const name of ['claire', 'awa', 'louis', 'ines']) {
        const one = await person(name)
        course.people.push(one)
        const joined = await db.transaction((tx) =>
          addMember(tx, { spoc: course.spoc, person: one.id, role: name === 'claire' ? 'trainer' : 'learner', organisation: null, now }),
        )
        if (!joined.ok) throw new Error(joined.code)
      }
      const session = await db.transaction((tx) =>
        createSession(tx, { spoc: course.spoc, title: 'Une soirée', intention: '', starts: now - 60_000, ends: now + 4 * 3_600_000 }, now),
      )
      if (!session.ok) throw new Error(session.code)
      course.room = session.value.room
    },
  })
  const enter = async ({ id, email }: Person) => {
    const reply = await fetch(`${server.base}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: server.base, 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (!reply.ok) throw new Error(await reply.text())
    return new Browser(server, course, {
      id,
      cookie: reply.headers
        .getSetCookie()
        .map((one) => one.split(';')[0])
        .join('; '),
    })
  }
  return { server, course, enter }
}

/** What the disk says when nobody runs any more. */
const onDisk = (db: Db, room: string) =>
  db.read(async (tx) => ({ ...(await readLog(tx, room, 0)), updates: await listUpdates(tx, boardDocument(room), 0, 1_000_000) }))

it(
  `keeps each acknowledged act once and every seat over ${kills} kills, and lets no stay grow while it is dead`,
  { timeout: 120_000 + kills * 30_000 },
  async () => {
    const { server, course, enter } = await aCourse()
    const browsers: Browser[] = []
    const [trainer, ...learners] = course.people as [Person, ...Person[]]
    const claire = await enter(trainer)
    browsers.push(claire)
    const question = newId()
    const choices = [newId(), newId()]
    await claire.isAnswered(claire.command('board:open', {}))
    await claire.takePen()
    await claire.isAnswered(
      claire.command('quiz:open', {
        question,
        prepared: null,
        seconds: null,
        typed: { text: 'Combien ?', choices: choices.map((id, i) => ({ id, text: `${i}` })), right: null, explanation: '' },
      }),
    )
    for (const learner of learners) browsers.push(await enter(learner))
    await expect.poll(() => browsers.every(({ here }) => here), { timeout: 30_000 }).toBe(true)

    let working = true
    const work = async (browser: Browser) => {
      for (let i = 0; working; i++) {
        // Who is cut off goes on for a while, as people do.
        if (browser.unanswered.length < 16) {
          if (i % 2) browser.draw()
          else if (i % 4 === 0) browser.say(`${browser.person} ${i}`)
          else if (browser === claire) browser.command('stage:show', { front: fronts[(i / 2) % fronts.length] })
          else if (i % 8 === 2) browser.command(i % 16 === 2 ? 'hands:raise' : 'hands:lower', {})
          else browser.command('quiz:answer', { question, choice: choices[i % 16 === 6 ? 0 : 1] })
        }
        await pause(40 + Math.random() * 60)
      }
    }
    const works = browsers.map(work)

    const outages: { died: number; back: number }[] = []
    let inFlight = 0
    for (let kill = 0; kill < kills; kill++) {
      const before = browsers.map(({ deeds, unanswered }) => deeds.length - unanswered.length)
      await expect
        .poll(() => browsers.every(({ deeds, unanswered }, i) => deeds.length - unanswered.length > (before[i] ?? 0) + 5), {
          timeout: 30_000,
        })
        .toBe(true)
      await pause(Math.random() * 1500)
      // Everybody at once, and then the cut: somewhere between the sending, the saving and the answer.
      for (const browser of browsers)
        for (let i = 0; i < 3; i++) {
          browser.say(`au moment de la coupure ${kill} ${i}`)
          browser.draw()
        }
      await pause(Math.random() * 12)
      inFlight += browsers.reduce((sum, { unanswered }) => sum + unanswered.length, 0)
      await server.kill()
      const died = server.now()
      await server.restart({ later: away })
      outages.push({ died, back: died + away })
      await expect.poll(() => browsers.every(({ here }) => here), { timeout: 30_000 }).toBe(true)
    }
    working = false
    await Promise.all(works)
    await expect.poll(() => browsers.flatMap(({ unanswered }) => unanswered.map(({ name }) => name)), { timeout: 30_000 }).toEqual([])
    await server.kill()
    const end = server.now()

    const refused = browsers.flatMap(({ deeds }) =>
      deeds.flatMap(({ name, answer }) => (answer?.ok === false ? `${name} ${answer.code}` : [])),
    )
    expect(refused).toEqual([])
    for (const { seats } of browsers) expect(new Set(seats).size).toBe(1)

    const { happenings, applied, updates } = await server.opened((db) => onDisk(db, course.room))
    expect(happenings.map(({ seq }) => seq)).toEqual(happenings.map((_, i) => i + 1))

    // Every act that was acknowledged is the line it was told, and every line of theirs is one act.
    const lines = new Map(happenings.map((line) => [line.seq, line]))
    const known = new Map(applied.map(({ person, id, saved }) => [`${person} ${id}`, saved.seq]))
    const past: Record<string, string> = {
      'chat:say': 'chat:said',
      'quiz:answer': 'quiz:answered',
      'stage:show': 'stage:shown',
      'hands:raise': 'hands:raised',
      'hands:lower': 'hands:lowered',
    }
    let acknowledged = 0
    for (const { person, deeds } of browsers)
      for (const { name, id, answer } of deeds) {
        const kind = past[name]
        if (!kind || !answer?.ok) continue
        acknowledged++
        const seq = known.get(`${person} ${id}`)
        // A hand that was up already (or came down with its seat), a stage shown already: nothing to write.
        if (seq === undefined && !['chat:say', 'quiz:answer'].includes(name)) continue
        expect({ id, seq }).toEqual({ id, seq: answer.value.seq })
        expect(lines.get(answer.value.seq)).toMatchObject({ kind, person, ...(name === 'chat:say' && { payload: { message: id } }) })
      }
    const theirs = happenings.filter(({ kind }) => Object.values(past).includes(kind))
    expect(new Set(applied.map(({ saved }) => saved.seq)).size).toBe(applied.length)
    expect(theirs.length).toBe(applied.filter(({ saved }) => theirs.some(({ seq }) => seq === saved.seq)).length)
    const said = happenings.flatMap(({ kind, payload }) => (kind === 'chat:said' ? [(payload as { message: string }).message] : []))
    expect(said.sort()).toEqual(browsers.flatMap(({ deeds }) => deeds.filter(({ name }) => name === 'chat:say').map(({ id }) => id)).sort())

    // Every stroke that was drawn is on the board, as it was drawn, once.
    const drawn = new Map(browsers.flatMap(({ strokes }) => [...strokes]))
    const board = new Y.Doc()
    for (const { bytes } of updates) Y.applyUpdate(board, bytes)
    expect([board.store.pendingStructs, board.store.pendingDs]).toEqual([null, null])
    expect(new Map(board.getMap<Uint8Array>(boardRoot))).toEqual(drawn)
    const written = updates.flatMap(({ bytes }) =>
      Y.decodeUpdate(bytes).structs.flatMap((struct) => (struct instanceof Y.Item && struct.parentSub !== null ? [struct.parentSub] : [])),
    )
    expect(written.sort()).toEqual([...drawn.keys()].sort())

    // Nobody stayed while there was no server, and nobody's stay was cut short by more than the sign of life tells.
    const attendance = happenings.reduce<Attendance>(
      (state, line) => attendanceSlice.apply(state, line as never),
      attendanceSlice.start({ id: course.room, spoc: course.spoc, kind: 'session' }),
    )
    const all = stays(attendance, end)
    for (const { died, back } of outages)
      for (const { person } of browsers) {
        const mine = all.filter((stay) => stay.person === person)
        const grown = mine.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, back) - Math.max(from, died)), 0)
        expect(grown).toBeLessThanOrEqual(trueTo)
        const before = mine.filter(({ from }) => from < died).at(-1)
        expect(died - (before?.to ?? 0)).toBeLessThanOrEqual(3 * trueTo)
      }

    for (const browser of browsers) browser.close()
    expect(server.complaints).toEqual([])
    expect(inFlight).toBeGreaterThan(0)
    const sentAgain = browsers.reduce((sum, one) => sum + one.sentAgain, 0)
    console.log(
      `${kills} kills with ${inFlight} acts in flight: ${acknowledged + drawn.size} acknowledged (${drawn.size} strokes), 0 lost, 0 twice, ${sentAgain} sent again`,
    )
  },
)
