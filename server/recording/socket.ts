import { mayRecord, recordingSlice, whyNotRecord } from '#shared/recording/rules.ts'
import { recordingCommands } from '#shared/recording/wire.ts'
import type { RoomCard } from '#shared/live/slice.ts'
import { ok } from '#shared/result.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { liveFeature } from '../live/feature.ts'
import { findSessionToRecord, movesParts, projectParts } from './store.ts'

/** R11 */
const unlessEncrypted = async <P>(tx: Tx, { id }: RoomCard, payload: P) => whyNotRecord(await findSessionToRecord(tx, id)) ?? ok(payload)

export const recordingLive = liveFeature({
  slice: recordingSlice,
  commands: recordingCommands,
  who: {
    'recording:choose': (asker) => takesPart(asker.role),
    'recording:start': mayRecord,
    'recording:pause': mayRecord,
    'recording:resume': mayRecord,
    'recording:stop': mayRecord,
  },
  prepare: { 'recording:start': unlessEncrypted, 'recording:resume': unlessEncrypted },
  project: (room, happenings) => {
    const moving = happenings.filter(movesParts)
    return moving.length > 0 ? (tx) => projectParts(tx, room.id, moving) : undefined
  },
})
