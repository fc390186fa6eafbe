import type { Language } from '#shared/http/values.ts'
import { ok, refuse } from '#shared/result.ts'
import { owns, whyNotAccept, type Role } from '#shared/spoc/rules.ts'
import type { spocRoutes } from '#shared/spoc/wire.ts'
import { pictureFile } from '#server/account/pictures.ts'
import { createPerson, findPersonByEmail, findPicture, getPerson, removePerson } from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { anybody, member, signedIn, type Handlers } from '#server/http/door.ts'
import {
  acceptInvitation,
  awaitArrival,
  changeMember,
  changeSpoc,
  createInvitation,
  createSpoc,
  findInvitation,
  getSpoc,
  listInvitations,
  listMembers,
  listSpocs,
  removeMember,
  revokeInvitation,
  wasMember,
  type HasJoined,
} from './store.ts'

/** An invitation on its way to a mailbox. */
export interface InvitationMail {
  invitation: string
  email: string
  /** Of the course: the reader's own is not known yet. */
  language: Language
  spocTitle: string
  role: Role
  author: string
  address: string
  expires: number
}

/** `invited` is what an invitation by mail causes; it is told in the invitation's own transaction. */
export const spocHandlers = (
  invited: (tx: Tx, mail: InvitationMail) => Promise<void>,
  hasJoined: HasJoined,
): Handlers<typeof spocRoutes> => ({
  'GET /api/spocs': { who: signedIn, run: async ({ asker, db, now }) => ok(await db.read((tx) => listSpocs(tx, asker.person, now))) },
  'POST /api/spocs': {
    who: signedIn,
    run: async ({ asker, body, db, now, environment }) =>
      asker.administrator || environment.signUp === 'open'
        ? db.transaction((tx) => createSpoc(tx, asker.person, body, now))
        : refuse('http/not-allowed'),
  },
  'GET /api/spocs/:spoc': {
    who: member(),
    run: async ({ member, db }) => ok(await db.read((tx) => getSpoc(tx, member.spoc, member.role))),
  },
  'PATCH /api/spocs/:spoc': {
    who: member(owns),
    run: ({ member, body, db }) => db.transaction((tx) => changeSpoc(tx, member.spoc, body, member.role)),
  },
  'GET /api/spocs/:spoc/members': {
    who: member(),
    run: async ({ member, db }) => ok(await db.read((tx) => listMembers(tx, member.spoc, member.role))),
  },
  'PATCH /api/spocs/:spoc/members/:person': {
    who: member(owns),
    run: ({ member, params, body, db }) => db.transaction((tx) => changeMember(tx, member.spoc, params.person, body, member.role)),
  },
  'GET /api/spocs/:spoc/members/:person/pictures/:picture': {
    who: member(),
    run: async ({ member, params, db }) =>
      pictureFile(
        await db.read(async (tx) =>
          (await wasMember(tx, member.spoc, params.person)) ? findPicture(tx, params.person, params.picture) : undefined,
        ),
      ),
  },
  'DELETE /api/spocs/:spoc/members/:person': {
    who: member(owns),
    run: ({ member, params, db, now }) => db.transaction((tx) => removeMember(tx, member.spoc, params.person, now)),
  },
  'GET /api/spocs/:spoc/invitations': {
    who: member(owns),
    run: async ({ member, db, now }) => ok(await db.read((tx) => listInvitations(tx, member.spoc, now))),
  },
  'POST /api/spocs/:spoc/invitations': {
    who: member(owns),
    run: async ({ member, asker, body, db, now, limits, origins }) => {
      const flood = await limits.take('inviteAccount', asker.person)
      if (flood) return flood
      return ok(
        await db.transaction(async (tx) => {
          const { invitation, secret } = await createInvitation(tx, { ...body, spoc: member.spoc, author: asker.person, now })
          // In the fragment, which browsers send to no server and to no log.
          const address = `${origins.publicUrl}/invitation#${secret}`
          if (body.email === null) return { invitation, link: address }
          const { title, language } = await getSpoc(tx, member.spoc, member.role)
          const { name } = await getPerson(tx, asker.person)
          await invited(tx, {
            invitation: invitation.id,
            email: body.email,
            language,
            spocTitle: title,
            role: body.role,
            author: name,
            address,
            expires: invitation.expires,
          })
          // Only the mailbox gets the link: holding it then proves the mailbox, to us and against its own author.
          return { invitation, link: null }
        }),
      )
    },
  },
  'DELETE /api/spocs/:spoc/invitations/:invitation': {
    who: member(owns),
    run: ({ member, params, db, now }) => db.transaction((tx) => revokeInvitation(tx, member.spoc, params.invitation, now)),
  },
  'POST /api/invitations/open': {
    who: anybody,
    run: async ({ body, address, db, now, limits }) => {
      const flood = await limits.take('invitationAddress', address)
      if (flood) return flood
      const found = await db.read((tx) => findInvitation(tx, body.token))
      if (!found) return refuse('spoc/invitation-not-found')
      const { invitation, spoc } = found
      return (
        whyNotAccept(invitation, undefined, now) ??
        ok({
          title: spoc.title,
          purpose: spoc.purpose,
          role: invitation.role,
          organisation: invitation.organisation,
          language: spoc.language,
          forOneAddress: invitation.email !== null,
          expires: invitation.expires,
        })
      )
    },
  },
  'POST /api/invitations/accept': {
    who: anybody,
    run: async ({ body, visitor, request, address, db, now, limits, account, headers }) => {
      const flood = await limits.take('acceptAddress', address)
      if (flood) return flood
      if (visitor) {
        const done = await db.transaction(async (tx) => {
          const found = await findInvitation(tx, body.token)
          if (!found) return refuse('spoc/invitation-not-found')
          const { email } = await getPerson(tx, visitor.person)
          const joined = await acceptInvitation(tx, found.invitation.id, visitor.person, email, now)
          if (joined.ok && joined.value.added) await hasJoined(tx, joined.value.spoc, visitor.person)
          return joined
        })
        return done.ok ? ok({ how: 'joined', spoc: done.value.spoc }) : done
      }
      const { name, email } = body
      if (name === undefined || email === undefined) return refuse('http/signed-out')
      const mails = await limits.take('linkAccount', email)
      if (mails) return mails
      const done = await db.transaction(async (tx) => {
        const found = await findInvitation(tx, body.token)
        if (!found) return refuse('spoc/invitation-not-found')
        const { invitation, spoc } = found
        const wrong = whyNotAccept(invitation, email, now)
        if (wrong) return wrong
        // The secret came by this very mailbox, so its holder has shown that it is theirs. That makes a new person, but does not open
        // an account that exists: a link that lives for days must not be a key to it.
        const proven = invitation.email === email
        const made = await createPerson(tx, {
          name,
          email,
          language: body.language ?? spoc.language,
          zone: body.zone ?? spoc.zone,
          verified: proven,
          now,
        })
        if (made !== undefined && proven) {
          const joined = await acceptInvitation(tx, invitation.id, made, email, now)
          // Nobody is left behind who belongs nowhere.
          if (!joined.ok) await removePerson(tx, made)
          else await hasJoined(tx, joined.value.spoc, made)
          return joined
        }
        const person = made ?? (await findPersonByEmail(tx, email))?.id
        if (person !== undefined) await awaitArrival(tx, person, invitation.id, now)
        return ok(undefined)
      })
      if (!done.ok) return done
      if (done.value === undefined) {
        await account.sendLink(email)
        return ok({ how: 'link-sent' })
      }
      const entered = await account.byProof(email, request.headers)
      if (!entered.ok) return entered
      for (const cookie of entered.value.headers.getSetCookie()) headers.append('set-cookie', cookie)
      return ok({ how: 'joined', spoc: done.value.spoc })
    },
  },
})
