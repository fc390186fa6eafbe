import { z } from 'zod'
import { file, type RouteContracts } from '../http/contract.ts'
import { instant, language, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import type { Draft } from '../live/slice.ts'
import type { Role } from '../spoc/rules.ts'
import { role } from '../spoc/wire.ts'

/** Sent by the room itself only: seats come and go with their connections. */
export const attendanceCommands = {
  'attendance:enter': z.object({ boot: id }),
  'attendance:leave': z.object({ seat: id, boot: id, heard: z.number() }),
}

export type AttendanceDraft =
  | Draft<'attendance:entered', { seat: string; boot: string; role: Role }>
  | Draft<'attendance:left', { seat: string; person: string; /** The last moment it was heard (UTC ms). */ heard: number }>

const half = z.string().regex(/^\d{4}-\d{2}-\d{2}:(am|pm)$/)
export const presence = z.enum(['coming', 'present', 'partial', 'absent'])

const seen = z.object({ from: instant, to: instant })

/** A signed line that was added by hand. */
export const attendanceLine = z.object({
  kind: z.enum(['correction', 'contestation']),
  /** What the correction says; null for a contestation. */
  minutes: z.int().nullable(),
  reason: z.string(),
  authorName: z.string(),
  at: instant,
})
export type AttendanceLine = z.infer<typeof attendanceLine>

export const attendanceCell = z.object({
  presence,
  /** What counts. */
  minutes: z.int(),
  /** What the room saw. */
  measured: z.int(),
  corrected: z.boolean(),
  /** A contestation waits for a correction. */
  contested: z.boolean(),
  lines: z.array(attendanceLine),
  signed: instant.nullable(),
  /** When they were first and last seen in it, where a room saw them. */
  seen: seen.nullable(),
})
export type AttendanceCell = z.infer<typeof attendanceCell>

export const attendanceHalf = z.object({
  /** A session, or an in-person meeting of the path. */
  event: id,
  title: z.string(),
  /** Where it is met; null: at a distance. */
  place: z.string().nullable(),
  half,
  starts: instant,
  ends: instant,
  zone: z.string(),
})
export type AttendanceHalf = z.infer<typeof attendanceHalf>

export const attendanceTable = z.object({
  halves: z.array(attendanceHalf),
  people: z.array(
    z.object({
      person: id,
      name: z.string(),
      role,
      organisation: z.string().nullable(),
      /** One for each half-day; null: not concerned. */
      cells: z.array(attendanceCell.nullable()),
    }),
  ),
  /** H10: who was there without being enrolled, for the team alone. */
  guests: z.array(
    z.object({
      /** null: erased. */
      name: z.string().nullable(),
      /** One for each half-day; null: not there. */
      seen: z.array(seen.nullable()),
    }),
  ),
})
export type AttendanceTable = z.infer<typeof attendanceTable>

/** H9: the seals of what was signed or written by hand in a SPOC. */
export const attendanceChain = z.object({
  sealed: z.int(),
  /** The last seal; null as long as nothing was sealed. */
  last: z.string().nullable(),
  /** The first line at which it no longer holds; null: it is whole. */
  broken: z.object({ n: z.int(), why: z.enum(['altered', 'removed', 'added']) }).nullable(),
})
export type AttendanceChain = z.infer<typeof attendanceChain>

/** `chain` for the team; null for the others, and as long as there is no line. */
export const attendancePage = z.object({ ...attendanceTable.shape, chain: attendanceChain.nullable() })
export type AttendancePage = z.infer<typeof attendancePage>

export const toSign = z.object({ ...attendanceHalf.shape, spoc: id, statement: z.string() })
export type ToSign = z.infer<typeof toSign>

export const attendanceRoutes = {
  'GET /api/spocs/:spoc/attendance': {
    about:
      'Presence by half-day: of everybody for the team, of oneself for a learner, of the people of one’s organisation for an observer.',
    reply: attendancePage,
  },
  'GET /api/spocs/:spoc/attendance/csv': {
    about: 'The same as a table for a spreadsheet, of one organisation when it is named.',
    query: z.strictObject({ organisation: line(120).optional() }),
    reply: file,
  },
  'GET /api/spocs/:spoc/attendance/:event/pdf': {
    about: 'The attendance sheet of a session or meeting (feuille d’émargement), of one organisation when it is named.',
    query: z.strictObject({ organisation: line(120).optional() }),
    reply: file,
  },
  'GET /api/attendance/to-sign': {
    about: 'The half-days of today that one may sign now, with the words to sign in that language.',
    query: z.strictObject({ language }),
    reply: z.array(toSign),
  },
  'POST /api/spocs/:spoc/attendance/:event/sign': {
    about: 'Signs a half-day: the words that were shown must be those of now.',
    body: z.strictObject({ half, language, statement: z.string().max(1000) }),
    reply: z.object({ signed: instant }),
  },
  'POST /api/spocs/:spoc/attendance/:event/correct': {
    about: 'Corrects somebody’s half-day by a new line.',
    body: z.strictObject({ half, person: id, minutes: z.int().min(0).max(720), reason: line(500) }),
    reply: nothing,
  },
  'POST /api/spocs/:spoc/attendance/:event/contest': {
    about: 'Contests one’s own half-day.',
    body: z.strictObject({ half, reason: line(500) }),
    reply: nothing,
  },
} satisfies RouteContracts

export type AttendanceRefusal =
  | 'attendance/no-such-half'
  | 'attendance/not-begun'
  /** A half-day is signed on its own day. */
  | 'attendance/day-over'
  /** Who was not there does not sign. */
  | 'attendance/not-there'
  | 'attendance/signed'
  /** What was shown is not what would be signed now. */
  | 'attendance/changed'
  /** More minutes than the half-day has. */
  | 'attendance/too-long'
  /** The one named is not concerned by this half-day. */
  | 'attendance/not-concerned'
