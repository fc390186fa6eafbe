import type { CaptionsGrowth, CaptionsView } from './wire.ts'

/** K7 */
export const keptInRoom = 50

/** The view after a growth. */
export const growCaptions = (view: CaptionsView, { lines }: CaptionsGrowth): CaptionsView => ({
  ...view,
  lines: [...view.lines, ...lines].slice(-keptInRoom),
})
