import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The program, as LiveKit's own installers name it. */
const program = 'livekit-server'
/** Its whole path; undefined when it is not on `PATH`. */
export const findLiveKit = (path = process.env['PATH'] ?? ''): string | undefined =>
  path
    .split(delimiter)
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, process.platform === 'win32' ? `${program}.exe` : program))
    .find((file) => existsSync(file))
