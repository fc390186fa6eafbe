import { io } from 'socket.io-client'
import { expect } from 'vitest'
import type { GuestList, GuestSeat } from '#shared/guests/wire.ts'
import { parser } from '#shared/live/parser.ts'
import type { Result } from '#shared/result.ts'
import type { Standing } from '#shared/waiting/wire.ts'
import { newId } from '#server/db/ids.ts'
import type { Classroom, Member, Participant } from '../support/classroom.ts'
import { atEnd } from '../support/end.ts'

/** Makes the guest link of the session and gives its secret. */
export async function aLink(room: Classroom, leader: Member): Promise<string> {
  const made = (await (await leader.fetch('POST', `/api/rooms/${room.room}/guests/link`)).json()) as Result<GuestList>
  if (!made.ok || !made.value.link) throw new Error('no guest link')
  return made.value.link.address.split('#')[1] ?? ''
}

/** Somebody without an account opens the link and says a name. `cookie`: what their browser keeps already. */
export async function join(
  room: Classroom,
  token: string,
  name: string,
  cookie = '',
): Promise<(Result<GuestSeat> & { cookie: string; set: string[] }) | { ok: false; code: string; cookie: string; set: string[] }> {
  const reply = await fetch(`${room.base}/api/guests/join`, {
    method: 'POST',
    headers: { origin: room.base, 'content-type': 'application/json', ...(cookie && { cookie }) },
    body: JSON.stringify({ token, name, language: 'fr' }),
  })
  const set = reply.headers.getSetCookie()
  return { ...((await reply.json()) as Result<GuestSeat>), cookie: set[0]?.split(';')[0] ?? cookie, set }
}

/** A guest with their browser, who was not let in yet. */
export async function aGuest(room: Classroom, token: string, name: string): Promise<Member> {
  const joined = await join(room, token, name)
  if (!joined.ok) throw new Error(joined.code)
  const { cookie } = joined
  return {
    id: joined.value.person,
    name,
    role: 'guest',
    cookie,
    fetch: (method, path, body) =>
      fetch(room.base + path, {
        method,
        headers: { origin: room.base, cookie, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }),
  }
}

/** A link that waits at the door. */
export function atDoor(room: Classroom, guest: Member) {
  const socket = io(room.base, {
    path: '/live',
    query: { room: room.room },
    auth: { epoch: newId(), contract: room.app.contract, waits: true },
    extraHeaders: { cookie: guest.cookie, origin: room.base },
    transports: ['websocket'],
    parser,
    forceNew: true,
    reconnection: false,
  })
  atEnd(() => socket.disconnect())
  const link = {
    socket,
    standing: undefined as Standing | undefined,
    bye: undefined as string | undefined,
    refused: undefined as string | undefined,
  }
  socket.on('waiting', (standing: Standing) => (link.standing = standing))
  socket.on('bye', (why: string) => (link.bye = why))
  socket.on('connect_error', (error: Error & { data?: { code: string } }) => (link.refused = error.data?.code))
  return link
}

/** The guest waits, the team lets them in, they enter. */
export async function letIn(room: Classroom, team: Participant, guest: Member): Promise<Participant> {
  const link = atDoor(room, guest)
  await expect.poll(() => link.standing?.state, { timeout: 10_000 }).toBe('waiting')
  expect(await team.send('waiting:admit', { people: [guest.id] })).toMatchObject({ ok: true })
  await expect.poll(() => link.standing?.state, { timeout: 10_000 }).toBe('admitted')
  link.socket.disconnect()
  return room.enter(guest)
}
