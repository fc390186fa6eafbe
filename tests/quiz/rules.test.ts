import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Asker } from '#shared/live/slice.ts'
import { mostQuestions, quizSlice, type QuizCommand, type QuizHappening, type QuizState } from '#shared/quiz/rules.ts'
import { quizCommands, type LedQuizView, type QuizView } from '#shared/quiz/wire.ts'

const name = (text: string) => text.padEnd(22, '_')
const [q1, q2] = [name('question1'), name('question2')]
const [a, b, c] = [name('choiceA'), name('choiceB'), name('choiceC')]
const asker = (person: string, role: Asker['role']): Asker => ({ person: name(person), seat: name(`seat-${person}`), role })
const claire = asker('claire', 'trainer')
const nadia = asker('nadia', 'owner')
const marc = asker('marc', 'mentor')
const awa = asker('awa', 'learner')
const louis = asker('louis', 'learner')
const olga = asker('olga', 'observer')

const open = (question = q1, seconds: number | null = null): QuizCommand => ({
  name: 'quiz:open',
  payload: {
    question,
    prepared: null,
    typed: {
      text: 'Que garder ?',
      choices: [a, b, c].map((id, i) => ({ id, text: `Choix ${i + 1}` })),
      right: b,
      explanation: 'Parce que.',
    },
    seconds,
  },
})
const correct = (right: string | null, more: object = {}): QuizCommand => ({
  name: 'quiz:correct',
  payload: { question: q1, correction: name('correction'), right, counts: true, ...more },
})
const answer = (choice: string, question = q1): QuizCommand => ({ name: 'quiz:answer', payload: { question, choice } })
const act = (what: 'close' | 'cancel' | 'reveal', question = q1): QuizCommand => ({ name: `quiz:${what}`, payload: { question } })
const extend = (seconds = 60): QuizCommand => ({ name: 'quiz:extend', payload: { question: q1, seconds } })
const reopen = (seconds: number | null = null): QuizCommand => ({ name: 'quiz:reopen', payload: { question: q1, seconds } })

/** A room with only this slice: decides, numbers and folds, as the engine does. */
class Room {
  state: QuizState = quizSlice.start({ id: name('room'), spoc: name('spoc'), kind: 'session' })
  now = 1_000_000
  log: QuizHappening[] = []

  try(command: QuizCommand, by: Asker | null) {
    const result = quizSlice.decide(this.state, command, by, this.now)
    if (!result.ok) return result.code
    for (const draft of result.value) {
      const line = {
        room: name('room'),
        seq: this.log.length + 1,
        at: this.now,
        person: by?.person ?? null,
        audience: null,
        ...draft,
        words: draft.words ?? null,
      } as QuizHappening
      this.log.push(line)
      this.state = quizSlice.apply(this.state, line)
    }
    return result.value.map((d) => d.kind)
  }
  do(command: QuizCommand, by: Asker | null) {
    const done = this.try(command, by)
    if (typeof done === 'string') throw new Error(`refused: ${done}`)
    return done
  }
  get class() {
    return quizSlice.viewFor(this.state, 'all') as QuizView
  }
  get team() {
    return (quizSlice.viewFor(this.state, 'team') as LedQuizView).questions.at(-1)
  }
  own = (who: Asker) => quizSlice.mine(this.state, who.person)?.[q1]
}

const opened = (seconds: number | null = null) => {
  const room = new Room()
  room.do(open(q1, seconds), claire)
  return room
}

describe('who', () => {
  it('[Q1] only owners and trainers lead', () => {
    for (const who of [marc, awa, olga, null]) expect(new Room().try(open(), who)).toBe('live/not-allowed')
    expect(new Room().try(open(), nadia)).toEqual(['quiz:opened'])
    for (const command of [act('cancel'), act('reveal'), extend(), reopen()])
      for (const who of [marc, awa, olga, null]) expect(opened().try(command, who)).toBe('live/not-allowed')
    for (const who of [marc, awa, olga]) expect(opened().try(act('close'), who)).toBe('live/not-allowed')
  })

  it('[Q1] neither the team nor an observer answers', () => {
    const room = opened()
    for (const who of [claire, nadia, marc, olga]) expect(room.try(answer(a), who)).toBe('live/not-allowed')
    expect(room.team?.answered).toBe(0)
  })
})

describe('one question at a time', () => {
  it('[Q2] a second question waits until the first is closed', () => {
    const room = opened()
    expect(room.try(open(q2), claire)).toBe('quiz/already-open')
    room.do(act('close'), claire)
    expect(room.try(open(q2), claire)).toEqual(['quiz:opened'])
    expect(room.try(reopen(), claire)).toBe('quiz/already-open')
  })

  it('[Q2] the identity of an asking is used once, also after it was cancelled', () => {
    const room = opened()
    room.do(act('cancel'), claire)
    expect(room.try(open(q1), claire)).toBe('quiz/already-asked')
  })

  it('[Q2] a room keeps its view small', () => {
    const room = new Room()
    for (let i = 0; i < mostQuestions; i++) {
      room.do(open(name(`question-${i}`)), claire)
      room.do(act('close', name(`question-${i}`)), claire)
    }
    expect(room.try(open(), claire)).toBe('quiz/too-many')
  })
})

describe('answering', () => {
  it('[Q3] the last answer counts, once', () => {
    const room = opened()
    room.do(answer(a), awa)
    room.do(answer(c), louis)
    room.do(answer(b), awa)
    expect(room.team?.tally).toEqual({ [a]: 0, [b]: 1, [c]: 1 })
    expect(room.team?.answered).toBe(2)
    expect(room.own(awa)).toEqual({ choice: b, late: null })
  })

  it('[Q3] only one of its choices', () => {
    expect(opened().try(answer(name('choiceZ')), awa)).toBe('quiz/no-such-choice')
    expect(opened().try(answer(a, q2), awa)).toBe('quiz/not-found')
  })

  it('[Q3] whatever the order of answers, each person counts once, for their last choice', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 200 }), fc.constantFrom(a, b, c))), (answers) => {
        const room = opened()
        const last = new Map<number, string>()
        for (const [who, choice] of answers) {
          room.do(answer(choice), asker(`p${who}`, 'learner'))
          last.set(who, choice)
        }
        const tally: Record<string, number> = { [a]: 0, [b]: 0, [c]: 0 }
        for (const choice of last.values()) tally[choice] = (tally[choice] ?? 0) + 1
        expect(room.team?.tally).toEqual(tally)
        expect(room.team?.answered).toBe(last.size)
        expect(new Map(room.team?.people.map(([p, choice]) => [p, choice]))).toEqual(
          new Map([...last].map(([who, choice]) => [name(`p${who}`), choice])),
        )
      }),
    )
  })
})

describe('time', () => {
  it('[Q4] no limit unless one is set', () => {
    expect(quizSlice.deadline?.(opened().state)).toBeUndefined()
    expect(opened().class.questions[0]?.closesAt).toBeNull()
  })

  it('[Q4] the room closes it at its end, not before, and only once', () => {
    const room = opened(30)
    const deadline = quizSlice.deadline?.(room.state)
    expect(deadline).toEqual({ at: 1_030_000, command: act('close') })
    room.now = 1_029_999
    expect(room.do(act('close'), null)).toEqual([])
    room.now = 1_030_000
    expect(room.do(act('close'), null)).toEqual(['quiz:closed'])
    expect(room.do(act('close'), null)).toEqual([])
    expect(quizSlice.deadline?.(room.state)).toBeUndefined()
  })

  it('[Q4] the room itself closes no question without a limit', () => {
    expect(opened().do(act('close'), null)).toEqual([])
  })

  it('[Q7] adding time moves the end; a knock set for the old end does nothing', () => {
    const room = opened(30)
    room.do(extend(60), claire)
    expect(quizSlice.deadline?.(room.state)?.at).toBe(1_090_000)
    room.now = 1_030_000
    expect(room.do(act('close'), null)).toEqual([])
  })

  it('[Q7] a question without limit gets one; an end already past counts from now; a closed one takes none', () => {
    const room = opened()
    room.do(extend(60), claire)
    expect(room.class.questions[0]?.closesAt).toBe(1_060_000)
    room.now = 1_070_000
    room.do(extend(60), claire)
    expect(room.class.questions[0]?.closesAt).toBe(1_130_000)
    room.do(act('close'), claire)
    expect(room.try(extend(60), claire)).toBe('quiz/not-open')
  })
})

describe('late', () => {
  it('[Q5] an answer after closing is kept as late and counts nowhere', () => {
    const room = opened()
    room.do(answer(a), awa)
    room.do(act('close'), claire)
    room.do(answer(b), awa)
    room.do(answer(b), louis)
    expect(room.team?.tally).toEqual({ [a]: 1, [b]: 0, [c]: 0 })
    expect([room.team?.answered, room.team?.lateCount]).toEqual([1, 2])
    expect(room.own(awa)).toEqual({ choice: a, late: b })
    expect(room.own(louis)).toEqual({ choice: null, late: b })
    room.do(act('reveal'), claire)
    expect(room.class.questions[0]?.revealed?.tally).toEqual({ [a]: 1, [b]: 0, [c]: 0 })
  })

  it('[Q5] the server’s time decides, even before the room has knocked', () => {
    const room = opened(30)
    room.now = 1_029_999
    room.do(answer(a), awa)
    room.now = 1_030_000
    room.do(answer(b), awa)
    expect(room.own(awa)).toEqual({ choice: a, late: b })
  })

  it('[Q6] after the reveal, or once cancelled, an answer is refused', () => {
    const revealed = opened()
    revealed.do(act('close'), claire)
    revealed.do(act('reveal'), claire)
    expect(revealed.try(answer(a), awa)).toBe('quiz/revealed')
    const cancelled = opened()
    cancelled.do(act('cancel'), claire)
    expect(cancelled.try(answer(a), awa)).toBe('quiz/cancelled')
    expect(cancelled.class.questions).toEqual([])
  })

  it('[Q8] opened again, it takes answers again; a late one stays late until its author answers again', () => {
    const room = opened()
    room.do(act('close'), claire)
    room.do(answer(b), awa)
    room.do(answer(c), louis)
    room.do(reopen(20), claire)
    expect(room.team?.tally).toEqual({ [a]: 0, [b]: 0, [c]: 0 })
    room.do(answer(b), awa)
    expect(room.own(awa)).toEqual({ choice: b, late: null })
    expect(room.own(louis)).toEqual({ choice: null, late: c })
    expect([room.team?.answered, room.team?.lateCount]).toEqual([1, 1])
    expect(room.team?.closesAt).toBe(1_020_000)
  })

  it('[Q8] what was revealed is not opened or cancelled any more, and an open question is not revealed', () => {
    const room = opened()
    expect(room.try(act('reveal'), claire)).toBe('quiz/not-closed')
    room.do(act('close'), claire)
    room.do(act('reveal'), claire)
    expect(room.do(act('reveal'), claire)).toEqual([])
    expect(room.try(reopen(), claire)).toBe('quiz/revealed')
    expect(room.try(act('cancel'), claire)).toBe('quiz/revealed')
  })
})

describe('secrecy', () => {
  const secrets = (room: Room) => JSON.stringify([room.class, quizSlice.mine(room.state, louis.person)])

  it('[Q9] before the reveal the class sees neither the key, the explanation, a count nor who answered', () => {
    const room = opened()
    const empty = secrets(room)
    room.do(answer(b), awa)
    expect(secrets(room)).toBe(empty)
    room.do(act('close'), claire)
    room.do(answer(c), awa)
    for (const secret of ['right', 'Parce que', 'tally', 'answered', awa.person]) expect(secrets(room)).not.toContain(secret)
    expect(room.class.questions[0]?.revealed).toBeNull()
    // Nothing tells the right choice from the others.
    expect(room.class.questions[0]?.choices.map((choice) => Object.keys(choice))).toEqual([
      ['id', 'text'],
      ['id', 'text'],
      ['id', 'text'],
    ])
  })

  it('[Q9] a mentor, a learner and an observer are the class; only those who lead see more', () => {
    const room = opened()
    expect([claire, nadia, marc, awa, olga].map((who) => quizSlice.audienceOf(room.state, who))).toEqual([
      'team',
      'team',
      'all',
      'all',
      'all',
    ])
    expect(room.team).toMatchObject({ right: b, explanation: 'Parce que.' })
  })

  it('[Q9] an answer does not touch what the class was told, so nobody in it is told again', () => {
    const room = opened()
    const before = room.class
    room.do(answer(b), awa)
    expect(room.class).toBe(before)
  })

  it('[Q10] after the reveal everybody sees key and counts, nobody another’s name', () => {
    const room = opened()
    room.do(answer(b), awa)
    room.do(act('close'), claire)
    room.do(act('reveal'), claire)
    expect(room.class.questions[0]?.revealed).toEqual({ right: b, explanation: 'Parce que.', tally: { [a]: 0, [b]: 1, [c]: 0 } })
    expect(secrets(room)).not.toContain(awa.person)
    expect(quizSlice.mine(room.state, louis.person)).toBeNull()
  })
})

it('[Q11] erased words leave choices and counts', () => {
  const room = opened()
  room.do(answer(b), awa)
  const folded = room.log
    .map((line) => ({ ...line, words: null }) as QuizHappening)
    .reduce(quizSlice.apply, quizSlice.start({ id: name('room'), spoc: name('spoc'), kind: 'session' }))
  const view = quizSlice.viewFor(folded, 'team') as LedQuizView
  expect(view.questions[0]).toMatchObject({ text: null, explanation: null, tally: { [a]: 0, [b]: 1, [c]: 0 } })
  expect(view.questions[0]?.choices).toEqual([a, b, c].map((id) => ({ id, text: null })))
})

describe('what may be asked', () => {
  const typed = { text: 'Que garder ?', choices: [a, b].map((id) => ({ id, text: 'x' })), right: a, explanation: '' }
  const parses = (payload: object) =>
    quizCommands['quiz:open'].safeParse({ question: q1, prepared: null, typed, seconds: null, ...payload }).success

  it('either prepared or typed, a right choice among the choices, each choice once, words that a database keeps', () => {
    expect(parses({})).toBe(true)
    expect(parses({ prepared: q2, typed: null })).toBe(true)
    expect(parses({ prepared: q2 })).toBe(false)
    expect(parses({ typed: null })).toBe(false)
    expect(parses({ typed: { ...typed, right: c } })).toBe(false)
    expect(
      parses({
        typed: {
          ...typed,
          choices: [
            { id: a, text: 'x' },
            { id: a, text: 'y' },
          ],
        },
      }),
    ).toBe(false)
    expect(parses({ typed: { ...typed, text: 'zéro \0' } })).toBe(false)
    expect(parses({ typed: { ...typed, text: 'moitié \ud800' } })).toBe(false)
    expect(parses({ typed: { ...typed, text: 'entier 🎉' } })).toBe(true)
  })
})

describe('a corrected key', () => {
  const revealed = () => {
    const room = new Room()
    for (const [command, by] of [
      [open(), claire],
      [answer(b), awa],
      [act('close'), claire],
      [act('reveal'), claire],
    ] as const)
      room.try(command, by)
    return room
  }
  const view = (room: Room) => (quizSlice.viewFor(room.state, 'all') as QuizView).questions[0]

  it('[Q12] is corrected by those who lead, after the reveal, within the choices; the answers stay', () => {
    const room = revealed()
    expect(room.try(correct(c), awa)).toBe('live/not-allowed')
    expect(room.try(correct(name('other')), claire)).toBe('quiz/no-such-key')
    expect(room.try(correct(null), claire)).toBe('quiz/no-such-key')
    expect(room.try(correct(b), claire)).toEqual([])
    const tally = view(room)?.revealed?.tally
    expect(room.try(correct(c), claire)).toEqual(['quiz:corrected'])
    expect(view(room)).toMatchObject({ corrected: true, revealed: { right: c, tally } })
    expect(room.try(correct(c, { counts: false }), claire)).toEqual(['quiz:corrected'])
    expect(view(room)?.counts).toBe(false)
  })

  it('[Q12] comes from the room itself for what was asked from the bank, and is seen by nobody before the reveal', () => {
    const room = new Room()
    room.try(open(), claire)
    expect(room.try(correct(c), claire)).toBe('quiz/not-revealed')
    const before = JSON.stringify(quizSlice.viewFor(room.state, 'all'))
    expect(room.try(correct(c), null)).toEqual(['quiz:corrected'])
    expect(JSON.stringify(quizSlice.viewFor(room.state, 'all'))).toBe(before)
    room.try(act('close'), claire)
    room.try(act('reveal'), claire)
    expect(view(room)?.revealed?.right).toBe(c)
    expect(room.try(correct(b), claire)).toEqual(['quiz:corrected'])
    room.try(open(q2), claire)
    room.try(act('cancel', q2), claire)
    expect(room.try({ name: 'quiz:correct', payload: { ...correct(b).payload, question: q2 } as never }, null)).toBe('quiz/cancelled')
  })
})
