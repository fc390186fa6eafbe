import { isTeam } from '#shared/spoc/rules.ts'
import { waitingSlice } from '#shared/waiting/rules.ts'
import { waitingCommands } from '#shared/waiting/wire.ts'
import { liveFeature } from '../live/feature.ts'

/** Who asks and who goes is said by the door itself (`live/doorstep.ts`). */
export const waitingLive = liveFeature({
  slice: waitingSlice,
  commands: waitingCommands,
  who: { 'waiting:admit': ({ role }) => isTeam(role), 'waiting:deny': ({ role }) => isTeam(role) },
})
