import { captionsSlice, mayCaptionSelf, mayNameCaptioner } from '#shared/captions/rules.ts'
import { captionsCommands, captionsEphemerals } from '#shared/captions/wire.ts'
import { liveFeature, type Ephemeral } from '../live/feature.ts'

const anyone = () => true

/** Whoever was named may write, whatever their role: the rules know who. What a service does is said by the room itself, so it is not here.
 `reaches`: who hears whom. */
export const captionsLive = (reaches: NonNullable<Ephemeral['reaches']>) =>
  liveFeature({
    slice: captionsSlice,
    commands: captionsCommands,
    who: {
      'captions:begin': mayCaptionSelf,
      'captions:end': mayCaptionSelf,
      'captions:say': mayCaptionSelf,
      'captions:name': mayNameCaptioner,
      'captions:resign': anyone,
      'captions:write': anyone,
      'captions:correct': anyone,
    },
    ephemerals: {
      'captions:saying': {
        schema: captionsEphemerals['captions:saying'],
        who: mayCaptionSelf,
        lane: 'latest',
        reaches,
        tick: 150,
        perSecond: 6,
      },
    },
  })
