import { handsSlice } from '#shared/hands/rules.ts'
import { handsCommands } from '#shared/hands/wire.ts'
import { leads, takesPart } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'

export const handsLive = liveFeature({
  slice: handsSlice,
  commands: handsCommands,
  who: {
    'hands:raise': (asker) => takesPart(asker.role),
    'hands:lower': (asker) => takesPart(asker.role),
    'hands:clear': (asker) => leads(asker.role),
    'hands:clear-all': (asker) => leads(asker.role),
    'hands:give': (asker) => leads(asker.role),
    'hands:take': (asker) => leads(asker.role),
    'hands:give-back': (asker) => takesPart(asker.role),
  },
})
