import { describe, expect, it } from 'vitest'
import type { LedQuizView, OwnAnswers, QuestionText, QuizView } from '#shared/quiz/wire.ts'
import { newId } from '#server/db/ids.ts'
import { listAnswers } from '#server/quiz/store.ts'
import { aClassroom } from '#tests/support/classroom.ts'

const [a, b, c] = [newId(), newId(), newId()]
const choices = [a, b, c].map((id, i) => ({ id, text: `Choix ${i + 1}` }))
const text = { text: 'Question ?', right: null, explanation: 'Une explication tue.' }

/** What is asked, what Awa sends, what is kept of it, and what nobody but the team may receive before the reveal. */
const kinds: { typed: QuestionText; sent: string; kept: string; tally: object; secrets: string[]; refused: string | null }[] = [
  {
    typed: { ...text, choices, kind: 'several', rights: [a, c] },
    sent: `${c} ${b}`,
    kept: `${b} ${c}`,
    tally: { [a]: 0, [b]: 1, [c]: 1 },
    secrets: ['rights'],
    refused: newId(),
  },
  {
    typed: { ...text, choices: choices.slice(0, 2), kind: 'truth', right: a },
    sent: b,
    kept: b,
    tally: { [a]: 0, [b]: 1 },
    secrets: ['right'],
    refused: c,
  },
  {
    typed: { ...text, choices: [], kind: 'number', value: 4321.5, tolerance: 0.25 },
    sent: '12,50',
    kept: '12.5',
    tally: { '=12.5': 1 },
    secrets: ['tolerance', '12.5'],
    refused: 'douze',
  },
  {
    typed: { ...text, choices: [], kind: 'short', accepted: ['motcaché'] },
    sent: ' unmotàmoi ',
    kept: 'unmotàmoi',
    tally: { '=unmotàmoi': 1 },
    secrets: ['accepted', 'motcaché', 'unmotàmoi'],
    refused: null,
  },
  {
    typed: { ...text, choices, kind: 'poll' },
    sent: b,
    kept: b,
    tally: { [a]: 0, [b]: 1, [c]: 0 },
    secrets: ['tally'],
    refused: `${a} ${b}`,
  },
  {
    typed: { ...text, choices: [], kind: 'open' },
    sent: '__proto__',
    kept: '__proto__',
    tally: { '=__proto__': 1 },
    secrets: ['__proto__', 'tally'],
    refused: null,
  },
]

describe('a live question of each kind', () => {
  for (const { typed, sent, kept, tally, secrets, refused } of kinds)
    it(`${typed.kind}: answered, kept from the others, counted, revealed`, async () => {
      const { enter, aMember, db, room } = await aClassroom()
      const [claire, awa, louis] = [await aMember('Claire', 'trainer'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
      const [lead, learner, other] = [await enter(claire), await enter(awa), await enter(louis)]
      const question = newId()
      expect(await lead.send('quiz:open', { question, prepared: null, typed, seconds: null })).toMatchObject({ ok: true })
      await expect.poll(() => learner.view<QuizView>('quiz')?.questions.at(-1)?.kind).toBe(typed.kind)
      if (refused !== null) expect(await learner.send('quiz:answer', { question, choice: refused })).toMatchObject({ ok: false })
      expect(await learner.send('quiz:answer', { question, choice: sent, unsure: true })).toMatchObject({ ok: true })
      expect(learner.mine<OwnAnswers>('quiz')).toEqual({ [question]: { choice: kept, late: null, unsure: true } })
      await expect.poll(() => lead.view<LedQuizView>('quiz')?.questions.at(-1)).toMatchObject({ tally, answered: 1 })
      expect(await lead.send('quiz:close', { question })).toMatchObject({ ok: true })
      await expect.poll(() => other.view<QuizView>('quiz')?.questions.at(-1)?.phase).toBe('closed')
      expect(JSON.stringify(other.view('quiz'))).not.toContain('4321.5')
      for (const secret of ['tue', 'unsure', ...secrets]) expect(other.heard(secret), secret).toBe(false)

      expect(await lead.send('quiz:reveal', { question })).toMatchObject({ ok: true })
      await expect
        .poll(() => other.view<QuizView>('quiz')?.questions.at(-1)?.revealed)
        .toMatchObject({ tally, explanation: text.explanation })
      for (const secret of secrets) expect(other.heard(secret), secret).toBe(true)
      expect(other.heard('unsure')).toBe(false)
      expect(await db.read((tx) => listAnswers(tx, room, question))).toMatchObject([{ person: awa.id, choice: kept }])
    })
})
