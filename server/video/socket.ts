import type { Asker } from '#shared/live/slice.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { mayTrouble, videoSlice } from '#shared/video/heard.rules.ts'
import { mayState } from '#shared/video/rules.ts'
import { videoCommands, videoSignal, videoState, videoTrouble, type VideoState, type VideoTrouble } from '#shared/video/wire.ts'
import { liveFeature, type Ephemeral } from '../live/feature.ts'

/**
 * The server passes on what seats say to link with each other and what each says of its own media; sound and pictures never
 * pass here. `reaches` says who may be linked to whom; an observer is too: they receive. Why somebody is not heard is told to the team alone.
 */
export const videoLive = (reaches: NonNullable<Ephemeral['reaches']>) =>
  liveFeature({
    slice: videoSlice,
    commands: videoCommands,
    who: { 'video:help': ({ role }) => isTeam(role), 'video:settle': () => true },
    ephemerals: {
      'video:state': {
        schema: videoState,
        who: ({ role }: Asker, state: VideoState) => mayState(role, state),
        lane: 'latest',
        tick: 33,
        perSecond: 20,
      },
      'video:trouble': {
        schema: videoTrouble,
        who: ({ role }: Asker, trouble: VideoTrouble) => mayTrouble(role, trouble),
        hearers: ({ role }) => isTeam(role),
        lane: 'latest',
        tick: 250,
        perSecond: 4,
      },
      // Entering a full mesh sends seven offers and their candidates at once.
      'video:signal': { schema: videoSignal, who: () => true, lane: 'seat', reaches, perSecond: 300 },
    },
  })
