import { addressOf } from '#shared/demo/rules.ts'
import type { demoRoutes, Demonstration } from '#shared/demo/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import { leads } from '#shared/spoc/rules.ts'
import { getPerson, makeSignInSecret } from '../account/store.ts'
import type { Tx } from '../db/db.ts'
import { anybody, signedIn, type Asked, type Handlers } from '../http/door.ts'
import { findSession } from '../session/store.ts'
import { listMembers } from '../spoc/store.ts'
import { asksItself, type Access, type Shown } from './access.ts'
import { nameOf } from './accounts.ts'
import { begin, countOthers, type Beginning } from './begin.ts'
import { openDemo } from './seed.ts'
import type { Simulated } from './simulated.ts'

export interface Demo {
  access: Access
  simulated: Simulated
  /** What beginning for real needs beside the database. */
  beginning: Omit<Beginning, 'db'>
}

/** How long a one-use address waits for the page that is being opened (ms). */
const opensWithin = 60_000

/** D1, D2: everybody else is told the same, whether there is a demonstration or not. */
const notHere = (): Refused => refuse('http/not-allowed', 'demo')

export const demoHandlers = ({ access, simulated, beginning }: Demo): Handlers<typeof demoRoutes> => {
  /** The demonstration, for a page of this machine that asks for itself: no page of another site, nor of another name, comes so far. */
  const admit = async ({ request, limits, address }: Pick<Asked, 'request' | 'limits' | 'address'>): Promise<Result<Shown>> => {
    const shown = asksItself(request) ? await access.shown(request) : undefined
    if (!shown) return notHere()
    return (await limits.take('demoAddress', address)) ?? ok(shown)
  }

  /** The room of the session in progress, for who leads it; for everybody else it is not there. */
  const led = async ({ request, db, membership, asker }: Asked): Promise<Result<{ spoc: string; room: string }>> => {
    const shown = await access.shown(request)
    if (!shown) return refuse('http/not-found')
    return db.read(async (tx) => {
      const session = await findSession(tx, shown.kept.sessions.inProgress)
      const mine = session && (await membership(tx, asker.person, { room: session.room }))
      const leading = session?.state === 'planned' && mine !== undefined && leads(mine.role) && mine.archived === undefined
      return leading ? ok(session) : refuse('http/not-found')
    })
  }

  return {
    'GET /api/demo': {
      who: anybody,
      run: async ({ request, db, origins }) => {
        const shown = await access.shown(request)
        return ok(shown ? await db.read((tx) => describe(tx, shown, origins.publicUrl)) : null)
      },
    },
    'POST /api/demo/enter': {
      who: anybody,
      run: async (asked) => {
        const { body, db, log, now, origins, environment, request } = asked
        const admitted = await admit(asked)
        if (!admitted.ok) return admitted
        const chosen = admitted.value.people.find((one) => nameOf(one) === body.who)
        if (!chosen) return notHere()
        // D4: what is in progress is looked after before anybody comes in.
        const room = await openDemo({ db, log }, environment.dataDir, now)
        const secret = await db.transaction((tx) => makeSignInSecret(tx, chosen.email, now, opensWithin))
        const place = body.place === 'home' || room === undefined ? '/' : body.place === 'lobby' ? `/rooms/${room}` : `/demo?seat=${room}`
        const base = body.here ? `http://${request.headers.host}` : addressOf(origins.publicUrl, body.who)
        return ok({ address: `${base}/demo?to=${encodeURIComponent(place)}#${secret}` })
      },
    },
    'POST /api/demo/begin': {
      who: anybody,
      run: async (asked) => {
        const { body, db, log, now, origins } = asked
        const admitted = await admit(asked)
        if (!admitted.ok) return admitted
        const { accounts } = await db.read((tx) => countOthers(tx, admitted.value.kept.spoc))
        // Somebody has made an account since this was read: what goes with the demonstration is asked again.
        if (accounts !== body.accounts) return refuse('http/bad-request', 'accounts')
        await simulated.stop()
        const secret = await begin({ ...beginning, db }, now)
        log.info('the demonstration was removed; this server begins for real')
        return ok({ address: `${origins.publicUrl}/first#${secret}` })
      },
    },
    'GET /api/demo/simulated': {
      who: signedIn,
      run: async (asked) => {
        const found = await led(asked)
        return found.ok ? ok(simulated.view(found.value.room)) : found
      },
    },
    'POST /api/demo/simulated': {
      who: signedIn,
      run: async (asked) => {
        const found = await led(asked)
        return found.ok ? ok(await simulated.start(found.value.spoc, found.value.room)) : found
      },
    },
    'DELETE /api/demo/simulated': {
      who: signedIn,
      run: async (asked) => {
        const found = await led(asked)
        if (!found.ok) return found
        await simulated.stop()
        return ok(simulated.view(found.value.room))
      },
    },
  }
}

/** What the page of somebody who has just opened the demonstration shows. */
async function describe(tx: Tx, { kept, people, here }: Shown, publicUrl: string): Promise<Demonstration> {
  const members = await listMembers(tx, kept.spoc, 'owner')
  const session = await findSession(tx, kept.sessions.inProgress)
  const cards: Demonstration['people'] = []
  for (const { person, email } of people) {
    const { name, colour } = await getPerson(tx, person)
    const member = members.find((one) => one.person === person)
    const who = nameOf({ email })
    cards.push({
      who,
      name,
      colour,
      organisation: member?.organisation ?? null,
      role: member?.role ?? null,
      address: addressOf(publicUrl, who),
    })
  }
  return {
    here,
    people: cards,
    session: session?.state === 'planned' ? { room: session.room, title: session.title } : null,
    others: await countOthers(tx, kept.spoc),
  }
}
