import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { findLiveKit } from '#server/outside/livekit-program.ts'

/** Where `npm test` puts the program that it builds. */
const built = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'cercle/livekit-server-1.13.5/livekit-server')

/** LiveKit's server for tests: from `PATH`, else the one that `npm test` built; undefined on a machine that has neither. */
export const livekitProgram = findLiveKit() ?? (existsSync(built) ? built : undefined)
