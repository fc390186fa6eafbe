import { inArray } from 'drizzle-orm'
import { pictureOf } from '#shared/account/rules.ts'
import type { Named } from '#shared/mentoring/wire.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'

/** People of a SPOC by identity, as others see them. */
export async function namesOf(tx: Tx, spoc: string, people: readonly string[]): Promise<Map<string, Named>> {
  if (people.length === 0) return new Map()
  const found = await tx
    .select({ id: persons.id, name: persons.name, colour: persons.colour, image: persons.image })
    .from(persons)
    .where(inArray(persons.id, [...new Set(people)]))
  return new Map(found.map(({ image, ...one }) => [one.id, { ...one, picture: pictureOf(spoc, one.id, image) }]))
}
export const nameIn = (names: ReadonlyMap<string, Named>, person: string): Named =>
  names.get(person) ?? { id: person, name: '', colour: 0, picture: null }
