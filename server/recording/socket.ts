import { mayRecord, recordingSlice } from '#shared/recording/rules.ts'
import { recordingCommands } from '#shared/recording/wire.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'
import { projectParts } from './store.ts'

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
  project: (tx, room, happenings) => projectParts(tx, room.id, happenings),
})
