import { asc, eq, isNull } from 'drizzle-orm'
import { setTimeout as pause } from 'node:timers/promises'
import * as Y from 'yjs'
import { describe, expect, it } from 'vitest'
import type { Opened } from '#shared/live/documents.ts'
import { notesDocument, notesRoot, readyWeek } from '#shared/mentoring/rules.ts'
import type { Call, CallPage, FreeTime, MentoringView } from '#shared/mentoring/wire.ts'
import { consequences } from '#server/consequences/tables.ts'
import { newId } from '#server/db/ids.ts'
import { mails } from '#server/mail/tables.ts'
import { putCall } from '#server/mentoring/call.store.ts'
import { saveOffer } from '#server/mentoring/offer.store.ts'
import { activities, progress } from '#server/path/tables.ts'
import { aClassroom, type Classroom, type Member, type Participant } from '#tests/support/classroom.ts'

const minute = 60_000

const said = async <T>(reply: Promise<Response>): Promise<T> => {
  const given = (await (await reply).json()) as { ok: boolean; value: T }
  expect(given).toMatchObject({ ok: true })
  return given.value
}
const code = async (reply: Promise<Response>) => ((await (await reply).json()) as { code?: string }).code

/** A mentor and two learners; one of them has booked a call, which begins in five minutes. */
async function aCall() {
  const room = await aClassroom()
  const [marc, awa, louis] = [
    await room.aMember('Marc', 'mentor'),
    await room.aMember('Awa', 'learner'),
    await room.aMember('Louis', 'learner'),
  ]
  await room.db.transaction((tx) => saveOffer(tx, room.spoc, marc.id, { ...readyWeek('Europe/Paris'), notice: 0 }))
  const now = room.clock.now()
  const { times } = await said<{ times: FreeTime[] }>(
    awa.fetch('GET', `/api/spocs/${room.spoc}/mentors/${marc.id}/times?from=${now}&to=${now + 28 * 86_400_000}`),
  )
  const call = await said<Call>(
    awa.fetch('POST', `/api/spocs/${room.spoc}/calls`, { mentor: marc.id, starts: times[0]?.starts, about: 'Mon déroulé' }),
  )
  await room.db.transaction((tx) => putCall(tx, call.id, { starts: now + 5 * minute }))
  const enter = (who: Member) => room.enter(who, { room: call.room })
  return { room, marc, awa, louis, call, enter, at: `/api/rooms/${call.room}/call` }
}

/** Writes a line of the shared notes, as a page would. */
async function writes(who: Participant, document: string, text: string) {
  const opened = await who.ask<Opened>('document:open', { document })
  if (!opened.ok) return opened
  const doc = new Y.Doc()
  for (const update of [...(opened.value.snapshot ? [opened.value.snapshot] : []), ...opened.value.updates]) Y.applyUpdate(doc, update)
  doc.clientID = opened.value.client
  const before = Y.encodeStateVector(doc)
  doc.getMap(notesRoot).set(newId(), { place: 1, text })
  return who.ask('document:commit', { document, update: Y.encodeStateAsUpdate(doc, before) })
}

const listMails = (room: Classroom) => room.db.read((tx) => tx.select().from(mails).orderBy(asc(mails.created)))

describe('the room of a call', () => {
  it('lets in its mentor and who booked it; it does not exist for anybody else, whatever they are', { timeout: 60_000 }, async () => {
    const { room, marc, awa, louis, call, enter, at } = await aCall()
    const [mentor, learner] = [await enter(marc), await enter(awa)]
    expect([mentor.welcome?.role, learner.welcome?.role]).toEqual(['trainer', 'learner'])
    const others = [louis, await room.aMember('Olga', 'owner'), await room.aMember('Theo', 'trainer'), await room.aMember('Zoe', null)]
    for (const other of others) {
      expect((await enter(other)).refused, other.name).toEqual({ ok: false, code: 'live/not-found' })
      for (const path of [at, `${at}/notes`, `${at}/cockpit`, `${at}/private-notes`, `/api/rooms/${call.room}`])
        expect((await other.fetch('GET', path)).status, `${other.name} ${path}`).toBe(404)
      expect((await other.fetch('POST', `${at}/cancel`, { reason: 'Non' })).status).toBe(404)
    }
    // The room of a session stays what it was for them.
    expect((await room.enter(louis)).welcome?.role).toBe('learner')
  })

  it('is a room like another for those in it, and its words stay there', { timeout: 60_000 }, async () => {
    const { room, marc, awa, louis, enter } = await aCall()
    const [mentor, learner] = [await enter(marc), await enter(awa)]
    expect(await mentor.send('board:open', {})).toMatchObject({ ok: true })
    expect(await learner.send('board:open', {})).toEqual({ ok: false, code: 'live/not-allowed' })
    expect(await learner.send('chat:say', { message: newId(), text: 'Entre nous deux' })).toMatchObject({ ok: true })
    await expect.poll(() => JSON.stringify(mentor.view('chat'))).toContain('Entre nous deux')
    await pause(200)
    expect(await (await louis.fetch('GET', `/api/spocs/${room.spoc}/messages`)).text()).not.toContain('Entre nous deux')
  })

  it('opens to learners a quarter of an hour before, and closes when the mentor says how it went', { timeout: 60_000 }, async () => {
    const { room, marc, awa, call, enter, at } = await aCall()
    await room.db.transaction((tx) => putCall(tx, call.id, { starts: room.clock.now() + 60 * minute }))
    expect((await enter(awa)).refused).toMatchObject({ code: 'mentoring/not-open-yet' })
    const mentor = await enter(marc)
    expect(await code(marc.fetch('POST', `${at}/outcome`, { outcome: 'held' }))).toBe('mentoring/not-begun')
    await room.db.transaction((tx) => putCall(tx, call.id, { starts: room.clock.now() }))
    const learner = await enter(awa)
    expect((await awa.fetch('POST', `${at}/outcome`, { outcome: 'held' })).status).toBe(403)
    await said(marc.fetch('POST', `${at}/outcome`, { outcome: 'held' }))
    await expect.poll(() => [mentor.bye, learner.bye]).toEqual(['live/room-ended', 'live/room-ended'])
    expect((await enter(awa)).refused).toMatchObject({ code: 'mentoring/over' })
  })

  it('[E12] shares its notes between those in it; the private ones are on no wire but the mentor’s', { timeout: 60_000 }, async () => {
    const { marc, awa, louis, room, call, enter, at } = await aCall()
    const [mentor, learner] = [await enter(marc), await enter(awa)]
    const document = notesDocument(call.room)
    expect(learner.view<MentoringView>('mentoring')).toMatchObject({ notes: document })
    const heard: string[] = []
    mentor.socket.on('document', (name: string) => void heard.push(name))
    expect(await mentor.ask('document:open', { document })).toMatchObject({ ok: true })
    expect(await writes(learner, document, 'Partagé à deux')).toMatchObject({ ok: true })
    await expect.poll(() => heard).toEqual([document])
    const elsewhere = await room.enter(louis)
    expect(await writes(elsewhere, document, 'Intrus')).toEqual({ ok: false, code: 'document/not-found' })

    await said(marc.fetch('PUT', `${at}/private-notes`, { text: 'Strictement privé' }))
    await said(marc.fetch('POST', `${at}/goals`, { text: 'Un objectif' }))
    await expect.poll(() => learner.view<MentoringView>('mentoring')?.changes).toBe(1)
    for (const path of ['', '/notes']) expect(await (await awa.fetch('GET', at + path)).text()).not.toContain('Strictement')
    expect((await awa.fetch('GET', `${at}/private-notes`)).status).toBe(403)
    expect((await awa.fetch('GET', `${at}/cockpit`)).status).toBe(403)
    expect(learner.heard('Strictement')).toBe(false)
    expect(await said(marc.fetch('GET', `${at}/private-notes`))).toEqual({ text: 'Strictement privé' })
    // What is saved can be read back outside the room.
    const { updates } = await said<{ updates: string[] }>(awa.fetch('GET', `${at}/notes`))
    const doc = new Y.Doc()
    for (const update of updates) Y.applyUpdate(doc, Buffer.from(update, 'base64'))
    expect([...doc.getMap<{ text: string }>(notesRoot).values()].map(({ text }) => text)).toEqual(['Partagé à deux'])
  })

  it('makes an agreed action an activity of the path, once, and shows what came of it', { timeout: 60_000 }, async () => {
    const { room, marc, awa, enter, at } = await aCall()
    const learner = await enter(awa)
    await said(marc.fetch('POST', `${at}/actions`, { person: awa.id, title: 'Filmer deux minutes' }))
    const page = () => said<CallPage>(marc.fetch('GET', at))
    await expect.poll(async () => (await page()).actions[0]?.activity ?? null, { timeout: 30_000 }).not.toBeNull()
    const mine = await room.db.read((tx) => tx.select().from(activities).where(eq(activities.person, awa.id)))
    expect(mine).toMatchObject([{ title: 'Filmer deux minutes', state: 'published', removed: null }])
    await expect.poll(() => learner.view<MentoringView>('mentoring')?.changes).toBe(2)
    const [activity] = mine
    await room.db.transaction((tx) =>
      tx.insert(progress).values({ activity: activity?.id ?? '', person: awa.id, state: 'ticked', at: room.clock.now(), by: awa.id }),
    )
    const [done] = (await page()).actions
    expect(done?.state).toBe('done')
    expect(await code(marc.fetch('DELETE', `${at}/actions/${done?.id}`))).toBe('mentoring/action-done')
    await said(awa.fetch('POST', `${at}/actions`, { person: awa.id, title: 'En trop' }))
    await expect.poll(async () => (await page()).actions[1]?.activity ?? null, { timeout: 30_000 }).not.toBeNull()
    await said(awa.fetch('DELETE', `${at}/actions/${(await page()).actions[1]?.id}`))
    await expect
      .poll(() =>
        room.db.read(async (tx) => (await tx.select().from(activities).where(eq(activities.title, 'En trop')))[0]?.removed ?? null),
      )
      .not.toBeNull()
  })

  it('writes to both when it is booked, moved and cancelled, each once', { timeout: 60_000 }, async () => {
    const { room, marc, awa, enter, at, call } = await aCall()
    const written = async () => (await listMails(room)).map(({ recipient, subject }) => `${recipient} ${subject}`).sort()
    const booked = ['awa@example.org Entretien réservé : Marc', 'marc@example.org Entretien réservé : Awa']
    await expect.poll(written, { timeout: 30_000 }).toEqual(booked)
    /** Changes wait ten minutes for others. */
    const afterAWhile = async () => {
      await expect.poll(() => room.db.read((tx) => tx.$count(consequences, isNull(consequences.done))), { timeout: 30_000 }).toBe(0)
      room.clock.forward(11 * minute)
    }
    const now = room.clock.now()
    await room.db.transaction((tx) => putCall(tx, call.id, { starts: now + 30 * 3_600_000 }))
    const { times } = await said<{ times: FreeTime[] }>(
      awa.fetch('GET', `/api/spocs/${room.spoc}/mentors/${marc.id}/times?from=${now}&to=${now + 28 * 86_400_000}`),
    )
    await said(awa.fetch('POST', `${at}/move`, { starts: times.at(-1)?.starts }))
    await afterAWhile()
    const moved = [...booked, 'awa@example.org Entretien déplacé : Marc', 'marc@example.org Entretien déplacé : Awa'].sort()
    await expect.poll(written, { timeout: 30_000 }).toEqual(moved)
    const mentor = await enter(marc)
    await said(awa.fetch('POST', `${at}/cancel`, { reason: 'Malade' }))
    await expect.poll(() => mentor.bye).toBe('live/room-ended')
    await afterAWhile()
    await expect
      .poll(written, { timeout: 30_000 })
      .toEqual([...moved, 'awa@example.org Entretien annulé : Marc', 'marc@example.org Entretien annulé : Awa'].sort())
    expect((await listMails(room)).filter(({ text }) => text?.includes('Malade'))).toHaveLength(2)
    expect((await awa.fetch('GET', at)).status).toBe(404)
  })
})
