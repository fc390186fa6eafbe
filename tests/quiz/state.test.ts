import { describe, expect, it } from 'vitest'
import { Quiz } from '#client/quiz/quiz.svelte.ts'
import { QuestionDraft } from '#client/quiz/draft.svelte.ts'
import type { OwnAnswers, SeenQuestion } from '#shared/quiz/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const question = (change: Partial<SeenQuestion> = {}): SeenQuestion => ({
  id: 'q1',
  phase: 'open',
  text: 'Que garder ?',
  choices: [
    { id: 'a', text: 'A' },
    { id: 'b', text: 'B' },
  ],
  openedAt: 0,
  closesAt: null,
  revealed: null,
  ...change,
})

function aQuiz(change: Partial<SeenQuestion> = {}, role: 'learner' | 'trainer' | 'observer' | 'mentor' = 'learner') {
  const room = new FakeRoom(role)
  room.views = { quiz: { questions: [question(change)] } }
  const quiz = new Quiz(room)
  const own = (answer: OwnAnswers[string]) => void (room.own = { quiz: { q1: answer } })
  const now = () => {
    if (!quiz.current) throw new Error('no question')
    return quiz.current
  }
  return { room, quiz, own, now }
}

describe('my answer', () => {
  it('is only chosen until it is sent, waits until the server has it, and then is saved', async () => {
    const { room, quiz, own, now } = aQuiz()
    quiz.pick('q1', 'a')
    expect([quiz.pickOf(now()), quiz.answerOf(now()).state, room.waiting.length]).toEqual(['a', 'none', 0])
    const sent = quiz.answer(now())
    expect(quiz.answerOf(now())).toEqual({ choice: 'a', state: 'waiting' })
    expect(quiz.maySend(now())).toBe(false)
    own({ choice: 'a', late: null })
    await room.answer()
    await sent
    expect(quiz.answerOf(now())).toEqual({ choice: 'a', state: 'saved' })
  })

  it('waits through a reload: what the room’s queue holds is shown as waiting', () => {
    const { room, quiz, now } = aQuiz()
    room.waiting = [{ id: 'c', name: 'quiz:answer', payload: { question: 'q1', choice: 'b' }, at: 0 }]
    expect(quiz.answerOf(now())).toEqual({ choice: 'b', state: 'waiting' })
    expect(quiz.pickOf(now())).toBe('b')
  })

  it('may be changed: another pick is offered to be sent, the same one is not', () => {
    const { quiz, own, now } = aQuiz()
    own({ choice: 'a', late: null })
    expect(quiz.maySend(now())).toBe(false)
    quiz.pick('q1', 'b')
    expect([quiz.pickOf(now()), quiz.answerOf(now()).choice, quiz.maySend(now())]).toEqual(['b', 'a', true])
  })

  it('keeps a pick made while an earlier one was under way', async () => {
    const { room, quiz, own, now } = aQuiz()
    quiz.pick('q1', 'a')
    const sent = quiz.answer(now())
    quiz.pick('q1', 'b')
    own({ choice: 'a', late: null })
    await room.answer()
    await sent
    expect([quiz.pickOf(now()), quiz.maySend(now())]).toEqual(['b', true])
  })

  it('refused is said so, with its reason, and may be tried again', async () => {
    const { room, quiz, now } = aQuiz()
    quiz.pick('q1', 'a')
    const sent = quiz.answer(now())
    await room.answer({ ok: false, code: 'quiz/revealed' })
    await sent
    expect(quiz.answerOf(now()).state).toBe('refused')
    expect(quiz.refused).toEqual({ q1: 'quiz/revealed' })
    expect(quiz.maySend(now())).toBe(true)
  })

  it('late is said so; once the question is open again it is offered to be sent again', () => {
    const closed = aQuiz({ phase: 'closed' })
    closed.own({ choice: null, late: 'b' })
    expect(closed.quiz.answerOf(closed.now())).toEqual({ choice: 'b', state: 'late' })
    expect(closed.quiz.maySend(closed.now())).toBe(false)
    closed.room.views = { quiz: { questions: [question({ phase: 'open' })] } }
    expect(closed.quiz.answerOf(closed.now())).toEqual({ choice: 'b', state: 'late' })
    expect(closed.quiz.maySend(closed.now())).toBe(true)
  })

  it('late beside one in time: while open the one that counts is shown', () => {
    const { quiz, own, now } = aQuiz()
    own({ choice: 'a', late: 'b' })
    expect(quiz.answerOf(now())).toEqual({ choice: 'a', state: 'saved' })
  })

  it('is not offered to who does not answer, nor after the reveal', () => {
    for (const role of ['observer', 'mentor', 'trainer'] as const) {
      const { quiz, now } = aQuiz({}, role)
      quiz.pick('q1', 'a')
      expect([quiz.answers, quiz.maySend(now())]).toEqual([false, false])
    }
    const { quiz, now } = aQuiz({ phase: 'revealed', revealed: { right: 'a', explanation: null, tally: { a: 1, b: 0 } } })
    quiz.pick('q1', 'a')
    expect(quiz.maySend(now())).toBe(false)
  })
})

describe('questions', () => {
  it('the last one is current until it is put away; what was revealed stays to be read', () => {
    const { room, quiz } = aQuiz()
    const revealed = { phase: 'revealed', revealed: { right: 'a', explanation: null, tally: {} } } as const
    room.views = { quiz: { questions: [question({ ...revealed }), question({ id: 'q2' })] } }
    expect([quiz.current?.id, quiz.past.map((q) => q.id), quiz.led]).toEqual(['q2', ['q1'], undefined])
    room.views = { quiz: { questions: [question({ ...revealed }), question({ id: 'q2', ...revealed })] } }
    quiz.dismiss('q2')
    expect([quiz.current, quiz.past.map((q) => q.id)]).toEqual([undefined, ['q1', 'q2']])
  })

  it('opens what was prepared by its name only, and what is typed with its words, each asking under a new identity', async () => {
    const room = new FakeRoom('trainer')
    const quiz = new Quiz(room)
    const first = quiz.openPrepared('prepared', 30)
    const typed = {
      text: 'Q ?',
      choices: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
      right: null,
      explanation: '',
    }
    void quiz.openTyped(typed, null)
    const [one, two] = room.waiting.map((w) => w.payload as { question: string })
    expect(one).toMatchObject({ prepared: 'prepared', typed: null, seconds: 30 })
    expect(two).toMatchObject({ prepared: null, typed, seconds: null })
    expect(one?.question).toMatch(/^[\w-]{22}$/)
    expect(one?.question).not.toBe(two?.question)
    await room.answer({ ok: false, code: 'quiz/already-open' })
    expect(await first).toBe(false)
    expect(quiz.refusal).toBe('quiz/already-open')
  })
})

describe('a question being written', () => {
  it('keeps the identities of its choices, drops empty ones and says what is missing', () => {
    const draft = new QuestionDraft({
      text: 'Q ?',
      choices: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
      right: 'b',
      explanation: '',
    })
    draft.addChoice()
    expect(draft.question).toEqual({
      text: 'Q ?',
      choices: [
        { id: 'a', text: 'A' },
        { id: 'b', text: 'B' },
      ],
      right: 'b',
      explanation: '',
    })
    expect(draft.mistake).toBeUndefined()
    draft.removeChoice('b')
    expect([draft.question.right, draft.mistake]).toEqual([null, 'needChoices'])
    const last = draft.choices.at(-1)
    if (last) last.text = ' a '
    expect(draft.mistake).toBe('sameChoice')
    draft.text = '  '
    expect(draft.mistake).toBe('needText')
  })

  it('takes no more than eight choices', () => {
    const draft = new QuestionDraft()
    for (let i = 0; i < 20; i++) draft.addChoice()
    expect(draft.choices).toHaveLength(8)
  })
})
