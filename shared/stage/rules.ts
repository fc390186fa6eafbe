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
 * G5 A document that is shown comes in front by itself; when it no longer is, the people come back.
 */
export type StageCommand = Command<typeof stageCommands>
export type StageDraft = Draft<'stage:shown', { front: Front }, null>
/** G5: what the stage reads of another feature's lines. */
type Told = StageDraft | Draft<'slides:shown' | 'slides:stopped', unknown, null>
export type StageHappening = HappeningOf<Told>

export const stageSlice: Slice<StageView, StageCommand, Told, StageView, never> = {
  name: 'stage',
  start: () => ({ front: 'people', by: null, at: 0 }),
  decide(state, { payload }, asker) {
    if (!asker || !leads(asker.role)) return refuse('live/not-allowed') // G1
    return ok(state.front === payload.front ? [] : [{ kind: 'stage:shown', v: 1, payload: { front: payload.front } }]) // G2
  },
  apply(state, line) {
    const { person: by, at } = line
    if (line.kind === 'stage:shown') return { front: line.payload.front, by, at }
    if (line.kind === 'slides:shown') return { front: 'slides', by, at } // G5
    return line.kind === 'slides:stopped' && state.front === 'slides' ? { front: 'people', by, at } : state
  },
  audienceOf: () => 'all',
  viewFor: (state) => state,
  mine: () => null,
}
