import { mentoringSlice } from '#shared/mentoring/rules.ts'
import { mentoringCommands } from '#shared/mentoring/wire.ts'
import { takesPart } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'

/** A call in its room: its shared notes, written by everybody in it, and the sign that its goals or actions changed, given by the room itself. */
export const mentoringLive = liveFeature({
  slice: mentoringSlice,
  commands: mentoringCommands,
  who: {},
  documentRight: (state, document, asker) =>
    state.notes !== null && document === state.notes ? { read: true, write: takesPart(asker.role), mayWipe: false } : undefined,
})
