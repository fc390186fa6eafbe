import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createSecureContext } from 'node:tls'
import { z } from 'zod'
import { findLiveKit } from './outside/livekit-program.ts'

/**
 * The environment: every variable that changes how the server runs, parsed once. What is set but wrong, or names an engine that
 * is not built yet, stops the start with one line that names the variable: a server that quietly ignores `S3_URL` would lose files.
 */
export interface Environment {
  port: number
  host: string
  /** Whether `host` can only be reached from this machine. */
  loopback: boolean
  /** What `PUBLIC_URL` says, without a final slash; undefined: made from host and port once listening. */
  publicUrl: string | undefined
  tls: { cert: string; key: string } | undefined
  /** Express's `trust proxy`. */
  trustProxy: boolean | number | string
  /** Absolute. */
  dataDir: string
  secret: string
  /** `auto`: on when the database is empty, the host is loopback and this is not production. */
  demo: 'on' | 'off' | 'auto'
  signUp: 'open' | 'closed'
  databaseUrl: string | undefined
  iceServers: IceServer[]
  video: VideoEngine
  mail: { smtpUrl: string; from: string } | undefined
  metricsToken: string | undefined
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  production: boolean
}

/** `livekit`: a server that runs somewhere. `livekit-child`: this program, which this server runs by itself. */
export type VideoEngine =
  { kind: 'mesh' } | { kind: 'livekit'; url: string; key: string; secret: string } | { kind: 'livekit-child'; binary: string }

export interface IceServer {
  urls: string | string[]
  username?: string | undefined
  credential?: string | undefined
}

/** What a browser has to know of the media of this server. */
export const mediaOf = ({ video, iceServers }: Environment) => ({
  video: video.kind === 'mesh' ? ('mesh' as const) : ('livekit' as const),
  iceServers,
})

/** Says which variable is wrong, in one line. */
export class EnvironmentError extends Error {
  override name = 'EnvironmentError'
}

/** Whether a host name or address only reaches this machine. `0.0.0.0` and `::` are everybody. */
export const isLoopback = (host: string) => host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)

const given = z.string().trim().min(1)
const url = (...protocols: string[]) =>
  given.refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)), {
    error: `must be an address beginning with ${protocols.map((p) => `${p}://`).join(' or ')}`,
    abort: true,
  })
const onOff = z
  .enum(['on', 'off', 'true', 'false', '1', '0'], 'must be on or off')
  .transform((word) => word === 'on' || word === 'true' || word === '1')
const ice = z.array(
  z.strictObject({
    urls: z.union([z.string().regex(/^(stun|turn|turns):/), z.array(z.string().regex(/^(stun|turn|turns):/)).min(1)]),
    username: z.string().optional(),
    credential: z.string().optional(),
  }),
)

const variables = z.object({
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a number')
    .transform(Number)
    .pipe(z.int().max(65_535))
    .optional(),
  HOST: given.optional(),
  PUBLIC_URL: url('http', 'https')
    .refine((text) => ['/', ''].includes(new URL(text).pathname) && !new URL(text).search && !new URL(text).hash, 'must have no path')
    .optional(),
  TLS_CERT: given.refine((file) => existsSync(file), 'no such file').optional(),
  TLS_KEY: given.refine((file) => existsSync(file), 'no such file').optional(),
  TRUST_PROXY: given.optional(),
  DATA_DIR: given.optional(),
  SECRET: given.min(32, 'must be 32 characters or more').optional(),
  DEMO: onOff.optional(),
  SIGN_UP: z.enum(['open', 'closed'], 'must be open or closed').optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  VIDEO: z.enum(['mesh', 'livekit'], 'must be mesh or livekit').optional(),
  LIVEKIT_URL: url('ws', 'wss', 'http', 'https').optional(),
  LIVEKIT_API_KEY: given.optional(),
  LIVEKIT_API_SECRET: given.min(32, 'must be 32 characters or more, as LiveKit asks').optional(),
  ICE_SERVERS: given
    .transform((text, context) => {
      try {
        const parsed = ice.safeParse(JSON.parse(text))
        if (parsed.success) return parsed.data
      } catch {
        // Said below, in the same words as a wrong shape.
      }
      context.addIssue({ code: 'custom', message: 'must be JSON such as [{"urls":"stun:example.org:3478"}]' })
      return z.NEVER
    })
    .optional(),
  SMTP_URL: url('smtp', 'smtps').optional(),
  MAIL_FROM: given.regex(/@/, 'must hold an e-mail address').optional(),
  METRICS_TOKEN: given.min(16, 'must be 16 characters or more').optional(),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], 'must be fatal, error, warn, info, debug, trace or silent')
    .optional(),
  NODE_ENV: z.string().optional(),
})

/** Engines of later releases. Setting one is refused rather than ignored. */
const notBuilt = ['REDIS_URL', 'S3_URL', 'S3_BUCKET', 'S3_KEY', 'S3_SECRET', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET']

const wrong = (variable: string, why: string) => new EnvironmentError(`${variable} is wrong: ${why}`)

/**
 * Reads `process.env` (or another map). Creates `DATA_DIR` and, on the first start, the secret inside it (readable by its owner
 * only). Throws an `EnvironmentError` of one line otherwise. The value of a variable is never repeated: it may be a secret.
 */
export function readEnvironment(env: Readonly<Record<string, string | undefined>> = process.env): Environment {
  // An empty variable is one that is not set: `DATABASE_URL= npm start` means "not this time".
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  for (const name of notBuilt)
    if (name in set) throw new EnvironmentError(`${name} is set, but this release has no such engine yet: unset it`)
  const parsed = variables.safeParse(set)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw wrong(String(issue?.path[0]), issue?.message ?? 'unknown')
  }
  const v = parsed.data
  const host = v.HOST ?? '127.0.0.1'
  const loopback = isLoopback(host)
  if (!loopback && !v.PUBLIC_URL)
    throw new EnvironmentError('PUBLIC_URL is needed when HOST is not loopback: links and cookies are made from it')
  if ((v.TLS_CERT === undefined) !== (v.TLS_KEY === undefined))
    throw new EnvironmentError(`${v.TLS_CERT ? 'TLS_KEY' : 'TLS_CERT'} is missing: a certificate and its key go together`)
  if (v.TLS_CERT && v.TLS_KEY) expectPair(v.TLS_CERT, v.TLS_KEY)
  if (v.TLS_CERT && v.PUBLIC_URL?.startsWith('http:')) throw wrong('PUBLIC_URL', 'must begin with https:// when TLS_CERT is set')
  if (v.SMTP_URL && !v.MAIL_FROM) throw new EnvironmentError('MAIL_FROM is missing: mail through SMTP_URL needs a sender')
  const dataDir = resolve(v.DATA_DIR ?? './data')
  return {
    port: v.PORT ?? 3000,
    host,
    loopback,
    publicUrl: v.PUBLIC_URL === undefined ? undefined : new URL(v.PUBLIC_URL).origin,
    tls: v.TLS_CERT && v.TLS_KEY ? { cert: v.TLS_CERT, key: v.TLS_KEY } : undefined,
    trustProxy: trustProxy(v.TRUST_PROXY),
    dataDir,
    secret: v.SECRET ?? ownSecret(dataDir),
    demo: v.DEMO === undefined ? 'auto' : v.DEMO ? 'on' : 'off',
    signUp: v.SIGN_UP ?? 'closed',
    databaseUrl: v.DATABASE_URL,
    iceServers: v.ICE_SERVERS ?? [],
    video: videoEngine(v),
    mail: v.SMTP_URL && v.MAIL_FROM ? { smtpUrl: v.SMTP_URL, from: v.MAIL_FROM } : undefined,
    metricsToken: v.METRICS_TOKEN,
    logLevel: v.LOG_LEVEL ?? 'info',
    production: v.NODE_ENV === 'production',
  }
}

/** LiveKit when its address is set; its three variables go together. `VIDEO` may hold on to the mesh, or ask for a LiveKit of our own. */
function videoEngine(v: z.output<typeof variables>): VideoEngine {
  const { LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret } = v
  if (v.VIDEO === 'mesh') return { kind: 'mesh' }
  if (url === undefined && key === undefined && secret === undefined) {
    if (v.VIDEO !== 'livekit') return { kind: 'mesh' }
    const binary = findLiveKit()
    if (binary === undefined)
      throw wrong('VIDEO', 'livekit needs LIVEKIT_URL, or the program livekit-server on PATH (see README: Video for more than eight)')
    return { kind: 'livekit-child', binary }
  }
  for (const [name, value] of Object.entries({ LIVEKIT_URL: url, LIVEKIT_API_KEY: key, LIVEKIT_API_SECRET: secret }))
    if (value === undefined) throw new EnvironmentError(`${name} is missing: LiveKit's address, key and secret go together`)
  if (!url || !key || !secret) throw new EnvironmentError('LIVEKIT_URL, LIVEKIT_API_KEY and LIVEKIT_API_SECRET go together')
  if (v.PUBLIC_URL?.startsWith('https:') && /^(ws|http):/.test(url))
    throw wrong('LIVEKIT_URL', 'must begin with wss:// because a page on HTTPS may talk to nothing else')
  return { kind: 'livekit', url, key, secret }
}

/** A certificate and a key that can be read and belong together. */
function expectPair(cert: string, key: string) {
  const read = (name: string, file: string) => {
    try {
      return readFileSync(file)
    } catch {
      throw wrong(name, 'the file cannot be read')
    }
  }
  const [certificate, secret] = [read('TLS_CERT', cert), read('TLS_KEY', key)]
  try {
    createSecureContext({ cert: certificate })
  } catch {
    throw wrong('TLS_CERT', 'the file holds no certificate (PEM)')
  }
  try {
    createSecureContext({ cert: certificate, key: secret })
  } catch {
    throw wrong('TLS_KEY', 'the file holds no key (PEM), or that of another certificate')
  }
}

/**
 * Only where things are kept, for a restore: `DATA_DIR` is not made, nor a secret in it, and other variables are not looked at. Throws an
 * `EnvironmentError`.
 */
export function readPlace(env: Readonly<Record<string, string | undefined>> = process.env) {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''))
  const parsed = variables.pick({ DATA_DIR: true, DATABASE_URL: true, SECRET: true }).safeParse(set)
  if (!parsed.success) throw wrong(String(parsed.error.issues[0]?.path[0]), parsed.error.issues[0]?.message ?? 'unknown')
  const { DATA_DIR, DATABASE_URL, SECRET } = parsed.data
  return { dataDir: resolve(DATA_DIR ?? './data'), databaseUrl: DATABASE_URL, ownSecret: SECRET !== undefined }
}

/** A count of proxies, or their addresses. A bare "true" would let anybody name their own address, so it is refused. */
function trustProxy(text: string | undefined): boolean | number | string {
  if (text === undefined || text === 'off' || text === 'false' || text === '0') return false
  if (/^\d{1,2}$/.test(text)) return Number(text)
  if (
    /^(loopback|linklocal|uniquelocal|[0-9a-f.:]+(\/\d{1,3})?)(\s*,\s*(loopback|linklocal|uniquelocal|[0-9a-f.:]+(\/\d{1,3})?))*$/i.test(
      text,
    )
  )
    return text
  throw wrong('TRUST_PROXY', 'must be off, a count of proxies, or their addresses (loopback, 10.0.0.0/8, …)')
}

/** The secret kept in `DATA_DIR`: made on the first start, never defaulted, never printed. */
function ownSecret(dataDir: string): string {
  const file = join(dataDir, 'secret')
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    try {
      // `wx` makes one of two first starts win; the other reads what it wrote.
      writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    chmodSync(file, 0o600)
    const secret = readFileSync(file, 'utf8').trim()
    if (secret.length < 32)
      throw new EnvironmentError(`the secret in DATA_DIR is too short: remove ${file} to make another (everybody signs in again)`)
    return secret
  } catch (error) {
    if (error instanceof EnvironmentError) throw error
    throw wrong('DATA_DIR', `cannot be written (${error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'})`)
  }
}
