import { leads } from '#shared/spoc/rules.ts'
import { stageSlice } from '#shared/stage/rules.ts'
import { stageCommands } from '#shared/stage/wire.ts'
import { liveFeature } from '../live/feature.ts'

export const stageLive = liveFeature({ slice: stageSlice, commands: stageCommands, who: { 'stage:show': (asker) => leads(asker.role) } })
