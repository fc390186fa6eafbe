import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { drizzleAdapter } from '@better-auth/drizzle-adapter/relations-v2'
import { betterAuth } from 'better-auth'
import { isAPIError } from 'better-auth/api'
import { fromNodeHeaders } from 'better-auth/node'
import { magicLink } from 'better-auth/plugins/magic-link'
import type { Logger } from 'pino'
import type { Language } from '#shared/http/values.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Clock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import type { Asking } from '#server/http/door.ts'
import type { Origins } from '#server/http/security.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { endSignIns, findPersonByEmail, findSignInByToken, getPerson } from './store.ts'
import { credential, person, signIn, verification } from './tables.ts'

/** A sign-in link on its way to a mailbox. */
export interface LinkMail {
  person: string
  name: string
  email: string
  language: Language
  /** The page to open. It consumes nothing; its button does. */
  address: string
  expires: number
}

/** Signing in and out. Results carry the cookies to set in `headers`. */
export interface Account {
  /** Who a request or a handshake comes from: looked up in the database each time, so that a sign-in that ended is over at once. */
  findSignIn(headers: IncomingHttpHeaders): Promise<Asking | null>
  byPassword(email: string, password: string, headers: IncomingHttpHeaders): Promise<Result<{ person: string; headers: Headers }>>
  /** Sends a one-use link if the address is known; takes about as long when it is not. It leads to `to` (a path of this site). */
  sendLink(email: string, to?: string): Promise<void>
  byLink(secret: string, headers: IncomingHttpHeaders): Promise<Result<{ person: string; headers: Headers }>>
  /** Signs a person in who has just proven the mailbox in another way. */
  byProof(email: string, headers: IncomingHttpHeaders): Promise<Result<{ person: string; headers: Headers }>>
  /** Ends this browser's sign-in and clears its cookies. */
  signOut(headers: IncomingHttpHeaders): Promise<Headers>
  /** Prolongs a sign-in that is in use; undefined when it is too early for that. */
  prolong(headers: IncomingHttpHeaders): Promise<Headers | undefined>
}

interface Needs {
  db: Db
  clock: Clock
  secret: string
  origins: Origins
  log: Logger
  /** Puts the link on its way (a row that mail is sent from). */
  mailLink(mail: LinkMail): Promise<void>
}

const day = 86_400
const lasts = 30 * day
const linkLasts = 15 * 60

/**
 * better-auth keeps the sign-ins; nothing of it is mounted. Its endpoints are called from our routes, so that what is not called
 * here does not exist on the network, and every reply, limit and Origin check is the door's. Never call it inside a transaction:
 * it has its own road to the database, which on the embedded one is the same connection.
 */
export function buildAccount({ db, clock, secret, origins, log, mailLink }: Needs): Account {
  const auth = betterAuth({
    appName: 'Cercle',
    baseURL: origins.publicUrl,
    basePath: '/api/auth',
    secret,
    database: drizzleAdapter(db.forSignIn, { provider: 'pg', schema: { person, sign_in: signIn, credential, verification } }),
    user: { modelName: 'person', changeEmail: { enabled: false }, deleteUser: { enabled: false } },
    session: { modelName: 'sign_in', expiresIn: lasts, updateAge: day, cookieCache: { enabled: false } },
    account: { modelName: 'credential', accountLinking: { enabled: false } },
    verification: { modelName: 'verification' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      maxPasswordLength: 128,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    plugins: [
      magicLink({
        disableSignUp: true,
        expiresIn: linkLasts,
        storeToken: 'hashed',
        generateToken: () => newId(),
        sendMagicLink: async ({ email, token, metadata }) => {
          const taken: unknown = metadata?.['take']
          const to: unknown = metadata?.['to']
          if (typeof taken === 'function') return void (taken as (token: string) => void)(token)
          const found = await db.read((tx) => findPersonByEmail(tx, email))
          // C3: a link would not open it.
          if (!found || found.deactivated) return
          await mailLink({
            person: found.id,
            name: found.name,
            email,
            language: found.language,
            address: `${origins.publicUrl}/sign-in/link${typeof to === 'string' ? `?to=${encodeURIComponent(to)}` : ''}#${token}`,
            expires: clock.now() + linkLasts * 1000,
          })
        },
      }),
    ],
    advanced: {
      useSecureCookies: origins.https,
      cookies: { session_token: { name: 'cercle_sign_in' } },
      database: { generateId: () => newId() },
      // Addresses and browsers are personal data that nothing here needs.
      ipAddress: { disableIpTracking: true },
    },
    // The door limits by address and by account.
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    // Its messages may name addresses; only that something failed is kept.
    logger: { level: 'error', log: (level) => (level === 'error' ? log.error('a sign-in failed unexpectedly') : undefined) },
  })
  const cookie = `${origins.https ? '__Secure-' : ''}cercle_sign_in`

  /** C3: whoever proved who they are is told that the account is deactivated, and stays outside. */
  const admit = async (done: Result<{ person: string; headers: Headers }>): Promise<typeof done> => {
    if (!done.ok) return done
    const { person: id } = done.value
    return db.transaction(async (tx) => {
      if ((await getPerson(tx, id)).deactivated === null) return done
      await endSignIns(tx, id)
      return refuse('account/deactivated')
    })
  }

  const byLink: Account['byLink'] = async (token, headers) =>
    admit(
      await refusing('account/link-over', async () => {
        const done = await auth.api.magicLinkVerify({ query: { token }, headers: forAuth(headers), returnHeaders: true })
        return { person: done.response.user.id, headers: cookiesOf(done.headers) }
      }),
    )

  return {
    async findSignIn(headers) {
      const token = signedToken(headers.cookie, cookie, secret)
      if (token === undefined) return null
      const found = await db.read((tx) => findSignInByToken(tx, token, clock.now()))
      return found ? { person: found.person, signIn: found.signIn, administrator: found.administrator } : null
    },
    byPassword: async (email, password, headers) =>
      admit(
        await refusing('account/wrong-sign-in', async () => {
          const done = await auth.api.signInEmail({ body: { email, password }, headers: forAuth(headers), returnHeaders: true })
          return { person: done.response.user.id, headers: cookiesOf(done.headers) }
        }),
      ),
    async sendLink(email, to) {
      await auth.api.signInMagicLink({ body: { email, metadata: { to } }, headers: new Headers() })
    },
    byLink,
    async byProof(email, headers) {
      let secretOfLink = ''
      const take = (token: string) => (secretOfLink = token)
      await auth.api.signInMagicLink({ body: { email, metadata: { take } }, headers: new Headers() })
      return byLink(secretOfLink, headers)
    },
    async signOut(headers) {
      const done = await auth.api.signOut({ headers: forAuth(headers), returnHeaders: true })
      return cookiesOf(done.headers)
    },
    async prolong(headers) {
      const token = signedToken(headers.cookie, cookie, secret)
      const found = token === undefined ? undefined : await db.read((tx) => findSignInByToken(tx, token, clock.now()))
      if (!found || found.expires.getTime() - clock.now() > (lasts - day) * 1000) return undefined
      const done = await auth.api.getSession({ headers: forAuth(headers), returnHeaders: true })
      return cookiesOf(done.headers)
    },
  }
}

/** better-auth tells a refusal by throwing; a redirection is how it refuses a link. */
async function refusing<T>(code: 'account/wrong-sign-in' | 'account/link-over', work: () => Promise<T>): Promise<Result<T>> {
  try {
    return ok(await work())
  } catch (error) {
    if (isAPIError(error) && (error.status === 'UNAUTHORIZED' || error.status === 'FOUND' || error.status === 'BAD_REQUEST'))
      return refuse(code)
    throw error
  }
}

/** Only the cookie goes to better-auth: no other header of a request may influence it. */
const forAuth = (headers: IncomingHttpHeaders) => fromNodeHeaders(headers.cookie === undefined ? {} : { cookie: headers.cookie })

function cookiesOf(from: Headers): Headers {
  const cookies = new Headers()
  for (const each of from.getSetCookie()) cookies.append('set-cookie', each)
  return cookies
}

/** The token of the sign-in cookie, if its signature is ours. Looking the sign-in up ourselves costs a quarter of better-auth's look-up. */
function signedToken(header: string | undefined, name: string, secret: string): string | undefined {
  const pair = header?.split(/;\s*/).find((each) => each.startsWith(`${name}=`))
  if (pair === undefined) return undefined
  let value: string
  try {
    value = decodeURIComponent(pair.slice(name.length + 1))
  } catch {
    return undefined
  }
  const dot = value.lastIndexOf('.')
  if (dot < 1) return undefined
  const token = value.slice(0, dot)
  const given = Buffer.from(value.slice(dot + 1), 'base64')
  const ours = createHmac('sha256', secret).update(token).digest()
  return given.length === ours.length && timingSafeEqual(given, ours) ? token : undefined
}
