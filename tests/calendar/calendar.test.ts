import { afterEach, describe, expect, it } from 'vitest'
import type { Notice, NoticeChoices } from '#shared/notices/wire.ts'
import { invitationIcs } from '#server/calendar/ics.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { rooms } from '#server/live/tables.ts'
import { bookings, calls } from '#server/mentoring/tables.ts'
import { onEachEngine } from '#tests/support/store.ts'
import { aCourse, day, eventIn, hour, method, minute, morning, otherEventIn, soon } from './course.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))

describe('a calendar entry', () => {
  const event = {
    id: 'session-1',
    sequence: 3,
    title: 'Rythme, débit ; silence\\pause',
    description: 'Un SPOC\nsur deux lignes, avec un texte assez long pour devoir être plié à soixante-quinze octets, accents compris.',
    starts: morning,
    ends: morning + hour,
    link: 'https://cercle.example/sessions/1',
    cancelled: false,
  }
  const organizer = { name: 'Cercle', email: 'cercle@example.org' }
  const awa = { name: 'Awa Diop, « élève »', email: 'awa@example.org' }

  it.each([
    ['REQUEST', event],
    ['CANCEL', { ...event, cancelled: true, sequence: 4 }],
  ])('of the method %s is read the same by two independent readers', (expected, given) => {
    const ics = invitationIcs(given, organizer, awa, morning)
    expect(ics.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true)
    expect(method(ics)).toBe(expected)
    const read = eventIn(ics)
    expect({ uid: read.uid, sequence: read.sequence, title: read.summary }).toEqual({
      uid: 'session-1@cercle',
      sequence: given.sequence,
      title: event.title,
    })
    expect(read.startDate.toJSDate().getTime()).toBe(event.starts)
    expect(read.endDate.toJSDate().getTime()).toBe(event.ends)
    expect(read.attendees[0]?.getParameter('cn')).toBe(awa.name)

    const other = otherEventIn(ics)
    expect({ uid: other.uid, title: other.summary, starts: other.start.getTime() }).toEqual({
      uid: read.uid,
      title: event.title,
      starts: event.starts,
    })
    expect(other.status).toBe(given.cancelled ? 'CANCELLED' : 'CONFIRMED')
    expect(Number(other.sequence)).toBe(given.sequence)
  })
})

onEachEngine((aStore) => {
  const course = async () => aCourse(await aStore(), loops)

  it('[K1, K2] several changes within ten minutes make one mail, which says the last word; the observer gets none', async () => {
    const { owner, plan, sent, later } = await course()
    const session = await plan(morning + 3 * day)
    await later(4 * minute)
    await owner.ask('PATCH', `/api/sessions/${session}`, { starts: morning + 4 * day, ends: morning + 4 * day + hour })
    await later(8 * minute)
    expect(await sent()).toEqual([])
    await later(3 * minute)
    await soon(async () => (await sent()).map(({ recipient }) => recipient).sort()).toEqual(['awa@example.org', 'nadia@example.org'])
    const [mail] = await sent()
    expect(method(mail?.ics ?? '')).toBe('REQUEST')
    // Told before anything is recorded: in the letter, and in the calendar that keeps no letters.
    for (const words of [mail?.text, eventIn(mail?.ics ?? '').description]) expect(words).toContain('La séance peut être enregistrée')
    expect(
      eventIn(mail?.ics ?? '')
        .startDate.toJSDate()
        .getTime(),
    ).toBe(morning + 4 * day)
  })

  it('[K2, K3] a move tells the old and the new time under the same identity; a cancellation ends it; nothing is told twice', async () => {
    const { owner, plan, sent, later, awa } = await course()
    const session = await plan(morning + 3 * day)
    await later(11 * minute)
    await soon(async () => (await sent()).length).toBe(2)
    await owner.ask('PATCH', `/api/sessions/${session}`, { intention: 'Rien que d’autres mots' })
    await later(11 * minute)
    await owner.ask('PATCH', `/api/sessions/${session}`, { starts: morning + 5 * day, ends: morning + 5 * day + hour })
    await later(11 * minute)
    await soon(async () => (await sent()).length).toBe(4)
    await owner.post(`/api/sessions/${session}/cancel`)
    await later(11 * minute)
    await soon(async () => (await sent()).length).toBe(6)

    const toAwa = (await sent()).filter(({ recipient }) => recipient === 'awa@example.org')
    expect(toAwa.map(({ ics }) => method(ics))).toEqual(['REQUEST', 'REQUEST', 'CANCEL'])
    expect(toAwa[1]?.text).toMatch(/Avant : vendredi 27 novembre 2026.*\nMaintenant : dimanche 29 novembre 2026/)
    const uids = toAwa.map(({ ics }) => eventIn(ics))
    expect(new Set(uids.map(({ uid }) => uid)).size).toBe(1)
    expect(uids.map(({ sequence }) => sequence)).toEqual([...uids.map(({ sequence }) => sequence)].sort((a, b) => a - b))
    expect(new Set(uids.map(({ sequence }) => sequence)).size).toBe(3)

    const notices = await awa.get<Notice[]>('/api/notices')
    expect(notices.ok && notices.value.map(({ facts, seen }) => [facts.kind, seen])).toEqual([
      ['session-cancelled', false],
      ['session-moved', false],
      ['session-scheduled', false],
    ])
    await awa.post('/api/notices/seen', { upTo: notices.ok ? notices.value[1]?.id : '' })
    const after = await awa.get<Notice[]>('/api/notices')
    expect(after.ok && after.value.map(({ seen }) => seen)).toEqual([false, true, true])
  })

  it('[K4, N2, N3] reminds the day before and an hour before; who wants none gets none; the evening waits, the last hour does not', async () => {
    const { plan, sent, later, awa, owner } = await course()
    await owner.ask('PUT', '/api/me/notice-choices', {
      mail: { calendar: false, reminders: false, path: true, replays: true, answers: true },
      quiet: { from: 0, to: 0 },
    })
    // At half past eleven in the evening, in three days: its day-before reminder falls into the quiet hours, and so does its last one.
    await plan(morning + 3 * day + 13.5 * hour)
    await later(11 * minute)
    await soon(async () => (await sent()).length).toBe(1)
    await later(2 * day + 13.5 * hour)
    await soon(async () => (await sent()).length).toBe(2)
    await later(day - 30 * minute)
    await soon(async () => (await sent()).length).toBe(3)
    const [, before, last] = await sent()
    expect(before).toMatchObject({ recipient: 'awa@example.org', subject: 'Demain : Donner le rythme', due: morning + 2 * day + 21 * hour })
    expect(last).toMatchObject({ subject: 'Dans une heure : Donner le rythme' })
    for (const reminder of [before, last]) expect(reminder?.text).toMatch(/\nhttps:\/\/cercle\.example\/\S+\n/)
    expect(last?.due).toBeLessThanOrEqual(morning + 3 * day + 13.5 * hour + 11 * minute)
    const choices = await awa.get<NoticeChoices>('/api/me/notice-choices')
    expect(choices.ok && choices.value.mail.reminders).toBe(true)
  })

  it('[K5] the private address shows one’s own sessions without a sign-in, until it is replaced or ended', async () => {
    const { db, door, plan, awa, owner, spoc } = await course()
    const session = await plan(morning + 3 * day)
    const anybody = door.aBrowser()
    const make = async () => {
      const made = await awa.post<{ address: string }>('/api/me/calendar')
      return made.ok ? new URL(made.value.address).pathname : ''
    }
    const first = await make()
    const reply = await anybody.fetch(first)
    expect(reply.headers.get('content-type')).toMatch(/^text\/calendar/)
    const ics = await reply.text()
    expect(method(ics)).toBe('PUBLISH')
    expect(eventIn(ics).uid).toBe(`${session}@cercle`)
    // A call that she booked is in it too; one of somebody else is not.
    await db.transaction(async (tx) => {
      const call = {
        spoc,
        mentor: owner.person,
        starts: morning + day,
        ends: morning + day + hour,
        free: morning + day + hour,
        cutoff: 24,
        capacity: 1,
      }
      for (const id of ['mine', 'other']) {
        await tx.insert(rooms).values({ id: `room-${id}`, spoc, kind: 'call', created: morning })
        const starts = id === 'mine' ? call.starts : call.starts + 2 * hour
        const times = { starts, ends: starts + hour, free: starts + hour }
        await tx
          .insert(calls)
          .values({ ...call, ...times, id, room: `room-${id}`, zone: 'Europe/Paris', place: 'video', address: '', created: morning })
      }
      await tx.insert(bookings).values({ call: 'mine', person: awa.person, author: awa.person, at: morning })
    })
    const entries = await (await anybody.fetch(first)).text()
    expect(entries).toContain('UID:mine@cercle')
    expect(entries).not.toContain('UID:other@cercle')
    const second = await make()
    expect((await anybody.fetch(first)).status).toBe(404)
    expect((await anybody.fetch(second)).status).toBe(200)
    await awa.delete('/api/me/calendar')
    expect((await anybody.fetch(second)).status).toBe(404)
    expect(await awa.get('/api/me/calendar')).toMatchObject({ value: { there: false } })
  })
})
