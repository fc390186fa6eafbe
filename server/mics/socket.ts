import { micsSlice } from '#shared/mics/rules.ts'
import { micsCommands } from '#shared/mics/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'

const lead = ({ role }: { role: Parameters<typeof leads>[0] }) => leads(role)

export const micsLive = liveFeature({
  slice: micsSlice,
  commands: micsCommands,
  who: {
    'mics:mute': lead,
    'mics:mute-all': lead,
    'mics:allow': lead,
    'mics:allow-all': lead,
    'mics:ask': lead,
    'mics:settle': () => true,
  },
})
