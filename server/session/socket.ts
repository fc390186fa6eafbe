import { lifeSlice } from '#shared/session/life.ts'
import { sessionCommands } from '#shared/session/wire.ts'
import { ok } from '#shared/result.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'
import { findSessionIn, noteBegun } from './store.ts'

export const sessionLive = liveFeature({
  slice: lifeSlice,
  commands: sessionCommands,
  who: { 'session:start': (asker) => isTeam(asker.role) },
  prepare: { 'session:start': async (tx, { id }) => ok({ starts: (await findSessionIn(tx, id))?.starts ?? null }) },
  project: ({ id }, lines) => {
    const started = lines.find(({ kind }) => kind === 'session:started')
    return started && (async (tx) => (await noteBegun(tx, id, started.at), []))
  },
})
