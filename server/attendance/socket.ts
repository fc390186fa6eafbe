import { attendanceSlice } from '#shared/attendance/rules.ts'
import { attendanceCommands } from '#shared/attendance/wire.ts'
import { liveFeature } from '../live/feature.ts'

/** Nobody asks for these: the room enters and leaves its seats itself. */
export const attendanceLive = liveFeature({ slice: attendanceSlice, commands: attendanceCommands, who: {} })
