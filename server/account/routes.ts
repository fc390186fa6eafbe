import { ok, refuse, type Result } from '#shared/result.ts'
import { whyNotDeactivate } from '#shared/account/leaving.rules.ts'
import type { AccountCard, accountRoutes, Me } from '#shared/account/wire.ts'
import type { Language } from '#shared/http/values.ts'
import type { Tx } from '#server/db/db.ts'
import { administrator, anybody, signedIn, type Asked, type Handlers } from '#server/http/door.ts'
import { askAddress, changeAddress, confirmAddress, deactivate, findAccount, listAccounts } from './leaving.store.ts'
import { isPicture, pictureFile } from './pictures.ts'
import { hashPassword, passwordsAreBusy, verifyPassword } from './passwords.ts'
import { revoke } from './revocation.ts'
import {
  createFirstAdministrator,
  endSignIns,
  findPassword,
  findPersonByEmail,
  findPicture,
  getPerson,
  listAdministrators,
  savePassword,
  savePerson,
  savePicture,
} from './store.ts'

/** What joins a person who has just shown that a mailbox is theirs to what was waiting for that. Gives where that leads, if anywhere. */
export type Arrive = (tx: Tx, person: string, now: number) => Promise<{ spoc: string; room: string | null } | null>

/** Another address was asked for: a letter goes there and to the one it replaces. `taken`: it is somebody else's account already. */
export interface AddressAsked {
  person: string
  name: string
  language: Language
  before: string
  email: string
  /** The page that confirms it. */
  address: string
  taken: boolean
}

/** An account has another address. `by`: the administrator who changed it. */
export interface AddressChanged {
  person: string
  name: string
  language: Language
  before: string
  email: string
  by: string | null
}

/** What the changes of an account cause elsewhere, and what it needs of other features: handed over where the routes are put together. */
export interface TellAccount {
  arrive: Arrive
  addressAsked(tx: Tx, asked: AddressAsked): Promise<void>
  addressChanged(tx: Tx, changed: AddressChanged): Promise<void>
  /** Somebody's account was deactivated, or (`back`) lets them in again. */
  deactivated(tx: Tx, about: { person: string; back: boolean }): Promise<void>
  /** C5: erases a person everywhere. Refused by rule C4. */
  erase(tx: Tx, person: string, now: number): Promise<Result<void>>
  /** Everything kept about a person, as a zip file. */
  data(asked: Pick<Asked, 'db' | 'files' | 'now'>, person: string): Promise<Uint8Array>
}

export const accountHandlers = (tell: TellAccount): Handlers<typeof accountRoutes> => ({
  'GET /api/mail': {
    who: anybody,
    // Where mail leaves nobody needs a name to ask, so none is told.
    run: async ({ db, environment }) =>
      ok({ leaves: environment.mail !== undefined, ask: environment.mail ? [] : await db.read(listAdministrators) }),
  },
  'GET /api/me': {
    who: anybody,
    run: async ({ visitor, db, environment, account, request, headers }) => {
      if (!visitor) return ok(null)
      for (const cookie of (await account.prolong(request.headers))?.getSetCookie() ?? []) headers.append('set-cookie', cookie)
      return ok(await db.read((tx) => meOf(tx, visitor.person, environment.signUp)))
    },
  },
  'PATCH /api/me': { who: signedIn, run: (asked) => changeMe(asked, (tx) => savePerson(tx, asked.asker.person, asked.body, asked.now)) },
  'PUT /api/me/picture': {
    who: signedIn,
    run: async (asked) => {
      const jpeg = Buffer.from(asked.body.jpeg, 'base64')
      if (!isPicture(jpeg)) return refuse('account/not-a-picture')
      return changeMe(asked, (tx) => savePicture(tx, asked.asker.person, jpeg, asked.now))
    },
  },
  'DELETE /api/me/picture': {
    who: signedIn,
    run: (asked) => changeMe(asked, (tx) => savePicture(tx, asked.asker.person, undefined, asked.now)),
  },
  'GET /api/me/pictures/:picture': {
    who: signedIn,
    run: async ({ asker, params, db }) => pictureFile(await db.read((tx) => findPicture(tx, asker.person, params.picture))),
  },
  'PUT /api/me/password': {
    who: signedIn,
    run: async (asked) => {
      const { asker, body, db, now } = asked
      const wrong = await provePassword(asked, asker.person, body.current)
      if (wrong) return wrong
      const made = await hashPassword(body.password)
      await db.transaction(async (tx) => {
        await savePassword(tx, asker.person, made, now)
        await endSignIns(tx, asker.person, asker.signIn)
        await revoke(tx, { person: asker.person })
      })
      return ok()
    },
  },
  'POST /api/me/sign-out-everywhere': {
    who: signedIn,
    run: async ({ asker, db, account, request, headers }) => {
      await db.transaction(async (tx) => {
        await endSignIns(tx, asker.person)
        await revoke(tx, { person: asker.person })
      })
      copy(await account.signOut(request.headers), headers)
      return ok()
    },
  },
  'POST /api/me/email': {
    who: signedIn,
    run: async (asked) => {
      const { asker, body, db, now, environment, origins } = asked
      if (!environment.mail) return refuse('account/no-mail')
      const wrong = await provePassword(asked, asker.person, body.current)
      if (wrong) return wrong
      return db.transaction(async (tx) => {
        const { name, language, email: before } = await getPerson(tx, asker.person)
        if (before === body.email) return refuse('account/same-address')
        // Who asks is not told whether somebody has that address: its mailbox is.
        const taken = (await findPersonByEmail(tx, body.email)) !== undefined
        const address = `${origins.publicUrl}/email#${await askAddress(tx, asker.person, body.email, now)}`
        await tell.addressAsked(tx, { person: asker.person, name, language, before, email: body.email, address, taken })
        return ok()
      })
    },
  },
  'POST /api/me/email/confirm': {
    who: signedIn,
    run: async ({ asker, body, db, now, limits, environment }) => {
      const flood = await limits.take('verifyAddress', asker.person)
      if (flood) return flood
      return db.transaction(async (tx) => {
        const done = await confirmAddress(tx, asker.person, body.token, now)
        if (!done.ok) return done
        const { name, language } = await getPerson(tx, asker.person)
        await tell.addressChanged(tx, { person: asker.person, name, language, by: null, ...done.value })
        return ok(await meOf(tx, asker.person, environment.signUp))
      })
    },
  },
  'GET /api/me/data': {
    who: signedIn,
    run: async (asked) => {
      const { asker, limits, headers, now } = asked
      const flood = await limits.take('dataAccount', asker.person)
      if (flood) return flood
      headers.set('content-disposition', `attachment; filename="cercle-${new Date(now).toISOString().slice(0, 10)}.zip"`)
      return ok({ type: 'application/zip', bytes: await tell.data(asked, asker.person) })
    },
  },
  'POST /api/me/erase': {
    who: signedIn,
    run: async (asked) => {
      const { asker, body, db, now, log, headers, account, request } = asked
      const wrong = await provePassword(asked, asker.person, body.current)
      if (wrong) return wrong
      const done = await db.transaction((tx) => tell.erase(tx, asker.person, now))
      if (!done.ok) return done
      log.info({ person: asker.person }, 'an account was erased by its person')
      copy(await account.signOut(request.headers), headers)
      return ok()
    },
  },
  'GET /api/accounts': {
    who: administrator,
    run: async ({ db, query }) => ok(await db.read((tx) => listAccounts(tx, query.words))),
  },
  'POST /api/accounts/:account/deactivate': {
    who: administrator,
    run: (asked) =>
      changeAccount(asked, async (tx, { id, deactivated }) => {
        const wrong = whyNotDeactivate(id, asked.asker.person)
        if (wrong) return wrong
        if (deactivated !== null) return ok()
        await deactivate(tx, id, asked.now, asked.now)
        await tell.deactivated(tx, { person: id, back: false })
        return ok()
      }),
  },
  'POST /api/accounts/:account/reactivate': {
    who: administrator,
    run: (asked) =>
      changeAccount(asked, async (tx, { id, deactivated }) => {
        if (deactivated === null) return ok()
        await deactivate(tx, id, null, asked.now)
        await tell.deactivated(tx, { person: id, back: true })
        return ok()
      }),
  },
  'PUT /api/accounts/:account/email': {
    who: administrator,
    run: (asked) =>
      changeAccount(asked, async (tx, { id, name }) => {
        const done = await changeAddress(tx, id, asked.body.email, { verified: false, now: asked.now })
        if (!done.ok) return done
        const { language } = await getPerson(tx, id)
        const { name: by } = await getPerson(tx, asked.asker.person)
        await tell.addressChanged(tx, { person: id, name, language, by, ...done.value })
        return ok()
      }),
  },
  'POST /api/accounts/:account/erase': {
    who: administrator,
    run: async ({ asker, params, db, now, log }) => {
      const wrong = whyNotDeactivate(params.account, asker.person)
      if (wrong) return wrong
      const done = await db.transaction(async (tx) =>
        (await findAccount(tx, params.account)) ? tell.erase(tx, params.account, now) : refuse('http/not-found'),
      )
      if (done.ok) log.info({ person: params.account, by: asker.person }, 'an account was erased')
      return done
    },
  },
  'POST /api/auth/sign-in/email': {
    who: anybody,
    run: async ({ body, request, address, limits, account, headers, db, environment }) => {
      const flood = (await limits.take('signInAddress', address)) ?? (await limits.take('signInAccount', body.email))
      if (flood) return flood
      if (passwordsAreBusy()) return refuse('http/too-many', '2')
      const done = await account.byPassword(body.email, body.password, request.headers)
      if (!done.ok) return done
      await limits.forgive('signInAccount', body.email)
      copy(done.value.headers, headers)
      return ok(await db.read((tx) => meOf(tx, done.value.person, environment.signUp)))
    },
  },
  'POST /api/auth/sign-in/magic-link': {
    who: anybody,
    run: async ({ body, address, limits, account }) => {
      const flood = (await limits.take('linkAddress', address)) ?? (await limits.take('linkAccount', body.email))
      if (flood) return flood
      await account.sendLink(body.email, body.to)
      return ok()
    },
  },
  'POST /api/auth/magic-link/verify': {
    who: anybody,
    run: async ({ body, request, address, limits, account, headers, db, now, environment }) => {
      const flood = await limits.take('verifyAddress', address)
      if (flood) return flood
      const done = await account.byLink(body.token, request.headers)
      if (!done.ok) return done
      copy(done.value.headers, headers)
      return ok(
        await db.transaction(async (tx) => {
          const joined = await tell.arrive(tx, done.value.person, now)
          return { me: await meOf(tx, done.value.person, environment.signUp), joined }
        }),
      )
    },
  },
  'POST /api/auth/sign-out': {
    who: signedIn,
    run: async ({ asker, request, account, headers, db }) => {
      copy(await account.signOut(request.headers), headers)
      await db.transaction((tx) => revoke(tx, { person: asker.person, signIn: asker.signIn }))
      return ok()
    },
  },
  'POST /api/auth/first-administrator': {
    who: anybody,
    run: async ({ body: { token, password, ...first }, request, address, limits, account, headers, db, now, environment }) => {
      const flood = await limits.take('firstAddress', address)
      if (flood) return flood
      const passwordHash = await hashPassword(password)
      const made = await db.transaction((tx) => createFirstAdministrator(tx, token, { ...first, passwordHash, now }))
      if (made === undefined) return refuse('account/link-over')
      const done = await account.byPassword(first.email, password, request.headers)
      if (!done.ok) return done
      copy(done.value.headers, headers)
      return ok(await db.read((tx) => meOf(tx, made, environment.signUp)))
    },
  },
})

/** Makes a change of the person who asks, and gives what they then see of themselves. */
const changeMe = async ({ asker, db, environment }: Pick<Asked, 'asker' | 'db' | 'environment'>, change: (tx: Tx) => Promise<void>) =>
  ok(
    await db.transaction(async (tx) => {
      await change(tx)
      return meOf(tx, asker.person, environment.signUp)
    }),
  )

/** Changes an account for an administrator, and gives it as it then stands. */
const changeAccount = (
  { db, params }: Pick<Asked, 'db'> & { params: { account: string } },
  change: (tx: Tx, account: AccountCard) => Promise<Result<unknown>>,
): Promise<Result<AccountCard>> =>
  db.transaction(async (tx) => {
    const found = await findAccount(tx, params.account)
    if (!found) return refuse('http/not-found')
    const done = await change(tx, found)
    if (!done.ok) return done
    const after = await findAccount(tx, found.id)
    return after ? ok(after) : refuse('http/not-found')
  })

/** Why somebody has not shown that they know their password; undefined when they have, or have none. */
async function provePassword({ db, limits }: Pick<Asked, 'db' | 'limits'>, person: string, given: string | undefined) {
  const flood = await limits.take('passwordAccount', person)
  if (flood) return flood
  if (passwordsAreBusy()) return refuse('http/too-many', '2')
  const kept = await db.read((tx) => findPassword(tx, person))
  const proven = kept === undefined || (given !== undefined && (await verifyPassword(kept, given)))
  return proven ? undefined : refuse('account/wrong-password')
}

async function meOf(tx: Tx, person: string, signUp: 'open' | 'closed'): Promise<Me> {
  const { id, name, email, language, zone, colour, image, administrator } = await getPerson(tx, person)
  return {
    id,
    name,
    email,
    language,
    zone,
    colour,
    picture: image && `/api/me/pictures/${image}`,
    administrator,
    hasPassword: (await findPassword(tx, person)) !== undefined,
    mayCreate: administrator || signUp === 'open',
  }
}

const copy = (from: Headers, to: Headers) => {
  for (const cookie of from.getSetCookie()) to.append('set-cookie', cookie)
}
