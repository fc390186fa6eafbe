import type { ReplyOf, RequestOf, RouteContract } from '#shared/http/contract.ts'
import type { Refused, Result } from '#shared/result.ts'
import type { Refusal, routes } from '#shared/wire.ts'
import { archived } from './archived.svelte.ts'
import { hearRelease } from './release.ts'
import { router } from './router.svelte.ts'
import { serverClock } from './ui/clock.svelte.ts'
import { learnRefusal } from './words/words.svelte.ts'

type Routes = typeof routes
type Key = keyof Routes & string
type Given<K extends Key> = Routes[K] extends RouteContract ? RequestOf<K, Routes[K]> : never
/** What a route replies when all went well. */
export type Reply<K extends Key> = Routes[K] extends RouteContract ? ReplyOf<Routes[K]> : never

interface Options {
  signal?: AbortSignal
}

/**
 * Calls the server: `await api('POST /api/spocs', { body })`. Names, parameters, body and reply come from the contracts, as types
 * only. Never throws: no network is the refusal `http/unavailable`, and being signed out leads to the sign-in page, which brings
 * the person back. A POST carries an `Idempotency-Key`, so the one retry after a lost reply is never done twice.
 */
export async function api<K extends Key>(
  key: K,
  ...[given]: object extends Given<K> ? [(Given<K> & Options)?] : [Given<K> & Options]
): Promise<Result<Reply<K>>> {
  const { params, query, body, signal } = (given ?? {}) as {
    params?: Record<string, string>
    query?: Record<string, unknown>
    body?: unknown
  } & Options
  const [method = 'GET', path = ''] = key.split(' ')
  const headers = new Headers({ accept: 'application/json' })
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (method === 'POST') headers.set('idempotency-key', randomKey())

  const reply = await ask(addressOf(path, params, query), {
    method,
    headers,
    credentials: 'same-origin',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
  })
  if (!reply) return unavailable
  const said: unknown = await reply.json().catch(() => undefined)
  // The door wraps what it gives: `{ ok: true, value }`; what came from elsewhere (a proxy's page) has no such shape.
  if (reply.ok) return isGiven(said) ? { ok: true, value: said.value as Reply<K> } : unavailable
  const refused = asRefusal(said, reply.status)
  if (refused.code === 'http/signed-out') router.toSignIn()
  await learnRefusal(refused.code)
  return refused
}

const unavailable: Refused = { ok: false, code: 'http/unavailable' }

const isGiven = (said: unknown): said is { value?: unknown } =>
  typeof said === 'object' && said !== null && 'ok' in said && said.ok === true

/** One try, and one more after a short wait for what may be asked twice. */
async function ask(address: string, request: RequestInit): Promise<Response | undefined> {
  const mayAskAgain = request.method === 'GET' || request.method === 'POST'
  for (let attempt = 0; attempt < (mayAskAgain ? 2 : 1); attempt++) {
    if (attempt > 0) await new Promise((done) => setTimeout(done, 400))
    if (request.signal?.aborted) return undefined
    try {
      const asked = Date.now()
      const reply = await fetch(address, request)
      hearRelease(reply.headers.get('cercle-contract'))
      archived.hear(reply.headers.get('cercle-archived'))
      serverClock.hear(reply.headers.get('date'), asked, Date.now())
      return reply
    } catch {
      // No answer at all: the network, or a server that is restarting.
    }
  }
  return undefined
}

function addressOf(path: string, params: Record<string, string> = {}, query: Record<string, unknown> = {}): string {
  const address = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== null) search.set(name, String(value))
  return search.size > 0 ? `${address}?${search}` : address
}

/** What a status means when whatever answered (a proxy, say) gave no code of ours. */
const byStatus: Partial<Record<number, Refusal>> = {
  400: 'http/bad-request',
  401: 'http/signed-out',
  403: 'http/not-allowed',
  404: 'http/not-found',
  413: 'http/too-large',
  429: 'http/too-many',
}

function asRefusal(said: unknown, status: number): Refused {
  if (typeof said === 'object' && said !== null && 'code' in said && typeof said.code === 'string') {
    // The server speaks the contract; a code newer than this page still gets general words.
    const detail = 'detail' in said && typeof said.detail === 'string' ? { detail: said.detail } : {}
    return { ok: false, code: said.code as Refusal, ...detail }
  }
  return { ok: false, code: byStatus[status] ?? 'http/unavailable' }
}

/** 128 random bits as URL-safe text; `crypto.randomUUID` does not exist on a plain-HTTP address of a local network. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
}
