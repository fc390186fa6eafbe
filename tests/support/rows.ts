import type { RoomCard } from '#shared/live/slice.ts'
import type { Db } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { rooms } from '#server/live/tables.ts'
import { spocs } from '#server/spoc/tables.ts'

/** A room of a SPOC, with nothing around it: for tests below the doors. */
export async function aRoom(db: Db): Promise<RoomCard> {
  const card: RoomCard = { id: newId(), spoc: newId(), kind: 'session' }
  await db.transaction(async (tx) => {
    await tx.insert(spocs).values({
      id: card.spoc,
      title: 'Un SPOC',
      audience: 'intra',
      capacity: 12,
      language: 'fr',
      zone: 'Europe/Paris',
      outcome: 'certify',
      created: 0,
    })
    await tx.insert(rooms).values({ ...card, created: 0 })
  })
  return card
}
