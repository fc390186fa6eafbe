import { date, index, integer, jsonb, pgTable, text, unique } from 'drizzle-orm/pg-core'
import type { DeckReason } from '../../shared/deck/rules.ts'
import type { QuestionText } from '../../shared/quiz/wire.ts'
import { instant } from '../db/columns.ts'
import { spocs } from '../spoc/tables.ts'

/** The review decks: one card per person and question, with the words that person saw. */
export const deckCards = pgTable(
  'deck_cards',
  {
    id: text('id').primaryKey(),
    person: text('person').notNull(),
    spoc: text('spoc')
      .notNull()
      .references(() => spocs.id),
    /** The question of the bank, or the asking of one that was typed on the spot. */
    question: text('question').notNull(),
    seen: jsonb('seen').$type<QuestionText>().notNull(),
    /** The asking or the try that put it here last. */
    source: text('source'),
    reason: text('reason').$type<DeckReason>().notNull(),
    step: integer('step').notNull(),
    /** A calendar day of the person's zone; null once it has left the deck. */
    due: date('due', { mode: 'string' }),
    entered: instant('entered').notNull(),
  },
  (t) => [unique('deck_cards_question').on(t.person, t.question), index('deck_cards_due').on(t.person, t.due)],
)
