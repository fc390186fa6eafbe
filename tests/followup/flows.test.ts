import { afterEach, expect, it } from 'vitest'
import type { CatchUp } from '#shared/followup/wire.ts'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { Road } from '#shared/path/wire.ts'
import type { Session } from '#shared/session/wire.ts'
import { newId } from '#server/db/ids.ts'
import { inquiries } from '#server/inbox/tables.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { happenings } from '#server/live/tables.ts'
import { recordings } from '#server/recording/tables.ts'
import { aCourse, day, hour, minute, morning, must, soon } from '#tests/calendar/course.ts'
import type { Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const loops: Loop[] = []
const stop = async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop())))
afterEach(stop)

onEachEngine((aStore) => {
  /** A lesson of an hour that Awa follows to its end, Louis for ten minutes, with two questions to the team left open. */
  async function aLesson() {
    const course = await aCourse(await aStore(), loops)
    const { db, spoc, awa, owner, plan, later } = course
    const [louis, marc] = [await course.aMember('Louis', 'learner'), await course.aMember('Marc', 'mentor')]
    must(await marc.put(`/api/spocs/${spoc}/offer`, readyWeek('Europe/Paris')))
    const starts = morning + 3 * day
    const id = await plan(starts)
    const { room } = must(await owner.get<Session>(`/api/sessions/${id}`))
    await later(3 * day + hour)
    const line = (seq: number, at: number, kind: string, payload: object, person: string | null = null) => ({
      ...{ room, seq, at, kind, v: 1, person, payload },
    })
    const comes = (seq: number, who: Browser & { person: string }, leaves: number) => [
      line(seq, starts, 'attendance:entered', { seat: `seat-${seq}`, boot: 'a-boot', role: 'learner' }, who.person),
      line(seq + 1, leaves, 'attendance:left', { seat: `seat-${seq}`, person: who.person, heard: leaves, boot: 'a-boot' }),
    ]
    await db.transaction(async (tx) => {
      await tx
        .insert(happenings)
        .values([
          ...comes(1, awa, starts + hour),
          ...comes(3, louis, starts + 10 * minute),
          line(5, starts + minute, 'board:opened', { document: `${room}-board` }),
          line(6, starts + minute, 'chat:said', { message: newId() }, awa.person),
          line(7, starts + minute, 'chat:said', { message: newId() }, awa.person),
          line(8, starts + minute, 'quiz:opened', { question: 'q1', choices: [], right: null }),
          line(9, starts + 2 * minute, 'quiz:revealed', { question: 'q1' }),
        ])
      await tx.insert(recordings).values({ room, started: starts, keptUntil: starts + 100 * day })
      const asked = {
        spoc,
        author: awa.person,
        place: { kind: 'session' as const, session: id },
        placeTitle: 'Donner le rythme',
        asked: starts,
      }
      await tx.insert(inquiries).values([
        { ...asked, id: newId(), text: 'Et le son ?' },
        { ...asked, id: newId(), text: 'Et la lumière ?', owner: marc.person },
        { ...asked, id: newId(), text: 'Répondue', state: 'answered' as const },
        { ...asked, id: newId(), text: 'Ailleurs', place: { kind: 'course' as const } },
      ])
    })
    const owners = async () =>
      Object.fromEntries((await db.read((tx) => tx.select().from(inquiries))).map(({ text, owner: has }) => [text, has]))
    const own = async (who: Browser) =>
      must(await who.get<Road>(`/api/spocs/${spoc}/road`))
        .steps.filter((step) => step.own)
        .map(({ title, due }) => ({ title, due }))
    return { ...course, louis, marc, id, starts, owners, own }
  }

  it('a session that is ended tells what was kept to who was there, and gives who was absent a way to catch up, once', async () => {
    const { owner, awa, louis, marc, id, starts, noticed, own, sent, settled, start, later } = await aLesson()
    must(await owner.post(`/api/sessions/${id}/end`))
    await settled()
    // It may still be reopened: nothing is told yet.
    expect([await noticed(louis), await own(louis)]).toEqual([[], []])
    await later(15 * minute)
    await soon(() => own(louis)).toHaveLength(1)
    await settled()
    const kept = { kind: 'session-kept', session: id, title: 'Donner le rythme', messages: 2, questions: 1, board: true, film: true }
    for (const who of [owner, marc, awa]) expect((await noticed(who)).filter((one) => one.kind === 'session-kept')).toMatchObject([kept])
    expect((await noticed(louis)).map(({ kind }) => kind)).toEqual(['session-missed'])
    expect(await own(awa)).toEqual([])
    const [task, ...others] = await own(louis)
    expect([task?.title, others]).toEqual(['Rattraper la séance 1', []])
    // A week from when it was told on, give or take what this test takes.
    expect((task?.due ?? 0) - (starts + hour + 15 * minute + 7 * day)).toBeLessThan(minute)
    expect(task?.due).toBeGreaterThanOrEqual(starts + hour + 7 * day)
    const [catchUp] = must(await louis.get<CatchUp[]>('/api/catch-ups'))
    expect(catchUp).toMatchObject({ session: id, number: 1, questions: 1, slot: { mentor: { name: 'Marc' } } })
    expect(catchUp?.activity).toEqual(expect.any(String))
    const letters = async () =>
      (await sent()).filter(({ subject }) => subject.startsWith('Une séance à rattraper')).map(({ recipient }) => recipient)
    expect(await letters()).toEqual(['louis@example.org'])

    // A server that is killed and started again adds nothing, nor does the time at which nobody would have ended it.
    await stop()
    await start()
    expect(must(await louis.get<CatchUp[]>('/api/catch-ups'))).toHaveLength(1)
    expect(await own(louis)).toHaveLength(1)
    expect(await letters()).toHaveLength(1)
  })

  it('[S13] a session that was held elsewhere makes nobody absent from its empty room', async () => {
    const { owner, louis, starts, plan, own, noticed, later, settled } = await aLesson()
    const elsewhere = await plan(starts + 2 * hour)
    await later(3 * hour)
    const before = (await own(louis)).length
    must(await owner.post(`/api/sessions/${elsewhere}/end`))
    await settled()
    await later(15 * minute)
    await settled()
    expect(await own(louis)).toHaveLength(before)
    const missed = (await noticed(louis)).flatMap((one) => (one.kind === 'session-missed' ? [one.session] : []))
    expect(missed).not.toContain(elsewhere)
    expect(must(await louis.get<CatchUp[]>('/api/catch-ups')).map(({ session }) => session)).not.toContain(elsewhere)
  })

  it('a session that nobody ended is over four hours later, with the same consequences, once', async () => {
    const { owner, awa, louis, marc, id, noticed, own, owners, later, settled } = await aLesson()
    await later(4 * hour - 2 * minute)
    expect(await own(louis)).toEqual([])
    await later(3 * minute)
    await soon(() => own(louis)).toHaveLength(1)
    // Ended by hand afterwards, nothing follows again.
    must(await owner.post(`/api/sessions/${id}/end`))
    await settled()
    expect(await own(louis)).toHaveLength(1)
    expect((await noticed(awa)).filter(({ kind }) => kind === 'session-kept')).toHaveLength(1)
    // Nobody ended it: what was left open is nobody’s own yet, and the whole team is told.
    expect(await owners()).toEqual({ 'Et le son ?': null, 'Et la lumière ?': marc.person, Répondue: null, Ailleurs: null })
    for (const who of [owner, marc])
      expect((await noticed(who)).filter(({ kind }) => kind === 'questions-left')).toMatchObject([{ count: 2 }])
  })

  it('what was asked in the room and left open goes to who ended the session, and is told to them alone', async () => {
    const { owner, awa, marc, id, noticed, owners, later, settled } = await aLesson()
    must(await owner.post(`/api/sessions/${id}/end`))
    await later(15 * minute)
    await soon(async () => (await noticed(owner)).some(({ kind }) => kind === 'questions-left')).toBe(true)
    await settled()
    expect(await owners()).toEqual({ 'Et le son ?': owner.person, 'Et la lumière ?': marc.person, Répondue: null, Ailleurs: null })
    expect((await noticed(owner)).filter(({ kind }) => kind === 'questions-left')).toMatchObject([{ count: 2, session: id }])
    for (const who of [marc, awa]) expect((await noticed(who)).map(({ kind }) => kind)).not.toContain('questions-left')
  })
})
