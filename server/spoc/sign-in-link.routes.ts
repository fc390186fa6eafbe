import { ok, refuse } from '#shared/result.ts'
import { inviting, whyNotHelp } from '#shared/spoc/invite.rules.ts'
import type { signInLinkRoutes } from '#shared/spoc/invite.wire.ts'
import { owns } from '#shared/spoc/rules.ts'
import { findPersonByEmail, getPerson, makeSignInSecret } from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { administrator, member, type Asked, type Handlers } from '#server/http/door.ts'
import { aboutHelp } from './invite.store.ts'
import { findMember } from './store.ts'

/** Somebody made a sign-in link for this person. */
export type Helped = (tx: Tx, help: { person: string; by: string; at: number }) => Promise<void>

/** Sign-in links that owners and administrators make for others; `helped` is told in the same transaction. */
export const signInLinkHandlers = (helped: Helped): Handlers<typeof signInLinkRoutes> => {
  const help = async (
    { asker, origins, now, log }: Pick<Asked, 'asker' | 'origins' | 'now' | 'log'>,
    tx: Tx,
    person: string,
    email: string,
  ) => {
    const secret = await makeSignInSecret(tx, email, now, inviting.signInLinkLasts)
    await helped(tx, { person, by: (await getPerson(tx, asker.person)).name, at: now })
    log.info({ person, by: asker.person }, 'a sign-in link was made for somebody')
    return { link: `${origins.publicUrl}/sign-in/link#${secret}`, expires: now + inviting.signInLinkLasts }
  }

  return {
    'POST /api/spocs/:spoc/members/:person/sign-in-link': {
      who: member(owns),
      run: async (asked) => {
        const { asker, member, params, db, limits } = asked
        const flood = await limits.take('helpAccount', asker.person)
        if (flood) return flood
        return db.transaction(async (tx) => {
          const found = await findMember(tx, member.spoc, params.person)
          if (!found) return refuse('http/not-found')
          if (found.deactivated) return refuse('account/deactivated')
          const wrong = whyNotHelp(await aboutHelp(tx, found, asker.person), false)
          return wrong ?? ok(await help(asked, tx, found.id, found.email))
        })
      },
    },
    'POST /api/sign-in-links': {
      who: administrator,
      run: async (asked) => {
        const { asker, body, db, limits } = asked
        const flood = await limits.take('helpAccount', asker.person)
        if (flood) return flood
        return db.transaction(async (tx) => {
          const found = await findPersonByEmail(tx, body.email)
          if (!found) return refuse('spoc/nobody-there')
          if (found.deactivated) return refuse('account/deactivated')
          const wrong = whyNotHelp(await aboutHelp(tx, found, asker.person), true)
          return wrong ?? ok({ ...(await help(asked, tx, found.id, found.email)), name: found.name })
        })
      },
    },
  }
}
