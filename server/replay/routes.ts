import { captionLimits, captionsVersion, draftOf, formatCaptions, parseCaptions, type Cue } from '#shared/replay/captions.ts'
import { isLearner } from '#shared/replay/rules.ts'
import type { replayRoutes } from '#shared/replay/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { isTeam, leads, takesPart, type Role } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { member, signedIn, type Handlers } from '../http/door.ts'
import {
  answerInReplay,
  findCaptions,
  getReplay,
  getStanding,
  listRecent,
  listStandings,
  packBoard,
  readLesson,
  removeCaptions,
  saveProgress,
  writeCaptions,
  writeChapters,
  type Asker,
  type RecordingSources,
} from './store.ts'

/** What a replay needs of other features, given by the sum of them. */
export interface ReplaySources extends RecordingSources {
  /** The members of a SPOC by name. */
  members(tx: Tx, spoc: string): Promise<{ person: string; name: string; role: Role }[]>
  /** What was captioned in the lesson, each from an instant to another. */
  spoken(tx: Tx, room: string): Promise<readonly Cue[]>
  /** Told in the transaction in which somebody is seen to have caught up; more than once is harmless. */
  caughtUp(tx: Tx, room: string, person: string): Promise<void>
  /** Told in the transaction in which somebody answered a question; more than once is harmless. */
  answered(tx: Tx, answer: { room: string; spoc: string; question: string; person: string; at: number }): Promise<void>
}

export const replayHandlers = ({ films, recording, members, spoken, caughtUp, answered }: ReplaySources): Handlers<typeof replayRoutes> => {
  /** The lesson and its films, or nothing for who may not watch it. */
  const open = async (tx: Tx, room: string, role: Role, now: number) => {
    const found = await films(tx, room, role, now)
    return found && { films: found, lesson: await readLesson(tx, room) }
  }
  const who = (asked: { asker: { person: string }; member: { role: Role } }): Asker => ({
    person: asked.asker.person,
    role: asked.member.role,
  })

  return {
    'GET /api/replays': {
      who: signedIn,
      run: async ({ db, asker, now }) => ok(await db.read((tx) => listRecent(tx, recording, asker.person, now))),
    },
    'GET /api/rooms/:room/replay': {
      who: member(),
      run: ({ db, params, now, ...asked }) =>
        db.read(async (tx) => {
          const replayed = await open(tx, params.room, asked.member.role, now)
          if (!replayed) return refuse('http/not-found')
          const page = await getReplay(tx, params.room, replayed, who(asked), now)
          return ok({ ...page, captioned: page.captioned || draftOf(replayed.films, await spoken(tx, params.room)).length > 0 })
        }),
    },
    'GET /api/rooms/:room/replay/board': {
      who: member(),
      run: ({ db, params, member, now }) =>
        db.read(async (tx) => {
          const replayed = await open(tx, params.room, member.role, now)
          const document = replayed?.lesson.board?.document
          return document === undefined
            ? refuse('http/not-found')
            : ok({ type: 'application/octet-stream', bytes: await packBoard(tx, document) })
        }),
    },
    'PUT /api/rooms/:room/replay/progress': {
      who: member(),
      run: ({ db, params, body, now, ...asked }) =>
        db.transaction(async (tx) => {
          const replayed = await open(tx, params.room, asked.member.role, now)
          if (!replayed) return refuse('http/not-found')
          const standing = await saveProgress(tx, params.room, replayed, who(asked), body, now)
          if (standing?.presence === 'caught-up') await caughtUp(tx, params.room, asked.asker.person)
          return ok(standing)
        }),
    },
    'POST /api/rooms/:room/replay/answers': {
      who: member((role) => takesPart(role) && isLearner(role)),
      run: ({ db, params, body, now, ...asked }) =>
        db.transaction(async (tx) => {
          const replayed = await open(tx, params.room, asked.member.role, now)
          if (!replayed) return refuse('http/not-found')
          const done = await answerInReplay(tx, params.room, replayed, who(asked), body, now)
          if (!done.ok) return done
          const { person } = asked.asker
          await answered(tx, { room: params.room, spoc: asked.member.spoc, question: body.question, person, at: now })
          if (done.value.standing?.presence === 'caught-up') await caughtUp(tx, params.room, person)
          return done
        }),
    },
    'PUT /api/rooms/:room/replay/chapters': {
      who: member(leads),
      run: ({ db, params, body }) =>
        db.transaction(async (tx) => {
          await writeChapters(tx, params.room, body.chapters)
          return ok()
        }),
    },
    'DELETE /api/rooms/:room/replay/chapters': {
      who: member(leads),
      run: ({ db, params }) =>
        db.transaction(async (tx) => {
          await writeChapters(tx, params.room, undefined)
          return ok()
        }),
    },
    'GET /api/rooms/:room/replay/captions': {
      who: member(),
      run: ({ db, params, member, now, headers }) =>
        db.read(async (tx) => {
          const found = await films(tx, params.room, member.role, now)
          if (!found) return refuse('http/not-found')
          const written = await findCaptions(tx, params.room, found)
          const cues = written?.cues ?? draftOf(found, await spoken(tx, params.room))
          if (cues.length === 0) return refuse('http/not-found')
          if (written) headers.set(captionsVersion, written.version)
          return ok({ type: 'text/vtt; charset=utf-8', bytes: Buffer.from(formatCaptions(cues)) })
        }),
    },
    'PUT /api/rooms/:room/replay/captions': {
      who: member(leads),
      run: async ({ db, params, query, member, asker, body, now }) => {
        if (!(await db.read((tx) => films(tx, params.room, member.role, now)))) return refuse('http/not-found')
        const text = await readText(body)
        if (!text.ok) return text
        const cues = parseCaptions(text.value)
        if (!cues.ok) return cues
        return db.transaction(async (tx) => {
          const found = await films(tx, params.room, member.role, now)
          if (!found) return refuse('http/not-found')
          return writeCaptions(tx, { room: params.room, films: found, cues: cues.value, base: query.base, person: asker.person, now })
        })
      },
    },
    'DELETE /api/rooms/:room/replay/captions': {
      who: member(leads),
      run: ({ db, params, query }) => db.transaction((tx) => removeCaptions(tx, { room: params.room, base: query.base })),
    },
    'GET /api/rooms/:room/replay/standing': {
      who: member(),
      run: ({ db, params, now, ...asked }) =>
        db.read(async (tx) => {
          const replayed = await open(tx, params.room, asked.member.role, now)
          if (!replayed) return ok({ mine: null, learners: [] })
          return ok({
            mine: await getStanding(tx, params.room, replayed, who(asked), now),
            learners: isTeam(asked.member.role)
              ? await listStandings(tx, params.room, replayed, await members(tx, asked.member.spoc), now)
              : [],
          })
        }),
    },
  }
}

/** A text file as it was sent; not longer than captions are. What is not UTF-8 is read as Windows wrote it before. */
async function readText(body: AsyncIterable<Uint8Array>): Promise<Result<string>> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of body) {
      size += piece.length
      if (size > captionLimits.bytes) return refuse('replay/captions-too-large', String(captionLimits.bytes))
      pieces.push(piece)
    }
  } catch {
    return refuse('http/bad-request', 'body')
  }
  const whole = Buffer.concat(pieces)
  try {
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(whole))
  } catch {
    return ok(new TextDecoder('windows-1252').decode(whole))
  }
}
