import { ok, refuse } from '#shared/result.ts'
import type { accountRoutes, Me } from '#shared/account/wire.ts'
import type { Tx } from '#server/db/db.ts'
import { anybody, signedIn, type Asked, type Handlers } from '#server/http/door.ts'
import { isPicture, pictureFile } from './pictures.ts'
import { hashPassword, passwordsAreBusy, verifyPassword } from './passwords.ts'
import { revoke } from './revocation.ts'
import {
  createFirstAdministrator,
  endSignIns,
  findPassword,
  findPicture,
  getPerson,
  listAdministrators,
  savePassword,
  savePerson,
  savePicture,
} from './store.ts'

/** What joins a person who has just shown that a mailbox is theirs to what was waiting for that. Gives where that leads, if anywhere. */
export type Arrive = (tx: Tx, person: string, now: number) => Promise<{ spoc: string; room: string | null } | null>

/** `arrive` belongs to another feature and is handed over where the routes are put together. */
export const accountHandlers = (arrive: Arrive): Handlers<typeof accountRoutes> => ({
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
    run: async ({ asker, body, db, now, limits }) => {
      const flood = await limits.take('passwordAccount', asker.person)
      if (flood) return flood
      if (passwordsAreBusy()) return refuse('http/too-many')
      const kept = await db.read((tx) => findPassword(tx, asker.person))
      if (kept !== undefined && !(body.current !== undefined && (await verifyPassword(kept, body.current))))
        return refuse('account/wrong-password')
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
  'POST /api/auth/sign-in/email': {
    who: anybody,
    run: async ({ body, request, address, limits, account, headers, db, environment }) => {
      const flood = (await limits.take('signInAddress', address)) ?? (await limits.take('signInAccount', body.email))
      if (flood) return flood
      if (passwordsAreBusy()) return refuse('http/too-many')
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
          const joined = await arrive(tx, done.value.person, now)
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
