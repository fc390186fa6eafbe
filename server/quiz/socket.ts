import { mayAnswer, mayLeadQuiz, quizSlice } from '#shared/quiz/rules.ts'
import { quizCommands } from '#shared/quiz/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'
import { liveFeature } from '../live/feature.ts'
import { findQuestion, markAsked, textOf } from './store.ts'

/** What is told of askings, in the transaction that saves what happened to them. */
export interface AskingTies {
  revealed(tx: Tx, asking: { room: string; spoc: string; question: string; at: number }): Promise<void>
  /** `seq`: the line of the log that corrects it. */
  corrected(tx: Tx, asking: { room: string; spoc: string; question: string; at: number; seq: number; correction: string }): Promise<void>
}

/** Who may ask for what about live questions. What was prepared is looked up here, so a browser only names it. */
export const quizLive = ({ revealed, corrected }: AskingTies) =>
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
      'quiz:correct': mayLeadQuiz,
    },
    prepare: {
      'quiz:open': async (tx, room, asked) => {
        if (asked.prepared === null) return ok(asked)
        const found = await findQuestion(tx, room.spoc, asked.prepared)
        if (!found) return refuse('quiz/not-found')
        return ok({ ...asked, typed: textOf(found) })
      },
    },
    project: (room, happenings) => {
      const told = happenings.filter(({ kind }) => kind === 'quiz:opened' || kind === 'quiz:revealed' || kind === 'quiz:corrected')
      if (told.length === 0) return undefined
      return async (tx) => {
        for (const { kind, payload, at, seq } of told) {
          const { question, prepared, correction } = payload as { question: string; prepared: string | null; correction: string }
          const asking = { room: room.id, spoc: room.spoc, question, at }
          if (kind === 'quiz:opened' && prepared) await markAsked(tx, [prepared])
          if (kind === 'quiz:revealed') await revealed(tx, asking)
          if (kind === 'quiz:corrected') await corrected(tx, { ...asking, seq, correction })
        }
        return []
      }
    },
  })
