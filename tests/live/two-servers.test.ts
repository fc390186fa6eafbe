import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import * as Y from 'yjs'
import { pack } from '#shared/board/elements.ts'
import { boardDocument, boardRoot } from '#shared/board/rules.ts'
import type { Increment, Opened } from '#shared/live/documents.ts'
import { systemClock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { openDocuments } from '#server/live/documents.ts'
import { readLog } from '#server/live/log.ts'
import { openLog } from '#server/logger.ts'
import { aDocument, aPen, content, leased, writes } from '../documents/pen.ts'
import { aClassroom, type Participant } from '../support/classroom.ts'
import { aPostgres, postgresIs } from '../support/postgres.ts'
import { aStore } from '../support/store.ts'

interface Chat {
  messages: { id: string; person: string; text: string | null }[]
}
interface Led {
  questions: { tally: Record<string, number>; people: [string, string | null, string | null][] }[]
}

/** One room split over two processes of one PostgreSQL: the trainer and Awa came to one, Louis and Inès to the other. */
async function aSplitRoom() {
  const db = await aPostgres()
  const here = await aClassroom({ db })
  const there = await aClassroom({ beside: here })
  const claire = await here.enter(await here.aMember('Claire', 'trainer'))
  const awa = await here.enter(await here.aMember('Awa', 'learner'))
  const louis = await there.enter(await there.aMember('Louis', 'learner'))
  const ines = await there.enter(await there.aMember('Ines', 'learner'))
  return {
    here,
    there,
    claire,
    awa,
    louis,
    ines,
    everybody: [claire, awa, louis, ines],
    lines: () => here.db.read((tx) => readLog(tx, here.room, 0)),
  }
}

/** Somebody's copy of the board: what they opened, what they hear, what they draw. */
async function aBoard(who: Participant, document: string) {
  const opened = await who.ask<Opened>('document:open', { document })
  if (!opened.ok) throw new Error(opened.code)
  const pen = aPen(opened.value.client)
  const heard: number[] = []
  who.socket.on('document', (_: string, increments: Increment[]) => {
    for (const [seq, bytes] of increments) {
      heard.push(seq)
      pen.read(bytes)
    }
  })
  pen.read(...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates)
  const draw = (n: number) =>
    who.ask('document:commit', {
      document,
      update: pen.set(newId(), pack({ kind: 'line', z: n, colour: 1, width: 2, x1: 0, y1: 0, x2: n, y2: n })),
    })
  return {
    draw,
    heard,
    seen: () => pen.root.size,
    whole: () => pen.doc.store.pendingStructs === null,
    state: () => Y.encodeStateVector(pen.doc),
  }
}

const texts = (who: Participant) => who.view<Chat>('chat')?.messages.map(({ text }) => text)
const present = (who: Participant) => who.presence.people.map(({ person }) => person).sort()

describe.skipIf(!postgresIs.there)(
  postgresIs.there ? 'a room split over two servers' : `a room split over two servers (not run: ${postgresIs.missing})`,
  () => {
    it('shows everybody to everybody', { timeout: 60_000 }, async () => {
      const { everybody } = await aSplitRoom()
      const all = everybody.map(({ person }) => person).sort()
      for (const who of everybody) await expect.poll(() => present(who), { timeout: 5000 }).toEqual(all)
    })

    it('tells each message to all, once, in one order, however both sides talk at once', { timeout: 60_000 }, async () => {
      const { everybody, lines } = await aSplitRoom()
      const said = await Promise.all(
        everybody.flatMap((who, w) => Array.from({ length: 10 }, (_, i) => who.send('chat:say', { message: newId(), text: `${w}.${i}` }))),
      )
      expect(said.filter(({ ok }) => !ok)).toEqual([])
      const { happenings, applied } = await lines()
      expect(happenings.map(({ seq }) => seq)).toEqual(happenings.map((_, i) => i + 1))
      const logged = happenings.flatMap(({ kind, words }) => (kind === 'chat:said' ? [(words as { text: string }).text] : []))
      expect(new Set(logged).size).toBe(40)
      expect(logged).toHaveLength(40)
      expect(applied.map(({ saved }) => saved.seq).sort((a, b) => a - b)).toEqual(
        [...new Set(said.flatMap((one) => (one.ok ? [one.value.seq] : [])))].sort((a, b) => a - b),
      )
      for (const who of everybody) await expect.poll(() => texts(who), { timeout: 5000 }).toEqual(logged)
    })

    it('applies a command once when it is sent again to the other server', { timeout: 60_000 }, async () => {
      const { here, there, everybody, lines } = await aSplitRoom()
      const member = await here.aMember('Theo', 'learner')
      const epoch = newId()
      const first = await here.enter(member, { epoch })
      const [id, message] = [newId(), newId()]
      const answer = await first.send('chat:say', { message, text: 'Une fois' }, id)
      // The link breaks before the answer is read, and the balancer leads to the other side.
      first.socket.disconnect()
      const again = await there.enter(member, { epoch })
      expect(again.seat).toBe(first.seat)
      expect(await again.send('chat:say', { message, text: 'Une fois' }, id)).toMatchObject({
        ok: true,
        value: answer.ok ? answer.value : {},
      })
      expect((await lines()).happenings.filter(({ kind }) => kind === 'chat:said')).toHaveLength(1)
      for (const who of everybody) await expect.poll(() => texts(who)).toEqual(['Une fois'])
    })

    it('counts the answers of both sides, the last one of each person', { timeout: 60_000 }, async () => {
      const { claire, awa, louis, ines } = await aSplitRoom()
      const [question, right, wrong] = [newId(), newId(), newId()]
      const typed = {
        text: 'Combien ?',
        choices: [
          { id: right, text: 'Douze' },
          { id: wrong, text: 'Cent' },
        ],
        right,
        explanation: '',
      }
      expect(await claire.send('quiz:open', { question, prepared: null, typed, seconds: null })).toMatchObject({ ok: true })
      for (const who of [louis, ines]) await expect.poll(() => JSON.stringify(who.view('quiz')), { timeout: 5000 }).toContain('Combien')
      const answers = await Promise.all([
        awa.send('quiz:answer', { question, choice: right }),
        louis.send('quiz:answer', { question, choice: wrong }),
        ines.send('quiz:answer', { question, choice: right }),
      ])
      expect(answers.filter(({ ok }) => !ok)).toEqual([])
      expect(await louis.send('quiz:answer', { question, choice: right })).toMatchObject({ ok: true })
      await expect.poll(() => claire.view<Led>('quiz')?.questions[0]?.tally, { timeout: 5000 }).toEqual({ [right]: 3, [wrong]: 0 })
      expect(await claire.send('quiz:close', { question })).toMatchObject({ ok: true })
      expect(await claire.send('quiz:reveal', { question })).toMatchObject({ ok: true })
      await expect.poll(() => JSON.stringify(ines.view('quiz')), { timeout: 5000 }).toContain('revealed')
    })

    it('brings every stroke to both sides, none twice, and all copies end alike', { timeout: 60_000 }, async () => {
      const { here, claire, awa, louis, ines } = await aSplitRoom()
      expect(await claire.send('board:open', {})).toMatchObject({ ok: true })
      for (const who of [louis, ines])
        await expect.poll(() => who.view<{ document: string | null }>('board')?.document, { timeout: 5000 }).toBe(boardDocument(here.room))
      const boards = await Promise.all([claire, awa, louis, ines].map((who) => aBoard(who, boardDocument(here.room))))
      const drawn = await Promise.all(boards.flatMap(({ draw }) => Array.from({ length: 12 }, (_, i) => draw(i))))
      expect(drawn.filter(({ ok }) => !ok)).toEqual([])
      for (const { seen, whole, heard } of boards) {
        await expect.poll(seen, { timeout: 5000 }).toBe(48)
        expect(whole()).toBe(true)
        await expect.poll(() => heard.length).toBe(new Set(heard).size)
      }
      const late = new Y.Doc()
      const opened = await ines.ask<Opened>('document:open', { document: boardDocument(here.room) })
      if (opened.ok)
        for (const bytes of [...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates]) Y.applyUpdate(late, bytes)
      expect(late.getMap(boardRoot).size).toBe(48)
    })

    it('takes a right away on both sides', { timeout: 60_000 }, async () => {
      const { here, louis } = await aSplitRoom()
      const owner = await here.aMember('Olga', 'owner')
      expect((await owner.fetch('DELETE', `/api/spocs/${here.spoc}/members/${louis.person}`)).status).toBe(200)
      await expect.poll(() => [louis.bye, louis.socket.connected], { timeout: 1000 }).toEqual(['live/revoked', false])
    })

    it('lets the seats of a server go that stops, and goes on without it', { timeout: 60_000 }, async () => {
      const { there, claire, awa, louis } = await aSplitRoom()
      await expect.poll(() => present(claire), { timeout: 5000 }).toHaveLength(4)
      await there.app.close()
      await expect.poll(() => louis.bye).toBe('live/stopping')
      await expect.poll(() => present(claire), { timeout: 5000 }).toEqual([claire.person, awa.person].sort())
      expect(await awa.send('chat:say', { message: newId(), text: 'Nous continuons.' })).toMatchObject({ ok: true })
      await expect.poll(() => texts(claire)).toEqual(['Nous continuons.'])
    })
  },
)

describe('a document that two servers write', () => {
  /** A database whose reads, once told to, answer only when let go: what they saw is then older than what is there. */
  const slow = (db: Db) => {
    let gate: Promise<void> | undefined
    let reads = 0
    let open: () => void = () => undefined
    return {
      db: {
        ...db,
        read: (async (fn, turn) => {
          const seen = await db.read(fn, turn)
          // The first one asks whose the ids are; the second what was drawn.
          if (gate && ++reads > 1) await gate
          return seen
        }) satisfies Db['read'] as Db['read'],
      },
      hold: () => void (gate = new Promise((go) => (open = go))),
      letGo: () => {
        gate = undefined
        open()
      },
    }
  }

  const aPair = async () => {
    const db = await aStore()
    const there = slow(db)
    const build = (from: Db, doorbell: string) =>
      openDocuments({ db: from, clock: systemClock, log: openLog('silent'), contents: { board: content }, doorbell })
    const [hers, his] = [build(db, 'here'), build(there.db, 'there')]
    onTestFinished(async () => {
      await Promise.all([hers.close(), his.close()])
      await db.close()
    })
    const document = await aDocument(db, hers)
    const told: number[] = []
    his.hear(document, (list) => told.push(...list.map(({ seq }) => seq)))
    const [awa, louis] = [aPen(await leased(hers, document, 'awa')), aPen(await leased(his, document, 'louis'))]
    return {
      there,
      told,
      awaDraws: (key: string) => hers.commit(document, 'awa', awa.set(key, 1), writes),
      louisDraws: (key: string) => his.commit(document, 'louis', louis.set(key, 1), writes),
    }
  }

  it('reads again when the bell rings while it reads', async () => {
    const { there, told, awaDraws } = await aPair()
    there.hold()
    expect(await awaDraws('one')).toMatchObject({ ok: true })
    await pause(100)
    expect(await awaDraws('two')).toMatchObject({ ok: true })
    await pause(100)
    there.letGo()
    await expect.poll(() => told).toEqual([1, 2])
  })

  it('tells its own change once, also when it reads and writes at the same time', async () => {
    const { there, told, awaDraws, louisDraws } = await aPair()
    there.hold()
    expect(await awaDraws('one')).toMatchObject({ ok: true })
    await pause(100)
    const drawn = louisDraws('two')
    await pause(100)
    there.letGo()
    expect(await drawn).toMatchObject({ ok: true, value: { seq: 2 } })
    expect(await louisDraws('three')).toMatchObject({ ok: true, value: { seq: 3 } })
    await pause(100)
    expect(told).toEqual([1, 2, 3])
  })
})
