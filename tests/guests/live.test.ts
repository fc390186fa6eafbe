import { eq, sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import type { ChatView, Message } from '#shared/chat/wire.ts'
import { keptDays, mostGuests } from '#shared/guests/rules.ts'
import type { GuestList } from '#shared/guests/wire.ts'
import type { Result } from '#shared/result.ts'
import type { RoomPage } from '#shared/session/wire.ts'
import type { WaitingView } from '#shared/waiting/wire.ts'
import { person as persons, signIn } from '#server/account/tables.ts'
import { newId } from '#server/db/ids.ts'
import { eraseGuests } from '#server/flows/guests.ts'
import { endGuests } from '#server/guests/store.ts'
import { guestLinks, guests } from '#server/guests/tables.ts'
import { readLog } from '#server/live/log.ts'
import { sessions } from '#server/session/tables.ts'
import { members } from '#server/spoc/tables.ts'
import { aClassroom, type Member } from '#tests/support/classroom.ts'
import { aGuest, aLink, atDoor, join, letIn } from './coming.ts'

const day = 86_400_000

/** A class with its trainer and a learner inside, and a guest link. */
async function aClass() {
  const room = await aClassroom()
  const [claire, awa] = [await room.aMember('Claire', 'trainer'), await room.aMember('Awa', 'learner')]
  const [trainer, learner] = [await room.enter(claire), await room.enter(awa)]
  const token = await aLink(room, claire)
  const listed = async () =>
    ((await (await claire.fetch('GET', `/api/rooms/${room.room}/guests`)).json()) as Result<GuestList> & { ok: true }).value
  const card = async (who: Member) => {
    const reply = await who.fetch('GET', `/api/rooms/${room.room}`)
    return reply.ok ? ((await reply.json()) as { value: RoomPage }).value : reply.status
  }
  const names = async (who: Member) => {
    const page = await card(who)
    return typeof page === 'number' ? page : page.people.map(({ name }) => name)
  }
  const open = async (secret: string) => {
    const reply = await fetch(`${room.base}/api/guests/open`, {
      method: 'POST',
      headers: { origin: room.base, 'content-type': 'application/json' },
      body: JSON.stringify({ token: secret }),
    })
    const said = (await reply.json()) as { ok: boolean; code?: string; value?: { opens: number | null } }
    return said.ok ? said.value : said.code
  }
  return { room, claire, awa, trainer, learner, token, listed, card, names, open }
}

it('[G1] [G2] the link opens from the lobby to the end; withdrawn, made anew and wrong are one and the same', async () => {
  const { room, claire, awa, token, listed, open } = await aClass()
  expect(token.length).toBeGreaterThanOrEqual(22)
  expect((await listed()).link?.address).toBe(`${room.base}/guest#${token}`)
  const [row] = await room.db.read((tx) => tx.select().from(guestLinks))
  expect(JSON.stringify(row)).not.toContain(token)
  for (const [method, path] of [
    ['GET', ''],
    ['POST', '/link'],
    ['DELETE', '/link'],
  ] as const)
    expect((await awa.fetch(method, `/api/rooms/${room.room}/guests${path}`)).status).toBe(403)

  expect(await open(token)).toMatchObject({ opens: null })
  const move = (set: Partial<typeof sessions.$inferInsert>) =>
    room.db.transaction((tx) => tx.update(sessions).set(set).where(eq(sessions.id, room.session)))
  const now = room.clock.now()
  await move({ starts: now + 3_600_000, ends: now + 7_200_000 })
  expect(await open(token)).toMatchObject({ opens: now + 3_600_000 - 900_000 })
  expect(await join(room, token, 'Nora')).toMatchObject({ ok: false, code: 'guests/early' })
  await move({ starts: now - 60_000 })

  const anew = await aLink(room, claire)
  expect(anew).not.toBe(token)
  for (const gone of [token, 'x'.repeat(22)]) {
    expect(await open(gone)).toBe('guests/no-link')
    expect(await join(room, gone, 'Nora')).toMatchObject({ ok: false, code: 'guests/no-link' })
  }
  expect(await open(anew)).toMatchObject({ opens: null })
  expect((await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/link`)).status).toBe(200)
  expect(await open(anew)).toBe('guests/no-link')

  const last = await aLink(room, claire)
  await claire.fetch('POST', `/api/sessions/${room.session}/end`)
  expect(await open(last)).toBe('guests/over')
  expect(await join(room, last, 'Nora')).toMatchObject({ ok: false, code: 'guests/over' })
  expect((await claire.fetch('POST', `/api/rooms/${room.room}/guests/link`)).status).toBe(409)
})

it('[G3] the name is cleaned, never a member’s, numbered, kept, and marked for each reader', async () => {
  const { room, awa, claire, trainer, learner, token, names } = await aClass()
  expect(await join(room, token, ' clàire ')).toMatchObject({ ok: false, code: 'guests/name-taken' })
  expect(await join(room, token, '\u200b\u2060')).toMatchObject({ ok: false, code: 'guests/no-name' })
  expect(await join(room, token, 'n'.repeat(201))).toMatchObject({ ok: false, code: 'http/bad-request' })
  const nora = await aGuest(room, token, 'Nora')
  expect(await join(room, token, 'NORA')).toMatchObject({ ok: true, value: { name: 'NORA 2' } })
  // The same browser again stays who it is.
  expect(await join(room, token, 'Claire la formatrice', nora.cookie)).toMatchObject({
    ok: true,
    value: { person: nora.id, name: 'Nora' },
    set: [],
  })

  // J4: who waits is the team's to see.
  expect(await names(claire)).toContain('Nora (invité·e)')
  expect(await names(awa)).not.toContain('Nora (invité·e)')
  await letIn(room, trainer, nora)
  await expect.poll(() => learner.presence.people.find(({ person }) => person === nora.id)?.role).toBe('guest')
  expect(await names(awa)).toContain('Nora (invité·e)')
  expect(await names(awa)).not.toContain('NORA 2 (invité·e)')
  await awa.fetch('PATCH', '/api/me', { language: 'en' })
  expect(await names(awa)).toContain('Nora (guest)')
})

it('[G3] the cookie is the browser’s alone and nothing else: no sign-in, no membership, no address', async () => {
  const { room, claire, token } = await aClass()
  const joined = await join(room, token, 'Nora')
  expect(joined.set).toHaveLength(1)
  expect(joined.set[0]).toMatch(/^cercle_guest=[\w-]{22}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
  const kept = joined.cookie.split('=')[1] ?? ''
  const [row] = await room.db.read((tx) => tx.select().from(guests))
  expect(JSON.stringify(row)).not.toContain(kept)
  const { person = '' } = joined.ok ? joined.value : {}
  const left = await room.db.read(async (tx) => [
    await tx.$count(signIn, eq(signIn.userId, person)),
    await tx.$count(members, eq(members.person, person)),
    (await tx.select({ email: persons.email }).from(persons).where(eq(persons.id, person)))[0]?.email,
  ])
  expect(left).toEqual([0, 0, expect.stringMatching(/^[\w-]{22}@guest\.invalid$/i)])
  const listed = async (path: string) => JSON.stringify(await (await claire.fetch('GET', path)).json())
  for (const path of ['members', 'attendance', 'care', 'progress', 'certificates', 'group'])
    expect(await listed(`/api/spocs/${room.spoc}/${path}`), path).not.toContain(person)
})

it('[G4] [J5] a guest waits where nobody else does, is denied, and asks again no sooner than others', async () => {
  const { room, trainer, token } = await aClass()
  const nora = await aGuest(room, token, 'Nora')
  expect((await room.enter(nora)).refused?.code).toBe('waiting/at-the-door')
  const link = atDoor(room, nora)
  await expect.poll(() => trainer.view<WaitingView>('waiting')?.waiting.map(({ person }) => person)).toEqual([nora.id])
  await trainer.send('waiting:deny', { person: nora.id })
  await expect.poll(() => link.standing?.state).toBe('denied')
  expect(await link.socket.timeout(5_000).emitWithAck('waiting:ask-again', {})).toMatchObject({ ok: false, code: 'waiting/too-soon' })
  expect((await room.enter(nora)).refused?.code).toBe('waiting/at-the-door')
})

it('[G5] knows what this room says, and not what the course says', async () => {
  const { room, awa, claire, trainer, learner, token, card, names } = await aClass()
  const absent = await room.aMember('Zoe', 'learner')
  await learner.send('chat:say', { message: newId(), text: 'Dit dans la salle' })
  const nora = await aGuest(room, token, 'Nora')
  const seat = await letIn(room, trainer, nora)
  expect(seat.welcome?.role).toBe('guest')
  await absent.fetch('POST', `/api/spocs/${room.spoc}/messages`, { message: newId(), text: 'Écrit sur la page de la formation' })
  await expect.poll(() => learner.heard('Écrit sur la page')).toBe(true)
  await seat.send('chat:say', { message: newId(), text: 'Bonjour de Nora' })
  await expect.poll(() => learner.heard('Bonjour de Nora')).toBe(true)
  expect(seat.view<ChatView>('chat')?.messages.map(({ text }) => text)).toEqual(['Dit dans la salle', 'Bonjour de Nora'])
  expect(seat.heard('Écrit sur la page')).toBe(false)
  // Again, whole.
  await seat.ask('live:view', { slice: 'chat' })
  expect(seat.heard('Écrit sur la page')).toBe(false)

  expect(await names(nora)).toEqual(['Claire', 'Awa', 'Nora (invité·e)'])
  await room.enter(absent)
  expect(await names(nora)).toContain('Zoe')
  const page = await card(nora)
  expect(page).toMatchObject({ role: 'guest', waits: true })
  expect(JSON.stringify(page)).not.toContain('/pictures/')
  expect(await card(awa)).toMatchObject({ waits: false })
  await claire.fetch('POST', `/api/sessions/${room.session}/end`)
})

it('[G6] thirty guests at most; who was removed makes room', { timeout: 60_000 }, async () => {
  const { room, claire, token } = await aClass()
  const all: Member[] = []
  for (let i = 0; i < mostGuests; i++) all.push(await aGuest(room, token, `Nora ${'x'.repeat(i + 1)}`))
  expect(await join(room, token, 'Encore une')).toMatchObject({ ok: false, code: 'guests/full' })
  expect((await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/${all[0]?.id}`)).status).toBe(200)
  expect(await join(room, token, 'Encore une')).toMatchObject({ ok: true })
})

it('[G7] when the link ends, who was let in stays and comes back, who was not does not come in', async () => {
  const { room, claire, trainer, token } = await aClass()
  const [nora, paul] = [await aGuest(room, token, 'Nora'), await aGuest(room, token, 'Paul')]
  const seat = await letIn(room, trainer, nora)
  const outside = atDoor(room, paul)
  await expect.poll(() => outside.standing?.state).toBe('waiting')
  await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/link`)
  await expect.poll(() => outside.bye).toBe('live/revoked')
  expect((await paul.fetch('GET', `/api/rooms/${room.room}`)).status).toBe(401)
  const again = atDoor(room, paul)
  await expect.poll(() => again.refused).toBe('live/signed-out')
  expect(seat.bye).toBeUndefined()
  expect((await room.enter(nora)).welcome?.role).toBe('guest')
  expect((await nora.fetch('GET', `/api/rooms/${room.room}`)).status).toBe(200)
})

it('[G8] removed, a guest leaves at once and has no way back', async () => {
  const { room, claire, awa, trainer, token, listed } = await aClass()
  const nora = await aGuest(room, token, 'Nora')
  const seat = await letIn(room, trainer, nora)
  expect(await listed()).toMatchObject({ guests: [{ person: nora.id, name: 'Nora', letIn: true, removed: false }] })
  const gone = `/api/rooms/${room.room}/guests/${nora.id}`
  expect((await awa.fetch('DELETE', gone)).status).toBe(403)
  expect((await nora.fetch('DELETE', gone)).status).toBe(401)
  expect((await claire.fetch('DELETE', `/api/rooms/${room.room}/guests/${awa.id}`)).status).toBe(404)
  expect((await claire.fetch('DELETE', gone)).status).toBe(200)
  await expect.poll(() => seat.bye).toBe('live/revoked')
  expect((await room.enter(nora)).refused?.code).toBe('live/signed-out')
  expect((await nora.fetch('GET', `/api/rooms/${room.room}`)).status).toBe(401)
  expect(await listed()).toMatchObject({ guests: [{ removed: true }] })
})

it('[G9] a guest ends with the session: seat, page and cookie; thirty days later their name and words are gone', async () => {
  const { room, claire, trainer, learner, token, names } = await aClass()
  const nora = await aGuest(room, token, 'Norabelle')
  const seat = await letIn(room, trainer, nora)
  await seat.send('chat:say', { message: newId(), text: 'Parole de Norabelle' })
  await learner.send('chat:say', { message: newId(), text: 'Parole du groupe' })
  await claire.fetch('POST', `/api/sessions/${room.session}/end`)
  await expect.poll(() => seat.bye).toBe('live/room-ended')
  expect((await nora.fetch('GET', `/api/rooms/${room.room}`)).status).toBe(401)
  expect((await room.enter(nora)).refused?.code).toBe('live/signed-out')
  expect(await (await nora.fetch('GET', '/api/guests/me')).json()).toMatchObject({ ok: true, value: null })
  expect(await names(claire)).toContain('Norabelle (invité·e)')
  // The course's own page names her beside what she said.
  const thread = async () => {
    const said = (await (await claire.fetch('GET', `/api/spocs/${room.spoc}/messages`)).json()) as { value: { messages: Message[] } }
    return said.value.messages.find(({ person }) => person === nora.id)
  }
  expect(await thread()).toMatchObject({ text: 'Parole de Norabelle', author: { name: 'Norabelle (invité·e)' } })

  const clean = (after: number) =>
    room.db.transaction(async (tx) => {
      await endGuests(tx, room.clock.now() + after)
      await eraseGuests(tx, room.clock.now() + after)
    })
  const texts = async (words: string) => {
    const tables = await room.db.read((tx) =>
      tx.execute<{ name: string }>(
        sql`select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
      ),
    )
    const found: string[] = []
    for (const { name } of tables.rows) {
      const { rows } = await room.db.read((tx) =>
        tx.execute(sql`select 1 from ${sql.identifier(name)} t where t::text like ${`%${words}%`} limit 1`),
      )
      if (rows.length > 0) found.push(name)
    }
    return found
  }
  await clean(2 * day)
  const [row] = await room.db.read((tx) => tx.select().from(guests))
  expect(row?.hash).toBeNull()
  await clean((keptDays - 1) * day)
  expect(await names(claire)).toContain('Norabelle (invité·e)')
  await clean((keptDays + 1) * day)
  expect(await texts('Norabelle')).toEqual([])
  expect(await texts('Parole du groupe')).not.toEqual([])
  expect(await thread()).toMatchObject({ text: null, author: { name: 'Compte effacé (invité·e)' } })
  // The lines stay.
  const log = await room.db.read((tx) => readLog(tx, room.room, 0))
  expect(log.happenings.filter(({ person, kind }) => person === nora.id && kind === 'chat:said')).toHaveLength(1)
})

it('a guest comes back to the same seat after a lost link, and to the same name after the server started again', async () => {
  const { room, trainer, token } = await aClass()
  const nora = await aGuest(room, token, 'Nora')
  const epoch = newId()
  const first = await letIn(room, trainer, nora)
  first.socket.disconnect()
  const seat = await room.enter(nora, { epoch })
  seat.socket.disconnect()
  expect((await room.enter(nora, { epoch })).seat).toBe(seat.seat)
  const beside = await aClassroom({ beside: room })
  expect(await (await fetch(`${beside.base}/api/guests/me`, { headers: { cookie: nora.cookie } })).json()).toMatchObject({
    value: { name: 'Nora', room: room.room },
  })
  expect((await beside.enter(nora)).welcome).toMatchObject({ person: nora.id, role: 'guest' })
})
