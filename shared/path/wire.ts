import { z } from 'zod'
import { fileLimits } from '../files/rules.ts'
import { namedFile } from '../files/wire.ts'
import { file, type RouteContracts } from '../http/contract.ts'
import { instant, language, line, nothing, prose } from '../http/values.ts'
import { id } from '../live/wire.ts'
import { axes as lists, kinds, levels, marks } from './rules.ts'

const written = { title: line(120), purpose: prose(1000) }

/** A thematic module of a SPOC. */
export const pathModule = z.object({ id, ...written })
export type PathModule = z.infer<typeof pathModule>

const several = <const V extends readonly [string, ...string[]]>(values: V) => z.array(z.enum(values)).max(values.length)
export const axes = z.strictObject({
  phases: several(lists.phases),
  sizes: several(lists.sizes),
  situations: several(lists.situations),
  pedagogies: several(lists.pedagogies),
  intentions: several(lists.intentions),
})
const noAxes = () => ({ phases: [], sizes: [], situations: [], pedagogies: [], intentions: [] })

/** Markdown, rendered by components of ours: raw HTML in it is shown as text. */
const markdown = prose(20_000)
/** An address that a browser opens on its own: no script, no data. */
export const webAddress = z
  .string()
  .trim()
  .max(2000)
  .pipe(z.url({ protocol: /^https?$/ }))
/** A place of this site that a task leads to. */
const within = z.string().regex(/^\/(?!\/)[^\s\\]{0,300}$/)

/** What belongs to each kind alone. A quiz keeps its questions, tries and pass mark elsewhere, under the activity's identity. */
export const detail = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('page'), text: markdown }),
  z.strictObject({ kind: z.literal('link'), url: webAddress, about: markdown }),
  z.strictObject({ kind: z.literal('assignment'), about: markdown }),
  z.strictObject({ kind: z.literal('quiz'), about: markdown }),
  z.strictObject({
    kind: z.literal('session'),
    /** Null: not scheduled yet, as in a course that was copied. */
    session: id.nullable(),
    about: markdown,
  }),
  z.strictObject({
    kind: z.literal('meeting'),
    place: line(300),
    starts: instant,
    ends: instant,
    /** How many can come; null: all who want. */
    capacity: z.int().min(1).max(500).nullable(),
    about: markdown,
  }),
  z.strictObject({ kind: z.literal('call'), about: markdown }),
  z.strictObject({ kind: z.literal('self-assessment'), moment: z.enum(['before', 'after']), about: markdown }),
  z.strictObject({
    kind: z.literal('task'),
    about: markdown,
    /** Done as soon as this session is attended or caught up, too. */
    session: id.nullable(),
    /** Where to do it: the replay, the call it comes from, a slot to book. */
    links: z.array(z.strictObject({ label: line(120), to: within })).max(10),
  }),
])
export type Detail = z.infer<typeof detail>
export type DetailOf<K extends Detail['kind']> = Extract<Detail, { kind: K }>

/** A due date that follows a session: so many days after it, before it when negative. */
export const dueBy = z.strictObject({ session: id, days: z.int().min(-90).max(90) })
export type DueBy = z.infer<typeof dueBy>

const activityFields = {
  title: line(160),
  module: id.nullable(),
  minutes: z.int().min(1).max(6000).nullable(),
  required: z.boolean(),
  /** The SPOC's objectives it works towards, by their identity. */
  objectives: z.array(id).max(12),
  axes,
  releases: instant.nullable(),
  due: instant.nullable(),
  /** What `due` follows; null: it was given as a date. */
  dueBy: dueBy.nullable(),
  /** Other activities that must be done before. */
  prerequisites: z.array(id).max(20),
  state: z.enum(['draft', 'published']),
  detail,
}

/** An activity of a path, whole: for the team, and for a learner once it is open to them. */
export const activity = z.object({
  id,
  kind: z.enum(kinds),
  /** Whose own action it is; null: for all. */
  person: id.nullable(),
  ...activityFields,
})
export type Activity = z.infer<typeof activity>

export const newActivity = z.strictObject({
  ...activityFields,
  module: activityFields.module.default(null),
  minutes: activityFields.minutes.default(null),
  required: activityFields.required.default(true),
  objectives: activityFields.objectives.default([]),
  axes: axes.default(noAxes),
  releases: activityFields.releases.default(null),
  due: activityFields.due.default(null),
  dueBy: activityFields.dueBy.default(null),
  prerequisites: activityFields.prerequisites.default([]),
  state: activityFields.state.default('draft'),
})
export type NewActivity = z.infer<typeof newActivity>

/** A kind never changes: the detail, when given, is of the same kind. */
export const activityChange = z.strictObject(activityFields).partial()
export type ActivityChange = z.infer<typeof activityChange>

/** An activity as one stands with it, without its inside. */
export const step = z.object({
  id,
  kind: z.enum(kinds),
  title: z.string(),
  module: id.nullable(),
  own: z.boolean(),
  minutes: z.int().nullable(),
  required: z.boolean(),
  due: instant.nullable(),
  state: z.enum(['locked', 'todo', 'started', 'done']),
  late: z.boolean(),
  /** What it waits for: its release, titles of what comes before. */
  waits: z.object({ releases: instant.nullable(), before: z.array(z.string()) }),
  /** When and where it takes place, for what has a time: a session, a meeting. */
  takesPlace: z.object({ starts: instant, ends: instant, place: z.string().nullable() }).nullable(),
})
export type Step = z.infer<typeof step>

const progress = z.object({ done: z.int(), of: z.int() })

export const road = z.object({
  modules: z.array(pathModule),
  /** In the order of the road: one's own actions, the modules, the rest. */
  steps: z.array(step),
  /** Where to go on. */
  next: id.nullable(),
  progress,
  perModule: z.record(z.string(), progress),
  perObjective: z.array(z.object({ objective: id, text: z.string(), ...progress.shape })),
})
export type Road = z.infer<typeof road>

export const handIn = z.object({
  id,
  person: id,
  text: z.string(),
  files: z.array(namedFile),
  at: instant,
  feedback: z.object({ text: z.string(), at: instant, by: z.string() }).nullable(),
})
export type HandIn = z.infer<typeof handIn>

/** What somebody says of one objective. */
export const rating = z.strictObject({ objective: id, level: z.enum(levels) })
export type Rating = z.infer<typeof rating>

/** One activity open to its reader, with what is theirs in it. */
export const opened = z.object({
  activity,
  /** The files that its text names and that are there. */
  files: z.array(namedFile),
  step,
  previous: id.nullable(),
  next: id.nullable(),
  /** The room and title of its session. */
  session: z.object({ id, title: z.string(), starts: instant, ends: instant, state: z.string() }).nullable(),
  meeting: z.object({ taken: z.int(), coming: z.boolean() }).nullable(),
  /** What is being written and not handed in yet. */
  draft: z.object({ text: z.string(), files: z.array(namedFile) }),
  handIns: z.array(handIn),
  /** Objectives to assess, with the level last said here, and the one said before the course. */
  ratings: z.array(z.object({ objective: id, text: z.string(), level: z.enum(levels).nullable(), before: z.enum(levels).nullable() })),
})
export type Opened = z.infer<typeof opened>

const workText = z.string().max(20_000)
const workFiles = z.array(id).max(fileLimits.work)

const standingWord = z.enum(['locked', 'todo', 'started', 'done', 'late'])
export type StandingWord = z.infer<typeof standingWord>

/** An activity and everybody it is for, for the team. */
export const withPeople = z.object({
  activity,
  people: z.array(
    z.object({
      person: id,
      name: z.string(),
      organisation: z.string().nullable(),
      state: standingWord,
      coming: z.boolean(),
      /** What the team last said, when it did. */
      present: z.object({ is: z.boolean(), at: instant, by: z.string() }).nullable(),
      handIns: z.array(handIn),
    }),
  ),
})
export type WithPeople = z.infer<typeof withPeople>

/** Where to go on in one course. */
export const nextStep = z.object({ spoc: id, spocTitle: z.string(), step, progress })
export type NextStep = z.infer<typeof nextStep>

/** Everybody's progress, for the team; for an observer, that of the people of their organisation. */
export const everybody = z.object({
  modules: z.array(z.object({ id, title: z.string() })),
  /** Those of the SPOC. */
  objectives: z.array(z.object({ id, text: z.string() })),
  activities: z.array(
    z.object({
      id,
      kind: z.enum(kinds),
      title: z.string(),
      module: id.nullable(),
      required: z.boolean(),
      due: instant.nullable(),
      objectives: z.array(id),
    }),
  ),
  people: z.array(
    z.object({
      person: id,
      name: z.string(),
      organisation: z.string().nullable(),
      /** Their own actions counted. */
      progress,
      /** Their own actions alone. */
      actions: progress,
      /** In the order of the activities. */
      states: z.array(standingWord),
    }),
  ),
  /** Works without feedback, the oldest first. */
  waiting: z.array(z.object({ activity: id, title: z.string(), person: id, name: z.string(), at: instant })),
})
export type Everybody = z.infer<typeof everybody>

/** What one person's standing with one activity comes from. */
export const evidence = z.object({
  activity: z.object({ id, kind: z.enum(kinds), title: z.string(), required: z.boolean(), due: instant.nullable() }),
  person: id,
  name: z.string(),
  organisation: z.string().nullable(),
  state: standingWord,
  /** What was noted, oldest first; `by` is who said so, null when it follows from what happened. */
  noted: z.array(z.object({ state: z.enum(marks), at: instant, by: z.string().nullable() })),
  /** Minutes of its session or meeting. */
  attended: z.object({ event: id, minutes: z.int(), of: z.int(), corrected: z.boolean(), caughtUp: z.boolean() }).nullable(),
  /** Works, for the team alone. */
  handIns: z.array(handIn),
})
export type Evidence = z.infer<typeof evidence>

/** Objectives as one learner placed themself, before and after, with what they did. */
export const report = z.object({
  course: z.string(),
  name: z.string(),
  progress,
  objectives: z.array(
    z.object({ objective: id, text: z.string(), before: z.enum(levels).nullable(), after: z.enum(levels).nullable(), ...progress.shape }),
  ),
  /** When they last said so. */
  said: z.object({ before: instant.nullable(), after: instant.nullable() }),
})
export type Report = z.infer<typeof report>

export const pathRoutes = {
  'GET /api/spocs/:spoc/modules': { about: 'The modules of a SPOC, in order.', reply: z.array(pathModule) },
  'POST /api/spocs/:spoc/modules': {
    about: 'Adds a module at the end of the path.',
    body: z.strictObject({ title: written.title, purpose: written.purpose.default('') }),
    reply: pathModule,
  },
  'PATCH /api/spocs/:spoc/modules/:module': {
    about: 'Changes the words of a module.',
    body: z.strictObject(written).partial(),
    reply: pathModule,
  },
  'DELETE /api/spocs/:spoc/modules/:module': { about: 'Puts a module in the bin; what belonged to it stays.', reply: nothing },
  'POST /api/spocs/:spoc/modules/:module/restore': { about: 'Takes a module back out of the bin, to its place.', reply: nothing },
  'POST /api/spocs/:spoc/modules/:module/duplicate': {
    about: 'Makes a module like this one under another title, right after it, with a draft of each of its activities.',
    body: z.strictObject({ title: written.title }),
    reply: pathModule,
  },
  'POST /api/spocs/:spoc/modules/order': {
    about: 'Puts the modules in this order; those not named stay behind them.',
    body: z.strictObject({ order: z.array(id).min(1).max(200) }),
    reply: nothing,
  },
  'GET /api/spocs/:spoc/activities': { about: 'All activities for all, drafts too, in order.', reply: z.array(activity) },
  'POST /api/spocs/:spoc/activities': { about: 'Adds an activity at the end of its module.', body: newActivity, reply: activity },
  'PATCH /api/spocs/:spoc/activities/:activity': { about: 'Changes an activity.', body: activityChange, reply: activity },
  'DELETE /api/spocs/:spoc/activities/:activity': { about: 'Puts an activity in the bin.', reply: nothing },
  'POST /api/spocs/:spoc/activities/:activity/restore': { about: 'Takes an activity back out of the bin.', reply: nothing },
  'POST /api/spocs/:spoc/activities/:activity/duplicate': {
    about: 'Makes a draft like this one under another title, right after it.',
    body: z.strictObject({ title: activityFields.title }),
    reply: activity,
  },
  'POST /api/spocs/:spoc/activities/order': {
    about: 'Puts these activities into a module (null: none), in this order; those of it not named stay behind them.',
    body: z.strictObject({ module: id.nullable(), order: z.array(id).min(1).max(500) }),
    reply: nothing,
  },
  'GET /api/spocs/:spoc/road': { about: 'The path as the asker walks it; for others than learners, as a learner sees it.', reply: road },
  'GET /api/spocs/:spoc/activities/:activity': { about: 'One activity, whole, with what is the asker’s in it.', reply: opened },
  'POST /api/spocs/:spoc/activities/:activity/mark': {
    about: 'A learner says: opened, read, ticked, coming… What each kind takes stands in its rules.',
    body: z.strictObject({ state: z.enum(['opened', 'read', 'ticked', 'unticked', 'coming', 'not-coming']) }),
    reply: nothing,
  },
  'PUT /api/spocs/:spoc/activities/:activity/draft': {
    about: 'Keeps what a learner is writing, and the files put with it.',
    body: z.strictObject({ text: workText, files: workFiles.default([]) }),
    reply: nothing,
  },
  'POST /api/spocs/:spoc/activities/:activity/hand-ins': {
    about: 'Hands work in: words, files or both. Again is allowed: each stays as it was.',
    body: z.strictObject({ text: workText, files: workFiles.default([]) }),
    reply: handIn,
  },
  'PUT /api/spocs/:spoc/activities/:activity/ratings': {
    about: 'A learner assesses themselves on the objectives of the SPOC, all of them at once.',
    body: z.strictObject({ ratings: z.array(rating).min(1).max(12) }),
    reply: nothing,
  },
  'GET /api/spocs/:spoc/activities/:activity/people': {
    about: 'Where each learner stands with an activity, and their works.',
    reply: withPeople,
  },
  'GET /api/spocs/:spoc/activities/:activity/people/:person': {
    about: 'What somebody’s standing with an activity comes from.',
    reply: evidence,
  },
  'PUT /api/spocs/:spoc/activities/:activity/people/:person': {
    about: 'Says whether somebody was present at a meeting: a line signed by the asker.',
    body: z.strictObject({ present: z.boolean() }),
    reply: nothing,
  },
  'PUT /api/spocs/:spoc/hand-ins/:handIn/feedback': {
    about: 'Writes feedback on a work.',
    body: z.strictObject({ text: prose(5000).min(1) }),
    reply: nothing,
  },
  'GET /api/spocs/:spoc/progress': {
    about:
      'Everybody’s progress: people and activities, and for the team works that wait for feedback; for an observer the people of their organisation.',
    reply: everybody,
  },
  'GET /api/spocs/:spoc/progress/csv': {
    about: 'The same as a table for a spreadsheet, of one organisation or one module when it is named.',
    query: z.strictObject({ organisation: line(120).optional(), module: id.optional() }),
    reply: file,
  },
  'GET /api/spocs/:spoc/people/:person/report': {
    about: 'A learner’s own report: each objective as they placed themself before and after. For themself and the team.',
    reply: report,
  },
  'GET /api/spocs/:spoc/people/:person/report/pdf': {
    about: 'The same on paper.',
    query: z.strictObject({ language }),
    reply: file,
  },
  'POST /api/spocs/:spoc/copies': {
    about: 'Copies the course for another group: words, modules and activities; no people, no dates, nothing that happened.',
    body: z.strictObject({ title: line(120) }),
    reply: z.object({ id }),
  },
  'GET /api/works/waiting': {
    about: 'How many works wait for feedback in the SPOCs whose team the asker is of, and since when the oldest of them.',
    reply: z.array(z.object({ spoc: id, title: z.string(), waiting: z.int(), since: instant })),
  },
  'GET /api/next-steps': { about: 'Where the asker goes on, in each course they learn in.', reply: z.array(nextStep) },
} satisfies RouteContracts

export type PathRefusal =
  /** There are two hundred modules. */
  | 'path/full'
  /** There are five hundred activities. */
  | 'path/too-many-activities'
  /** The module named is not one of this SPOC. */
  | 'path/no-such-module'
  /** The session named is not one of this SPOC. */
  | 'path/no-such-session'
  /** A prerequisite is not an activity of this SPOC. */
  | 'path/no-such-activity'
  /** An objective named is not one of this SPOC. */
  | 'path/no-such-objective'
  /** A text or a work names a file that is not there for it. */
  | 'path/no-such-file'
  /** A work without words nor files. */
  | 'path/empty-work'
  /** A prerequisite leads back to the activity itself. */
  | 'path/waits-for-itself'
  /** A detail of another kind than the activity's. */
  | 'path/other-kind'
  | 'path/ends-before-starts'
  /** T20: it would be due before it opens. */
  | 'path/due-before-release'
  /** It is not open to this learner yet. */
  | 'path/locked'
  /** All places of the meeting are taken. */
  | 'path/meeting-full'
  /** This kind of activity does not take that mark. */
  | 'path/not-markable'
  /** A self-assessment says a word on every objective. */
  | 'path/objective-left-out'
