import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { livekitProgram } from '#tests/support/livekit.ts'
import type { MediaKey } from '#shared/video/wire.ts'
import { person as persons } from '#server/account/tables.ts'
import { aGuest, aLink, letIn } from '#tests/guests/coming.ts'
import { aClassroom, type Classroom, type Member, type Participant } from '#tests/support/classroom.ts'

describe.skipIf(livekitProgram === undefined)('a lesson that LiveKit carries', () => {
  const aLesson = () => aClassroom({ environment: { video: { kind: 'livekit-child', binary: livekitProgram! } } })
  const ask = (member: Member, { room }: Classroom, seat: string) => member.fetch('GET', `/api/rooms/${room}/media?seat=${seat}`)
  async function keyOf(member: Member, room: Classroom, { seat }: Participant) {
    const reply = await ask(member, room, seat)
    expect(reply.status).toBe(200)
    expect(reply.headers.get('cache-control')).toBe('no-store')
    const { value } = (await reply.json()) as { value: { address: string | null; token: string } }
    expect(value.address).toBeNull()
    return value.token
  }
  /** Enters as a browser does, through the server itself; gives the connection, or the status that it was refused with. */
  const enter = ({ base }: Classroom, token: string, origin: string | undefined = base) =>
    new Promise<WebSocket | number>((resolve) => {
      const address = `${base.replace('http', 'ws')}/rtc?access_token=${token}&protocol=15&sdk=js&version=2`
      const socket = new WebSocket(address, origin === undefined ? {} : { origin })
      socket.once('open', () => resolve(socket))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('error', () => resolve(0))
    })
  const inside = async (given: WebSocket | number) => {
    expect(given).toBeInstanceOf(WebSocket)
    const socket = given as WebSocket
    return { socket, closed: new Promise<void>((done) => socket.once('close', () => done())) }
  }
  const read = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { sub: string; video: { canPublishSources: string[] } }
  /** What its key lets somebody send, and for which seat it is. */
  const sends = (token: string) => read(token).video.canPublishSources
  const holder = (token: string) => read(token).sub

  it('a key is for one’s own seat, by its role', async () => {
    const room = await aLesson()
    const [claire, awa, olga, zoe] = [
      await room.aMember('Claire', 'trainer'),
      await room.aMember('Awa', 'learner'),
      await room.aMember('Olga', 'observer'),
      await room.aMember('Zoe', null),
    ]
    const [hers, his, watching] = [await room.enter(claire), await room.enter(awa), await room.enter(olga)]
    expect(sends(await keyOf(claire, room, hers))).toEqual(['microphone', 'camera', 'screen_share', 'screen_share_audio'])
    expect(sends(await keyOf(awa, room, his))).toEqual(['microphone', 'camera'])
    expect(sends(await keyOf(olga, room, watching))).toEqual([])
    expect((await ask(awa, room, hers.seat)).status).toBe(409)
    expect((await ask(awa, room, 'x'.repeat(22))).status).toBe(409)
    expect((await ask(zoe, room, his.seat)).status).toBe(404)
  })

  it('a first key comes with the seat: one’s own, by its role; nobody hears another’s', async () => {
    const room = await aLesson()
    const [claire, awa, olga] = [
      await room.enter(await room.aMember('Claire', 'trainer')),
      await room.enter(await room.aMember('Awa', 'learner')),
      await room.enter(await room.aMember('Olga', 'observer')),
    ]
    const told = async (seat: Participant) => {
      await expect.poll(() => seat.media).toBeDefined()
      return seat.media!
    }
    for (const [seat, may] of [
      [claire, ['microphone', 'camera', 'screen_share', 'screen_share_audio']],
      [awa, ['microphone', 'camera']],
      [olga, []],
    ] as const) {
      const { token, address, key } = await told(seat)
      expect([holder(token), sends(token), address, key]).toEqual([seat.seat, may, null, null])
      for (const other of [claire, awa, olga]) expect(other.heard(token)).toBe(other === seat)
      await inside(await enter(room, token))
    }
  })

  it('no other page may bring somebody in, and the interface of LiveKit is not passed on', async () => {
    const room = await aLesson()
    const awa = await room.aMember('Awa', 'learner')
    const key = await keyOf(awa, room, await room.enter(awa))
    expect(await enter(room, key, 'https://elsewhere.example')).toBe(0)
    // It stays open: a server that stops lets go of it.
    await inside(await enter(room, key))
    const api = await fetch(`${room.base}/twirp/livekit.RoomService/ListRooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: room.base },
      body: '{}',
    })
    expect(api.status).toBe(404)
  })

  it('whose seat ended is out at once, and out again with the key they still have', async () => {
    const room = await aLesson()
    const [nadia, awa] = [await room.aMember('Nora', 'owner'), await room.aMember('Awa', 'learner')]
    const seat = await room.enter(awa)
    const key = await keyOf(awa, room, seat)
    const first = await inside(await enter(room, key))
    expect((await nadia.fetch('DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`, {})).status).toBeLessThan(300)
    await first.closed
    // LiveKit itself lets them in: the key is still good.
    const second = await enter(room, key)
    await (
      await inside(second)
    ).closed
    expect((await ask(awa, room, seat.seat)).status).toBe(404)
  })

  it('[V11] what encrypts is given with the key of a seat, one for each room, and only where the session is encrypted', async () => {
    const [room, other] = [await aLesson(), await aLesson()]
    const keyOf = async (member: Member, { room: id }: Classroom, { seat }: Participant) =>
      ((await (await ask(member, { room: id } as Classroom, seat)).json()) as { value?: { key: MediaKey | null } }).value?.key
    const [claire, awa, zoe] = [
      await room.aMember('Claire', 'trainer'),
      await room.aMember('Awa', 'learner'),
      await room.aMember('Zoe', null),
    ]
    const encrypt = (who: Member, { session }: Classroom, encrypted: boolean) =>
      who.fetch('PATCH', `/api/sessions/${session}`, { encrypted })
    expect((await encrypt(claire, room, true)).status).toBe(200)
    const [hers, his] = [await room.enter(claire), await room.enter(awa)]
    const key = await keyOf(claire, room, hers)
    expect(Buffer.from(key?.bits ?? '', 'base64')).toHaveLength(32)
    expect(await keyOf(awa, room, his)).toEqual(key)
    // Not for another's seat, nor for a stranger.
    expect(await keyOf(awa, room, hers)).toBeUndefined()
    expect(await keyOf(zoe, room, his)).toBeUndefined()
    // It came along with the seat.
    for (const seat of [hers, his]) await expect.poll(() => seat.media?.key).toEqual(key)

    const louis = await other.aMember('Louis', 'trainer')
    const seat = await other.enter(louis)
    expect(await keyOf(louis, other, seat)).toBeNull()
    await seat.ask('live:leave', {}).catch(() => undefined)
    await expect.poll(async () => (await encrypt(louis, other, true)).status).toBe(200)
    const another = await keyOf(louis, other, await other.enter(louis))
    expect(Buffer.from(another?.bits ?? '', 'base64')).toHaveLength(32)
    expect(another?.bits).not.toBe(key?.bits)

    // [V13] Who leaves may come back; who is removed, suspended, turned out as a guest, or has no account any more, is given nothing of what is used after.
    const nora = await aGuest(room, await aLink(room, claire), 'Nora')
    const guest = await letIn(room, hers, nora)
    expect(await keyOf(nora, room, guest)).toEqual(key)
    await his.ask('live:leave', {}).catch(() => undefined)
    expect(await keyOf(claire, room, hers)).toEqual(key)
    const owner = await room.aMember('Oumar', 'owner')
    await room.db.transaction((tx) => tx.update(persons).set({ administrator: true }).where(eq(persons.id, owner.id)))
    const [ines, theo] = [await room.aMember('Ines', 'learner'), await room.aMember('Theo', 'learner')]
    for (const member of [ines, theo]) expect(await keyOf(member, room, await room.enter(member))).toEqual(key)
    const used = [key?.bits]
    for (const [method, path, body] of [
      ['DELETE', `/api/rooms/${room.room}/guests/${nora.id}`, undefined],
      ['DELETE', `/api/spocs/${room.spoc}/members/${awa.id}`, {}],
      ['POST', `/api/spocs/${room.spoc}/members/${ines.id}/suspend`, undefined],
      ['POST', `/api/accounts/${theo.id}/deactivate`, undefined],
    ] as const) {
      expect((await owner.fetch(method, path, body)).status).toBeLessThan(300)
      used.push((await keyOf(claire, room, hers))?.bits)
    }
    expect(await keyOf(nora, room, guest)).toBeUndefined()
    expect(new Set(used).size).toBe(5)
  })

  it('a microphone that is held is in no key', async () => {
    const room = await aLesson()
    const [claire, awa] = [await room.aMember('Claire', 'trainer'), await room.aMember('Awa', 'learner')]
    const [lead, seat] = [await room.enter(claire), await room.enter(awa)]
    expect(await lead.send('mics:mute', { person: awa.id, hold: true })).toMatchObject({ ok: true })
    expect(sends(await keyOf(awa, room, seat))).toEqual(['camera'])
    expect(await lead.send('mics:allow', { person: awa.id })).toMatchObject({ ok: true })
    expect(sends(await keyOf(awa, room, seat))).toEqual(['microphone', 'camera'])
  })

  it('a notice that LiveKit did not sign is refused, and health says that it answers', async () => {
    const room = await aLesson()
    const forged = await fetch(`${room.base}/api/video/webhook`, {
      method: 'POST',
      headers: { 'content-type': 'application/webhook+json', authorization: 'Bearer x.y.z' },
      body: JSON.stringify({ event: 'participant_joined', room: { name: room.room } }),
    })
    expect(forged.status).toBe(401)
    const health = (await (await fetch(`${room.base}/api/health`)).json()) as { engines: { video: unknown } }
    expect(health.engines.video).toEqual({ kind: 'livekit', answers: true })
  })
})

it('where browsers are linked to each other there is no key', async () => {
  const room = await aClassroom()
  const awa = await room.aMember('Awa', 'learner')
  const seat = await room.enter(awa)
  const reply = await awa.fetch('GET', `/api/rooms/${room.room}/media?seat=${seat.seat}`)
  expect(reply.status).toBe(409)
  expect(await reply.json()).toMatchObject({ code: 'video/no-livekit' })
  expect(seat.media).toBeUndefined()
})
