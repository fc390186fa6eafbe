import { z } from 'zod'
import { bytes, file, type RouteContracts } from '../http/contract.ts'
import { instant, line, nothing } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { kinds, longestAnswer } from '../quiz/kinds.ts'
import { storable } from '../quiz/wire.ts'
import { recordingStates } from '../recording/wire.ts'

/** A place to go to, at an instant of the lesson. `kind` says what it was made from; its title is then written in the reader's language. */
export const chapter = z.strictObject({
  at: instant,
  kind: z.enum(['start', 'question', 'screen', 'board', 'slides', 'own']),
  /** The question's words, or what the team wrote; null when the kind says it all. */
  title: z.string().max(120).nullable(),
})
export type Chapter = z.infer<typeof chapter>

export const film = z.object({
  id,
  duration: z.int(),
  type: z.string(),
  /** [media ms, server's instant], in order. */
  anchors: z.array(z.tuple([z.number(), z.number()])),
})
export type Film = z.infer<typeof film>

const said = z.object({ id, person: id, at: instant, text: z.string().nullable() })

/** A question of the lesson. What is right and who answered what comes only once one may know. */
export const replayedQuestion = z.object({
  id,
  at: instant,
  text: z.string().nullable(),
  kind: z.enum(kinds),
  choices: z.array(z.object({ id, text: z.string().nullable() })),
  /** What I answered, in the lesson or here, as its kind writes answers; null when I have not. */
  mine: z.object({ choice: z.string(), live: z.boolean() }).nullable(),
  /** The key of its kind, and the answers of the lesson. */
  revealed: z
    .object({
      right: id.nullable(),
      rights: z.array(id).optional(),
      value: z.number().optional(),
      tolerance: z.number().optional(),
      accepted: z.array(z.string()).optional(),
      explanation: z.string().nullable(),
      tally: z.record(z.string(), z.int()),
    })
    .nullable(),
})
export type ReplayedQuestion = z.infer<typeof replayedQuestion>

export const lanes = z.object({
  messages: z.array(said),
  /** `up` null: all hands were put down. */
  hands: z.array(z.object({ at: instant, person: id, up: z.boolean() })),
  questions: z.array(replayedQuestion),
  /** When the board was opened; null when there was none. */
  board: instant.nullable(),
  /** Which page of which document was in front from when on; null: none any more. `row` is its place among the board's sheets. */
  slides: z.array(z.object({ at: instant, shown: z.object({ file: id, page: z.int(), pages: z.int(), row: z.int() }).nullable() })),
})
export type Lanes = z.infer<typeof lanes>

export const presences = ['present', 'absent', 'caught-up'] as const
export type Presence = (typeof presences)[number]

/** How somebody who was to be there stands: whether they were, and how far they have caught up. */
export const catchingUp = z.object({
  presence: z.enum(presences),
  /** What of the replay was watched, once each second: 0 to 1. */
  covered: z.number(),
  /** Questions asked in the lesson, and how many they answered, there or here. */
  questions: z.int(),
  answered: z.int(),
})
export type CatchingUp = z.infer<typeof catchingUp>

export const replayPage = z.object({
  films: z.array(film),
  lanes,
  chapters: z.array(chapter),
  /** Somebody of the team has changed them. */
  edited: z.boolean(),
  /** It has captions. */
  captioned: z.boolean(),
  /** Where I stopped (ms from the beginning). */
  position: z.int(),
  /** How I stand; null for who is not to attend (the team, observers). */
  standing: catchingUp.nullable(),
})
export type ReplayPage = z.infer<typeof replayPage>

/** A session that was held lately, and how its replay stands. */
export const recentReplay = z.object({
  session: id,
  title: z.string(),
  spocTitle: z.string(),
  ends: instant,
  state: z.enum(recordingStates),
  watchable: z.boolean(),
  /** Who objects to it, and waits for the team. */
  objections: z.array(z.string()),
})
export type RecentReplay = z.infer<typeof recentReplay>

const span = z.tuple([z.int().min(0).max(1_000_000), z.int().min(0).max(1_000_000)])

/** P8: the version of the captions that their writer saw. */
const captionsBase = z.strictObject({ base: id.optional() })

export const replayRoutes = {
  'GET /api/replays': {
    about: 'The replays of the last thirty days that are not to be seen yet, for their team.',
    reply: z.array(recentReplay),
  },
  'GET /api/rooms/:room/replay': { about: 'All that a replay is made of but its films and its board.', reply: replayPage },
  'GET /api/rooms/:room/replay/board': {
    about: 'Every change of the board, in order: for each its instant (float64), its length (uint32) and a Yjs update, little end first.',
    reply: file,
  },
  'PUT /api/rooms/:room/replay/progress': {
    about: 'Keeps where I am (ms) and which seconds I have watched since the last time.',
    body: z.strictObject({ position: z.int().min(0).max(1_000_000_000), watched: z.array(span).max(200) }),
    reply: catchingUp.nullable(),
  },
  'POST /api/rooms/:room/replay/answers': {
    about: 'Answers a question of the lesson in its replay, once; then one may know what was right.',
    body: z.strictObject({ question: id, choice: storable(z.string().trim().min(1).max(longestAnswer)), unsure: z.boolean().optional() }),
    reply: z.object({ question: replayedQuestion, standing: catchingUp.nullable() }),
  },
  'PUT /api/rooms/:room/replay/chapters': {
    about: 'Writes the chapters.',
    body: z.strictObject({ chapters: z.array(z.strictObject({ ...chapter.shape, title: line(120).nullable() })).max(100) }),
    reply: nothing,
  },
  'DELETE /api/rooms/:room/replay/chapters': { about: 'Goes back to chapters made from what happened.', reply: nothing },
  'GET /api/rooms/:room/replay/captions': {
    about: 'The captions, as a WebVTT file over the whole replay. The header `captions-version` names their version.',
    reply: file,
  },
  'PUT /api/rooms/:room/replay/captions': {
    about:
      'Takes the captions of the whole replay, as a WebVTT or SubRip file, in the place of those of that version; none: there were none.',
    query: captionsBase,
    body: bytes,
    reply: z.object({ version: id }),
  },
  'DELETE /api/rooms/:room/replay/captions': { about: 'Takes away the captions of that version.', query: captionsBase, reply: nothing },
  'GET /api/rooms/:room/replay/standing': {
    about: 'How I stand, and for the team how every learner does.',
    reply: z.object({ mine: catchingUp.nullable(), learners: z.array(z.object({ person: id, name: z.string(), ...catchingUp.shape })) }),
  },
} satisfies RouteContracts

export type ReplayRefusal =
  /** There is no such question in the lesson, or no such choice. */
  | 'replay/no-such-question'
  /** A number was asked for, and this is none. */
  | 'replay/no-number'
  /** It was answered already; the first answer counts. */
  | 'replay/answered'
  /** A file of captions that cannot be read; `detail` says from which line on. */
  | 'replay/captions-unreadable'
  | 'replay/captions-too-many'
  | 'replay/captions-too-large'
  /** P8: somebody else has written them meanwhile. */
  | 'replay/captions-changed'
