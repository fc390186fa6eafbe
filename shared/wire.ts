import { accountRoutes, type AccountRefusal } from './account/wire.ts'
import { attendanceRoutes, type AttendanceRefusal } from './attendance/wire.ts'
import { boardCommands, boardEphemerals, type BoardRefusal } from './board/wire.ts'
import { calendarRoutes } from './calendar/wire.ts'
import { captionsCommands, captionsEphemerals, captionsRoutes, type CaptionsRefusal } from './captions/wire.ts'
import { certificateRoutes, type CertificateRefusal } from './certificate/wire.ts'
import { chatCommands, chatEphemerals, chatRoutes, type ChatRefusal } from './chat/wire.ts'
import { filesRoutes, type FilesRefusal } from './files/wire.ts'
import { followupRoutes } from './followup/wire.ts'
import { guestRoutes, type GuestsRefusal } from './guests/wire.ts'
import { groupsCommands, type GroupsRefusal } from './groups/wire.ts'
import { handsCommands, type HandsRefusal } from './hands/wire.ts'
import { inboxRoutes, type InboxRefusal } from './inbox/wire.ts'
import { deckRoutes, type DeckRefusal } from './deck/wire.ts'
import { demoRoutes } from './demo/wire.ts'
import type { DocumentRefusal } from './live/documents.ts'
import type { LiveRefusal } from './live/wire.ts'
import { mentoringCommands, mentoringRoutes, type MentoringRefusal } from './mentoring/wire.ts'
import { micsCommands, type MicsRefusal } from './mics/wire.ts'
import { noticesRoutes } from './notices/wire.ts'
import { jobsRoutes } from './jobs/wire.ts'
import { outboxRoutes } from './mail/wire.ts'
import { pathRoutes, type PathRefusal } from './path/wire.ts'
import { aloneRoutes, type AloneRefusal } from './quiz/alone.wire.ts'
import { preflightRoutes } from './preflight/wire.ts'
import { quizCommands, quizRoutes, type QuizRefusal } from './quiz/wire.ts'
import { reactionEphemerals } from './reactions/wire.ts'
import { readinessRoutes } from './readiness/wire.ts'
import { recordingCommands, recordingRoutes, type RecordingRefusal } from './recording/wire.ts'
import { replayRoutes, type ReplayRefusal } from './replay/wire.ts'
import { sessionCommands, sessionRoutes, type SessionRefusal } from './session/wire.ts'
import { arriveRoutes, inviteRoutes, signInLinkRoutes, type InviteRefusal } from './spoc/invite.wire.ts'
import { slidesCommands, slidesRoutes, type SlidesRefusal } from './slides/wire.ts'
import { spocRoutes, type SpocRefusal } from './spoc/wire.ts'
import { stageCommands } from './stage/wire.ts'
import { waitingCommands, type WaitingRefusal } from './waiting/wire.ts'
import { videoCommands, videoEphemerals, videoRoutes, type VideoRefusal } from './video/wire.ts'

/** The sum of all contracts: what travels between the server and its pages. Each feature adds its lines here. */
export const routes = {
  ...accountRoutes,
  ...videoRoutes,
  ...spocRoutes,
  ...inviteRoutes,
  ...signInLinkRoutes,
  ...arriveRoutes,
  ...sessionRoutes,
  ...pathRoutes,
  ...quizRoutes,
  ...aloneRoutes,
  ...deckRoutes,
  ...chatRoutes,
  ...filesRoutes,
  ...calendarRoutes,
  ...noticesRoutes,
  ...inboxRoutes,
  ...mentoringRoutes,
  ...followupRoutes,
  ...attendanceRoutes,
  ...certificateRoutes,
  ...jobsRoutes,
  ...outboxRoutes,
  ...readinessRoutes,
  ...preflightRoutes,
  ...recordingRoutes,
  ...replayRoutes,
  ...demoRoutes,
  ...slidesRoutes,
  ...captionsRoutes,
  ...guestRoutes,
}
export const commands = {
  ...boardCommands,
  ...quizCommands,
  ...chatCommands,
  ...handsCommands,
  ...micsCommands,
  ...groupsCommands,
  ...sessionCommands,
  ...slidesCommands,
  ...stageCommands,
  ...mentoringCommands,
  ...recordingCommands,
  ...videoCommands,
  ...waitingCommands,
  ...captionsCommands,
}
export const ephemerals = { ...boardEphemerals, ...chatEphemerals, ...reactionEphemerals, ...videoEphemerals, ...captionsEphemerals }

export type HttpRefusal =
  | 'http/bad-request'
  | 'http/signed-out'
  | 'http/not-allowed'
  | 'http/not-found'
  | 'http/too-many'
  | 'http/too-large'
  | 'http/unavailable'
  | 'http/disk-full'

/** Every code that a person may be told; each has words in every language, checked by the compiler. */
export type Refusal =
  | HttpRefusal
  | AccountRefusal
  | SpocRefusal
  | InviteRefusal
  | SessionRefusal
  | PathRefusal
  | FilesRefusal
  | InboxRefusal
  | MentoringRefusal
  | AttendanceRefusal
  | CertificateRefusal
  | LiveRefusal
  | DocumentRefusal
  | BoardRefusal
  | QuizRefusal
  | AloneRefusal
  | DeckRefusal
  | ChatRefusal
  | RecordingRefusal
  | ReplayRefusal
  | SlidesRefusal
  | HandsRefusal
  | MicsRefusal
  | GroupsRefusal
  | VideoRefusal
  | WaitingRefusal
  | CaptionsRefusal
  | GuestsRefusal
