import { randomInt } from 'node:crypto'
import type { Language } from '#shared/http/values.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { inviting, wayIn, whyNotAsk, whyNotHelp } from '#shared/spoc/invite.rules.ts'
import type { inviteRoutes } from '#shared/spoc/invite.wire.ts'
import { owns, placesOf, whyNotAccept, type Role } from '#shared/spoc/rules.ts'
import {
  createPerson,
  doubtMailbox,
  findPersonByEmail,
  getPerson,
  listAdministrators,
  makeSignInSecret,
  removePerson,
} from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { administrator, anybody, member, type Asked, type Handlers } from '#server/http/door.ts'
import { deriveSecret, hashOf } from '#server/http/secrets.ts'
import {
  aboutHelp,
  acceptInvitation,
  addWaiting,
  awaitArrival,
  correctInvitation,
  createInvitation,
  findDestination,
  findInvitation,
  getInvitation,
  listInvitations,
  listWaiting,
  noteCopied,
  noteSending,
  revokeInvitation,
  takeInvitation,
  takeWaiting,
  tryCode,
  whoToInvite,
  type HasJoined,
  type InvitationRow,
} from './invite.store.ts'
import { findMember, getCourse, listOwners } from './store.ts'

/** An invitation on its way to a mailbox. */
export interface InvitationMail {
  invitation: string
  /** Which message of this invitation it is. */
  sending: number
  email: string
  name: string | null
  /** Of the course: the reader's own is not known yet. */
  language: Language
  spocTitle: string
  role: Role
  author: string
  words: string
  address: string
  code: string
  expires: number
}

/** What inviting causes elsewhere; each is told in the transaction in which it happens. */
export interface TellInviting {
  invited(tx: Tx, mail: InvitationMail): Promise<void>
  hasJoined: HasJoined
  /** Somebody asks the owners for a place or for another link. */
  asked(tx: Tx, asked: { id: string; spoc: string; name: string; why: 'full' | 'over' }): Promise<void>
  /** Somebody made a sign-in link for this person. */
  helped(tx: Tx, help: { person: string; by: string; at: number }): Promise<void>
}

type Tools = Pick<Asked, 'environment' | 'origins' | 'now'>

/** The two secrets of an invitation, and its code: made again whenever they are needed, kept as hashes only. */
const secretsOf = ({ environment: { secret } }: Pick<Tools, 'environment'>) => ({
  copied: (id: string) => deriveSecret(secret, `invitation copied ${id}`),
  mailed: (id: string, email: string) => deriveSecret(secret, `invitation mailed ${id} ${email}`),
  codeHash: (id: string, code: string) => deriveSecret(secret, `invitation code ${id} ${code}`),
})

// In the fragment, which browsers send to no server and to no log.
const addressOf = ({ origins }: Pick<Tools, 'origins'>, secret: string) => `${origins.publicUrl}/invitation#${secret}`

export const inviteHandlers = (tell: TellInviting): Handlers<typeof inviteRoutes> => {
  /** Writes the next message of an invitation to its mailbox. */
  async function write(
    tx: Tx,
    tools: Tools,
    row: InvitationRow,
    spoc: { title: string; language: Language },
    author: string,
  ): Promise<void> {
    if (row.email === null) return
    const secrets = secretsOf(tools)
    const [secret, code] = [secrets.mailed(row.id, row.email), String(randomInt(1_000_000)).padStart(6, '0')]
    const { sendings, expires } = await noteSending(tx, row, { mailHash: hashOf(secret), code: secrets.codeHash(row.id, code) }, tools.now)
    await tell.invited(tx, {
      invitation: row.id,
      sending: sendings,
      email: row.email,
      name: row.name,
      language: spoc.language,
      spocTitle: spoc.title,
      role: row.role,
      author,
      words: row.words,
      address: addressOf(tools, secret),
      code,
      expires,
    })
  }

  /** Changes an invitation of the member's SPOC and gives it as owners see it. */
  const change = (
    { db, member, params, now }: Pick<Asked, 'db' | 'member' | 'now'> & { params: { invitation: string } },
    run: (tx: Tx, row: InvitationRow) => Promise<Result<unknown>>,
  ) =>
    db.transaction(async (tx) => {
      const row = await takeInvitation(tx, member.spoc, params.invitation)
      if (!row) return refuse('http/not-found')
      const done = await run(tx, row)
      return done.ok ? ok(await getInvitation(tx, member.spoc, row.id, now)) : done
    })

  /** Why an invitation cannot be sent: it was used or taken back. One that expired is good again. */
  const whyNotSend = (row: InvitationRow, now: number) => {
    const wrong = whyNotAccept(row, now)
    return wrong?.code === 'spoc/invitation-expired' ? undefined : wrong
  }

  /** Writes to the mailbox of an invitation again, once `prepare` has given it as it then stands. */
  const writeAgain = async (
    asked: Pick<Asked, 'db' | 'member' | 'now' | 'limits' | 'asker' | 'environment' | 'origins'> & { params: { invitation: string } },
    prepare: (tx: Tx, row: InvitationRow) => Promise<Result<InvitationRow>>,
  ) => {
    const flood = await asked.limits.take('inviteAccount', asked.asker.person)
    if (flood) return flood
    return change(asked, async (tx, row) => {
      const wrong = whyNotSend(row, asked.now)
      if (wrong) return wrong
      if (row.email === null) return refuse('spoc/invitation-still-open')
      const ready = await prepare(tx, row)
      if (!ready.ok) return ready
      await write(tx, asked, ready.value, await getCourse(tx, row.spoc), (await getPerson(tx, asked.asker.person)).name)
      return ok()
    })
  }

  const help = async (
    { asker, origins, now, log }: Pick<Asked, 'asker' | 'origins' | 'now' | 'log'>,
    tx: Tx,
    person: string,
    email: string,
  ) => {
    const secret = await makeSignInSecret(tx, email, now, inviting.signInLinkLasts)
    await tell.helped(tx, { person, by: (await getPerson(tx, asker.person)).name, at: now })
    log.info({ person, by: asker.person }, 'a sign-in link was made for somebody')
    return { link: `${origins.publicUrl}/sign-in/link#${secret}`, expires: now + inviting.signInLinkLasts }
  }

  return {
    'GET /api/spocs/:spoc/invitations': {
      who: member(owns),
      run: async ({ member, db, now }) => ok(await db.read((tx) => listInvitations(tx, member.spoc, now))),
    },
    'POST /api/spocs/:spoc/invitations': {
      who: member(owns),
      run: async (asked) => {
        const { member, asker, body, db, now, limits } = asked
        const flood = await limits.take('inviteAccount', asker.person)
        if (flood) return flood
        const secrets = secretsOf(asked)
        return db.transaction(async (tx) => {
          if (body.session !== null && (await findDestination(tx, body.session))?.spoc !== member.spoc) return refuse('http/not-found')
          const made = await createInvitation(tx, { ...body, spoc: member.spoc, author: asker.person, now }, secrets.copied)
          return ok({ invitation: await getInvitation(tx, member.spoc, made.id, now), link: addressOf(asked, secrets.copied(made.id)) })
        })
      },
    },
    'POST /api/spocs/:spoc/invitations/people': {
      who: member(owns),
      run: async (asked) => {
        const { member, asker, body, db, now, limits } = asked
        const { people, ...meant } = body
        for (let i = 0; i < people.length; i++) {
          const flood = await limits.take('inviteAccount', asker.person)
          if (flood) return flood
        }
        return db.transaction(async (tx) => {
          if (body.session !== null && (await findDestination(tx, body.session))?.spoc !== member.spoc) return refuse('http/not-found')
          const { chosen, left } = await whoToInvite(tx, member.spoc, people, now)
          const [spoc, { name: author }] = [await getCourse(tx, member.spoc), await getPerson(tx, asker.person)]
          const ids: string[] = []
          for (const to of chosen) {
            const organisation = to.organisation ?? meant.organisation
            const made = await createInvitation(
              tx,
              { ...meant, organisation, to, uses: 1, spoc: member.spoc, author: asker.person, now },
              secretsOf(asked).copied,
            )
            await write(tx, asked, made, spoc, author)
            ids.push(made.id)
          }
          // In the order they were given: that is how who pasted them hands over their links.
          const listed = ids.length > 0 ? await listInvitations(tx, member.spoc, now, ids) : []
          return ok({ invitations: listed.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)), left })
        })
      },
    },
    'POST /api/spocs/:spoc/invitations/:invitation/link': {
      who: member(owns),
      run: async (asked) =>
        asked.db.transaction(async (tx) => {
          const row = await takeInvitation(tx, asked.member.spoc, asked.params.invitation)
          if (!row) return refuse('http/not-found')
          const wrong = whyNotAccept(row, asked.now)
          if (wrong) return wrong
          const secret = secretsOf(asked).copied(row.id)
          await noteCopied(tx, row.id, hashOf(secret))
          return ok({ link: addressOf(asked, secret), expires: row.expires })
        }),
    },
    'POST /api/spocs/:spoc/invitations/:invitation/send': {
      who: member(owns),
      run: (asked) => writeAgain(asked, async (_tx, row) => ok(row)),
    },
    'PATCH /api/spocs/:spoc/invitations/:invitation': {
      who: member(owns),
      run: (asked) => writeAgain(asked, (tx, row) => correctInvitation(tx, row, asked.body, asked.now)),
    },
    'DELETE /api/spocs/:spoc/invitations/:invitation': {
      who: member(owns),
      run: ({ member, params, db, now }) => db.transaction((tx) => revokeInvitation(tx, member.spoc, params.invitation, now)),
    },
    'POST /api/spocs/:spoc/invitations/:invitation/restore': {
      who: member(owns),
      run: (asked) => change(asked, (tx, row) => revokeInvitation(tx, row.spoc, row.id, null)),
    },
    'GET /api/spocs/:spoc/waiting': {
      who: member(owns),
      run: async ({ member, db }) => ok(await db.read((tx) => listWaiting(tx, member.spoc))),
    },
    'POST /api/spocs/:spoc/waiting/:waiting/invite': {
      who: member(owns),
      run: async (asked) => {
        const { member, asker, params, db, now, limits } = asked
        const flood = await limits.take('inviteAccount', asker.person)
        if (flood) return flood
        return db.transaction(async (tx) => {
          const gone = await takeWaiting(tx, member.spoc, params.waiting)
          const before = gone && (await takeInvitation(tx, member.spoc, gone.invitation))
          if (!gone || !before) return refuse('http/not-found')
          const { chosen } = await whoToInvite(tx, member.spoc, [{ email: gone.email, name: gone.name, organisation: null }], now)
          if (chosen.length === 0) return refuse('spoc/already-invited')
          const { role, organisation, session } = before
          const again =
            before.email === gone.email && before.revoked === null && before.usesLeft > 0
              ? before
              : await createInvitation(
                  tx,
                  { spoc: member.spoc, author: asker.person, role, organisation, session, to: gone, uses: 1, days: inviting.days, now },
                  secretsOf(asked).copied,
                )
          await write(tx, asked, again, await getCourse(tx, member.spoc), (await getPerson(tx, asker.person)).name)
          return ok(await getInvitation(tx, member.spoc, again.id, now))
        })
      },
    },
    'DELETE /api/spocs/:spoc/waiting/:waiting': {
      who: member(owns),
      run: ({ member, params, db }) =>
        db.transaction(async (tx) => ((await takeWaiting(tx, member.spoc, params.waiting)) ? ok() : refuse('http/not-found'))),
    },
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
    'POST /api/invitations/open': {
      who: anybody,
      run: async ({ body, address, db, now, limits }) => {
        const flood = await limits.take('invitationAddress', address)
        if (flood) return flood
        return db.read(async (tx) => {
          const found = await findInvitation(tx, body.token)
          if (!found) return refuse('spoc/invitation-not-found')
          const { invitation, spoc, author, proven } = found
          const wrong = whyNotAccept(invitation, now)
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
          const wrong = whyNotAsk(invitation, now, full)
          if (wrong) return wrong
          const over = whyNotAccept(invitation, now)
          if (over?.code === 'spoc/invitation-expired' && invitation.email !== null && environment.mail) {
            await write(tx, asked, invitation, spoc, author)
            return ok({ how: 'sent' })
          }
          const known = visitor ? await getPerson(tx, visitor.person) : undefined
          const name = known?.name ?? body.name ?? invitation.name ?? invitation.email
          const email = known?.email ?? body.email ?? invitation.email
          if (name === null || email === null) return refuse('http/signed-out')
          const why = over ? 'over' : 'full'
          const { id, isNew } = await addWaiting(tx, { spoc: spoc.id, invitation: invitation.id, name, email, why, now })
          if (isNew) await tell.asked(tx, { id, spoc: spoc.id, name, why })
          return ok({ how: 'asked', owners: (await listOwners(tx, spoc.id)).map((owner) => owner.name) })
        })
      },
    },
  }
}

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
    const wrong = whyNotAccept(invitation, now)
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

type AcceptContract = (typeof inviteRoutes)['POST /api/invitations/accept']

/** Who can give a sign-in link to somebody of this course. */
const whomToAsk = async (tx: Tx, spoc: string) => [
  ...new Set([...(await listOwners(tx, spoc)).map(({ name }) => name), ...(await listAdministrators(tx))]),
]
