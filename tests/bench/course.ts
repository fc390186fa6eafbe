import { eq } from 'drizzle-orm'
import { newId } from '#server/db/ids.ts'
import type { Tx } from '#server/db/db.ts'
import { insertMany } from '#server/db/insert-many.ts'
import { deckCards } from '#server/deck/tables.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { actions, bookings, calls, goals, offers } from '#server/mentoring/tables.ts'
import { activities, progress, ratings } from '#server/path/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { readyWeek } from '#shared/mentoring/rules.ts'

const hour = 3_600_000
const day = 24 * hour
const minute = 60_000
const axes = { phases: [], sizes: [], situations: [], pedagogies: [], intentions: [] }
/** A page as trainers write them: some eight thousand characters. */
const text = 'Une phrase de la page, avec ce qu’elle dit et ce qu’elle ne dit pas. '.repeat(120)
const questionsPerSession = 10
const objectives = [0, 1, 2, 3].map((n) => ({ id: newId(), text: `Objectif ${n}` }))

/** Who is in a course, and when it is looked at. */
export interface Course {
  spoc: string
  learners: readonly string[]
  now: number
}

/**
 * Fills a course with a path of so many activities: every sixth is a session that nine in ten attended and answered ten questions in, one
 * is a self-assessment, the rest are pages that half have read.
 */
export async function fillPath(tx: Tx, course: Course, steps: number): Promise<void> {
  const { spoc, learners, now } = course
  await tx.update(spocs).set({ objectives }).where(eq(spocs.id, spoc))
  await tx
    .update(members)
    .set({ since: now - 1000 * hour })
    .where(eq(members.spoc, spoc))
  for (let i = 0; i < steps; i++) {
    const starts = now - (i + 2) * 12 * hour
    const kind = i % 6 === 0 ? 'session' : i === 1 ? 'self-assessment' : 'page'
    const id = newId()
    const session = kind === 'session' ? await addLesson(tx, course, i, starts) : ''
    await tx.insert(activities).values({
      ...{ id, spoc, position: i, kind, title: `Activité ${i}`, axes, state: 'published', created: starts },
      detail: kind === 'session' ? { kind, session, about: '' } : kind === 'page' ? { kind, text } : { kind, moment: 'before', about: '' },
    })
    const done = learners.filter((_, n) => (n + i) % 2 === 0)
    const state = kind === 'page' ? ('read' as const) : ('filled' as const)
    if (kind !== 'session' && done.length > 0)
      await tx.insert(progress).values(done.map((person) => ({ activity: id, person, state, at: starts, by: person })))
    if (kind === 'self-assessment')
      await insertMany(
        tx,
        ratings,
        learners.flatMap((person) =>
          objectives.map(({ id: objective }, n) => ({
            ...{ activity: id, person, objective, level: n % 2 ? 'with-help' : 'not-yet' },
            at: new Date(starts).toISOString(),
          })),
        ),
      )
  }
}

/** A lesson of an hour with its log, and who answered what. */
async function addLesson(tx: Tx, { spoc, learners }: Course, number: number, starts: number): Promise<string> {
  const [room, session] = [newId(), newId()]
  await tx.insert(rooms).values({ id: room, spoc, kind: 'session', created: starts })
  await tx.insert(sessions).values({
    ...{ id: session, spoc, room, title: `Séance ${number}`, starts, ends: starts + hour, zone: 'Europe/Paris', state: 'ended' },
  })
  const there = learners.slice(0, Math.ceil(learners.length * 0.9))
  const lines: { at: number; person: string | null; kind: string; payload: object; words: object | null }[] = []
  const line = (at: number, person: string | null, kind: string, payload: object, words: object | null = null) =>
    lines.push({ at, person, kind, payload, words })
  for (const [n, person] of there.entries()) {
    const seat = newId()
    line(starts + n, person, 'attendance:entered', { seat, boot: 'boot-of-the-bench', role: 'learner' })
    line(starts + hour - n, null, 'attendance:left', { seat, person, heard: starts + hour - n })
    line(starts + 30 * minute + n, person, 'chat:said', { message: newId() }, { text: 'Bonjour à tous' })
  }
  for (let q = 0; q < questionsPerSession; q++) {
    const question = newId()
    const choices = ['a', 'b', 'c', 'd'].map((letter) => `${question}${letter}`)
    const at = starts + (q + 1) * 5 * minute
    const texts = Object.fromEntries(choices.map((id, i) => [id, `Réponse ${i}`]))
    line(
      at,
      null,
      'quiz:opened',
      { question, prepared: null, closesAt: null, choices, right: choices[0] },
      {
        ...{ text: `Question ${q} ?`, explanation: 'Parce que.', choices: texts },
      },
    )
    for (const [n, person] of there.entries()) {
      const choice = choices[(n + q) % 3] ?? ''
      line(at + 1000 + n, person, 'quiz:answered', { question, choice })
    }
    line(at + minute, null, 'quiz:revealed', { question })
  }
  lines.sort((a, b) => a.at - b.at)
  await insertMany(
    tx,
    happenings,
    lines.map((one, i) => ({ room, seq: i + 1, v: 1, audience: null, ...one })),
  )
  return session
}

/** A mentor's week is taken up: an offer of four afternoons for eight weeks, and two calls a week of them booked. */
export async function fillWeek(tx: Tx, { spoc, learners, now }: Course, mentor: string): Promise<void> {
  const windows = [1, 2, 4, 5].map((weekday) => ({ weekday, from: '13:00', to: '18:00' }))
  await tx.insert(offers).values({ spoc, person: mentor, ...readyWeek('Europe/Paris'), windows, horizon: 56 })
  for (let week = 0; week < 8; week++)
    for (const at of [week * 7 * day + 2 * day, week * 7 * day + 5 * day])
      await addCall(tx, spoc, mentor, learners[week % learners.length] ?? '', now + at, 'planned')
}

async function addCall(tx: Tx, spoc: string, mentor: string, person: string, starts: number, state: 'planned' | 'held') {
  const [room, call] = [newId(), newId()]
  const ends = starts + hour / 2
  await tx.insert(rooms).values({ id: room, spoc, kind: 'call', created: starts - day })
  await tx.insert(calls).values({
    ...{
      id: call,
      spoc,
      mentor,
      room,
      starts,
      ends,
      free: ends,
      cutoff: 12,
      capacity: 1,
      zone: 'Europe/Paris',
      place: 'video',
      address: '',
    },
    ...{ state, created: starts - day, privateNotes: 'Ce que la personne a dit, et ce que j’en pense.' },
  })
  await tx.insert(bookings).values({ call, person, author: person, about: 'Où j’en suis', at: starts - day })
  return { room, call }
}

/** A call that comes, with a learner of whom there is much to know: three calls before, actions, a deck, questions that wait. Gives its room. */
export async function fillCall(tx: Tx, { spoc, learners, now }: Course, mentor: string): Promise<string> {
  const person = learners[0] ?? ''
  for (let week = 1; week <= 3; week++) {
    const { call } = await addCall(tx, spoc, mentor, person, now - week * 7 * day, 'held')
    for (let n = 0; n < 5; n++) {
      await tx.insert(goals).values({ id: newId(), call, author: mentor, text: `But ${n}`, at: now - week * 7 * day })
      await tx
        .insert(actions)
        .values({ id: newId(), call, person, author: mentor, title: `Action ${n}`, due: now + day, at: now - week * 7 * day })
    }
  }
  for (let n = 0; n < 20; n++) {
    const seen = { text: `Carte ${n}`, explanation: '', right: 'a', choices: [{ id: 'a', text: 'Oui' }] }
    await tx.insert(deckCards).values({
      ...{ id: newId(), person, spoc, question: newId(), seen, reason: 'missed', step: 0, due: '2026-06-30', entered: now - day },
    })
  }
  for (let n = 0; n < 5; n++)
    await tx.insert(inquiries).values({
      ...{ id: newId(), spoc, author: person, place: { kind: 'course' }, placeTitle: 'Un SPOC', text: `Pourquoi ${n} ?`, asked: now - day },
    })
  return (await addCall(tx, spoc, mentor, person, now + hour, 'planned')).room
}
