import { afterEach, describe, expect, it } from 'vitest'
import type { DeckCard } from '#shared/deck/wire.ts'
import { deckRoutes } from '#shared/deck/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { noticesRoutes, type Notice } from '#shared/notices/wire.ts'
import { pathRoutes, type Activity, type Road } from '#shared/path/wire.ts'
import type { QuizPage, QuizResults, QuizSetup, TakenQuestion } from '#shared/quiz/alone.wire.ts'
import { aloneRoutes } from '#shared/quiz/alone.wire.ts'
import { quizRoutes, type QuestionText, type QuestionVersion } from '#shared/quiz/wire.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import { deckHandlers } from '#server/deck/routes.ts'
import { cause, jobHandlers, startFlows } from '#server/flows.ts'
import type { Handlers } from '#server/http/door.ts'
import { startJobs } from '#server/jobs/jobs.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { nextDue } from '#server/jobs/store.ts'
import type { Rooms } from '#server/live/rooms.ts'
import { openLog } from '#server/logger.ts'
import { noticesHandlers } from '#server/notices/routes.ts'
import type { FileStore } from '#server/outside/files.ts'
import { openActivity } from '#server/path/road.store.ts'
import { pathHandlers } from '#server/path/routes.ts'
import { aloneHandlers } from '#server/quiz/alone.routes.ts'
import { copyBank, copyQuiz } from '#server/quiz/alone.store.ts'
import { quizHandlers } from '#server/quiz/routes.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })
const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
  return said.value
}

const single = (text: string, why = `Le secret de ${text}`): QuestionText => {
  const choices = ['juste', 'faux', 'autre'].map((choice) => ({ id: newId(), text: choice }))
  return { text, choices, right: choices[0]?.id ?? null, explanation: why }
}
const choice = (question: QuestionText | undefined, at: number) => question?.choices[at]?.id ?? ''

onEachEngine((aStore) => {
  /** A course with a bank of three questions and a number, a quiz of them on its road, and its people. */
  async function aCourse(setup: Partial<QuizSetup> = {}, about: { due?: number } = {}) {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: { ...pathRoutes, ...noticesRoutes, ...quizRoutes, ...aloneRoutes, ...deckRoutes },
      handlers: {
        ...pathHandlers({
          makeSpoc: createSpoc,
          copyFiles,
          duplicated: copyQuiz,
          copied: copyBank,
          handedIn: async () => undefined,
          fedBack: async () => undefined,
          meetingChanged: async () => undefined,
        }),
        ...quizHandlers((tx, act) => cause(tx, 'question-corrected', act.correction, act)),
        ...aloneHandlers({
          open: openActivity,
          handedIn: (tx, done) => cause(tx, 'quiz-handed-in', done.attempt, done),
          regraded: (tx, quiz) => cause(tx, 'quiz-regraded', newId(), quiz),
        }),
        ...deckHandlers,
        ...noticesHandlers,
      } as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const [claire, marc, awa, louis, olga] = [
      await aMember('Claire', 'trainer'),
      await aMember('Marc', 'mentor'),
      await aMember('Awa', 'learner'),
      await aMember('Louis', 'learner'),
      await aMember('Olga', 'observer'),
    ]
    loops.push(await startFlows({ db, clock: door.clock, log: openLog('silent') }))
    const base = `/api/spocs/${spoc}`
    const bank: QuestionText[] = [
      single('Un ?'),
      single('Deux ?'),
      single('Trois ?'),
      { text: 'Combien ?', choices: [], right: null, kind: 'number', value: 12, tolerance: 1, explanation: 'Le secret de Combien ?' },
    ]
    const { ids } = must(await claire.post<{ ids: string[] }>(`${base}/questions`, { session: null, questions: bank }))
    const { id: activity } = must(
      await claire.post<Activity>(`${base}/activities`, {
        title: 'Faire le point',
        detail: { kind: 'quiz', about: '' },
        state: 'published',
        due: about.due ?? null,
      }),
    )
    const quiz = `${base}/activities/${activity}/quiz`
    const whole: QuizSetup = { questions: ids, tries: null, passMark: 75, feedback: 'after-try', ...setup }
    expect(must(await claire.put<QuizSetup>(`${quiz}/setup`, whole))).toEqual(whole)
    const page = async (who: Browser) => must(await who.get<QuizPage>(quiz))
    const begin = async (who: Browser) => must(await who.post<QuizPage>(`${quiz}/tries`, {})).made.at(-1)?.id ?? ''
    const say = (who: Browser, id: string, question: string, answer: string | null, unsure = false) =>
      who.put(`${quiz}/tries/${id}`, { question, answer, unsure })
    const handIn = async (who: Browser, id: string) => must(await who.post<QuizPage>(`${quiz}/tries/${id}/hand-in`, {}))
    /** Takes it whole: which choice to each of the three, and the number. */
    const take = async (who: Browser, picks: (number | null)[], number: string | null = '12') => {
      const id = await begin(who)
      for (const [i, at] of picks.entries()) if (at !== null) must(await say(who, id, ids[i] ?? '', choice(bank[i], at)))
      if (number !== null) must(await say(who, id, ids[3] ?? '', number))
      return handIn(who, id)
    }
    const state = async (who: Browser) => must(await who.get<Road>(`${base}/road`)).steps.find(({ id }) => id === activity)?.state
    const deck = async (who: Browser) => {
      const { due, later } = must(await who.get<{ due: DeckCard[]; later: DeckCard[] }>('/api/deck'))
      return [...due, ...later].map(({ text, reason }) => `${text} ${reason}`).sort()
    }
    const told = async (who: Browser) => must(await who.get<Notice[]>('/api/notices')).map(({ facts }) => facts)
    const heard = async (who: Browser) => (await who.fetch(quiz)).text()
    return {
      db,
      door,
      spoc,
      owner,
      claire,
      marc,
      awa,
      louis,
      olga,
      base,
      bank,
      ids,
      activity,
      quiz,
      page,
      begin,
      say,
      handIn,
      take,
      state,
      deck,
      told,
      heard,
    }
  }

  describe('a quiz of the path', () => {
    it('is taken alone, kept while it is answered, judged when it is handed in, and done on the road when it is passed', async () => {
      const { awa, bank, ids, page, begin, say, handIn, state, deck, heard, take } = await aCourse()
      expect(await page(awa)).toMatchObject({ of: 4, made: [], passed: false, whyNot: null, preview: [] })
      const id = await begin(awa)
      expect(await begin(awa)).toBe(id)
      must(await say(awa, id, ids[0] ?? '', choice(bank[0], 0)))
      must(await say(awa, id, ids[1] ?? '', choice(bank[1], 1)))
      must(await say(awa, id, ids[2] ?? '', choice(bank[2], 0), true))
      must(await say(awa, id, ids[3] ?? '', ' 12,5 '))
      // Another page, another device: what was said is there, and nothing of what is right.
      expect((await page(awa)).made[0]?.questions.map(({ answer, unsure, told }) => [answer, unsure, told])).toEqual([
        [choice(bank[0], 0), false, null],
        [choice(bank[1], 1), false, null],
        [choice(bank[2], 0), true, null],
        ['12.5', false, null],
      ])
      expect(await heard(awa)).not.toMatch(/Le secret|"right":"|rights|"value":\d|accepted/)
      must(await say(awa, id, ids[3] ?? '', null))
      const over = await handIn(awa, id)
      expect(over.made[0]).toMatchObject({ score: 50, right: 2, of: 4, passed: false })
      expect(over.made[0]?.questions.map(({ told }) => told?.right)).toEqual([true, false, true, false])
      expect(await heard(awa)).toContain('Le secret de Deux ?')
      // Once more is the same: nothing is handed in twice.
      expect(await handIn(awa, id)).toEqual(over)
      expect(await say(awa, id, ids[0] ?? '', choice(bank[0], 1))).toMatchObject({ code: 'quiz/handed-in' })
      await soon(() => deck(awa)).toEqual(['Combien ? skipped', 'Deux ? missed', 'Trois ? unsure'])
      await soon(() => state(awa)).toBe('started')

      expect((await take(awa, [0, 0, 0])).passed).toBe(true)
      await soon(() => state(awa)).toBe('done')
      // A worse try later takes nothing away.
      expect(await take(awa, [1, 1, 1])).toMatchObject({ passed: true, made: [{ score: 50 }, { score: 100 }, { score: 25 }] })
      expect((await page(awa)).made.map(({ questions }) => questions.length)).toEqual([0, 4, 4])
      expect(await state(awa)).toBe('done')
    })

    it('is nobody else’s: each role gets what is theirs, and another’s try is not there', async () => {
      const { claire, marc, awa, louis, olga, ids, bank, quiz, begin, say, page } = await aCourse()
      const id = await begin(awa)
      for (const who of [louis, claire, marc, olga]) {
        const answer = await say(who, id, ids[0] ?? '', choice(bank[0], 0))
        expect(answer).toMatchObject({ ok: false, code: who === louis ? 'http/not-found' : 'http/not-allowed' })
        expect(await who.post(`${quiz}/tries/${id}/hand-in`, {})).toMatchObject({ ok: false })
      }
      for (const who of [marc, olga, awa]) {
        expect(await who.get(`${quiz}/setup`)).toMatchObject({ code: 'http/not-allowed' })
        expect(await who.put(`${quiz}/setup`, { questions: [], tries: 1, passMark: 0, feedback: 'at-once' })).toMatchObject({
          code: 'http/not-allowed',
        })
      }
      for (const who of [olga, awa]) expect(await who.get(`${quiz}/results`)).toMatchObject({ code: 'http/not-allowed' })
      expect((await page(claire)).preview.map(({ text }) => text)).toEqual(bank.map(({ text }) => text))
      for (const who of [claire, marc, olga, louis]) {
        const text = await (await who.fetch(quiz)).text()
        expect(text).not.toMatch(/Le secret|"right":"|"value":\d/)
        expect(text).not.toContain(id)
      }
      // Keys go to those who lead; a mentor sees what became of it.
      expect(await (await marc.fetch(`${quiz}/results`)).text()).not.toMatch(/"right":"|"value":\d/)
      expect(must(await claire.get<QuizResults>(`${quiz}/results`)).questions[0]?.key).toMatchObject({ right: bank[0]?.right })
    })

    it('is not open before the road opens it, and is not there as a draft', async () => {
      const { claire, awa, base, activity, quiz } = await aCourse()
      must(await claire.patch(`${base}/activities/${activity}`, { releases: Date.now() + 86_400_000 }))
      expect(await awa.get(quiz)).toMatchObject({ code: 'path/locked' })
      expect(await awa.post(`${quiz}/tries`, {})).toMatchObject({ code: 'path/locked' })
      must(await claire.patch(`${base}/activities/${activity}`, { releases: null, state: 'draft' }))
      expect(await awa.post(`${quiz}/tries`, {})).toMatchObject({ code: 'http/not-found' })
      must(await claire.get(quiz))
    })

    it('has as many tries as was said, of the questions that are still in the bank', async () => {
      const { claire, awa, base, ids, quiz, take, page } = await aCourse({ tries: 1 })
      must(await claire.delete(`${base}/questions/${ids[2]}`))
      expect((await page(awa)).of).toBe(3)
      expect((await take(awa, [0, 0, null])).made[0]).toMatchObject({ of: 3, score: 100 })
      expect((await page(awa)).whyNot).toBe('quiz/no-try-left')
      expect(await awa.post(`${quiz}/tries`, {})).toMatchObject({ code: 'quiz/no-try-left' })
      must(await claire.put(`${quiz}/setup`, { questions: [], tries: 1, passMark: 0, feedback: 'at-once' }))
      expect(await awa.post(`${quiz}/tries`, {})).toMatchObject({ code: 'quiz/no-questions' })
      expect(await claire.put(`${quiz}/setup`, { questions: [newId()], tries: 1, passMark: 0, feedback: 'at-once' })).toMatchObject({
        code: 'quiz/not-found',
      })
    })

    it('tells at once where it is said so: an answer that was checked stays', async () => {
      const { awa, bank, ids, quiz, begin, say, heard } = await aCourse({ feedback: 'at-once' })
      const id = await begin(awa)
      const check = (answer: string | null) =>
        awa.post<TakenQuestion>(`${quiz}/tries/${id}/check`, { question: ids[0], answer, unsure: false })
      expect(must(await check(choice(bank[0], 1)))).toMatchObject({ told: { right: false, key: { right: bank[0]?.right } } })
      // Asked again after a lost reply, it says the same; another answer changes nothing.
      expect(must(await check(choice(bank[0], 0)))).toMatchObject({ answer: choice(bank[0], 1), told: { right: false } })
      expect(await say(awa, id, ids[0] ?? '', choice(bank[0], 0))).toMatchObject({ code: 'quiz/checked' })
      const text = await heard(awa)
      expect(text).toContain('Le secret de Un ?')
      expect(text).not.toContain('Le secret de Deux ?')
    })

    it('tells nothing before where the key waits: neither checked, nor handed in, nor in the deck', async () => {
      const due = Date.now() + 5 * 86_400_000
      const { db, door, awa, ids, quiz, begin, take, page, heard, deck } = await aCourse({ feedback: 'after-due' }, { due })
      const handlers = jobHandlers({} as Rooms, {} as FileStore, { origin: '', organizer: { name: '', email: '' } }, () => door.clock.now())
      const first = await begin(awa)
      expect(await awa.post(`${quiz}/tries/${first}/check`, { question: ids[0], answer: null, unsure: false })).toMatchObject({
        code: 'http/not-allowed',
      })
      const over = await take(awa, [0, 1, 0])
      expect(over).toMatchObject({
        passed: true,
        toldFrom: due,
        made: [{ score: 75, questions: [{ told: null }, { told: null }, {}, {}] }],
      })
      expect(await heard(awa)).not.toMatch(/Le secret|"right":"|"value":\d/)
      const work = async () => void loops.push(await startJobs({ db, clock: door.clock, log: openLog('silent'), handlers }))
      await work()
      await soon(() => db.read((tx) => nextDue(tx, ['quiz-review']))).toBe(due)
      expect(await deck(awa)).toEqual([])
      door.clock.ahead = 6 * 86_400_000
      await work()
      await soon(() => deck(awa)).toEqual(['Deux ? missed'])
      expect(await heard(awa)).toContain('Le secret de Deux ?')
      expect((await page(awa)).whyNot).toBe('quiz/over')
    })

    it('shows the team what became of it, per question and per learner', async () => {
      const { claire, awa, louis, quiz, take, begin, ids, bank } = await aCourse()
      await take(awa, [0, 1, null])
      await take(awa, [0, 0, 1], '30')
      await begin(louis)
      const { questions, people } = must(await claire.get<QuizResults>(`${quiz}/results`))
      expect(questions.map(({ id, right, wrong, unanswered }) => [id, right, wrong, unanswered])).toEqual([
        [ids[0], 1, 0, 0],
        [ids[1], 1, 0, 0],
        [ids[2], 0, 1, 0],
        [ids[3], 0, 1, 0],
      ])
      expect(questions[2]?.tally).toMatchObject({ [choice(bank[2], 1)]: 1, [choice(bank[2], 0)]: 0 })
      expect(questions[3]?.tally).toEqual({ '=30': 1 })
      expect(people).toMatchObject([
        {
          name: 'Awa',
          tries: 2,
          open: false,
          best: 50,
          last: 50,
          passed: false,
          verdicts: [{ is: 'right' }, { is: 'right' }, { is: 'wrong' }, { is: 'wrong' }],
        },
        { name: 'Louis', tries: 0, open: true, best: null, last: null, verdicts: [null, null, null, null] },
      ])
    })

    it('is copied with its activity, and with its course: the bank goes along, the tries do not', async () => {
      const { claire, owner, awa, base, activity, ids, bank, take } = await aCourse({ tries: 3 })
      await take(awa, [0, 0, 0])
      const copy = must(await claire.post<Activity>(`${base}/activities/${activity}/duplicate`, { title: 'Encore' })).id
      expect(must(await claire.get<QuizSetup>(`${base}/activities/${copy}/quiz/setup`))).toMatchObject({ questions: ids, tries: 3 })
      const { id: spoc } = must(await owner.post<{ id: string }>(`${base}/copies`, { title: 'Le groupe de mars' }))
      const [kept] = must(await owner.get<Activity[]>(`/api/spocs/${spoc}/activities`))
      const there = `/api/spocs/${spoc}/activities/${kept?.id}/quiz`
      const setup = must(await owner.get<QuizSetup>(`${there}/setup`))
      expect(setup).toMatchObject({ tries: 3, passMark: 75 })
      expect(setup.questions).toHaveLength(4)
      expect(setup.questions.some((id) => ids.includes(id))).toBe(false)
      expect(must(await owner.get<QuizPage>(there)).preview.map(({ text }) => text)).toEqual(bank.map(({ text }) => text))
      expect(must(await owner.get<QuizResults>(`${there}/results`)).questions[0]?.key?.right).not.toBe(bank[0]?.right)
    })
  })

  describe('a key corrected afterwards', () => {
    it('changes results, completion and decks once, and tells those it concerns', async () => {
      const { claire, awa, louis, base, bank, ids, page, take, state, deck, told, begin } = await aCourse()
      await take(awa, [1, 0, 1], '12')
      await take(louis, [0, 0, 0], '12')
      await soon(() => deck(awa)).toEqual(['Trois ? missed', 'Un ? missed'])
      await soon(() => state(louis)).toBe('done')
      const open = await begin(louis)
      const correct = { version: 1, right: choice(bank[0], 1), counts: true }
      must(await claire.post(`${base}/questions/${ids[0]}/correct`, correct))
      // What was missed leaves the deck of who was right, and enters the deck of who was not; the road follows.
      await soon(() => deck(awa)).toEqual(['Trois ? missed'])
      await soon(() => deck(louis)).toEqual(['Un ? missed'])
      expect((await page(awa)).made[0]).toMatchObject({ score: 75, passed: true })
      await soon(() => state(awa)).toBe('done')
      expect((await page(louis)).made[0]).toMatchObject({ score: 75, passed: true })
      await soon(() => told(awa)).toMatchObject([{ kind: 'question-corrected', text: 'Un ?', now: 'right' }])
      expect(await told(louis)).toMatchObject([{ now: 'wrong' }])
      // The same again is no correction.
      must(await claire.post(`${base}/questions/${ids[0]}/correct`, correct))
      // It may also count no more: the open try has a point less to win, and nobody reviews it.
      must(await claire.post(`${base}/questions/${ids[0]}/correct`, { ...correct, counts: false }))
      await soon(() => deck(louis)).toEqual([])
      expect((await page(louis)).made).toMatchObject([
        { of: 3, score: 100 },
        { id: open, of: 3 },
      ])
      await soon(async () => (await told(louis)).length).toBe(2)
      expect((await told(awa)).length).toBe(2)
      expect(await claire.post(`${base}/questions/${ids[0]}/correct`, { version: 1, right: null, counts: true })).toMatchObject({
        code: 'quiz/no-such-key',
      })
      expect(await claire.post(`${base}/questions/${ids[0]}/correct`, { ...correct, version: 7 })).toMatchObject({ code: 'http/not-found' })
      for (const who of [awa, louis])
        expect(await who.get(`${base}/questions/${ids[0]}/versions`)).toMatchObject({ code: 'http/not-allowed' })
    })

    it('takes completion away from who no longer passes', async () => {
      const { claire, awa, base, bank, ids, take, state } = await aCourse({ passMark: 100 })
      await take(awa, [0, 0, 0])
      await soon(() => state(awa)).toBe('done')
      must(await claire.post(`${base}/questions/${ids[1]}/correct`, { version: 1, right: choice(bank[1], 2), counts: true }))
      await soon(() => state(awa)).toBe('started')
    })

    it('is that of the version that was seen: old ones stay readable with their words', async () => {
      const { claire, awa, louis, base, bank, ids, page, take } = await aCourse()
      await take(awa, [1, 0, 0])
      must(await claire.put(`${base}/questions/${ids[0]}`, { ...bank[0], text: 'Un, vraiment ?' }))
      await take(louis, [1, 0, 0])
      expect((await page(awa)).made[0]?.questions[0]?.text).toBe('Un ?')
      const versions = () => claire.get<QuestionVersion[]>(`${base}/questions/${ids[0]}/versions`)
      expect(must(await versions())).toMatchObject([
        { version: 2, question: { text: 'Un, vraiment ?' }, replaced: null, answers: 1 },
        { version: 1, question: { text: 'Un ?' }, answers: 1 },
      ])
      must(await claire.post(`${base}/questions/${ids[0]}/correct`, { version: 1, right: choice(bank[0], 1), counts: true }))
      await soon(async () => (await page(awa)).made[0]?.score).toBe(100)
      expect((await page(louis)).made[0]?.score).toBe(75)
      expect(must(await versions())).toMatchObject([
        { question: { right: choice(bank[0], 0) } },
        { question: { right: choice(bank[0], 1) } },
      ])
    })

    it('another pass mark is read on the road by what was handed in', async () => {
      const { claire, awa, ids, quiz, take, state } = await aCourse({ passMark: 100 })
      await take(awa, [0, 0, 1])
      await soon(() => state(awa)).toBe('started')
      must(await claire.put(`${quiz}/setup`, { questions: ids, tries: null, passMark: 70, feedback: 'after-try' }))
      await soon(() => state(awa)).toBe('done')
    })
  })
})
