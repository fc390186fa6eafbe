import type { Refusal } from '#shared/wire.ts'
import type { Language } from './words.svelte.ts'

type FeatureOf<Code extends string> = Code extends `${infer Feature}/${string}` ? Feature : never
/** The part of a code before its slash: whose refusal it is. */
export type RefusingFeature = FeatureOf<Refusal>
type Said<Feature extends string> = Record<Extract<Refusal, `${Feature}/${string}`>, Record<Language, string>>

/**
 * Every refusal code has words in every language: a feature's new code does not compile until its `refusals` are added here. They
 * stand apart from a feature's other words and come with the first refusal of that feature, because they are many and rarely shown.
 */
export const refusalsOf = {
  http: () => import('./common.ts').then(({ httpRefusals }) => ({ refusals: httpRefusals })),
  live: () => import('./common.ts').then(({ liveRefusals }) => ({ refusals: liveRefusals })),
  document: () => import('./common.ts').then(({ documentRefusals }) => ({ refusals: documentRefusals })),
  account: () => import('#client/account/refusals.ts'),
  attendance: () => import('#client/attendance/refusals.ts'),
  board: () => import('#client/board/refusals.ts'),
  captions: () => import('#client/captions/refusals.ts'),
  certificate: () => import('#client/certificate/refusals.ts'),
  chat: () => import('#client/chat/refusals.ts'),
  deck: () => import('#client/deck/refusals.ts'),
  files: () => import('#client/files/refusals.ts'),
  guests: () => import('#client/guests/refusals.ts'),
  hands: () => import('#client/hands/refusals.ts'),
  inbox: () => import('#client/inbox/refusals.ts'),
  mentoring: () => import('#client/mentoring/refusals.ts'),
  mics: () => import('#client/mics/refusals.ts'),
  groups: () => import('#client/groups/refusals.ts'),
  path: () => import('#client/path/refusals.ts'),
  quiz: () => import('#client/quiz/refusals.ts'),
  recording: () => import('#client/recording/refusals.ts'),
  replay: () => import('#client/replay/refusals.ts'),
  session: () => import('#client/session/refusals.ts'),
  slides: () => import('#client/slides/refusals.ts'),
  spoc: () => import('#client/spoc/refusals.ts'),
  video: () => import('#client/video/refusals.ts'),
  waiting: () => import('#client/waiting/refusals.ts'),
} satisfies { [Feature in RefusingFeature]: () => Promise<{ refusals: Said<Feature> }> }
