import { chatSlice, mayWrite } from '#shared/chat/rules.ts'
import { chatCommands, chatEphemerals } from '#shared/chat/wire.ts'
import { liveFeature } from '../live/feature.ts'
import { projectMessages } from './store.ts'

/** Whoever takes part writes; `chat:hear` is named nowhere here, so only the room itself may say it. */
export const chatLive = liveFeature({
  slice: chatSlice,
  commands: chatCommands,
  who: { 'chat:say': mayWrite },
  ephemerals: { 'chat:typing': { schema: chatEphemerals['chat:typing'], who: mayWrite, lane: 'latest', tick: 100, perSecond: 1 } },
  project: projectMessages,
})
