import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { accountRoutes } from '#shared/account/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import type { Result } from '#shared/result.ts'
import { sessionRoutes } from '#shared/session/wire.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { arriveRoutes, inviteRoutes, signInLinkRoutes } from '#shared/spoc/invite.wire.ts'
import { spocRoutes } from '#shared/spoc/wire.ts'
import { accountHandlers, type AddressAsked, type AddressChanged } from '#server/account/routes.ts'
import { buildAccount, type LinkMail } from '#server/account/sign-in.ts'
import { createPerson } from '#server/account/store.ts'
import type { Db } from '#server/db/db.ts'
import type { Environment } from '#server/environment.ts'
import type { Handlers, Parts } from '#server/http/door.ts'
import { buildHttp } from '#server/http/http.ts'
import { buildLimits } from '#server/http/limits.ts'
import { buildRepeats } from '#server/http/repeats.ts'
import { buildSeal } from '#server/http/secrets.ts'
import { originsOf } from '#server/http/security.ts'
import { openDiskFiles } from '#server/outside/files.ts'
import { sessionHandlers } from '#server/session/routes.ts'
import { arriveHandlers } from '#server/spoc/arrive.routes.ts'
import type { InvitationMail, Invited } from '#server/spoc/invite.letter.ts'
import { inviteHandlers } from '#server/spoc/invite.routes.ts'
import { signInLinkHandlers } from '#server/spoc/sign-in-link.routes.ts'
import { guestSecret } from '#server/guests/cookie.ts'
import { guestHere } from '#server/guests/store.ts'
import { joinArrivals } from '#server/spoc/invite.store.ts'
import { erasing, releasing, type TellLeaving } from '#server/flows/leaving.ts'
import { exportOf } from '#server/account/data.ts'
import { spocHandlers, type MembershipChanged } from '#server/spoc/routes.ts'
import { addMember, createSpoc, findMembership } from '#server/spoc/store.ts'
import { atEnd } from '#tests/support/end.ts'
import { password, passwordHash } from '#tests/support/password.ts'
import { aStore } from '#tests/support/store.ts'

export const secret = 'a secret that only this test knows, long enough'

const defaults: Environment = {
  port: 0,
  host: '127.0.0.1',
  loopback: true,
  publicUrl: undefined,
  tls: undefined,
  trustProxy: false,
  dataDir: '/nowhere',
  secret,
  demo: 'off',
  signUp: 'closed',
  databaseUrl: undefined,
  video: { kind: 'mesh' },
  iceServers: [{ urls: 'stun:stun.example.org:3478' }],
  mail: undefined,
  metricsToken: undefined,
  logLevel: 'silent',
  production: false,
}

interface Options {
  db?: Db
  environment?: Partial<Environment>
  contracts?: RouteContracts
  handlers?: Handlers<RouteContracts>
}

/** The routes of accounts, SPOCs and sessions on a real port, over a fresh database (closed here unless it was given), with a clock that tests move. */
export async function aDoor({ db, environment = {}, contracts = {}, handlers = {} }: Options = {}) {
  const store = db ?? (await aStore())
  const dataDir = mkdtempSync(join(tmpdir(), 'cercle-door-'))
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  atEnd(async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
    if (!db) await store.close()
    rmSync(dataDir, { recursive: true, force: true })
  })
  const { port } = server.address() as AddressInfo
  const clock = { ahead: 0, now: () => Date.now() + clock.ahead, after: () => () => undefined }
  const lines: string[] = []
  const log = pino({ level: 'info', base: null }, { write: (line: string) => void lines.push(line) })
  const links: LinkMail[] = []
  const invitations: InvitationMail[] = []
  const invited: Invited = async (_tx, mail) => void invitations.push(mail)
  const asks: { name: string; why: string }[] = []
  const helps: { person: string; by: string }[] = []
  const addresses: AddressAsked[] = []
  const changes: AddressChanged[] = []
  const memberships: MembershipChanged[] = []
  const leaving: TellLeaving = {
    callChanged: async () => undefined,
    membershipChanged: async (_tx, change) => void memberships.push(change),
  }
  const whole = { ...defaults, ...environment }
  const origins = originsOf({ publicUrl: whole.publicUrl, host: whole.host, port, https: false })
  const parts: Parts = {
    db: store,
    clock,
    environment: whole,
    origins,
    account: buildAccount({ db: store, clock, secret, origins, log, mailLink: async (mail) => void links.push(mail) }),
    limits: buildLimits(),
    repeats: buildRepeats({ db: store, seal: buildSeal(secret), clock }),
    files: openDiskFiles(join(dataDir, 'files')),
    log,
    membership: findMembership,
    guest: (headers, room) => store.read((tx) => guestHere(tx, guestSecret(headers.cookie, false), room)),
  }
  server.on(
    'request',
    buildHttp(
      parts,
      { ...accountRoutes, ...spocRoutes, ...inviteRoutes, ...signInLinkRoutes, ...arriveRoutes, ...sessionRoutes, ...contracts },
      {
        ...accountHandlers({
          arrive: (tx, person, now) => joinArrivals(tx, person, now, async () => undefined),
          addressAsked: async (_tx, asked) => void addresses.push(asked),
          addressChanged: async (_tx, changed) => void changes.push(changed),
          deactivated: async () => undefined,
          erase: erasing(leaving),
          data: exportOf,
        }),
        ...spocHandlers({ changed: leaving.membershipChanged, archived: async () => undefined, release: releasing(leaving) }),
        ...inviteHandlers(invited),
        ...signInLinkHandlers(async (_tx, help) => void helps.push(help)),
        ...arriveHandlers({ invited, hasJoined: async () => undefined, asked: async (_tx, asked) => void asks.push(asked) }),
        ...sessionHandlers(
          async () => undefined,
          async () => undefined,
          { reopened: async () => undefined, kept: async () => ({ messages: 0, questions: 0, board: false, film: false }) },
        ),
        ...handlers,
      } as unknown as Handlers<RouteContracts>,
    ),
  )
  const base = `http://127.0.0.1:${port}`

  /** A browser: keeps its cookies and sends its page's Origin. */
  const aBrowser = () => new Browser(base)

  /** A person with a password, and optionally the browser where they are signed in. */
  async function aPerson(name: string, { administrator = false }: { administrator?: boolean } = {}) {
    const email = `${name.toLowerCase()}@example.org`
    const id = await store.transaction((tx) =>
      createPerson(tx, {
        name,
        email,
        language: 'fr',
        zone: 'Europe/Paris',
        passwordHash,
        administrator,
        verified: true,
        now: clock.now(),
      }),
    )
    if (id === undefined) throw new Error(`${name} exists already`)
    return { id, name, email }
  }
  async function signedIn(name: string, how: { administrator?: boolean } = {}) {
    const person = await aPerson(name, how)
    const browser = aBrowser()
    const done = await browser.post('/api/auth/sign-in/email', { email: person.email, password })
    if (!done.ok) throw new Error(`${name} cannot sign in: ${done.code}`)
    return Object.assign(browser, { person: person.id, email: person.email })
  }
  /** A SPOC with its owner signed in. */
  async function aSpoc(capacity = 5) {
    const owner = await signedIn('Nadia')
    const made = await store.transaction((tx) =>
      createSpoc(
        tx,
        owner.person,
        {
          title: 'Concevoir un SPOC',
          purpose: '',
          objectives: [{ id: 'objective-of-cadrer', text: 'Cadrer' }],
          audience: 'inter',
          capacity,
          starts: null,
          ends: null,
          language: 'fr',
          zone: 'Europe/Paris',
          outcome: 'certify',
        },
        clock.now(),
      ),
    )
    if (!made.ok) throw new Error(made.code)
    const spoc = made.value.id
    async function aMember(name: string, role: MemberRole, organisation: string | null = null) {
      const browser = await signedIn(name)
      const joined = await store.transaction((tx) => addMember(tx, { spoc, person: browser.person, role, organisation, now: clock.now() }))
      if (!joined.ok) throw new Error(joined.code)
      return browser
    }
    return { spoc, owner, aMember }
  }
  return {
    base,
    port,
    db: store,
    clock,
    lines,
    links,
    invitations,
    asks,
    helps,
    addresses,
    changes,
    memberships,
    parts,
    aBrowser,
    aPerson,
    signedIn,
    aSpoc,
  }
}

export interface Sent {
  method?: string
  body?: unknown
  /** Sent as it is instead of `body`. */
  raw?: string | Buffer
  /** Null: none is sent. */
  origin?: string | null
  headers?: Record<string, string>
}

/** What a reply holds, as long as a test does not say: it reads what it expects. */
type Read = any // eslint-disable-line @typescript-eslint/no-explicit-any -- see above

export class Browser {
  cookies = new Map<string, string>()
  base: string

  constructor(base: string) {
    this.base = base
  }

  /** The whole response. */
  async fetch(path: string, { method = 'GET', body, raw, origin = this.base, headers = {} }: Sent = {}): Promise<Response> {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await fetch(this.base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(this.cookies.size > 0 && { Cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
        ...(origin !== null && method !== 'GET' && { Origin: origin }),
        ...(text !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(text !== undefined && { body: text as BodyInit }),
    })
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';')
      const at = pair.indexOf('=')
      const gone = attributes.some((each) => each.trim().toLowerCase() === 'max-age=0')
      if (gone) this.cookies.delete(pair.slice(0, at))
      else this.cookies.set(pair.slice(0, at), pair.slice(at + 1))
    }
    return response
  }

  async ask<T = Read>(method: string, path: string, body?: unknown, sent: Sent = {}): Promise<Result<T> & { status: number }> {
    const response = await this.fetch(path, { method, ...(body !== undefined && { body }), ...sent })
    return { ...((await response.json()) as Result<T>), status: response.status }
  }

  get = <T = Read>(path: string) => this.ask<T>('GET', path)
  post = <T = Read>(path: string, body?: unknown, sent?: Sent) => this.ask<T>('POST', path, body, sent)
  patch = <T = Read>(path: string, body?: unknown) => this.ask<T>('PATCH', path, body)
  put = <T = Read>(path: string, body?: unknown) => this.ask<T>('PUT', path, body)
  delete = (path: string) => this.ask('DELETE', path)
}
