import { z } from 'zod'
import { id } from '../live/wire.ts'
import type { Draft } from '../live/slice.ts'
import type { Role } from '../spoc/rules.ts'

/** Sent by the room itself only: seats come and go with their connections. */
export const attendanceCommands = {
  'attendance:enter': z.object({ boot: id }),
  'attendance:leave': z.object({ seat: id, boot: id, heard: z.number() }),
}

export type AttendanceDraft =
  | Draft<'attendance:entered', { seat: string; boot: string; role: Role }>
  | Draft<'attendance:left', { seat: string; person: string; /** The last moment it was heard (UTC ms). */ heard: number }>
