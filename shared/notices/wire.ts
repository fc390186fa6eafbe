import { z } from 'zod'
import type { RouteContracts } from '../http/contract.ts'
import { instant, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { noticeTopics } from './rules.ts'

const moment = { title: z.string(), starts: instant, spocTitle: z.string() }

/** What happened, as facts: the page says it in the reader's language. */
export const noticeFacts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('session-scheduled'), session: id, ...moment }),
  z.object({ kind: z.literal('session-moved'), session: id, ...moment, before: instant }),
  z.object({ kind: z.literal('session-cancelled'), session: id, ...moment }),
  z.object({ kind: z.literal('question-asked'), spoc: id, inquiry: id, text: z.string(), spocTitle: z.string() }),
  z.object({ kind: z.literal('question-answered'), spoc: id, inquiry: id, text: z.string(), spocTitle: z.string() }),
  z.object({ kind: z.literal('work-handed-in'), spoc: id, activity: id, title: z.string(), name: z.string(), spocTitle: z.string() }),
  /** `absent`: for who was not there. */
  z.object({ kind: z.literal('replay-ready'), session: id, title: z.string(), spocTitle: z.string(), absent: z.boolean() }),
  z.object({ kind: z.literal('feedback-given'), spoc: id, activity: id, title: z.string(), spocTitle: z.string() }),
])
export type NoticeFacts = z.infer<typeof noticeFacts>

export const notice = z.object({ id, at: instant, seen: z.boolean(), facts: noticeFacts })
export type Notice = z.infer<typeof notice>

const minutes = z.int().min(0).max(1439)
export const noticeChoices = z.strictObject({
  /** Which topics also come by mail. */
  mail: z.strictObject(
    Object.fromEntries(noticeTopics.map((topic) => [topic, z.boolean()])) as Record<(typeof noticeTopics)[number], z.ZodBoolean>,
  ),
  quiet: z.strictObject({ from: minutes, to: minutes }),
})
export type NoticeChoices = z.infer<typeof noticeChoices>

export const noticesRoutes = {
  'GET /api/notices': { about: 'One’s notices of the last ninety days, the newest first.', reply: z.array(notice) },
  'POST /api/notices/seen': { about: 'Has seen every notice up to this one.', body: z.strictObject({ upTo: id }), reply: nothing },
  'GET /api/me/notice-choices': { about: 'What one wants by mail, and when not.', reply: noticeChoices },
  'PUT /api/me/notice-choices': { about: 'Changes what one wants by mail, and when not.', body: noticeChoices, reply: noticeChoices },
} satisfies RouteContracts
