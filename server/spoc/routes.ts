import { ok, refuse } from '#shared/result.ts'
import { owns } from '#shared/spoc/rules.ts'
import type { spocRoutes } from '#shared/spoc/wire.ts'
import { pictureFile } from '#server/account/pictures.ts'
import { findPicture } from '#server/account/store.ts'
import { member, signedIn, type Handlers } from '#server/http/door.ts'
import { changeMember, changeSpoc, createSpoc, getSpoc, listMembers, listSpocs, removeMember, wasMember } from './store.ts'

export const spocHandlers: Handlers<typeof spocRoutes> = {
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
}
