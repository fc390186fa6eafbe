import { mayAnswerInquiries, mayAsk, mayPromise } from '#shared/inbox/rules.ts'
import type { inboxRoutes, Inquiry } from '#shared/inbox/wire.ts'
import { ok } from '#shared/result.ts'
import type { Tx } from '#server/db/db.ts'
import { member, signedIn, type Handlers } from '../http/door.ts'
import { addInquiry, answerInquiry, countWaiting, getPromise, giveInquiry, listInquiries, setPromise, withdrawInquiry } from './store.ts'

/** What others are to hear of, in the transaction in which it happens. */
export interface InboxHappenings {
  asked(tx: Tx, happened: { spoc: string; inquiry: Inquiry; author: string }): Promise<void>
  answered(tx: Tx, happened: { spoc: string; inquiry: Inquiry; author: string; at: number }): Promise<void>
}

export const inboxHandlers = (happened: InboxHappenings): Handlers<typeof inboxRoutes> => ({
  'GET /api/spocs/:spoc/inquiries': {
    who: member(),
    run: ({ db, member, asker, query }) =>
      db.read(async (tx) =>
        ok({
          promise: await getPromise(tx, member.spoc),
          inquiries: await listInquiries(tx, member.spoc, { ...asker, role: member.role }, query),
        }),
      ),
  },
  'POST /api/spocs/:spoc/inquiries': {
    who: member(mayAsk),
    run: ({ db, member, asker, body, now }) =>
      db.transaction(async (tx) => {
        const made = await addInquiry(tx, member.spoc, { ...asker, role: member.role }, body, now)
        if (made.ok) await happened.asked(tx, { spoc: member.spoc, inquiry: made.value, author: asker.person })
        return made
      }),
  },
  'POST /api/spocs/:spoc/inquiries/:inquiry/answer': {
    who: member(mayAnswerInquiries),
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const done = await answerInquiry(tx, member.spoc, params.inquiry, { ...asker, role: member.role }, body, now)
        if (!done.ok) return done
        await happened.answered(tx, { spoc: member.spoc, ...done.value, at: now })
        return ok(done.value.inquiry)
      }),
  },
  'PUT /api/spocs/:spoc/inquiries/:inquiry/owner': {
    who: member(mayAnswerInquiries),
    run: ({ db, member, asker, params, body }) =>
      db.transaction((tx) => giveInquiry(tx, member.spoc, params.inquiry, { ...asker, role: member.role }, body.owner)),
  },
  'DELETE /api/spocs/:spoc/inquiries/:inquiry': {
    who: member(mayAsk),
    run: ({ db, member, asker, params }) =>
      db.transaction((tx) => withdrawInquiry(tx, member.spoc, params.inquiry, { ...asker, role: member.role }, false)),
  },
  'POST /api/spocs/:spoc/inquiries/:inquiry/restore': {
    who: member(mayAsk),
    run: ({ db, member, asker, params }) =>
      db.transaction((tx) => withdrawInquiry(tx, member.spoc, params.inquiry, { ...asker, role: member.role }, true)),
  },
  'PUT /api/spocs/:spoc/answer-promise': {
    who: member(mayPromise),
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => setPromise(tx, member.spoc, body.hours))
      return ok()
    },
  },
  'GET /api/inquiries/waiting': {
    who: signedIn,
    run: async ({ db, asker, now }) => ok(await db.read((tx) => countWaiting(tx, asker.person, now))),
  },
})
