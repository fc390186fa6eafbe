import type { IncomingHttpHeaders } from 'node:http'
import express, { Router, type NextFunction, type Request, type Response } from 'express'
import type { Logger } from 'pino'
import type { z } from 'zod'
import { bytes, file, kept, type ParamsOf, type ReplyOf, type RouteContract, type RouteContracts } from '#shared/http/contract.ts'
import { id } from '#shared/live/wire.ts'
import { refuse, type Refused, type Result } from '#shared/result.ts'
import { whyNotWrite, type MemberRole, type Role } from '#shared/spoc/rules.ts'
import type { Account } from '#server/account/sign-in.ts'
import type { Clock } from '#server/clock.ts'
import type { Db, Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { Environment } from '#server/environment.ts'
import { isFull } from '#server/outside/disk.ts'
import type { FileStore } from '#server/outside/files.ts'
import { sendKept } from './kept.ts'
import type { Limits } from './limits.ts'
import { openapiOf } from './openapi.ts'
import type { Given, Repeats } from './repeats.ts'
import type { Origins } from './security.ts'

/**
 * The one door of HTTP. A request comes in only if: its sign-in, membership and role allow it (looked up in the database for this
 * very request, so a revoked one ends at once), its Origin is ours when it writes, and what it says matches the contract. What goes
 * out is what the contract names and nothing else. Handlers see parsed values and give results; they catch nothing.
 */
export interface Parts {
  db: Db
  clock: Clock
  environment: Environment
  origins: Origins
  account: Account
  limits: Limits
  repeats: Repeats
  files: FileStore
  log: Logger
  /** A person's live membership of the SPOC that a route names directly, by a session or by a room. */
  membership(tx: Tx, person: string, place: Place): Promise<Membership | undefined>
  /** The guest of this room whose browser asks. */
  guest(headers: IncomingHttpHeaders, room: string): Promise<RoomGuest | undefined>
}

export interface Place {
  spoc?: string | undefined
  session?: string | undefined
  room?: string | undefined
}

export interface Membership {
  spoc: string
  role: MemberRole
  /** Since when the SPOC is archived; undefined: it is not. */
  archived?: number | undefined
}

/** A guest of one room. They have no sign-in: nothing but the routes that are open to guests knows them. */
export interface RoomGuest {
  person: string
  spoc: string
}

/** The signed-in person who asks. */
export interface Asking {
  person: string
  /** This very sign-in (one browser). */
  signIn: string
  administrator: boolean
}

type Who =
  | { kind: 'anybody' }
  | { kind: 'signedIn' }
  | { kind: 'administrator' }
  | { kind: 'member'; allowed: (role: MemberRole) => boolean; evenArchived: boolean; guests?: true }

export const anybody: Who = { kind: 'anybody' }
export const signedIn: Who = { kind: 'signedIn' }
export const administrator: Who = { kind: 'administrator' }
/**
 * A member of the SPOC found through `:spoc`, `:session` or `:room` (anybody else is told that it does not exist), whose role is allowed.
 * Nobody writes in an archived SPOC (M14), unless the route says that it may be done even so (M15).
 */
export const member = (allowed: (role: MemberRole) => boolean = () => true, even?: 'archived'): Who => ({
  kind: 'member',
  allowed,
  evenArchived: even === 'archived',
})
/** A member of the SPOC of `:room`, or a guest of this very room (G5): what its page reads. */
export const inRoom: Who = { kind: 'member', allowed: () => true, evenArchived: false, guests: true }

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined

/** What a handler receives. */
export interface Asked<Key extends string = string, C extends RouteContract = RouteContract> extends Parts {
  params: Record<ParamsOf<Key>, string>
  query: Parsed<C['query']>
  body: Parsed<C['body']>
  /** Who asks. Only for routes that ask for a sign-in; reading it elsewhere throws. */
  asker: Asking
  /** Who asks, on a route for anybody. */
  visitor: Asking | null
  /** Only for routes that ask for a membership; reading it elsewhere throws. */
  member: Membership
  /** Who asks, member or guest, on a route that is open to both (`inRoom`). */
  here: { spoc: string; role: Role }
  /** The instant of this request (UTC ms). */
  now: number
  request: Request
  /** The address it came from, for limits. */
  address: string
  /** Headers to send along (cookies). */
  headers: Headers
}

export interface Handler<Key extends string, C extends RouteContract> {
  who: Who
  run(asked: Asked<Key, C>): Result<ReplyOf<C>> | Promise<Result<ReplyOf<C>>>
}

/** One handler for each route of the contracts. */
export type Handlers<Contracts extends RouteContracts> = {
  [Key in keyof Contracts & string]: Contracts[Key] extends RouteContract ? Handler<Key, Contracts[Key]> : never
}

/** 403 and 404 are the door's own refusals; those of features tell of a state that does not allow it. */
export const statusOf = (code: string): number => {
  if (code === 'http/bad-request') return 400
  if (code === 'http/signed-out') return 401
  if (code === 'http/not-allowed') return 403
  if (code === 'http/too-large') return 413
  if (code === 'http/too-many') return 429
  if (code === 'http/unavailable') return 503
  if (code === 'http/disk-full') return 507
  return code.endsWith('not-found') ? 404 : 409
}

const writes = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])
const bodyLimit = '100kb'

/** A zero character is text to JSON but not to PostgreSQL. It is refused here rather than failing there. */
const noZero = (_key: string, value: unknown) => {
  if (typeof value === 'string' && value.includes('\0')) throw new SyntaxError('zero character')
  return value
}
const readJson = express.json({ limit: bodyLimit, reviver: noZero, type: 'application/json' })

/** Makes the router of `/api`. Contracts and handlers are the spread sums of every feature's. */
export function buildDoor<Contracts extends RouteContracts>(parts: Parts, contracts: Contracts, handlers: Handlers<Contracts>): Router {
  const router = Router({ caseSensitive: true, strict: true })
  router.use('/api', (request, response, next) => {
    response.locals['id'] = newId()
    response.setHeader('Cache-Control', writes.has(request.method) ? 'no-store' : 'private, no-cache')
    next()
  })
  for (const [key, contract] of Object.entries(contracts)) {
    const [method, path] = key.split(' ') as [string, string]
    const handler = (handlers as unknown as Record<string, Handler<string, RouteContract>>)[key]
    if (!handler) throw new Error(`${key} has a contract and no handler`)
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete'
    router[verb](path, (request, response, next) => {
      answer(parts, key, contract, handler, request, response).catch(next)
    })
  }
  let description: ReturnType<typeof openapiOf> | undefined
  router.get('/api/openapi.json', (_request, response) => void response.json((description ??= openapiOf(contracts))))
  router.use('/api', (_request, response) => send(response, refuse('http/not-found')))
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) return next(error)
    // An address that cannot be decoded.
    if (error instanceof URIError) return send(response, refuse('http/bad-request', 'address'))
    if (isFull(error)) {
      parts.log.error(
        { request: String(response.locals['id']), route: String(response.locals['route'] ?? request.method) },
        'no room to save',
      )
      return send(response, refuse('http/disk-full'))
    }
    parts.log.error(
      { request: String(response.locals['id']), route: String(response.locals['route'] ?? request.method), ...traceOf(error) },
      'a request failed',
    )
    response.status(500).json({ ...refuse('http/unavailable', String(response.locals['id'])) })
  })
  return router
}

async function answer(
  parts: Parts,
  key: string,
  contract: RouteContract,
  handler: Handler<string, RouteContract>,
  request: Request,
  response: Response,
) {
  response.locals['route'] = key
  const write = writes.has(request.method)
  const origin = request.get('origin')
  // A page that is not ours must neither write with our cookies nor sign anybody in.
  if (write && !parts.origins.originAllowed(origin)) return send(response, refuse('http/not-allowed', 'origin'))

  const address = request.ip ?? 'unknown'
  const account = await parts.account.findSignIn(request.headers)
  const flood = account
    ? write && (await parts.limits.take('writeAccount', account.person))
    : await parts.limits.take('anonymousAddress', address)
  if (flood) return send(response, flood)
  const params = request.params as Record<string, string>
  const open = handler.who.kind === 'member' && handler.who.guests
  const guest = open ? await parts.guest(request.headers, params['room'] ?? '') : undefined
  const asGuest: Asking | null = guest ? { person: guest.person, signIn: guest.person, administrator: false } : null
  let visitor = account ?? asGuest
  if (handler.who.kind !== 'anybody' && !visitor) return send(response, refuse('http/signed-out'))
  if (handler.who.kind === 'administrator' && !visitor?.administrator) return send(response, refuse('http/not-allowed'))

  // What cannot be an identity does not exist.
  if (Object.values(params).some((value) => !id.safeParse(value).success)) return send(response, refuse('http/not-found'))
  let membership: Membership | undefined
  if (handler.who.kind === 'member' && visitor) {
    const { person } = visitor
    membership = account ? await parts.db.read((tx) => parts.membership(tx, person, params)) : undefined
    if (!membership && guest) visitor = asGuest
    else if (!membership) {
      const before = await answeredBefore(parts, key, contract, request, response, person)
      if (before) return void response.status(before.status).json(before.body)
      return send(response, refuse('http/not-found'))
    }
    if (membership) {
      // Said each time, so that a browser that asks again for what it has learns that it is reopened.
      response.setHeader('Cercle-Archived', membership.archived === undefined ? 'no' : `${membership.spoc} ${membership.archived}`)
      if (!handler.who.allowed(membership.role)) return send(response, refuse('http/not-allowed'))
      const closed = write && !handler.who.evenArchived ? whyNotWrite(membership.archived ?? null) : undefined
      if (closed) return send(response, closed)
    }
  }

  const query = parse(contract.query, request.query, 'query')
  if (!query.ok) return send(response, query)
  const read = await readBody(contract, request, response)
  if (!read.ok) return send(response, read)
  const body = parse(contract.body, read.value, 'body')
  if (!body.ok) return send(response, body)

  const headers = new Headers()
  const asked: Asked = {
    ...parts,
    params,
    query: query.value as undefined,
    body: body.value as undefined,
    visitor,
    get asker() {
      return visitor ?? misused(key, 'asker')
    },
    get member() {
      return membership ?? misused(key, 'member')
    },
    get here() {
      return membership ?? (guest ? { spoc: guest.spoc, role: 'guest' as const } : misused(key, 'here'))
    },
    now: parts.clock.now(),
    request,
    address,
    headers,
  }
  const run = async (db: Db) => {
    asked.db = db
    const result = await handler.run(asked)
    return result.ok ? doneWith(contract.reply.parse(result.value)) : { status: statusOf(result.code), body: result }
  }
  const repeatKey = request.method === 'POST' && visitor ? request.get('idempotency-key') : undefined
  if (repeatKey !== undefined && !id.safeParse(repeatKey).success) return send(response, refuse('http/bad-request', 'Idempotency-Key'))
  const given =
    repeatKey !== undefined && visitor
      ? await parts.repeats.once({ person: visitor.person, key: repeatKey, request: requestOf(key, request, body.value) }, run, (value) =>
          foreseen(contract, value),
        )
      : await run(parts.db)

  for (const [name, value] of headers) if (name !== 'set-cookie') response.setHeader(name, value)
  const cookies = headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('Set-Cookie', cookies)
  if (given.status === 429 && 'detail' in given.body && typeof given.body.detail === 'string')
    response.setHeader('Retry-After', given.body.detail)
  if (contract.reply === file && given.status === 200) {
    // Only what the contract says is in it, shown as nothing else; asked for again each time, so that who loses the right loses the file.
    const { type, bytes } = (given.body as { value: z.output<typeof file> }).value
    response
      .status(200)
      .type(type)
      .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
    return
  }
  if (contract.reply === kept && given.status === 200)
    return sendKept(request, response, (given.body as { value: z.output<typeof kept> }).value)
  response.status(given.status).json(given.body)
}

/** A request as it is told from another one of the same key. */
const requestOf = (key: string, request: Request, body: unknown) => `${key} ${request.originalUrl} ${JSON.stringify(body ?? null)}`

/** Whoever leaves a course and did not hear the answer asks again, and is no member any more: they are answered what they were then. */
async function answeredBefore(parts: Parts, key: string, contract: RouteContract, request: Request, response: Response, person: string) {
  const repeatKey = request.method === 'POST' ? request.get('idempotency-key') : undefined
  if (repeatKey === undefined || !id.safeParse(repeatKey).success || contract.body === bytes) return undefined
  const read = await readBody(contract, request, response)
  const body = read.ok ? parse(contract.body, read.value, 'body') : read
  return body.ok ? parts.repeats.find({ person, key: repeatKey, request: requestOf(key, request, body.value) }) : undefined
}

const doneWith = (value: unknown): Given => ({ status: 200, body: { ok: true, value } })

/** What a handler will be answered by what its transaction gives: most hand on just that, bare or as a result. */
function foreseen({ reply }: RouteContract, value: unknown): Given | undefined {
  const isResult = typeof value === 'object' && value !== null && 'ok' in value && typeof value.ok === 'boolean'
  if (isResult && !value.ok) return undefined
  const parsed = reply.safeParse(isResult && 'value' in value ? value.value : isResult ? undefined : value)
  return parsed.success ? doneWith(parsed.data) : undefined
}

/**
 * What is logged of something that should not happen: its kinds and places, through its causes. Never its message, which may repeat
 * names and addresses (a database driver puts a statement's values there).
 */
function traceOf(error: unknown) {
  const kinds: string[] = []
  const at: string[] = []
  for (let e = error; e instanceof Error && kinds.length < 5; e = e.cause) {
    kinds.push('code' in e && typeof e.code === 'string' ? `${e.name} ${e.code}` : e.name)
    at.push(
      ...(e.stack ?? '')
        .split('\n')
        .filter((line) => /^\s+at /.test(line))
        .slice(0, 8)
        .map((line) => line.trim()),
    )
  }
  return { kinds: kinds.length > 0 ? kinds : [typeof error], at }
}

const misused = (key: string, what: string): never => {
  throw new Error(`${key} reads ${what}, which its \`who\` does not promise`)
}

function send(response: Response, refused: Refused) {
  if (refused.code === 'http/too-many' && refused.detail) response.setHeader('Retry-After', refused.detail)
  response.status(statusOf(refused.code)).json(refused)
}

/** The body is read only once the asker is known, so that a stranger's megabyte is never parsed. */
function readBody(contract: RouteContract, request: Request, response: Response): Promise<Result<unknown>> {
  if (contract.body === bytes) return Promise.resolve({ ok: true, value: request })
  const carries =
    request.get('content-length') !== undefined ? request.get('content-length') !== '0' : request.get('transfer-encoding') !== undefined
  if (!contract.body && !carries) return Promise.resolve({ ok: true, value: undefined })
  if (!writes.has(request.method)) return Promise.resolve({ ok: true, value: undefined })
  if (!request.is('application/json')) return Promise.resolve(refuse('http/bad-request', 'Content-Type'))
  return new Promise((resolve, reject) => {
    readJson(request, response, (error?: unknown) => {
      if (error === undefined) return resolve({ ok: true, value: request.body as unknown })
      const status = typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined
      if (status === 413) resolve(refuse('http/too-large', bodyLimit))
      else if (typeof status === 'number' && status < 500) resolve(refuse('http/bad-request', 'body'))
      else reject(error instanceof Error ? error : new Error('the body could not be read'))
    })
  })
}

/** Says where the first mistake is; never repeats the value. */
function parse(schema: z.ZodType | undefined, value: unknown, where: string): Result<unknown> {
  if (!schema) return { ok: true, value: undefined }
  const parsed = schema.safeParse(value)
  if (parsed.success) return { ok: true, value: parsed.data }
  const issue = parsed.error.issues[0]
  const path = [where, ...(issue?.path ?? []).map(String)].join('.')
  return refuse('http/bad-request', issue?.code === 'unrecognized_keys' ? `${path}: unknown ${issue.keys.slice(0, 3).join(', ')}` : path)
}
