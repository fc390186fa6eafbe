import { describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { GroupsView } from '#shared/groups/wire.ts'
import { newId } from '#server/db/ids.ts'
import { aClassroom, type Classroom, type Member, type Participant } from '#tests/support/classroom.ts'
import { livekitProgram } from '#tests/support/livekit.ts'

const [one, two] = ['g'.repeat(21) + '1', 'g'.repeat(21) + '2']

/** Claire leads; Awa and Louis are for the first group, Marc for the second. */
async function aLesson(environment?: Parameters<typeof aClassroom>[0]) {
  const room = await aClassroom(environment)
  const members = {
    claire: await room.aMember('Claire', 'trainer'),
    awa: await room.aMember('Awa', 'learner'),
    louis: await room.aMember('Louis', 'learner'),
    marc: await room.aMember('Marc', 'learner'),
  }
  const seats = {
    claire: await room.enter(members.claire),
    awa: await room.enter(members.awa),
    louis: await room.enter(members.louis),
    marc: await room.enter(members.marc),
  }
  const open = () =>
    seats.claire.send('groups:open', {
      groups: [
        { group: one, name: 'Les clients', people: [members.awa.id, members.louis.id] },
        { group: two, name: null, people: [members.marc.id] },
      ],
    })
  const move = (person: keyof typeof members, group: string | null) =>
    seats.claire.send('groups:move', { person: members[person].id, group })
  return { room, members, seats, open, move }
}
const groupsOf = (seat: Participant) => seat.view<GroupsView>('groups')

describe('groups in a lesson', () => {
  it('are told to everybody: who is in which, moved and closed too', async () => {
    const { seats, members, open, move } = await aLesson()
    expect(groupsOf(seats.awa)).toEqual({ groups: [], closesAt: null })
    expect(await open()).toMatchObject({ ok: true })
    const opened = [
      { group: one, name: 'Les clients', people: [members.awa.id, members.louis.id] },
      { group: two, name: null, people: [members.marc.id] },
    ]
    for (const seat of Object.values(seats)) await expect.poll(() => groupsOf(seat)?.groups).toEqual(opened)
    expect(await move('louis', two)).toMatchObject({ ok: true })
    await expect.poll(() => groupsOf(seats.marc)?.groups[1]?.people).toEqual([members.marc.id, members.louis.id])
    expect(await seats.claire.send('groups:close', { after: 0 })).toMatchObject({ ok: true })
    for (const seat of Object.values(seats)) await expect.poll(() => groupsOf(seat)).toEqual({ groups: [], closesAt: null })
  })

  it('close by themselves a minute after everybody was told', async () => {
    const { room, seats, open } = await aLesson()
    await open()
    room.clock.hold()
    expect(await seats.claire.send('groups:close', { after: 60 })).toMatchObject({ ok: true })
    await expect.poll(() => groupsOf(seats.marc)?.closesAt).toBe(room.clock.now() + 60_000)
    room.clock.forward(59_000)
    await seats.marc.ask('live:clock', {})
    expect(groupsOf(seats.marc)?.groups).toHaveLength(2)
    room.clock.forward(1_000)
    await expect.poll(() => groupsOf(seats.marc)?.groups).toEqual([])
  })

  it('who loads their page again, or comes back after a while, is where they were', async () => {
    const { room, members, seats, open } = await aLesson()
    await open()
    seats.awa.socket.disconnect()
    expect(groupsOf(await room.enter(members.awa))?.groups[0]?.people).toContain(members.awa.id)
    seats.louis.socket.disconnect()
    await expect.poll(() => seats.marc.presence.people.find(({ person }) => person === members.louis.id)?.state).toBe('away')
    room.clock.forward(20_000)
    await expect.poll(() => seats.marc.presence.people.some(({ person }) => person === members.louis.id)).toBe(false)
    expect(groupsOf(await room.enter(members.louis))?.groups[0]?.people).toContain(members.louis.id)
  })

  it('the server passes on what pages say to link with each other within a group, and not to another one', async () => {
    const { seats, open, move } = await aLesson()
    const { claire, awa, louis, marc } = seats
    const heard = (seat: Participant, from: Participant) =>
      seat.whispers.filter((each) => each.name === 'video:signal' && each.from === from.seat).length
    const signals = (to: Participant) => [
      { to: to.seat, kind: 'hello' },
      { to: to.seat, kind: 'description', link: 'link-of-awa', type: 'offer', sdp: 'v=0' },
      {
        to: to.seat,
        kind: 'candidates',
        link: 'link-of-awa',
        candidates: [{ candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null }],
      },
    ]
    /** Awa's page signals to everybody, whatever it should; each link is in order, so what is passed on has come when Louis answers. */
    async function tries() {
      const before = [claire, louis, marc].map((seat) => heard(seat, awa))
      for (const seat of [claire, louis, marc]) for (const signal of signals(seat)) awa.whisper('video:signal', signal)
      await awa.ask('live:clock', {})
      for (const seat of [claire, louis, marc]) await seat.ask('live:clock', {})
      return [claire, louis, marc].map((seat, at) => heard(seat, awa) - before[at]!)
    }
    expect(await tries()).toEqual([3, 3, 3])
    await open()
    expect(await tries()).toEqual([0, 3, 0])
    await move('awa', two)
    expect(await tries()).toEqual([0, 0, 3])
    await claire.send('groups:visit', { group: two })
    expect(await tries()).toEqual([3, 0, 3])
    await claire.send('groups:close', { after: 0 })
    expect(await tries()).toEqual([3, 3, 3])
  })

  it('a learner neither opens, moves, visits, names nor closes; a group that is not open takes nobody', async () => {
    const { members, seats, open, move } = await aLesson()
    await open()
    const { awa } = seats
    for (const [name, payload] of [
      ['groups:open', { groups: [{ group: newId(), name: null, people: [members.awa.id] }] }],
      ['groups:move', { person: members.awa.id, group: two }],
      ['groups:visit', { group: two }],
      ['groups:rename', { group: one, name: 'À nous' }],
      ['groups:close', { after: 0 }],
    ] as const)
      expect(await awa.send(name, payload), name).toEqual({ ok: false, code: 'live/not-allowed' })
    expect(await move('awa', newId())).toEqual({ ok: false, code: 'groups/not-open' })
    await expect.poll(() => groupsOf(awa)?.groups[0]?.people ?? []).toContain(members.awa.id)
  })
})

describe.skipIf(livekitProgram === undefined)('groups that LiveKit carries', () => {
  const carried = () => aLesson({ environment: { video: { kind: 'livekit-child', binary: livekitProgram! } } })
  async function keyOf(member: Member, { room }: Classroom, { seat }: Participant) {
    const reply = await member.fetch('GET', `/api/rooms/${room}/media?seat=${seat}`)
    expect(reply.status).toBe(200)
    return ((await reply.json()) as { value: { token: string } }).value.token
  }
  /** The media room that a key opens. */
  const roomIn = (token: string) =>
    (JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as { video: { room: string } }).video.room
  /** Enters as a browser does, through the server itself; resolves once LiveKit has let it in. */
  const enter = ({ base }: Classroom, token: string) =>
    new Promise<{ closed: Promise<void>; isOpen: () => boolean }>((resolve, reject) => {
      const socket = new WebSocket(`${base.replace('http', 'ws')}/rtc?access_token=${token}&protocol=15&sdk=js&version=2`, { origin: base })
      const closed = new Promise<void>((done) => socket.once('close', () => done()))
      socket.once('open', () => resolve({ closed, isOpen: () => socket.readyState === WebSocket.OPEN }))
      socket.once('error', reject)
    })

  it('a key is for the group that one is in, and for no other', async () => {
    const { room, members, seats, open, move } = await carried()
    expect(roomIn(await keyOf(members.awa, room, seats.awa))).toBe(room.room)
    await open()
    const keys = async () =>
      Promise.all((['claire', 'awa', 'louis', 'marc'] as const).map(async (who) => roomIn(await keyOf(members[who], room, seats[who]))))
    expect(await keys()).toEqual([room.room, `${room.room}.${one}`, `${room.room}.${one}`, `${room.room}.${two}`])
    await move('louis', two)
    await seats.claire.send('groups:visit', { group: one })
    expect(await keys()).toEqual([`${room.room}.${one}`, `${room.room}.${one}`, `${room.room}.${two}`, `${room.room}.${two}`])
    // Somebody else's seat gives no key to their group.
    expect((await members.awa.fetch('GET', `/api/rooms/${room.room}/media?seat=${seats.marc.seat}`)).status).toBe(409)
    await seats.claire.send('groups:close', { after: 0 })
    expect(new Set(await keys())).toEqual(new Set([room.room]))
  })

  it('who is moved is out of the group they were in at once, and out again with the key that they kept; who stays, stays', async () => {
    const { room, members, seats, open, move } = await carried()
    await open()
    const [kept, hers] = [await keyOf(members.louis, room, seats.louis), await keyOf(members.awa, room, seats.awa)]
    const [louis, awa] = [await enter(room, kept), await enter(room, hers)]
    await move('louis', two)
    await louis.closed
    const again = await enter(room, kept)
    await again.closed
    const right = await enter(room, await keyOf(members.louis, room, seats.louis))
    expect([awa.isOpen(), right.isOpen()]).toEqual([true, true])
    await seats.claire.send('groups:close', { after: 0 })
    await Promise.all([awa.closed, right.closed])
    // A group that is closed is nobody's meeting place.
    await (
      await enter(room, hers)
    ).closed
  })

  it('a microphone that is held is held in a group too', async () => {
    const { room, members, seats, open } = await carried()
    await open()
    await seats.claire.send('mics:mute', { person: members.awa.id, hold: true })
    const { video } = JSON.parse(Buffer.from((await keyOf(members.awa, room, seats.awa)).split('.')[1]!, 'base64url').toString()) as {
      video: { canPublishSources: string[]; room: string }
    }
    expect(video).toMatchObject({ room: `${room.room}.${one}`, canPublishSources: ['camera'] })
  })
})
