import { setTimeout as pause } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { expect, it } from 'vitest'
import { attendanceSlice, stays, type Attendance } from '#shared/attendance/rules.ts'
import { parser } from '#shared/live/parser.ts'
import { hashPassword } from '#server/account/passwords.ts'
import { createPerson } from '#server/account/store.ts'
import { readAttendance } from '#server/attendance/store.ts'
import { newId } from '#server/db/ids.ts'
import { readLog } from '#server/live/log.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc } from '#server/spoc/store.ts'
import { aServer } from '../support/server.ts'

const minute = 60_000
/** What is measured is true to this (ms). */
const trueTo = 2000
const password = 'correct horse battery'

/** A SPOC with a session that opened a minute ago, Claire who leads it and Awa who learns. */
async function aCourse() {
  const made = { spoc: '', room: '', awa: '' }
  const server = await aServer({
    before: async (db) => {
      const [passwordHash, now] = [await hashPassword(password), Date.now()]
      await db.transaction(async (tx) => {
        const person = async (name: string) =>
          (await createPerson(tx, {
            ...{ name, email: `${name}@example.org`, language: 'fr' as const, zone: 'Europe/Paris', passwordHash, verified: true, now },
          })) ?? ''
        const spoc = await createSpoc(
          tx,
          await person('claire'),
          {
            ...{ title: 'Un SPOC', purpose: '', objectives: [], audience: 'intra' as const, capacity: 12, starts: null, ends: null },
            ...{ language: 'fr' as const, zone: 'Europe/Paris', outcome: 'certify' as const },
          },
          now,
        )
        if (!spoc.ok) throw new Error(spoc.code)
        made.awa = await person('awa')
        await addMember(tx, { spoc: spoc.value.id, person: made.awa, role: 'learner', organisation: null, now: now - 60 * minute })
        const times = { starts: now - minute, ends: now + 300 * minute }
        const session = await createSession(tx, { spoc: spoc.value.id, title: 'Une journée', intention: '', ...times }, now)
        if (!session.ok) throw new Error(session.code)
        Object.assign(made, { spoc: spoc.value.id, room: session.value.room })
      })
    },
  })
  const signIn = async (name: string) => {
    const reply = await fetch(`${server.base}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: server.base, 'content-type': 'application/json' },
      body: JSON.stringify({ email: `${name}@example.org`, password }),
    })
    return reply.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
  }
  /** A page that opens its link now; the same epoch is the same tab that comes back. */
  const opens = async (cookie: string, epoch: string): Promise<Socket> => {
    const socket = io(server.base, {
      ...{ path: '/live', query: { room: made.room }, auth: { epoch, contract: server.contract }, transports: ['websocket'], parser },
      ...{ forceNew: true, reconnection: false, extraHeaders: { cookie, origin: server.base } },
    })
    await new Promise((resolve, reject) => {
      socket.once('welcome', resolve)
      socket.once('connect_error', reject)
    })
    return socket
  }
  return { server, made, signIn, opens }
}

it('two tabs, three cuts, a crash of the server and one of the browser: attendance is the truth', { timeout: 180_000 }, async () => {
  const { server, made, signIn, opens } = await aCourse()
  const [claires, awas] = [await signIn('claire'), await signIn('awa')]
  const [first, second] = [newId(), newId()]
  const truth: { from: number; to: number }[] = []
  /** Opens the link of somebody who was away. */
  const comes = async (epoch: string) => {
    const socket = await opens(awas, epoch)
    truth.push({ from: server.now(), to: NaN })
    return socket
  }
  const goes = () => Object.assign(truth.at(-1) ?? {}, { to: server.now() })
  /** As a line that breaks: the server sees it close, without a word. */
  const breaks = async (...sockets: Socket[]) => {
    for (const socket of sockets) socket.io.engine.close()
    await pause(800)
  }
  /** The server closes the line before it writes down that somebody left. */
  const leaves = async (socket: Socket) => {
    const closed = new Promise((resolve) => socket.once('disconnect', resolve))
    socket.emit('live:leave', {})
    await closed
    await pause(1500)
  }

  const claire = await opens(claires, newId())
  const started = (await claire.emitWithAck('session:start', newId(), {})) as { ok: boolean }
  expect(started).toMatchObject({ ok: true })
  await server.forward(4 * minute)

  let one = await comes(first)
  await server.forward(10 * minute)
  const two = await opens(awas, second)
  await server.forward(5 * minute)
  // The first cut: the other tab is still there.
  await breaks(one)
  await server.forward(minute)
  one = await opens(awas, first)
  await server.forward(3 * minute)
  // The second: both, for five minutes.
  goes()
  await breaks(one, two)
  await server.forward(5 * minute)
  one = await comes(first)
  await server.forward(7 * minute)
  // The third is over before anybody would call it an absence.
  await breaks(one)
  await server.forward(5000)
  one = await opens(awas, first)
  await server.forward(6 * minute)
  await pause(2200)

  goes()
  await server.kill()
  await server.restart({ later: 4 * minute })
  const again = await opens(claires, newId())
  await server.forward(2 * minute)
  one = await comes(first)
  await server.forward(8 * minute)
  // The browser dies with its page: what comes back is another tab.
  goes()
  await breaks(one)
  await server.forward(9 * minute)
  one = await comes(newId())
  await server.forward(12 * minute)
  goes()
  await leaves(one)
  await leaves(again)
  await server.kill()

  const { lines, table } = await server.opened((db) =>
    db.read(async (tx) => ({
      lines: (await readLog(tx, made.room, 0)).happenings,
      table: await readAttendance(tx, made.spoc, { person: '', role: 'owner' }, server.now()),
    })),
  )
  const log = lines.reduce<Attendance>(
    (state, line) => attendanceSlice.apply(state, line as never),
    attendanceSlice.start({ id: made.room, spoc: made.spoc, kind: 'session' }),
  )
  const measured = stays(log, server.now()).filter(({ person }) => person === made.awa)
  expect(measured).toHaveLength(truth.length)
  for (const [i, { from, to }] of truth.entries()) {
    expect(Math.abs((measured[i]?.from ?? 0) - from), `the beginning of stay ${i}`).toBeLessThanOrEqual(trueTo)
    expect(Math.abs((measured[i]?.to ?? 0) - to), `the end of stay ${i}`).toBeLessThanOrEqual(trueTo)
  }
  const minutes = truth.reduce((sum, { from, to }) => sum + to - from, 0) / minute
  const counted = table.people.find(({ person }) => person === made.awa)?.cells.reduce((sum, cell) => sum + (cell?.measured ?? 0), 0)
  expect(Math.abs((counted ?? 0) - minutes)).toBeLessThanOrEqual(1)
  expect(server.complaints).toEqual([])
})
