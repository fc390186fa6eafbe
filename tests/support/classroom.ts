import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { io, type Socket } from 'socket.io-client'
import { expect } from 'vitest'
import { parser } from '#shared/live/parser.ts'
import type { Presence, Saved, SeatedPerson, Welcome } from '#shared/live/wire.ts'
import type { Refused, Result } from '#shared/result.ts'
import type { MemberRole, Role } from '#shared/spoc/rules.ts'
import type { MediaEntrance } from '#shared/video/wire.ts'
import { createPerson } from '#server/account/store.ts'
import { buildApp, type App } from '#server/app.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { Environment } from '#server/environment.ts'
import { openLog } from '#server/logger.ts'
import { openDiskFiles, type FileStore } from '#server/outside/files.ts'
import { openMailer } from '#server/outside/mail.ts'
import { createSession } from '#server/session/store.ts'
import { addMember, createSpoc } from '#server/spoc/store.ts'
import { TestClock } from './clock.ts'
import { atEnd } from './end.ts'
import { password, passwordHash } from './password.ts'
import { testEnvironment } from './server-wire.ts'
import { aStore } from './store.ts'

/** One seat of a person: a real socket, and everything that came down its wire. */
export class Participant {
  readonly person: string
  readonly name: string
  readonly socket: Socket
  /** Whole frames, as bytes: what a person must not receive is looked for here. */
  readonly frames: Buffer[] = []
  readonly views = new Map<string, { seq: number; view: unknown }>()
  readonly own = new Map<string, unknown>()
  readonly whispers: { name: string; from: string; payload: unknown }[] = []
  presence: Presence = { n: 0, people: [] }
  /** Who is there is the last thing that somebody who enters is told: the views came before it. */
  private inside = false
  welcome: Welcome | undefined
  /** What came along with the seat, where LiveKit carries the media. */
  media: MediaEntrance | undefined
  bye: string | undefined
  refused: Refused | undefined

  constructor(person: string, name: string, socket: Socket) {
    this.person = person
    this.name = name
    this.socket = socket
    socket.io.on('open', () => socket.io.engine.on('data', (data: Buffer) => this.frames.push(Buffer.from(data))))
    socket.on('welcome', (welcome: Welcome) => (this.welcome = welcome))
    socket.on('media', (entrance: MediaEntrance) => (this.media = entrance))
    socket.on('view', (slice: string, seq: number, view: unknown) => this.views.set(slice, { seq, view }))
    socket.on('grown', (slice: string, since: number, seq: number, increment: Record<string, unknown[]>) => {
      const known = this.views.get(slice) as { seq: number; view: Record<string, unknown[]> } | undefined
      if (!known || known.seq < since) return void socket.emit('live:view', { slice })
      // Whatever grows is a list, and what comes stands at its end.
      const grown = Object.entries(increment).map(([list, more]) => [list, [...(known.view[list] ?? []), ...more]])
      if (seq > known.seq) this.views.set(slice, { seq, view: { ...known.view, ...Object.fromEntries(grown) } })
    })
    socket.on('mine', (slice: string, _seq: number, mine: unknown) => this.own.set(slice, mine))
    socket.on('presence', (presence: Presence) => {
      this.presence = presence
      this.inside = true
    })
    socket.on('presence-change', ({ n, people, gone }: { n: number; people: SeatedPerson[]; gone: string[] }) => {
      const changed = new Set([...gone, ...people.map((one) => one.person)])
      this.presence = { n, people: [...this.presence.people.filter((one) => !changed.has(one.person)), ...people] }
    })
    socket.on('whisper', (name: string, list: [string, unknown][]) =>
      this.whispers.push(...list.map(([from, payload]) => ({ name, from, payload }))),
    )
    socket.on('bye', (why: string) => (this.bye = why))
    socket.on('connect_error', (error: Error & { data?: Refused }) => (this.refused = error.data))
  }

  get seat() {
    return this.welcome?.seat ?? ''
  }

  view<V>(slice: string): V | undefined {
    return this.views.get(slice)?.view as V | undefined
  }

  mine<M>(slice: string): M | null {
    return (this.own.get(slice) ?? null) as M | null
  }

  /** Sends a command, under a new id or a given one. */
  async send(name: string, payload: unknown, id: string = newId()): Promise<Result<Saved>> {
    const answer = (await this.socket.timeout(10_000).emitWithAck(name, id, payload)) as Result<Saved> & { mine?: unknown }
    if (answer.ok) this.own.set(name.slice(0, name.indexOf(':')), answer.mine ?? null)
    return answer
  }

  ask<T = unknown>(name: string, request: unknown): Promise<Result<T>> {
    return this.socket.timeout(10_000).emitWithAck(name, request) as Promise<Result<T>>
  }

  whisper(name: string, payload: unknown): void {
    this.socket.emit(name, payload)
  }

  /** Whether these words ever came down the wire to this person. */
  heard(words: string): boolean {
    return this.frames.some((frame) => frame.includes(words))
  }

  async here(): Promise<this> {
    await expect.poll(() => this.inside || this.refused, { timeout: 30_000 }).toBeTruthy()
    return this
  }
}

/** A signed-in browser of a person, outside any room. */
export interface Member {
  id: string
  name: string
  role: Role
  cookie: string
  fetch(method: string, path: string, body?: unknown): Promise<Response>
}

export interface Classroom {
  app: App
  db: Db
  clock: TestClock
  files: FileStore
  base: string
  spoc: string
  session: string
  room: string
  /** Adds a member of the SPOC (with a role), or a stranger (null), signed in. */
  aMember(name: string, role: MemberRole | null): Promise<Member>
  /** Opens a link to the room; give `epoch` to come back as the same page, `origin` or `contract` to try others. */
  enter(
    member: Member,
    how?: {
      epoch?: string
      room?: string
      origin?: string | null
      contract?: string
      cookie?: string
      transports?: ('websocket' | 'polling')[]
    },
  ): Promise<Participant>
}

/**
 * A SPOC with one session that is open now, on a real server with real sockets, in this process. `db` to share a database
 * between two servers, `environment` and `pages` for one that is set up in another way.
 */
export async function aClassroom(
  how: { db?: Db; beside?: Classroom; environment?: Partial<Environment>; pages?: string } = {},
): Promise<Classroom> {
  const db = how.beside?.db ?? how.db ?? (await aStore())
  if (!how.beside && !how.db) atEnd(() => db.close())
  const clock = how.beside?.clock ?? new TestClock()
  const dataDir = mkdtempSync(join(tmpdir(), 'cercle-class-'))
  atEnd(() => rmSync(dataDir, { recursive: true, force: true }))
  const files = openDiskFiles(join(dataDir, 'files'))
  const environment = { ...testEnvironment({ dataDir, port: 0 }), ...how.environment }
  const app = await buildApp({
    db,
    clock,
    log: openLog(process.env['LOG'] ?? 'silent'),
    environment,
    outside: { mailer: openMailer(environment.mail, dataDir), files },
    pages: how.pages,
  })
  atEnd(() => app.close())
  const base = app.origins.publicUrl

  const signIn = async (email: string): Promise<string> => {
    const reply = await fetch(`${base}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: base, 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    })
    if (!reply.ok) throw new Error(`${email} cannot sign in: ${await reply.text()}`)
    return reply.headers
      .getSetCookie()
      .map((one) => one.split(';')[0])
      .join('; ')
  }
  const aPerson = async (name: string) => {
    const email = `${name.toLowerCase()}@example.org`
    const id = await db.transaction((tx) =>
      createPerson(tx, { name, email, language: 'fr', zone: 'Europe/Paris', passwordHash, verified: true, now: clock.now() }),
    )
    if (id === undefined) throw new Error(`${name} exists already`)
    return { id, email }
  }
  const made = how.beside ?? (await aLesson(db, clock, (await aPerson('Nadia')).id))

  return {
    app,
    db,
    clock,
    files,
    base,
    spoc: made.spoc,
    session: made.session,
    room: made.room,
    async aMember(name, role) {
      const { id, email } = await aPerson(name)
      if (role) {
        const joined = await db.transaction((tx) =>
          addMember(tx, { spoc: made.spoc, person: id, role, organisation: null, now: clock.now() }),
        )
        if (!joined.ok) throw new Error(joined.code)
      }
      const cookie = await signIn(email)
      return {
        id,
        name,
        role: role ?? 'learner',
        cookie,
        fetch: (method, path, body) =>
          fetch(base + path, {
            method,
            headers: { origin: base, cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
            ...(body !== undefined && { body: JSON.stringify(body) }),
          }),
      }
    },
    async enter(
      member,
      {
        epoch = newId(),
        room = made.room,
        origin = base,
        contract = app.contract,
        cookie = member.cookie,
        transports = ['websocket'],
      } = {},
    ) {
      const socket = io(base, {
        path: '/live',
        query: { room },
        auth: { epoch, contract },
        transports,
        parser,
        forceNew: true,
        reconnection: false,
        extraHeaders: { cookie, ...(origin !== null && { origin }) },
      })
      atEnd(() => socket.disconnect())
      return new Participant(member.id, member.name, socket).here()
    },
  }
}

async function aLesson(db: Db, clock: TestClock, owner: string) {
  const spoc = await db.transaction((tx) =>
    createSpoc(
      tx,
      owner,
      {
        title: 'Concevoir un SPOC',
        purpose: '',
        objectives: [],
        audience: 'inter',
        capacity: 60,
        starts: null,
        ends: null,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'certify',
      },
      clock.now(),
    ),
  )
  if (!spoc.ok) throw new Error(spoc.code)
  const session = await db.transaction((tx) =>
    createSession(
      tx,
      {
        spoc: spoc.value.id,
        title: 'Séance 1',
        intention: '',
        starts: clock.now() - 60_000,
        ends: clock.now() + 3_600_000,
        zone: 'Europe/Paris',
      },
      clock.now(),
    ),
  )
  if (!session.ok) throw new Error(session.code)
  return { spoc: spoc.value.id, session: session.value.id, room: session.value.room }
}
