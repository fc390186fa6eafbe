import { expect, it } from 'vitest'
import { boardLane } from '#client/pages/replay-board.ts'
import { Lane } from '#client/replay/lane.ts'
import { pack } from '#shared/board/elements.ts'
import { newId } from '#server/db/ids.ts'
import { createDocument, insertUpdates } from '#server/live/documents.store.ts'
import { packBoard } from '#server/replay/store.ts'
import { spocs } from '#server/spoc/tables.ts'
import { aPen } from '#tests/documents/pen.ts'
import { onEachEngine } from '#tests/support/store.ts'

const stroke = (x: number) => pack({ kind: 'line', z: x, colour: 1, width: 2, x1: x, y1: 0, x2: x, y2: 50 })

onEachEngine((aStore) => {
  it('the board of any moment is what was on it then, packed by the server and read by the page', async () => {
    const db = await aStore()
    const person = 'p'.repeat(22)
    const pen = aPen(7)
    const updates = [pen.set('first', stroke(10)), pen.set('second', stroke(400)), pen.erase('first'), pen.set('second', stroke(20))]
    const document = newId()
    const packed = await db.transaction(async (tx) => {
      const spoc = newId()
      await tx.insert(spocs).values({
        id: spoc,
        title: 'Former',
        audience: 'inter',
        capacity: 10,
        language: 'fr',
        zone: 'Europe/Paris',
        outcome: 'self-assess',
        created: 0,
      })
      await createDocument(tx, { id: document, spoc, feature: 'board', owner: null }, 0)
      const saved = updates.map((bytes, i) => ({ seq: i + 1, at: 1_000_000 + i * 1000, person, client: 7, bytes }))
      await tx.execute(insertUpdates(document, saved, undefined))
      return packBoard(tx, document)
    })
    const { steps, extent } = boardLane(packed, (at) => at - 1_000_000)
    const lane = new Lane(steps)
    const keysAt = (time: number) => {
      lane.to(time)
      return [...lane.state.keys()].sort()
    }
    expect(keysAt(-1)).toEqual([])
    expect(keysAt(1500)).toEqual(['first', 'second'])
    expect(keysAt(2000)).toEqual(['second'])
    expect(keysAt(0)).toEqual(['first'])
    expect(keysAt(9000)).toEqual(['second'])
    expect(lane.state.get('second')).toEqual(stroke(20))
    // The picture stays where it is: its frame holds all that ever was there.
    expect(extent?.maxX).toBeGreaterThan(399)
    expect(boardLane(new Uint8Array(), (at) => at).steps).toEqual([])
  })
})
