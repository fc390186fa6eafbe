import { ok, refuse } from '#shared/result.ts'
import { owns } from '#shared/spoc/rules.ts'
import type { spocRoutes } from '#shared/spoc/wire.ts'
import { pictureFile } from '#server/account/pictures.ts'
import { findPicture } from '#server/account/store.ts'
import type { Tx } from '#server/db/db.ts'
import { member, signedIn, type Asked, type Handlers } from '#server/http/door.ts'
import { findStanding, setArchived } from './archive.store.ts'
import { findHanging, findTaker } from './hanging.store.ts'
import {
  changeMember,
  changeSpoc,
  createSpoc,
  getCourse,
  getSpoc,
  listFormerMembers,
  listMembers,
  listSpocs,
  removeMember,
  resumeMember,
  suspendMember,
  wasMember,
} from './store.ts'

/** A membership that ended, or began again. */
export interface MembershipChanged {
  spoc: string
  person: string
  how: 'left' | 'removed' | 'suspended' | 'resumed'
  /** Who decided it. */
  by: string
  at: number
}

/** What the end of a membership causes elsewhere; each happens in its transaction. */
export interface TellSpoc {
  changed(tx: Tx, change: MembershipChanged): Promise<void>
  /** M16: it was archived, or reopened. */
  archived(tx: Tx, spoc: string): Promise<void>
  /** M12: hands over or cancels what hangs on a member. */
  release(
    tx: Tx,
    leaver: { spoc: string; person: string; to: string | null; reason: string; now: number },
  ): Promise<{ cancelled: number; handedOver: number }>
}

export const spocHandlers = (tell: TellSpoc): Handlers<typeof spocRoutes> => {
  /** M12: ends a membership and gives what became of what hung on it. */
  const end = (
    { member, asker, db, now }: Pick<Asked, 'member' | 'asker' | 'db' | 'now'>,
    { person, to, how }: { person: string; to: string | undefined; how: 'left' | 'removed' },
  ) =>
    db.transaction(async (tx) => {
      const { spoc } = member
      const taker = to === undefined ? null : await findTaker(tx, spoc, to, person)
      if (taker === undefined) return refuse('spoc/not-a-taker')
      const done = await removeMember(tx, spoc, person, now)
      // Asked twice, it is done once.
      if (!done.ok)
        return done.code === 'http/not-found' && (await wasMember(tx, spoc, person)) ? ok({ cancelled: 0, handedOver: 0 }) : done
      const { language } = await getCourse(tx, spoc)
      const released = await tell.release(tx, { spoc, person, to: taker, reason: leftReason[language], now })
      await tell.changed(tx, { spoc, person, how, by: asker.person, at: now })
      return ok(released)
    })

  /** M14: asked twice, it is done once. */
  const archive = (archived: boolean) => ({
    who: member(owns, 'archived'),
    run: ({ member, db, now }: Pick<Asked, 'member' | 'db' | 'now'>) =>
      db.transaction(async (tx) => {
        const { spoc, changed } = await setArchived(tx, member.spoc, archived, now)
        if (changed) await tell.archived(tx, member.spoc)
        return ok(spoc)
      }),
  })

  return {
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
    'GET /api/spocs/:spoc/archive': {
      who: member(owns),
      run: async ({ member, db, now }) => ok(await db.read((tx) => findStanding(tx, member.spoc, now))),
    },
    'POST /api/spocs/:spoc/archive': archive(true),
    'POST /api/spocs/:spoc/reopen': archive(false),
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
      who: member(owns, 'archived'),
      run: (asked) => end(asked, { person: asked.params.person, to: asked.query.to, how: 'removed' }),
    },
    'POST /api/spocs/:spoc/leave': {
      who: member(undefined, 'archived'),
      run: (asked) => end(asked, { person: asked.asker.person, to: asked.body.to, how: 'left' }),
    },
    'GET /api/spocs/:spoc/members/:person/hanging': {
      who: member(),
      run: async ({ member, asker, params, db, now }) => {
        if (!owns(member.role) && params.person !== asker.person) return refuse('http/not-allowed')
        const found = await db.read((tx) => findHanging(tx, member.spoc, params.person, now))
        return found ? ok(found) : refuse('http/not-found')
      },
    },
    'GET /api/spocs/:spoc/former-members': {
      who: member(owns),
      run: async ({ member, db }) => ok(await db.read((tx) => listFormerMembers(tx, member.spoc, member.role))),
    },
    'POST /api/spocs/:spoc/members/:person/suspend': {
      who: member(owns, 'archived'),
      run: ({ member, asker, params, db, now }) =>
        db.transaction(async (tx) => {
          const done = await suspendMember(tx, member.spoc, params.person, now)
          if (done.ok) await tell.changed(tx, { spoc: member.spoc, person: params.person, how: 'suspended', by: asker.person, at: now })
          return done
        }),
    },
    'POST /api/spocs/:spoc/members/:person/resume': {
      who: member(owns, 'archived'),
      run: ({ member, asker, params, db, now }) =>
        db.transaction(async (tx) => {
          const done = await resumeMember(tx, member.spoc, params.person, member.role)
          if (done.ok) await tell.changed(tx, { spoc: member.spoc, person: params.person, how: 'resumed', by: asker.person, at: now })
          return done
        }),
    },
  }
}

/** What those of a call that is cancelled read, in the course's language. */
const leftReason = { fr: 'Cette personne ne fait plus partie de la formation.', en: 'This person no longer belongs to the course.' }
