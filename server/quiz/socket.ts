import { mayAnswer, mayLeadQuiz, quizSlice } from '#shared/quiz/rules.ts'
import { quizCommands } from '#shared/quiz/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'
import { liveFeature } from '../live/feature.ts'
import { findQuestion, projectAnswers } from './store.ts'

/** Who may ask for what about live questions; `revealed` hears, in the same transaction, that one was. What was prepared is looked up here, so a browser only names it. */
export const quizLive = (revealed: (tx: Tx, asking: { room: string; spoc: string; question: string; at: number }) => Promise<void>) =>
  liveFeature({
    slice: quizSlice,
    commands: quizCommands,
    who: {
      'quiz:open': mayLeadQuiz,
      'quiz:answer': mayAnswer,
      'quiz:extend': mayLeadQuiz,
      'quiz:close': mayLeadQuiz,
      'quiz:cancel': mayLeadQuiz,
      'quiz:reopen': mayLeadQuiz,
      'quiz:reveal': mayLeadQuiz,
    },
    prepare: {
      'quiz:open': async (tx, room, asked) => {
        if (asked.prepared === null) return ok(asked)
        const found = await findQuestion(tx, room.spoc, asked.prepared)
        if (!found) return refuse('quiz/not-found')
        const { id: _id, session: _session, position: _position, version: _version, ...typed } = found
        return ok({ ...asked, typed })
      },
    },
    project: async (tx, room, happenings) => {
      await projectAnswers(tx, room.id, happenings)
      for (const { kind, payload, at } of happenings)
        if (kind === 'quiz:revealed')
          await revealed(tx, { room: room.id, spoc: room.spoc, question: (payload as { question: string }).question, at })
      return []
    },
  })
