import { mayRecord, recordingSlice } from '#shared/recording/rules.ts'
import { recordingCommands } from '#shared/recording/wire.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'
import { movesParts, projectParts } from './store.ts'

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
  project: (room, happenings) => {
    const moving = happenings.filter(movesParts)
    return moving.length > 0 ? (tx) => projectParts(tx, room.id, moving) : undefined
  },
})
