import { groupsSlice, mayVisit } from '#shared/groups/rules.ts'
import { groupsCommands } from '#shared/groups/wire.ts'
import { leads, type Role } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'

const lead = ({ role }: { role: Role }) => leads(role)

export const groupsLive = liveFeature({
  slice: groupsSlice,
  commands: groupsCommands,
  who: {
    'groups:open': lead,
    'groups:move': lead,
    'groups:visit': mayVisit,
    'groups:rename': lead,
    'groups:close': lead,
  },
})
