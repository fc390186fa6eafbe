import { ok, refuse, type Result } from '#shared/result.ts'
import { inviting } from '#shared/spoc/invite.rules.ts'
import type { inviteRoutes } from '#shared/spoc/invite.wire.ts'
import { owns, whyNotAccept } from '#shared/spoc/rules.ts'
import { getPerson } from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { member, type Asked, type Handlers } from '#server/http/door.ts'
import { hashOf } from '#server/http/secrets.ts'
import { addressOf, secretsOf, writeInvitation, type Invited } from './invite.letter.ts'
import {
  correctInvitation,
  createInvitation,
  findDestination,
  getInvitation,
  listInvitations,
  listWaiting,
  noteCopied,
  revokeInvitation,
  takeInvitation,
  takeWaiting,
  whoToInvite,
  type InvitationRow,
} from './invite.store.ts'
import { getCourse } from './store.ts'

/** What owners do with invitations. `invited` is told of each message to a mailbox. */
export const inviteHandlers = (invited: Invited): Handlers<typeof inviteRoutes> => {
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
      await writeInvitation(tx, asked, ready.value, await getCourse(tx, row.spoc), (await getPerson(tx, asked.asker.person)).name, invited)
      return ok()
    })
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
            await writeInvitation(tx, asked, made, spoc, author, invited)
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
          await writeInvitation(tx, asked, again, await getCourse(tx, member.spoc), (await getPerson(tx, asker.person)).name, invited)
          return ok(await getInvitation(tx, member.spoc, again.id, now))
        })
      },
    },
    'DELETE /api/spocs/:spoc/waiting/:waiting': {
      who: member(owns),
      run: ({ member, params, db }) =>
        db.transaction(async (tx) => ((await takeWaiting(tx, member.spoc, params.waiting)) ? ok() : refuse('http/not-found'))),
    },
  }
}
