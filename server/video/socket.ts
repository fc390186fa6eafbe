import type { Asker } from '#shared/live/slice.ts'
import { mayState, videoSlice } from '#shared/video/rules.ts'
import { videoSignal, videoState, type VideoState } from '#shared/video/wire.ts'
import { liveFeature } from '../live/feature.ts'

/**
 * The server passes on what seats say to link with each other and what each says of its own media; sound and pictures never
 * pass here. Everybody in the room may be linked, an observer too: they receive.
 */
export const videoLive = liveFeature({
  slice: videoSlice,
  commands: {},
  who: {},
  ephemerals: {
    'video:state': {
      schema: videoState,
      who: ({ role }: Asker, state: VideoState) => mayState(role, state),
      lane: 'latest',
      tick: 33,
      perSecond: 20,
    },
    // Entering a full mesh sends seven offers and their candidates at once.
    'video:signal': { schema: videoSignal, who: () => true, lane: 'seat', perSecond: 300 },
  },
})
