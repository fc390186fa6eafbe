import { expect, it } from 'vitest'
import { followupRoutes, type Care, type CatchUp } from '#shared/followup/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { readyWeek } from '#shared/mentoring/rules.ts'
import type { Result } from '#shared/result.ts'
import { attendanceLines } from '#server/attendance/tables.ts'
import { newId } from '#server/db/ids.ts'
import { followupHandlers } from '#server/followup/routes.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { happenings } from '#server/live/tables.ts'
import { book, findNextTime } from '#server/mentoring/booking.store.ts'
import { putCall } from '#server/mentoring/call.store.ts'
import { saveOffer } from '#server/mentoring/offer.store.ts'
import type { Handlers } from '#server/http/door.ts'
import { addActivity, addPersonal, markDone } from '#server/path/activities.store.ts'
import { readShares } from '#server/attendance/presence.ts'
import { listLate } from '#server/path/everybody.store.ts'
import { handIns } from '#server/path/tables.ts'
import { newActivity } from '#shared/path/wire.ts'
import { createSession } from '#server/session/store.ts'
import { recordingObjections, recordingParts, recordings } from '#server/recording/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const hour = 3_600_000
const day = 24 * hour
const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(said.code)
  return said.value
}

onEachEngine((aStore) => {
  /** A lesson took place yesterday: Awa was there, Louis was not. */
  async function aCourse() {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: followupRoutes,
      handlers: followupHandlers({
        late: listLate,
        attended: readShares,
        nextTime: findNextTime,
      }) as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const [marc, awa, louis] = [await aMember('Marc', 'mentor'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
    const now = door.clock.now()
    const session = await db.transaction(async (tx) => {
      await tx.update(members).set({ since: now - 10 * day })
      const made = must(
        await createSession(tx, { spoc, title: 'Donner le rythme', intention: '', starts: now - day, ends: now - day + hour }, now),
      )
      const seat = { seat: 'a-seat', boot: 'a-boot' }
      await tx.insert(happenings).values([
        {
          room: made.room,
          seq: 1,
          at: now - day,
          person: awa.person,
          kind: 'attendance:entered',
          v: 1,
          payload: { ...seat, role: 'learner' },
        },
        {
          room: made.room,
          seq: 2,
          at: now - day + hour,
          person: null,
          kind: 'attendance:left',
          v: 1,
          payload: { seat: 'a-seat', person: awa.person, heard: now - day + hour, boot: 'a-boot' },
        },
        { room: made.room, seq: 3, at: now - day + hour, person: null, kind: 'quiz:opened', v: 1, payload: { question: 'q1' } },
        { room: made.room, seq: 4, at: now - day + hour, person: null, kind: 'quiz:opened', v: 1, payload: { question: 'q2' } },
        { room: made.room, seq: 5, at: now - day + hour, person: null, kind: 'quiz:cancelled', v: 1, payload: { question: 'q2' } },
      ])
      return made
    })
    const care = async (who: Browser) => must(await who.get<Care>(`/api/spocs/${spoc}/care`)).people
    const told = async (who: Browser) =>
      (await care(who)).map(({ person, reasons }) => `${person.name}: ${reasons.map(({ kind }) => kind).join(' ')}`)
    return { db, door, spoc, owner, marc, awa, louis, now, session, care, told }
  }

  it('[F1–F4] names who needs the team with every reason, and no longer what was mended', async () => {
    const { db, spoc, owner, marc, awa, louis, now, session, care, told } = await aCourse()
    expect(await told(owner)).toEqual(['Louis: absent'])
    await db.transaction(async (tx) => {
      const page = newActivity.parse({
        title: 'Lire le module 1',
        due: now - 2 * day,
        state: 'published',
        detail: { kind: 'page', text: 'Le texte' },
      })
      const { id } = must(await addActivity(tx, spoc, owner.person, page, now - 5 * day))
      await markDone(tx, { activity: id, person: louis.person, state: 'read', by: louis.person, now })
      const work = newActivity.parse({ title: 'Une page', state: 'published', required: false, detail: { kind: 'assignment', about: '' } })
      const assignment = must(await addActivity(tx, spoc, owner.person, work, now - 5 * day)).id
      await tx.insert(handIns).values([
        {
          id: newId(),
          activity: assignment,
          person: awa.person,
          text: 'Un',
          at: now - 4 * day,
          feedback: 'Bien',
          feedbackBy: owner.person,
        },
        { id: newId(), activity: assignment, person: awa.person, text: 'Deux', at: now - 3 * day },
      ])
      const asked = { spoc, place: { kind: 'course' as const }, placeTitle: '' }
      await tx.insert(inquiries).values([
        { ...asked, id: newId(), author: louis.person, text: 'Quand ?', asked: now - 3 * day },
        { ...asked, id: newId(), author: awa.person, text: 'Pourquoi ?', asked: now - hour },
      ])
      must(await saveOffer(tx, spoc, marc.person, { ...readyWeek('Europe/Paris'), notice: 0 }))
      const time = await findNextTime(tx, spoc, louis.person, now)
      const call = { spoc, mentor: marc.person, person: louis.person, starts: time?.starts ?? 0, about: '', by: 'learner' as const }
      await putCall(tx, must(await book(tx, call, now)).call, { starts: now - 5 * day, state: 'missed' })
    })
    expect(await told(marc)).toEqual(['Louis: missed-call question absent', 'Awa: work late'])
    // A call is its mentor's alone: the others learn that there was one.
    const rooms = async (who: Browser) =>
      (await care(who)).flatMap(({ reasons }) => reasons.flatMap((one) => (one.kind === 'missed-call' ? [one.room !== null] : [])))
    expect([await rooms(marc), await rooms(owner)]).toEqual([[true], [false]])

    await db.transaction(async (tx) => {
      const task = await addPersonal(tx, { spoc, person: louis.person, title: 'Rattraper', session: session.id, by: null, now })
      await markDone(tx, { activity: task.id, person: louis.person, state: 'caught-up', by: null, now })
    })
    expect(await told(owner)).toEqual(['Louis: missed-call question', 'Awa: work late'])
  })

  it('[F9] names who contests their presence, until a correction comes after it; a second contestation counts again', async () => {
    const { db, spoc, owner, awa, session, now, told } = await aCourse()
    const line = (kind: 'contestation' | 'correction', at: number, half = '2026-11-01:am') =>
      db.transaction((tx) =>
        tx.insert(attendanceLines).values({
          ...{ id: newId(), event: session.id, half, person: awa.person, kind, reason: 'Par téléphone', at },
          minutes: kind === 'correction' ? 60 : null,
          author: kind === 'correction' ? owner.person : awa.person,
        }),
      )
    await line('contestation', now - 3 * hour)
    expect(await told(owner)).toEqual(['Louis: absent', 'Awa: contested'])
    await line('correction', now - 2 * hour)
    expect(await told(owner)).toEqual(['Louis: absent'])
    await line('contestation', now - hour)
    await line('correction', now - hour / 2, '2026-11-01:pm')
    expect(await told(owner)).toEqual(['Louis: absent', 'Awa: contested'])
    expect(must(await owner.get<Care>(`/api/spocs/${spoc}/care`)).people[1]?.reasons).toEqual([
      { kind: 'contested', event: session.id, title: 'Donner le rythme', since: now - hour },
    ])
  })

  it('[F7] is refused to who is not of the team; the sum over one’s SPOCs is empty for them', async () => {
    const { door, spoc, owner, awa } = await aCourse()
    expect(await awa.get(`/api/spocs/${spoc}/care`)).toMatchObject({ status: 403 })
    expect(must(await awa.get<Care[]>('/api/care'))).toEqual([])
    expect(must(await owner.get<Care[]>('/api/care')).map(({ people }) => people.map(({ person }) => person.name))).toEqual([['Louis']])
    const stranger = await door.signedIn('Zoe')
    expect(await stranger.get(`/api/spocs/${spoc}/care`)).toMatchObject({ status: 404 })
  })

  it('[F2] tells who was absent what to catch up: the questions left, a time with a mentor; who was there nothing', async () => {
    const { db, spoc, marc, awa, louis, now, session } = await aCourse()
    const catchUps = async (who: Browser) => must(await who.get<CatchUp[]>('/api/catch-ups'))
    expect(await catchUps(awa)).toEqual([])
    expect(await catchUps(louis)).toMatchObject([{ session: session.id, number: 1, questions: 1, film: false, activity: null, slot: null }])
    await db.transaction((tx) => saveOffer(tx, spoc, marc.person, readyWeek('Europe/Paris')))
    const [there] = await catchUps(louis)
    expect(there?.slot?.mentor.name).toBe('Marc')
    expect(there?.slot?.starts).toBeGreaterThan(now)
    expect(await catchUps(marc)).toEqual([])
    // Its film may be watched, until somebody objects to it.
    await db.transaction(async (tx) => {
      await tx.insert(recordings).values({ room: session.room, started: now - day, keptUntil: now + 300 * day })
      const part = { id: newId(), room: session.room, person: marc.person, seat: 'a-seat', started: now - day, ended: now - day + hour }
      await tx.insert(recordingParts).values({ ...part, complete: true, film: 'a-film', filmType: 'video/mp4', filmSize: 9, duration: 9 })
    })
    expect(await catchUps(louis)).toMatchObject([{ film: true }])
    await db.transaction((tx) => tx.insert(recordingObjections).values({ room: session.room, person: awa.person, at: now }))
    expect(await catchUps(louis)).toMatchObject([{ film: false }])
  })
})
