import { z } from 'zod'
import { id } from '../live/wire.ts'
import { limits } from './rules.ts'

/** One line of plain text; null: the group is called by its place. */
const name = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[^\p{Cc}\p{Cs}\p{Bidi_Control}]*$/u)
  .nullable()

/** How long after it is told groups close (s). */
export const closesAfter = [0, 60] as const

export const groupsCommands = {
  /** Shares the room out. */
  'groups:open': z.strictObject({
    groups: z
      .array(z.strictObject({ group: id, name, people: z.array(id).max(limits.people) }))
      .min(1)
      .max(limits.groups),
  }),
  /** Puts somebody into another group, or back into the plenary (null). */
  'groups:move': z.strictObject({ person: id, group: id.nullable() }),
  /** Goes into a group oneself, or back into the plenary (null). */
  'groups:visit': z.strictObject({ group: id.nullable() }),
  'groups:rename': z.strictObject({ group: id, name }),
  /** Everybody comes back, at once or after so many seconds. */
  'groups:close': z.strictObject({ after: z.literal(closesAfter) }),
}

export interface Group {
  group: string
  /** null: it is called by its place. */
  name: string | null
  /** Who is in it, here or not. */
  people: readonly string[]
}

/** The groups that are open, none when there are none; `closesAt`: when they close (UTC ms), once that was told. */
export interface GroupsView {
  groups: readonly Group[]
  closesAt: number | null
}

export type GroupsRefusal =
  /** Groups are open already. */
  | 'groups/open'
  /** There is no such group now. */
  | 'groups/not-open'
  /** Somebody, or a group, is named twice. */
  | 'groups/twice'
  /** They never were in this room. */
  | 'groups/not-here'
