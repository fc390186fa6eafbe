import { attendanceLive } from '../attendance/socket.ts'
import { boardLive } from '../board/socket.ts'
import { captionsLive } from '../captions/socket.ts'
import { chatLive } from '../chat/socket.ts'
import { cause } from '../flows.ts'
import type { GroupsState } from '#shared/groups/rules.ts'
import { together } from '#shared/groups/within.ts'
import { groupsLive } from '../groups/socket.ts'
import { handsLive } from '../hands/socket.ts'
import { mentoringLive } from '../mentoring/socket.ts'
import { micsLive } from '../mics/socket.ts'
import { quizLive } from '../quiz/socket.ts'
import { reactionsLive } from '../reactions/socket.ts'
import { recordingLive } from '../recording/socket.ts'
import { sessionLive } from '../session/socket.ts'
import { slidesLive } from '../slides/socket.ts'
import { stageLive } from '../stage/socket.ts'
import { videoLive } from '../video/socket.ts'
import { waitingLive } from '../waiting/socket.ts'
import type { Ephemeral, LiveFeature } from './feature.ts'

/** Sound, pictures and what is understood of them go within one group. */
const within: NonNullable<Ephemeral['reaches']> = (state, one, other) => together(state<GroupsState>('groups'), one.person, other.person)

/** What lives in a room. A new live feature is one more line here; the engine knows none of them. */
export const liveFeatures: readonly LiveFeature[] = [
  attendanceLive,
  sessionLive,
  waitingLive,
  stageLive,
  slidesLive,
  videoLive(within),
  micsLive,
  groupsLive,
  chatLive,
  handsLive,
  reactionsLive,
  boardLive,
  recordingLive,
  captionsLive(within),
  mentoringLive,
  quizLive({
    revealed: (tx, asking) => cause(tx, 'question-revealed', `${asking.room}:${asking.question}`, asking),
    corrected: (tx, asking) => cause(tx, 'asking-corrected', `${asking.room}:${asking.seq}`, asking),
  }),
]
