import { and, inArray, isNotNull, or } from 'drizzle-orm'
import { person as persons } from '../account/tables.ts'
import type { Tx } from '../db/db.ts'
import { guestsIn } from '../guests/store.ts'
import { listEntered } from '../session/store.ts'
import { rolesIn } from '../spoc/store.ts'

/** V13: who was in a room and may no longer be: removed, suspended, turned out, or without an account. */
export async function listGone(tx: Tx, room: string): Promise<string[]> {
  const been = await listEntered(tx, room)
  if (been.size === 0) return []
  const [roles, guests] = [await rolesIn(tx, room, been), await guestsIn(tx, room, [...been])]
  const off = await tx
    .select({ id: persons.id })
    .from(persons)
    .where(and(inArray(persons.id, [...been]), or(isNotNull(persons.deactivated), isNotNull(persons.erased))))
  const without = new Set(off.map(({ id }) => id))
  return [...been].filter((person) => without.has(person) || !(roles.has(person) || guests.has(person)))
}
