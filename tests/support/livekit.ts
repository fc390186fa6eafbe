import { findLiveKit } from '#server/outside/livekit-program.ts'

/** LiveKit's server for tests; undefined where it is not on `PATH` (`npm test` puts the one there that it builds). */
export const livekitProgram = findLiveKit()
