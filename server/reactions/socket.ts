import { mayReact, reactionsSlice } from '#shared/reactions/rules.ts'
import { reactionEphemerals } from '#shared/reactions/wire.ts'
import { liveFeature } from '../live/feature.ts'

/** Reactions are told in order and forgotten. */
export const reactionsLive = liveFeature({
  slice: reactionsSlice,
  commands: {},
  who: {},
  ephemerals: { 'reactions:show': { schema: reactionEphemerals['reactions:show'], who: mayReact, lane: 'each', tick: 50, perSecond: 3 } },
})
