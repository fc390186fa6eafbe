import { afterEach, expect, it } from 'vitest'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { Call, FreeTime, MentoringPage, Proposal, Wish } from '#shared/mentoring/wire.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { aCourse, day, hour, morning, must, soon } from '#tests/calendar/course.ts'
import type { Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))

onEachEngine((aStore) => {
  async function withMarc() {
    const course = await aCourse(await aStore(), loops)
    const { spoc, awa } = course
    const [marc, louis] = [await course.aMember('Marc', 'mentor'), await course.aMember('Louis', 'learner')]
    must(await marc.put(`/api/spocs/${spoc}/offer`, { ...readyWeek('Europe/Paris'), quota: 1 }))
    const at = `/api/spocs/${spoc}/mentors/${marc.person}/times?from=${morning}&to=${morning + 28 * day}`
    const starts = must(await awa.get<{ times: FreeTime[] }>(at)).times.map((time) => time.starts)
    const base = `/api/spocs/${spoc}/proposals`
    const propose = (to: string, given: readonly number[], more = {}) =>
      marc.post<Proposal>(base, { person: to, text: 'Lequel vous va ?', starts: given, ...more })
    const pick = (who: Browser, { id }: Proposal, at: number) => who.post<Call>(`${base}/${id}/pick`, { starts: at })
    const page = async (who: Browser) => must(await who.get<MentoringPage>(`/api/spocs/${spoc}/mentoring`))
    const waiting = async (who: Browser) => must(await who.get<{ proposals: Proposal[]; wishes: { waiting: number }[] }>('/api/calls'))
    return { ...course, marc, louis, starts, base, propose, pick, page, waiting }
  }

  it('a wish reaches the mentor, who answers it with times; the learner picks one, which is booked and told', async () => {
    const { awa, louis, marc, owner, spoc, starts, propose, pick, page, waiting, sent, noticed, settled } = await withMarc()
    const wish = must(await awa.post<Wish>(`/api/spocs/${spoc}/wishes`, { mentor: marc.person, text: 'Plutôt le soir' }))
    await settled()
    expect(await noticed(marc)).toMatchObject([{ kind: 'wish-sent', name: 'Awa', text: 'Plutôt le soir' }])
    expect((await sent()).map(({ recipient, subject }) => [recipient, subject])).toEqual([['marc@example.org', 'Demande d’horaire : Awa']])
    expect((await waiting(marc)).wishes).toMatchObject([{ waiting: 1 }])

    const [first = 0, second = 0, third = 0] = starts
    const proposal = must(await propose(awa.person, [third, first, second, first], { wish: wish.id }))
    expect(proposal.times.map((time) => [time.starts, time.state])).toEqual([
      [first, 'free'],
      [second, 'free'],
      [third, 'free'],
    ])
    expect((await page(marc)).wishes[0]?.answered).toEqual(expect.any(Number))
    expect((await waiting(marc)).wishes).toEqual([])
    await settled()
    expect(await noticed(awa)).toMatchObject([{ kind: 'times-proposed', name: 'Marc', count: 3 }])
    const letter = (await sent()).find(({ recipient }) => recipient === 'awa@example.org')
    expect(letter?.text?.match(/^- .*Europe\/Paris\)$/gm)).toHaveLength(3)
    // Nobody else has a trace of it.
    for (const who of [louis, owner]) {
      expect((await page(who)).proposals).toEqual([])
      expect((await waiting(who)).proposals).toEqual([])
    }
    expect(await pick(louis, proposal, first)).toMatchObject({ code: 'mentoring/not-found' })

    const call = must(await pick(awa, proposal, second))
    expect(call).toMatchObject({ starts: second, state: 'planned' })
    expect((await page(awa)).proposals[0]).toMatchObject({ state: 'taken', times: [{}, { starts: second, state: 'picked' }, {}] })
    expect(await pick(awa, proposal, first)).toMatchObject({ code: 'mentoring/proposal-over' })
    await soon(async () => (await sent()).filter(({ subject }) => subject.startsWith('Entretien réservé')).length).toBe(2)
  })

  it('[E14] asks for two to five times that are free, for a learner of the course, three proposals at most at once', async () => {
    const { awa, owner, louis, starts, propose } = await withMarc()
    const [a = 0, b = 0, c = 0] = starts
    expect(await propose(awa.person, [a])).toMatchObject({ code: 'http/bad-request' })
    expect(await propose(awa.person, [a, a])).toMatchObject({ code: 'mentoring/too-few-times' })
    expect(await propose(awa.person, starts.slice(0, 6))).toMatchObject({ code: 'http/bad-request' })
    expect(await propose(awa.person, [a, a + 60_000])).toMatchObject({ code: 'mentoring/slot-taken' })
    expect(await propose(owner.person, [a, b])).toMatchObject({ code: 'mentoring/not-a-learner' })
    expect(await propose(awa.person, [a, b], { wish: 'a-wish-that-never-was-at-all' })).toMatchObject({ code: 'mentoring/not-found' })
    for (let i = 0; i < 3; i++) must(await propose(awa.person, [a, b, c]))
    expect(await propose(awa.person, [a, b])).toMatchObject({ code: 'mentoring/full' })
    must(await propose(louis.person, [a, b]))
  })

  it('[E15] holds nothing: a time taken meanwhile says so, the other is still to be had; withdrawn or past it is over', async () => {
    const { awa, louis, marc, spoc, starts, base, propose, pick, page, later } = await withMarc()
    const [a = 0, b = 0] = starts
    const [one, two, three] = [
      must(await propose(awa.person, [a, b])),
      must(await propose(louis.person, [a, b])),
      must(await propose(louis.person, [a, b])),
    ]
    must(await awa.post<Call>(`/api/spocs/${spoc}/calls`, { mentor: marc.person, starts: a, about: '' }))
    const shown = (await page(louis)).proposals.find(({ id }) => id === two.id)
    expect(shown?.times.map(({ state }) => state)).toEqual(['taken', 'free'])
    expect(await pick(louis, two, a)).toMatchObject({ code: 'mentoring/slot-taken' })
    // Proposed by the mentor, it does not ask for the quota that Awa has spent.
    must(await pick(awa, one, b))
    expect(await marc.delete(`${base}/${one.id}`)).toMatchObject({ code: 'mentoring/proposal-over' })
    must(await marc.delete(`${base}/${three.id}`))
    expect(await louis.delete(`${base}/${two.id}`)).toMatchObject({ status: 403 })
    expect(await pick(louis, three, b)).toMatchObject({ code: 'mentoring/proposal-over' })
    await later(b - morning + hour)
    expect((await page(louis)).proposals.map(({ state }) => state).sort()).toEqual(['expired', 'withdrawn'])
    expect(await pick(louis, two, b)).toMatchObject({ code: 'mentoring/proposal-over' })
  })

  it('[E15] of two learners who pick the same proposed time, one has it', async () => {
    const { awa, louis, starts, propose, pick } = await withMarc()
    const [a = 0, b = 0] = starts
    const [one, two] = [must(await propose(awa.person, [a, b])), must(await propose(louis.person, [a, b]))]
    const said = await Promise.all([pick(awa, one, a), pick(louis, two, a)])
    expect(said.map(({ ok }) => ok).sort()).toEqual([false, true])
    expect(said.find(({ ok }) => !ok)).toMatchObject({ code: 'mentoring/slot-taken' })
  })
})
