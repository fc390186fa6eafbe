import { boardSlice, mayDraw, type BoardOpened } from '#shared/board/rules.ts'
import { boardCommands, boardEphemerals } from '#shared/board/wire.ts'
import { leads, takesPart } from '#shared/spoc/rules.ts'
import { createDocument } from '../live/documents.store.ts'
import { liveFeature } from '../live/feature.ts'

/** The board in a room: who opens and locks it, what is seen while it is drawn, and who may read and write its document. */
export const boardLive = liveFeature({
  slice: boardSlice,
  commands: boardCommands,
  who: {
    'board:open': (asker) => leads(asker.role),
    'board:lock': (asker) => leads(asker.role),
  },
  ephemerals: {
    // 16 ms is one frame of the others' screens; a page sends a part every 33 ms, and a little more when a stroke ends.
    'board:live': { schema: boardEphemerals['board:live'], who: (asker) => takesPart(asker.role), lane: 'each', tick: 18, perSecond: 60 },
    'board:cursor': {
      schema: boardEphemerals['board:cursor'],
      who: (asker) => takesPart(asker.role),
      lane: 'latest',
      tick: 33,
      perSecond: 40,
    },
  },
  /** The document exists from the moment the board is opened, in the same transaction; a rebuild finds it there. */
  project: (room, happenings) => {
    const opened = happenings.filter(({ kind }) => kind === 'board:opened')
    if (opened.length === 0) return undefined
    return async (tx) => {
      for (const { payload, at } of opened)
        await createDocument(tx, { id: (payload as BoardOpened).document, spoc: room.spoc, feature: 'board', owner: null }, at)
      return []
    }
  },
  documentRight: (state, document, asker) =>
    document === state.document ? { read: true, write: mayDraw(state, asker), mayWipe: leads(asker.role) } : undefined,
})
