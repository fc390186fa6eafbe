import { asc } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { minutesOf } from '#shared/notices/rules.ts'
import type { RecordingPage } from '#shared/recording/wire.ts'
import { captionsVersion } from '#shared/replay/captions.ts'
import type { CatchingUp, ReplayedQuestion, ReplayPage } from '#shared/replay/wire.ts'
import { newId } from '#server/db/ids.ts'
import { mails } from '#server/mail/tables.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'
import { aFilm, sendChunk } from '#tests/recording/film.ts'

const value = async <T>(reply: Promise<Response>) => ((await (await reply).json()) as { value: T }).value
const replayOf = (room: Classroom, who: Member) => value<ReplayPage>(who.fetch('GET', `/api/rooms/${room.room}/replay`))

it('the replay tells each what they may know; the absent answer, watch, and have caught up; nobody else gets a byte', async () => {
  const room = await aClassroom()
  const [claire, awa, louis, olga, eve] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Awa', 'learner'),
    room.aMember('Louis', 'learner'),
    room.aMember('Olga', 'observer'),
    room.aMember('Eve', null),
  ])
  const [c, a] = [await room.enter(claire), await room.enter(awa)]
  // Long enough for those who stay to have been present at the lesson.
  room.clock.forward(120_000)
  const part = newId()
  const film = await aFilm(6)
  await c.send('recording:start', { part })
  const start = room.clock.now()
  await a.send('chat:say', { message: newId(), text: 'Bonjour à tous' })
  const [question, right, wrong] = [newId(), newId(), newId()]
  const typed = {
    text: 'Combien ?',
    choices: [
      { id: right, text: 'Douze' },
      { id: wrong, text: 'Cent' },
    ],
    right,
    explanation: 'Une douzaine en compte douze.',
  }
  // It is asked from the bank.
  const bank = `/api/spocs/${room.spoc}/questions`
  const { ids } = await value<{ ids: [string] }>(claire.fetch('POST', bank, { session: null, questions: [typed] }))
  await c.send('quiz:open', { question, prepared: ids[0], typed: null, seconds: null })
  await a.send('quiz:answer', { question, choice: wrong })
  await c.send('quiz:close', { question })
  await c.send('quiz:reveal', { question })
  const number = newId()
  const figures = { text: 'En chiffres ?', choices: [], right: null, explanation: '', kind: 'number', value: 12, tolerance: 0 }
  await c.send('quiz:open', { question: number, prepared: null, typed: figures, seconds: null })
  await c.send('quiz:close', { question: number })
  await c.send('quiz:reveal', { question: number })
  // The lesson lasts as long as its film.
  room.clock.forward(6000)
  for (const [seq, bytes] of film.entries())
    expect(
      (await sendChunk(room, claire, part, seq, bytes, ((seq + 1) * 6000) / film.length, start + ((seq + 1) * 6000) / film.length)).status,
    ).toBe(200)
  await c.send('recording:stop', {})
  expect((await claire.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(200)
  expect((await louis.fetch('GET', `/api/rooms/${room.room}/replay`)).status).toBe(404)
  await claire.fetch('POST', `/api/rooms/${room.room}/recording/${part}/finish`, { chunks: film.length })
  const standing = async () => (await value<RecordingPage>(louis.fetch('GET', `/api/rooms/${room.room}/recording`))).state
  await expect.poll(standing, { timeout: 30_000 }).toBe('ready')

  // Another version takes its place in the bank, and then goes too: the lesson is replayed as it was held.
  const newer = {
    ...typed,
    text: 'Combien, au juste ?',
    choices: [{ id: newId(), text: 'Treize' }, ...typed.choices.slice(1)],
    right: wrong,
  }
  expect((await claire.fetch('PUT', `${bank}/${ids[0]}`, newer)).status).toBe(200)
  const asked = (await replayOf(room, louis)).lanes.questions[0]
  expect(asked).toMatchObject({ id: question, text: 'Combien ?', choices: typed.choices, mine: null, revealed: null })
  expect((await claire.fetch('DELETE', `${bank}/${ids[0]}`)).status).toBe(200)
  expect((await replayOf(room, louis)).lanes.questions[0]).toEqual(asked)

  for (const path of ['', '/board', '/standing'])
    expect((await eve.fetch('GET', `/api/rooms/${room.room}/replay${path}`)).status, path).toBe(404)
  expect((await eve.fetch('PUT', `/api/rooms/${room.room}/replay/progress`, { position: 0, watched: [] })).status).toBe(404)

  // Awa was there and answered; Louis was not and must not know yet; an observer sees what was shown to all.
  const raw = await (await louis.fetch('GET', `/api/rooms/${room.room}/replay`)).text()
  expect(raw).toContain('Bonjour à tous')
  expect(raw).not.toContain('douzaine')
  expect(raw).not.toMatch(/"right":"/)
  // Where the films are kept is nobody's business.
  expect(raw).not.toContain(room.spoc)
  expect((await replayOf(room, louis)).standing).toEqual({ presence: 'absent', covered: 0, questions: 2, answered: 0 })
  expect(await replayOf(room, awa)).toMatchObject({
    standing: { presence: 'present' },
    lanes: {
      questions: [
        { mine: { choice: wrong, live: true }, revealed: { right, tally: { [right]: 0, [wrong]: 1 } } },
        { kind: 'number', revealed: null },
      ],
    },
  })
  expect(await replayOf(room, olga)).toMatchObject({
    standing: null,
    lanes: {
      questions: [
        { mine: null, revealed: { right } },
        { mine: null, revealed: { value: 12, tally: {} } },
      ],
    },
  })

  // An answer in the replay: once, by learners, to what was asked; it never changes what was counted in the lesson.
  const answer = (who: Member, choice: string, which = question) =>
    who.fetch('POST', `/api/rooms/${room.room}/replay/answers`, { question: which, choice })
  expect((await answer(olga, right)).status).toBe(403)
  expect((await answer(awa, right)).status).toBe(409)
  expect((await answer(louis, newId())).status).toBe(409)
  const answered = await value<{ question: ReplayedQuestion; standing: CatchingUp }>(answer(louis, right))
  expect(answered).toMatchObject({
    question: { mine: { choice: right, live: false }, revealed: { right, tally: { [right]: 0, [wrong]: 1 } } },
    standing: { presence: 'absent', answered: 1 },
  })
  expect((await answer(louis, right)).status).toBe(200)
  expect((await answer(louis, wrong)).status).toBe(409)
  expect(await (await answer(louis, 'douze', number)).json()).toMatchObject({ code: 'replay/no-number' })
  expect(await value<unknown>(answer(louis, ' 12,0 ', number))).toMatchObject({
    question: { mine: { choice: '12', live: false }, revealed: { value: 12 } },
    standing: { answered: 2 },
  })

  // Awa let the number pass in the lesson, and misses it in the replay: her one card says so now. Louis keeps what he skipped.
  expect((await awa.fetch('POST', `/api/rooms/${room.room}/replay/answers`, { question: number, choice: '13', unsure: true })).status).toBe(
    200,
  )
  const deck = async (who: Member) =>
    (await value<{ later: { text: string; reason: string }[] }>(who.fetch('GET', '/api/deck'))).later
      .map(({ text, reason }) => `${text} ${reason}`)
      .sort()
  await expect.poll(() => deck(awa), { timeout: 30_000 }).toEqual(['Combien ? missed', 'En chiffres ? missed'])
  expect(await deck(louis)).toEqual(['Combien ? skipped', 'En chiffres ? skipped'])

  const watch = (who: Member, watched: [number, number][]) =>
    value<CatchingUp | null>(who.fetch('PUT', `/api/rooms/${room.room}/replay/progress`, { position: 3000, watched }))
  expect(await watch(louis, [[0, 4]])).toMatchObject({ presence: 'absent' })
  expect(
    await watch(louis, [
      [0, 4],
      [5, 6],
    ]),
  ).toMatchObject({ presence: 'caught-up', answered: 2 })
  expect(await watch(olga, [[0, 6]])).toBeNull()
  expect((await replayOf(room, louis)).position).toBe(3000)

  const team = await value<{ learners: { person: string; presence: string }[] }>(
    claire.fetch('GET', `/api/rooms/${room.room}/replay/standing`),
  )
  expect(team.learners.map(({ person, presence }) => [person, presence]).sort()).toEqual(
    [
      [awa.id, 'present'],
      [louis.id, 'caught-up'],
    ].sort(),
  )
  const own = await value<{ learners: unknown[]; mine: CatchingUp }>(louis.fetch('GET', `/api/rooms/${room.room}/replay/standing`))
  expect(own).toMatchObject({ learners: [], mine: { presence: 'caught-up' } })

  // Chapters: written by those who lead, and back to those that were made.
  const chapters = [{ at: start + 1000, kind: 'own', title: 'Le calcul' }]
  expect((await louis.fetch('PUT', `/api/rooms/${room.room}/replay/chapters`, { chapters })).status).toBe(403)
  await claire.fetch('PUT', `/api/rooms/${room.room}/replay/chapters`, { chapters })
  expect(await replayOf(room, louis)).toMatchObject({ chapters, edited: true })
  await claire.fetch('DELETE', `/api/rooms/${room.room}/replay/chapters`)
  expect(await replayOf(room, louis)).toMatchObject({ chapters: [{ kind: 'start' }], edited: false })

  // Captions: written by those who lead, read by whoever may watch, and nobody else.
  const captions = (who: Member, body: string, base?: string) =>
    fetch(`${room.base}/api/rooms/${room.room}/replay/captions${base === undefined ? '' : `?base=${base}`}`, {
      method: 'PUT',
      headers: { cookie: who.cookie, origin: room.base, 'content-type': 'text/vtt' },
      body,
    })
  const readCaptions = (who: Member) => who.fetch('GET', `/api/rooms/${room.room}/replay/captions`)
  const vtt = 'WEBVTT\n\n00:01.000 --> 00:02.000\nCombien en compte <b>une</b> douzaine ?\n'
  expect((await readCaptions(louis)).status).toBe(404)
  expect((await captions(louis, vtt)).status).toBe(403)
  expect((await captions(eve, vtt)).status).toBe(404)
  expect(await (await captions(claire, 'WEBVTT\n\nrien')).json()).toMatchObject({ code: 'replay/captions-unreadable', detail: '3' })
  expect(await (await captions(claire, `WEBVTT\n\n${'x'.repeat(1_000_001)}`)).json()).toMatchObject({ code: 'replay/captions-too-large' })
  const first = await value<{ version: string }>(captions(claire, vtt))
  expect(await replayOf(room, louis)).toMatchObject({ captioned: true })
  const read = await readCaptions(olga)
  expect(read.headers.get('content-type')).toContain('text/vtt')
  expect(read.headers.get(captionsVersion)).toBe(first.version)
  expect(await read.text()).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nCombien en compte une douzaine ?\n')
  expect((await readCaptions(eve)).status).toBe(404)
  // [P8] Who did not see them neither writes over them nor takes them away.
  const changed = { ok: false, code: 'replay/captions-changed' }
  const other = vtt.replace('Combien', 'Alors, combien')
  expect(await (await captions(claire, other)).json()).toEqual(changed)
  const second = await value<{ version: string }>(captions(claire, other, first.version))
  expect(await (await captions(claire, vtt, first.version)).json()).toEqual(changed)
  const remove = (base: string) => claire.fetch('DELETE', `/api/rooms/${room.room}/replay/captions?base=${base}`)
  expect(await (await remove(first.version)).json()).toEqual(changed)
  expect(await (await readCaptions(olga)).text()).toContain('Alors, combien')
  expect((await remove(second.version)).status).toBe(200)
  expect(await replayOf(room, louis)).toMatchObject({ captioned: false })
})

it('who was absent learns first that the replay is ready, who was there an hour later, each once; strangers never', async () => {
  const room = await aClassroom()
  const [claire, awa, louis, ines, nora] = await Promise.all([
    room.aMember('Claire', 'trainer'),
    room.aMember('Awa', 'learner'),
    room.aMember('Louis', 'learner'),
    room.aMember('Ines', 'learner'),
    room.aMember('Nora', 'learner'),
  ])
  // Louis is not to be disturbed in these hours, Nora never is; Ines wants nothing of this by mail.
  const minute = minutesOf(room.clock.now(), 'Europe/Paris')
  const choose = async (who: Member, quiet: { from: number; to: number }, replays: boolean) => {
    const mail = { calendar: true, reminders: true, path: true, replays, answers: true }
    expect((await who.fetch('PUT', '/api/me/notice-choices', { mail, quiet })).status).toBe(200)
  }
  await choose(louis, { from: (minute + 1380) % 1440, to: (minute + 300) % 1440 }, true)
  await choose(ines, { from: 0, to: 0 }, false)
  await choose(nora, { from: 0, to: 0 }, true)
  await choose(awa, { from: 0, to: 0 }, true)
  const c = await room.enter(claire)
  await room.enter(awa)
  room.clock.forward(120_000)
  const part = newId()
  const film = await aFilm(6)
  await c.send('recording:start', { part })
  const start = room.clock.now()
  room.clock.forward(6000)
  for (const [seq, bytes] of film.entries())
    await sendChunk(room, claire, part, seq, bytes, ((seq + 1) * 6000) / film.length, start + ((seq + 1) * 6000) / film.length)
  await c.send('recording:stop', {})
  await claire.fetch('POST', `/api/rooms/${room.room}/recording/${part}/finish`, { chunks: film.length })
  const told = async (who: Member) =>
    (await value<{ facts: { kind: string } }[]>(who.fetch('GET', '/api/notices'))).filter(({ facts }) => facts.kind === 'replay-ready')
  await expect.poll(() => told(louis), { timeout: 30_000 }).toMatchObject([{ facts: { absent: true } }])
  for (const absent of [ines, nora]) expect(await told(absent)).toMatchObject([{ facts: { absent: true } }])
  expect(await told(awa)).toEqual([])
  expect(await told(claire)).toEqual([])
  const letters = async () =>
    (await room.db.read((tx) => tx.select().from(mails).orderBy(asc(mails.recipient))))
      .filter(({ cause }) => cause === `replay:${room.room}`)
      .map(({ recipient, subject, text, due, created }) => ({ recipient, subject, text, waits: due - created }))
  const absents = await letters()
  expect(absents.map(({ recipient }) => recipient)).toEqual(['louis@example.org', 'nora@example.org'])
  expect(absents[0]?.waits).toBeGreaterThan(4 * 3_600_000)
  expect(absents[1]).toMatchObject({ waits: 0, subject: expect.stringContaining('Le replay est prêt : ') as string })
  for (const { text } of absents) expect(text).toContain(`\n${room.base}/sessions/${room.session}/replay\n`)
  room.clock.forward(3_601_000)
  await expect.poll(() => told(awa), { timeout: 30_000 }).toMatchObject([{ facts: { absent: false } }])
  for (const each of [louis, ines, nora]) expect(await told(each)).toHaveLength(1)
  const all = await letters()
  expect(all.map(({ recipient }) => recipient)).toEqual(['awa@example.org', 'louis@example.org', 'nora@example.org'])
  expect(all[0]?.text).toContain('revoir')
})
