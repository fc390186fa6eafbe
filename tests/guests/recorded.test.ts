import { expect, it } from 'vitest'
import { keptDays } from '#shared/guests/rules.ts'
import { guestFilm, type GuestFilm } from '#shared/guests/wire.ts'
import type { Notice } from '#shared/notices/wire.ts'
import type { LedRecordingView, RecordingPage } from '#shared/recording/wire.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import { eraseGuests } from '#server/flows/guests.ts'
import { notices } from '#server/notices/tables.ts'
import { getRecording } from '#server/recording/store.ts'
import { aFilm, sendChunk } from '#tests/recording/film.ts'
import { aClassroom, type Member } from '#tests/support/classroom.ts'
import { aGuest, aLink, join, letIn } from './coming.ts'

const day = 86_400_000

/** A class that Claire records, with Awa, and Nora who came as a guest and agreed to be heard. */
async function aRecordedClass() {
  const room = await aClassroom()
  const [claire, awa] = [await room.aMember('Claire', 'trainer'), await room.aMember('Awa', 'learner')]
  const trainer = await room.enter(claire)
  const token = await aLink(room, claire)
  const nora = await aGuest(room, token, 'Norabelle')
  const again = await join(room, token, 'Norabelle', nora.cookie)
  const own = again.ok ? again.value.own : ''
  const seat = await letIn(room, trainer, nora)
  const part = newId()
  await trainer.send('recording:start', { part })
  const ask = async (path: string, body: object) => {
    const reply = await fetch(`${room.base}/api/guests/${path}`, {
      method: 'POST',
      headers: { origin: room.base, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return (await reply.json()) as Result<GuestFilm>
  }
  const look = async (who: Member) =>
    ((await (await who.fetch('GET', `/api/rooms/${room.room}/recording`)).json()) as { value: RecordingPage }).value
  /** The session is over and its film made. */
  const end = async () => {
    await trainer.send('recording:stop', {})
    for (const [seq, bytes] of (await aFilm(2)).entries()) await sendChunk(room, claire, part, seq, bytes)
    await claire.fetch('POST', `/api/rooms/${room.room}/recording/${part}/finish`, { chunks: 6 })
    await claire.fetch('POST', `/api/sessions/${room.session}/end`)
    await expect.poll(async () => (await look(awa)).state, { timeout: 30_000 }).toBe('ready')
  }
  const film = () => ask('film', { token: own })
  const objects = (objects: boolean) => ask('film/objection', { token: own, objects })
  return { room, claire, awa, trainer, nora, seat, token, own, ask, film, objects, look, end }
}

it('[G10] [R1] in the room a guest chooses what is recorded of them and changes their mind, and who records is told', async () => {
  const { trainer, nora, seat, film } = await aRecordedClass()
  const agreed = () => trainer.view<LedRecordingView>('recording')?.agreed[nora.id]
  expect(agreed()).toBeUndefined()
  await seat.send('recording:choose', { voice: true, image: true })
  await expect.poll(agreed).toEqual({ voice: true, image: true })
  await seat.send('recording:choose', { voice: false, image: false })
  await expect.poll(agreed).toEqual({ voice: false, image: false })
  expect(await film()).toMatchObject({ ok: true, value: { film: 'kept', choice: { voice: false, image: false }, objection: 'none' } })
})

it('[G10] [R9] after the session their own link objects as a member does: hidden from all but the team until it has acted', async () => {
  const { room, claire, awa, seat, own, token, film, objects, look, end } = await aRecordedClass()
  await seat.send('recording:choose', { voice: true, image: false })
  await end()
  await expect.poll(() => seat.bye).toBe('live/room-ended')
  const said = await film()
  expect(guestFilm.parse(said.ok && said.value)).toMatchObject({
    name: 'Norabelle',
    address: `${room.base}/guest#${own}`,
    film: 'kept',
    choice: { voice: true, image: false },
    objection: 'none',
  })
  // It shows nothing of the film, of the course or of the others, and lets nobody in.
  for (const secret of ['Claire', 'Awa', room.room, room.spoc, token]) expect(JSON.stringify(said)).not.toContain(secret)
  expect(await join(room, own, 'Paul')).toMatchObject({ ok: false, code: 'guests/no-link' })

  for (let twice = 0; twice < 2; twice++) expect(await objects(true)).toMatchObject({ ok: true, value: { objection: 'waiting' } })
  expect(await look(awa)).toMatchObject({ state: 'hidden', watchable: false, objections: [] })
  expect(await look(claire)).toMatchObject({ state: 'hidden', watchable: true, objections: [{ name: 'Norabelle (invité·e)' }] })
  const told = async () => {
    const { value } = (await (await claire.fetch('GET', '/api/notices')).json()) as { value: Notice[] }
    return value.flatMap(({ facts }) => (facts.kind === 'replay-objected' ? [facts.name] : []))
  }
  await expect.poll(told, { timeout: 30_000 }).toEqual(['Norabelle (invité·e)'])

  expect(await objects(false)).toMatchObject({ ok: true, value: { objection: 'none' } })
  expect((await look(awa)).state).toBe('ready')
  await objects(true)
  await claire.fetch('POST', `/api/rooms/${room.room}/recording/show`)
  expect(await film()).toMatchObject({ ok: true, value: { film: 'kept', objection: 'settled' } })
  // It still holds.
  expect(await objects(true)).toMatchObject({ ok: true, value: { objection: 'waiting' } })
  await claire.fetch('DELETE', `/api/rooms/${room.room}/recording`)
  expect(await film()).toMatchObject({ ok: true, value: { film: 'deleted' } })
})

it('[G10] it is theirs alone, whatever became of the guest link and of them, and ends with their name', async () => {
  const { room, claire, awa, nora, own, token, ask, film, objects, look, end } = await aRecordedClass()
  const paul = await join(room, token, 'Paul')
  const other = paul.ok ? paul.value.own : ''
  await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/${nora.id}`)
  await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/link`)
  await end()
  const bad = [token, 'x'.repeat(44), own.slice(0, -1), `${own}x`, own.slice(0, 22) + other.slice(22), awa.id + own.slice(22)]
  for (const wrong of bad)
    for (const body of [{ token: wrong }, { token: wrong, objects: true }])
      expect(await ask('objects' in body ? 'film/objection' : 'film', body), wrong).toMatchObject({ ok: false, code: 'guests/no-link' })
  expect((await look(awa)).state).toBe('ready')
  // In a course that is archived too: that is owed.
  expect((await (await room.aMember('Oumar', 'owner')).fetch('POST', `/api/spocs/${room.spoc}/archive`)).status).toBe(200)
  expect(await objects(true)).toMatchObject({ ok: true, value: { objection: 'waiting' } })
  await objects(false)

  room.clock.forward((keptDays - 1) * day)
  expect(await film()).toMatchObject({ ok: true })
  await objects(true)
  room.clock.forward(day)
  for (const late of [await film(), await objects(false)]) expect(late).toEqual({ ok: false, code: 'guests/too-late' })
  // What they asked for still holds once their name is gone, from the notice of it too.
  await room.db.transaction((tx) => eraseGuests(tx, room.clock.now() + 1000))
  const left = await room.db.read((tx) => getRecording(tx, room.room, { person: claire.id, role: 'trainer' }, room.clock.now()))
  expect(left).toMatchObject({ state: 'hidden', objections: [{ name: 'Compte effacé (invité·e)' }] })
  expect(JSON.stringify(await room.db.read((tx) => tx.select().from(notices)))).not.toContain('Norabelle')
})
