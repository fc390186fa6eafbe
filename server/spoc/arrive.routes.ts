import { ok, refuse } from '#shared/result.ts'
import { wayIn, whyNotAsk } from '#shared/spoc/invite.rules.ts'
import type { arriveRoutes } from '#shared/spoc/invite.wire.ts'
import { placesOf, whyNotAccept, whyNotWrite } from '#shared/spoc/rules.ts'
import { createPerson, doubtMailbox, findPersonByEmail, getPerson, listAdministrators, removePerson } from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { anybody, type Asked, type Handlers } from '#server/http/door.ts'
import { secretsOf, writeInvitation, type Invited } from './invite.letter.ts'
import {
  acceptInvitation,
  addWaiting,
  awaitArrival,
  findDestination,
  findInvitation,
  takeInvitation,
  tryCode,
  whoToInvite,
  type HasJoined,
} from './invite.store.ts'
import { listOwners } from './store.ts'

/** What arriving causes elsewhere; each is told in the transaction in which it happens. */
export interface TellArriving {
  invited: Invited
  hasJoined: HasJoined
  /** Somebody asks the owners for a place or for another link. */
  asked(tx: Tx, asked: { id: string; spoc: string; name: string; why: 'full' | 'over' }): Promise<void>
}

/** What somebody does who holds an invitation: look at it, accept it, ask for another. */
export const arriveHandlers = (tell: TellArriving): Handlers<typeof arriveRoutes> => ({
  'POST /api/invitations/open': {
    who: anybody,
    run: async ({ body, address, db, now, limits }) => {
      const flood = await limits.take('invitationAddress', address)
      if (flood) return flood
      return db.read(async (tx) => {
        const found = await findInvitation(tx, body.token)
        if (!found) return refuse('spoc/invitation-not-found')
        const { invitation, spoc, author, proven } = found
        const wrong = whyNotWrite(spoc.archived) ?? whyNotAccept(invitation, now)
        if (wrong) return wrong
        const session = await findDestination(tx, invitation.session)
        return ok({
          title: spoc.title,
          purpose: spoc.purpose,
          role: invitation.role,
          organisation: invitation.organisation,
          language: spoc.language,
          author,
          words: invitation.words,
          name: invitation.name,
          email: proven ? invitation.email : null,
          session: session ? { title: session.title, starts: session.starts } : null,
          expires: invitation.expires,
        })
      })
    },
  },
  'POST /api/invitations/code': {
    who: anybody,
    run: async (asked) => {
      const { body, address, db, limits } = asked
      const flood = (await limits.take('codeAddress', address)) ?? (await limits.take('codeAccount', body.email))
      if (flood) return flood
      const secrets = secretsOf(asked)
      const found = await db.transaction((tx) => tryCode(tx, body.email, (id) => secrets.codeHash(id, body.code)))
      return found ? ok({ token: secrets.mailed(found.id, body.email) }) : refuse('spoc/wrong-code')
    },
  },
  'POST /api/invitations/accept': {
    who: anybody,
    run: async (asked) => {
      const flood = await asked.limits.take('acceptAddress', asked.address)
      return flood ?? (asked.visitor ? acceptAs(asked, asked.visitor.person, tell.hasJoined) : acceptAnew(asked, tell.hasJoined))
    },
  },
  'POST /api/invitations/ask': {
    who: anybody,
    run: async (asked) => {
      const { body, address, visitor, db, now, limits, environment } = asked
      const flood = await limits.take('askAddress', address)
      if (flood) return flood
      return db.transaction(async (tx) => {
        const found = await findInvitation(tx, body.token)
        if (!found) return refuse('spoc/invitation-not-found')
        const { spoc, author } = found
        // Locked and read again: two askings at once write one message.
        const invitation = (await takeInvitation(tx, spoc.id, found.invitation.id)) ?? found.invitation
        const full = placesOf(invitation.role) > 0 && spoc.learners >= spoc.capacity
        const wrong = whyNotWrite(spoc.archived) ?? whyNotAsk(invitation, now, full)
        if (wrong) return wrong
        const over = whyNotAccept(invitation, now)
        if (over?.code === 'spoc/invitation-expired' && invitation.email !== null && environment.mail) {
          await writeInvitation(tx, asked, invitation, spoc, author, tell.invited)
          return ok({ how: 'sent' })
        }
        const known = visitor ? await getPerson(tx, visitor.person) : undefined
        const invited = (await hasCome(tx, spoc.id, invitation.email, now)) ? undefined : invitation
        const name = known?.name ?? body.name ?? invited?.name ?? invited?.email ?? null
        const email = known?.email ?? body.email ?? invited?.email ?? null
        if (name === null || email === null) return refuse('http/signed-out')
        const why = over ? 'over' : 'full'
        const { id, isNew } = await addWaiting(tx, { spoc: spoc.id, invitation: invitation.id, name, email, why, now })
        if (isNew) await tell.asked(tx, { id, spoc: spoc.id, name, why })
        return ok({ how: 'asked', owners: (await listOwners(tx, spoc.id)).map((owner) => owner.name) })
      })
    },
  },
})

/** I8: whether whom an invitation was for is there already: whoever holds it now is somebody else, who has not said who. */
const hasCome = async (tx: Tx, spoc: string, email: string | null, now: number) =>
  email !== null && (await whoToInvite(tx, spoc, [{ email, name: null, organisation: null }], now)).left.some(({ why }) => why === 'member')

/** Joins somebody who is signed in. */
async function acceptAs({ body, db, now }: Asked<string, AcceptContract>, person: string, hasJoined: HasJoined) {
  const done = await db.transaction(async (tx) => {
    const found = await findInvitation(tx, body.token)
    if (!found) return refuse('spoc/invitation-not-found')
    const joined = await acceptInvitation(tx, found.invitation.id, person, now)
    if (joined.ok && joined.value.added) await hasJoined(tx, joined.value.spoc, person)
    return joined
  })
  return done.ok ? ok({ how: 'joined' as const, spoc: done.value.spoc, room: done.value.room }) : done
}

/** I3, I4: joins somebody who says who they are, or has them show that the mailbox is theirs first. */
async function acceptAnew(
  { body, request, db, now, limits, account, headers, environment }: Asked<string, AcceptContract>,
  hasJoined: HasJoined,
) {
  const { name, email } = body
  if (name === undefined || email === undefined) return refuse('http/signed-out')
  const flood = await limits.take('linkAccount', email)
  if (flood) return flood
  const done = await db.transaction(async (tx) => {
    const found = await findInvitation(tx, body.token)
    if (!found) return refuse('spoc/invitation-not-found')
    const { invitation, spoc } = found
    const wrong = whyNotWrite(spoc.archived) ?? whyNotAccept(invitation, now)
    if (wrong) return wrong
    const proven = found.proven && invitation.email === email
    const known = await findPersonByEmail(tx, email)
    if (proven && known?.deactivated) return refuse('account/deactivated')
    const way = wayIn({ proven, known: known !== undefined, mailLeaves: environment.mail !== undefined })
    if (way === 'sign-in') return ok({ way, ask: await whomToAsk(tx, spoc.id) })
    const [language, zone] = [body.language ?? spoc.language, body.zone ?? spoc.zone]
    const made = known?.id ?? (await createPerson(tx, { name, email, language, zone, verified: proven, now }))
    // Somebody else made the account in this very moment.
    if (made === undefined) return refuse('http/unavailable')
    if (way === 'link') {
      await awaitArrival(tx, made, invitation.id, now)
      return ok({ way })
    }
    const joined = await acceptInvitation(tx, invitation.id, made, now)
    // Nobody is left behind who belongs nowhere.
    if (!joined.ok) await removePerson(tx, made)
    else await hasJoined(tx, joined.value.spoc, made)
    return joined.ok ? ok({ way, proven, person: made, ...joined.value }) : joined
  })
  if (!done.ok) return done
  if (done.value.way === 'sign-in') return ok({ how: 'sign-in' as const, ask: done.value.ask })
  if (done.value.way === 'link') {
    await account.sendLink(email)
    return ok({ how: 'link-sent' as const })
  }
  const { proven, person, spoc, room } = done.value
  const entered = await account.byProof(email, request.headers)
  if (!entered.ok) return entered
  if (!proven) await db.transaction((tx) => doubtMailbox(tx, person))
  for (const cookie of entered.value.headers.getSetCookie()) headers.append('set-cookie', cookie)
  return ok({ how: 'joined' as const, spoc, room })
}

type AcceptContract = (typeof arriveRoutes)['POST /api/invitations/accept']

/** Who can give a sign-in link to somebody of this course. */
const whomToAsk = async (tx: Tx, spoc: string) => [
  ...new Set([...(await listOwners(tx, spoc)).map(({ name }) => name), ...(await listAdministrators(tx))]),
]
