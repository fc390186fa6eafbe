import { attendanceSlice } from '../attendance/rules.ts'
import type { Happening } from '../live/slice.ts'
import { corrected } from '../quiz/alone.rules.ts'
import { hasChoices, keyOf, kindOf } from '../quiz/kinds.ts'
import type { QuizHappening } from '../quiz/rules.ts'
import type { KindOf } from '../quiz/wire.ts'
import { instantAt, mediaAt } from '../recording/rules.ts'
import { isTeam, takesPart, type Role } from '../spoc/rules.ts'
import type { CatchingUp, Chapter, Film, Lanes, ReplayedQuestion } from './wire.ts'

/**
 * Rules of the replay.
 *
 * P1 Its time is that of its films, one after the other; what happened in a pause comes where the next film begins, what happened before at
 *    its beginning, what happened after at its end.
 * P2 It shows what this person could have seen: messages, hands and questions of the whole room, nobody's answers but their own.
 * P3 What is right, why, and how many answered what is told only of a question that was revealed, and to a learner only once they have
 *    answered it, in the lesson or in the replay. A question that was taken back is not there.
 * P4 Chapters are made from what happened: the beginning, each question, each screen and document that came in front, the board when it was
 *    opened; of two within twenty seconds the first. Those who lead may write them otherwise.
 * P5 Watched is counted in seconds of the film, each once. Nobody watches more than two seconds a second, and a little.
 * P6 A learner who was present at the lesson (H3, corrections counted) was present. Who was not and has watched four fifths of it and answered
 *    every question that counts, in the lesson or here, has caught up; that is never called present.
 * P7 Captions are written by those who lead, from a file or by hand, and read by whoever may watch. They are words, nothing else, and stay with
 *    the film they belong to when another one comes before it.
 * P8 Who writes captions says which ones they saw. Others' that came meanwhile are never lost: written over them is refused; a single caption
 *    is then put among them, unless it is the one that was changed, which its writer sees first.
 * P9 Where nobody has written any, what was captioned in the lesson is its captions, and the first draft of who writes them: it has no version.
 */

/** Whole seconds from the first to before the last, in order, apart from each other. */
export type Seconds = [from: number, to: number][]

const P4_near = 20_000
/** P6 */
export const enough = 0.8

// P1 ------------------------------------------------------------------------------------------------------------------------

export const totalOf = (films: readonly Film[]): number => films.reduce((sum, { duration }) => sum + duration, 0)

/** Which film is played at a time, from where in it; the last one at the end. */
export function placeAt(films: readonly Film[], time: number): { index: number; film: Film; media: number } | undefined {
  let before = 0
  for (const [index, film] of films.entries()) {
    if (time < before + film.duration || index === films.length - 1)
      return { index, film, media: Math.max(0, Math.min(film.duration, time - before)) }
    before += film.duration
  }
  return undefined
}

/** The time at which a film begins. */
export const timeOfFilm = (films: readonly Film[], index: number): number => totalOf(films.slice(0, index))

/** The time of an instant of the lesson. */
export function timeOf(films: readonly Film[], instant: number): number {
  let before = 0
  for (const { duration, anchors } of films) {
    const media = mediaAt(anchors, instant)
    if (media < 0) return before
    if (media <= duration) return before + media
    before += duration
  }
  return before
}

/** The instant of the lesson at a time. */
export function instantOf(films: readonly Film[], time: number): number {
  const place = placeAt(films, time)
  return place ? instantAt(place.film.anchors, place.media) : 0
}

// P2, P3 --------------------------------------------------------------------------------------------------------------------

interface Asked extends KindOf {
  id: string
  at: number
  text: string | null
  choices: { id: string; text: string | null }[]
  right: string | null
  explanation: string | null
  revealed: boolean
  /** In time, by person. */
  answers: Map<string, string>
}

/** What of a room's log the replay is made of. */
export interface Lesson {
  messages: Lanes['messages']
  hands: Lanes['hands']
  questions: readonly Asked[]
  fronts: { at: number; front: string }[]
  board: { document: string; at: number } | undefined
  slides: Lanes['slides']
}

type Opened = Extract<QuizHappening, { kind: 'quiz:opened' }>
type Corrected = Extract<QuizHappening, { kind: 'quiz:corrected' }>

/** A line as presence reads it; it passes over those of others. */
type Seated = Parameters<typeof attendanceSlice.apply>[1]

/** Reads a room's log, of any version and with words erased. */
export function lessonOf(room: { id: string; spoc: string; kind: 'session' | 'call' }, log: readonly Happening[]): Lesson {
  const messages: Lanes['messages'] = []
  const hidden = new Set<string>()
  const hands: Lanes['hands'] = []
  const questions = new Map<string, Asked>()
  const fronts: Lesson['fronts'] = []
  let up: string[] = []
  let board: Lesson['board']
  const slides: Lesson['slides'] = []
  let attendance = attendanceSlice.start(room)
  const lower = (at: number, people: readonly string[]) => {
    for (const person of people) if (up.includes(person)) hands.push({ at, person, up: false })
    up = up.filter((person) => !people.includes(person))
  }
  for (const line of log) {
    const { kind, at, person } = line
    const payload = line.payload as Record<string, unknown>
    const words = line.words as Record<string, unknown> | null
    const question = questions.get(String(payload['question']))
    attendance = attendanceSlice.apply(attendance, line as Seated)
    switch (kind) {
      case 'chat:said':
        if (person !== null)
          messages.push({ id: String(payload['message']), person, at, text: (words?.['text'] as string | undefined) ?? null })
        break
      case 'chat:heard':
        messages.push({
          id: String(payload['message']),
          person: String(payload['person']),
          at,
          text: (words?.['text'] as string | undefined) ?? null,
        })
        break
      case 'chat:hidden':
        if (payload['hidden'] === true) hidden.add(String(payload['message']))
        else hidden.delete(String(payload['message']))
        break
      case 'hands:raised':
        if (person !== null && !up.includes(person)) {
          up = [...up, person]
          hands.push({ at, person, up: true })
        }
        break
      case 'hands:lowered':
        if (person !== null) lower(at, [person])
        break
      case 'hands:cleared':
        lower(at, payload['people'] as string[])
        break
      case 'attendance:left': {
        const who = String(payload['person'])
        if (!(who in attendance.since)) lower(at, [who])
        break
      }
      case 'quiz:opened': {
        const { question: id, prepared: _prepared, closesAt: _closesAt, choices, right, ...ofKind } = line.payload as Opened['payload']
        const said = line.words as Opened['words']
        questions.set(id, {
          ...ofKind,
          ...(said?.accepted && { accepted: said.accepted }),
          id,
          at,
          text: said?.text ?? null,
          choices: choices.map((id) => ({ id, text: said?.choices[id] ?? null })),
          right,
          explanation: said?.explanation ?? null,
          revealed: false,
          answers: new Map(),
        })
        break
      }
      case 'quiz:answered':
        if (question && person !== null && payload['late'] !== true)
          question.answers.set(person, String(payload['choice'] ?? words?.['text'] ?? ''))
        break
      case 'quiz:cancelled':
        questions.delete(String(payload['question']))
        break
      case 'quiz:revealed':
        if (question) question.revealed = true
        break
      case 'quiz:corrected': {
        if (!question) break
        const { question: id, correction: _correction, ...key } = line.payload as Corrected['payload']
        const accepted = (line.words as Corrected['words'])?.accepted
        questions.set(id, corrected(question, { ...key, ...(accepted && { accepted }) }))
        break
      }
      case 'stage:shown':
        fronts.push({ at, front: String(payload['front']) })
        break
      case 'slides:shown': {
        fronts.push({ at, front: 'slides' })
        const { file, page, pages, row } = line.payload as NonNullable<Lanes['slides'][number]['shown']>
        slides.push({ at, shown: { file, page, pages, row } })
        break
      }
      case 'slides:turned': {
        const shown = slides.at(-1)?.shown
        if (shown && shown.file === payload['file']) slides.push({ at, shown: { ...shown, page: Number(payload['page']) } })
        break
      }
      case 'slides:stopped':
        slides.push({ at, shown: null })
        break
      case 'board:opened':
        board = { document: String(payload['document']), at }
        break
    }
  }
  const said = messages.map((message) => (hidden.has(message.id) ? { ...message, text: null } : message))
  return { messages: said, hands, questions: [...questions.values()], fronts, board, slides }
}

/** P2, P3: a question as one person may see it. `here` is what they answered in the replay. */
export function shownQuestion(asked: Asked, asker: { person: string; role: Role }, here: string | undefined): ReplayedQuestion {
  const { id, at, text, choices, right, explanation, revealed, answers } = asked
  const live = answers.get(asker.person)
  const mine = live !== undefined ? { choice: live, live: true } : here !== undefined ? { choice: here, live: false } : null
  const mayKnow = revealed && (mine !== null || !isLearner(asker.role))
  const told = mayKnow ? { right, ...keyOf(asked), explanation, tally: tallyOf(asked) } : null
  return { id, at, text, kind: kindOf(asked), choices, mine, revealed: told }
}

/** How often each choice was taken in the lesson, and each answer in one's own words, which stands behind a `=`. What was erased is none. */
function tallyOf(asked: Asked): Record<string, number> {
  const tally: Record<string, number> = Object.fromEntries(asked.choices.map(({ id }) => [id, 0]))
  for (const answer of asked.answers.values())
    for (const one of hasChoices(kindOf(asked)) ? answer.split(' ') : answer === '' ? [] : [`=${answer}`])
      tally[one] = (tally[one] ?? 0) + 1
  return tally
}

/** Who is asked in a replay, and may catch up. */
export const isLearner = (role: Role) => takesPart(role) && !isTeam(role)

export const lanesOf = (lesson: Lesson, asker: { person: string; role: Role }, here: ReadonlyMap<string, string>): Lanes => ({
  messages: lesson.messages,
  hands: lesson.hands,
  questions: lesson.questions.map((asked) => shownQuestion(asked, asker, here.get(asked.id))),
  board: lesson.board?.at ?? null,
  slides: lesson.slides,
})

// P4 ------------------------------------------------------------------------------------------------------------------------

export function chaptersOf(lesson: Pick<Lesson, 'questions' | 'fronts' | 'board'>, films: readonly Film[]): Chapter[] {
  const found: Chapter[] = [
    ...lesson.questions.map(({ at, text }): Chapter => ({ at, kind: 'question', title: text === null ? null : text.slice(0, 120) })),
    ...lesson.fronts.filter(({ front }) => front === 'screen').map(({ at }): Chapter => ({ at, kind: 'screen', title: null })),
    ...lesson.fronts.filter(({ front }) => front === 'slides').map(({ at }): Chapter => ({ at, kind: 'slides', title: null })),
    ...(lesson.board ? [{ at: lesson.board.at, kind: 'board' as const, title: null }] : []),
  ].sort((a, b) => a.at - b.at)
  const chapters: Chapter[] = films.length > 0 ? [{ at: Math.round(instantOf(films, 0)), kind: 'start', title: null }] : []
  const total = totalOf(films)
  let last = 0
  for (const each of found) {
    const time = timeOf(films, each.at)
    // What lies before the film, or right behind the one before, is no place of its own.
    if (time <= 0 || time >= total || time - last < P4_near) continue
    chapters.push(each)
    last = time
  }
  return chapters
}

// P5 ------------------------------------------------------------------------------------------------------------------------

export function union(spans: Seconds): Seconds {
  const joined: Seconds = []
  for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
    if (to <= from) continue
    const last = joined.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else joined.push([from, to])
  }
  return joined
}

export const secondsIn = (spans: Seconds): number => spans.reduce((sum, [from, to]) => sum + to - from, 0)

/** P5: what was watched before, with what is said to have been watched in the meantime (ms), no more than can be. */
export function watchedAfter(before: Seconds, said: Seconds, meantime: number, seconds: number): Seconds {
  const may = Math.ceil((Math.max(0, meantime) / 1000) * 2) + 15
  let left = may
  const believed: Seconds = []
  for (const [from, to] of union(said.map(([from, to]) => [Math.max(0, from), Math.min(seconds, to)]))) {
    const end = Math.min(to, from + left)
    if (end > from) believed.push([from, end])
    left -= Math.max(0, end - from)
  }
  return union([...before, ...believed])
}

// P6 ------------------------------------------------------------------------------------------------------------------------

export function catchingUpOf(
  lesson: Lesson,
  films: readonly Film[],
  person: string,
  { watched, answered: here, present }: { watched: Seconds; answered: ReadonlySet<string>; present: boolean },
): CatchingUp {
  const total = Math.floor(totalOf(films) / 1000)
  const covered = total === 0 ? 0 : Math.min(1, secondsIn(watched) / total)
  const asked = lesson.questions.filter(({ counts }) => counts !== false)
  const answered = asked.filter(({ id, answers }) => answers.has(person) || here.has(id)).length
  const questions = asked.length
  const done = films.length > 0 && covered >= enough && answered >= questions
  return { presence: present ? 'present' : done ? 'caught-up' : 'absent', covered, questions, answered }
}
