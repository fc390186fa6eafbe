import { z } from 'zod'

/** What can be in front, one at a time. */
export const fronts = ['people', 'screen', 'board', 'question', 'slides'] as const
export type Front = (typeof fronts)[number]

export const stageCommands = { 'stage:show': z.strictObject({ front: z.enum(fronts) }) }

/** What is in front for everybody, who put it there and when (null and 0 before anybody did). */
export interface StageView {
  front: Front
  by: string | null
  at: number
}
