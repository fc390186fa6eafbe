import { expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { person as persons } from '#server/account/tables.ts'
import { newId } from '#server/db/ids.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'

const entered = async (room: Classroom, name: string, role: Member['role']) => {
  const member = await room.aMember(name, role)
  return { member, seat: await room.enter(member) }
}
const isOut = (seat: { socket: { connected: boolean } }) => expect.poll(() => seat.socket.connected, { timeout: 10_000 }).toBe(false)

it('[C3] [M11] a seat ends at once when its account is deactivated or its member suspended; the others stay', async () => {
  const room = await aClassroom()
  const owner = await room.aMember('Ana', 'owner')
  await room.db.transaction((tx) => tx.update(persons).set({ administrator: true }).where(eq(persons.id, owner.id)))
  const [awa, louis, ines] = [
    await entered(room, 'Awa', 'learner'),
    await entered(room, 'Louis', 'learner'),
    await entered(room, 'Ines', 'learner'),
  ]

  expect((await owner.fetch('POST', `/api/accounts/${awa.member.id}/deactivate`)).status).toBe(200)
  await isOut(awa.seat)
  expect((await owner.fetch('POST', `/api/spocs/${room.spoc}/members/${louis.member.id}/suspend`)).status).toBe(200)
  await isOut(louis.seat)
  for (const { member } of [awa, louis]) expect((await room.enter(member)).refused).toBeTruthy()

  expect(ines.seat.socket.connected).toBe(true)
  expect(await ines.seat.send('chat:say', { message: newId(), text: 'Je suis là' })).toMatchObject({ ok: true })
  expect((await owner.fetch('POST', `/api/spocs/${room.spoc}/members/${louis.member.id}/resume`)).status).toBe(200)
  expect((await room.enter(louis.member)).welcome).toBeTruthy()
})

it('[M12] who is removed is told so, though the course is gone from their list', async () => {
  const room = await aClassroom()
  const owner = await room.aMember('Ana', 'owner')
  const awa = await room.aMember('Awa', 'learner')
  const reply = await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)
  expect(await reply.json()).toEqual({ ok: true, value: { cancelled: 0, handedOver: 0 } })
  const notices = async () =>
    ((await (await awa.fetch('GET', '/api/notices')).json()) as { value: { facts: { kind: string; how?: string } }[] }).value
  await expect
    .poll(async () => (await notices()).map(({ facts }) => facts), { timeout: 10_000 })
    .toMatchObject([{ kind: 'membership-changed', how: 'removed', spocTitle: 'Concevoir un SPOC' }])
})
