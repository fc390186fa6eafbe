import { ok, refuse } from '../result.ts'
import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { leads } from '../spoc/rules.ts'
import type { Front, StageView, stageCommands } from './wire.ts'

/**
 * Rules of the stage.
 *
 * G1 Those who lead choose what is in front for everybody; at first it is the people.
 * G2 Showing what is already in front changes nothing.
 * G3 Everybody sees the same stage by default; anyone may look elsewhere and come back, alone and without being seen to.
 * G4 Who is typing, drawing or answering when the stage changes keeps their place until they ask to follow.
 */
export type StageCommand = Command<typeof stageCommands>
export type StageDraft = Draft<'stage:shown', { front: Front }, null>
export type StageHappening = HappeningOf<StageDraft>

export const stageSlice: Slice<StageView, StageCommand, StageDraft, StageView, never> = {
  name: 'stage',
  start: () => ({ front: 'people', by: null, at: 0 }),
  decide(state, { payload }, asker) {
    if (!asker || !leads(asker.role)) return refuse('live/not-allowed') // G1
    return ok(state.front === payload.front ? [] : [{ kind: 'stage:shown', v: 1, payload: { front: payload.front } }]) // G2
  },
  apply: (state, happening) =>
    happening.kind === 'stage:shown' ? { front: happening.payload.front, by: happening.person, at: happening.at } : state,
  audienceOf: () => 'all',
  viewFor: (state) => state,
  mine: () => null,
}
