import { expect, it } from 'vitest'
import { eq } from 'drizzle-orm'
import { person as persons } from '#server/account/tables.ts'
import { newId } from '#server/db/ids.ts'
import { waiting } from '#server/spoc/tables.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'
import { aClassroom, type Classroom, type Member } from '#tests/support/classroom.ts'

const entered = async (room: Classroom, name: string, role: MemberRole) => {
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

it('[I8] owners are told when a place is free for who waits, once; nobody else is', async () => {
  const room = await aClassroom()
  const [owner, awa, louis] = [
    await room.aMember('Ana', 'owner'),
    await room.aMember('Awa', 'learner'),
    await room.aMember('Louis', 'learner'),
  ]
  const free = async (who: Member) =>
    ((await (await who.fetch('GET', '/api/notices')).json()) as { value: { facts: { kind: string } }[] }).value
      .map(({ facts }) => facts)
      .filter(({ kind }) => kind === 'place-free')
  await owner.fetch('PATCH', `/api/spocs/${room.spoc}`, { capacity: 2 })
  const made = (await (await owner.fetch('POST', `/api/spocs/${room.spoc}/invitations`, { uses: 5 })).json()) as {
    value: { invitation: { id: string } }
  }
  await room.db.transaction(async (tx) => {
    const asked = { spoc: room.spoc, invitation: made.value.invitation.id, why: 'full' as const }
    await tx.insert(waiting).values([
      { ...asked, id: newId(), name: 'Yann', email: 'yann@example.org', at: 1000 },
      { ...asked, id: newId(), name: 'Zoé', email: 'zoe@example.org', at: 2000 },
    ])
  })
  await owner.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`)
  await expect
    .poll(() => free(owner), { timeout: 10_000 })
    .toEqual([{ kind: 'place-free', spoc: room.spoc, name: 'Yann', waiting: 2, spocTitle: 'Concevoir un SPOC' }])
  expect([await free(louis), await free(awa)]).toEqual([[], []])
})
