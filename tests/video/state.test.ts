import { afterEach, describe, expect, it, vi } from 'vitest'
import { Heard } from '#client/video/heard.svelte.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'
import { FakeVideo } from './fake-video.svelte.ts'

const opened: Heard[] = []
afterEach(() => {
  for (const heard of opened.splice(0)) heard.close()
  vi.useRealTimers()
})

function aPage(role: Role = 'learner') {
  vi.stubGlobal('navigator', { mediaDevices: { enumerateDevices: () => Promise.resolve([{ kind: 'audioinput' }]), ...listening } })
  const room = new FakeRoom(role)
  const video = new FakeVideo()
  const heard = new Heard(room, video.asVideo)
  opened.push(heard)
  /** What it told, once it has followed what changed: a page does that by itself. */
  const said = () => {
    heard.follow()
    return room.whispered.filter(({ name }) => name === 'video:trouble').map(({ payload }) => payload)
  }
  return { room, video, heard, said }
}
const listening = { addEventListener: () => undefined, removeEventListener: () => undefined }

/** These are in the room, with their role. */
function seat(room: FakeRoom, people: Record<string, Role>) {
  room.seat(...Object.keys(people))
  room.presence = { ...room.presence, people: room.presence.people.map((one) => ({ ...one, role: people[one.person] ?? 'learner' })) }
}

describe('two who cannot be linked', () => {
  it('are named to the team, each pair once, and to nobody else', () => {
    for (const [role, seen] of [
      ['trainer', [['awa', 'louis']]],
      ['learner', []],
    ] as const) {
      const { room, video, heard } = aPage(role)
      for (const who of ['awa', 'louis', 'marc']) video.face(who)
      seat(room, { me: role, awa: 'learner', louis: 'learner', marc: 'learner' })
      for (const [from, to] of [
        ['awa', 'louis'],
        ['louis', 'awa'],
        ['marc', 'gone'],
      ])
        room.hearFrom(`seat-${from}`, 'video:trouble', { mic: null, deaf: false, unlinked: [`seat-${to}`] })
      expect(heard.apart).toEqual(seen)
    }
  })

  it('say so themselves to the team, until they are', () => {
    const { video, said } = aPage()
    video.snapshot = { unreachable: ['seat-louis'] }
    expect(said()).toEqual([{ mic: null, deaf: false, unlinked: ['seat-louis'] }])
    video.snapshot = { unreachable: [] }
    expect(said().at(-1)).toEqual({ mic: null, deaf: false, unlinked: [] })
  })
})

describe('what a page says of its microphone', () => {
  it('nothing while all is well, a reason once it is not, and the end of it', () => {
    const { video, said, heard } = aPage()
    expect(said()).toEqual([])
    expect(heard.mine).toBe('muted')
    video.fault = { code: 'permission', source: 'mic' }
    expect(said()).toEqual([{ mic: 'refused', deaf: false, unlinked: [] }])
    video.fault = { code: 'in-use', source: 'cam' }
    expect(said()).toHaveLength(1)
    video.mic = true
    expect(said().at(-1)).toEqual({ mic: null, deaf: false, unlinked: [] })
    expect(heard.mine).toBeUndefined()
    video.snapshot = { micSilent: true }
    expect(said().at(-1)).toEqual({ mic: 'silent', deaf: false, unlinked: [] })
    video.snapshot = { micInterrupted: true, audioBlocked: true }
    expect(said().at(-1)).toEqual({ mic: 'interrupted', deaf: true, unlinked: [] })
  })

  it('again when somebody of the team comes, when the link is back, and now and then', () => {
    vi.useFakeTimers()
    const { room, video, heard, said } = aPage()
    seat(room, { me: 'learner', louis: 'learner' })
    video.fault = { code: 'not-found', source: 'mic' }
    expect(said()).toHaveLength(1)
    seat(room, { me: 'learner', louis: 'learner', amina: 'learner' })
    expect(said()).toHaveLength(1)
    seat(room, { me: 'learner', louis: 'learner', claire: 'trainer' })
    expect(said()).toHaveLength(2)
    room.link = 'lost'
    heard.follow()
    room.link = 'here'
    expect(said()).toHaveLength(3)
    vi.advanceTimersByTime(10_000)
    expect(said()).toHaveLength(4)
    expect(new Set(said().map((one) => JSON.stringify(one))).size).toBe(1)
  })

  it('that the browser carries no sound, whatever else is wrong', () => {
    const { video, said, heard } = aPage()
    video.able = false
    video.fault = { code: 'permission', source: 'mic' }
    expect(said()).toEqual([{ mic: 'unable', deaf: false, unlinked: [] }])
    expect(heard.mine).toBe('unable')
  })

  it('an observer has no microphone to speak of', () => {
    const { video, said } = aPage('observer')
    video.maySend = false
    video.snapshot = { audioBlocked: true }
    expect(said()).toEqual([{ mic: null, deaf: true, unlinked: [] }])
  })
})

describe('what the team sees', () => {
  it('[N7] the reason of each, from their own page and from the link; nobody else sees any', () => {
    for (const role of ['trainer', 'learner'] as const) {
      const { room, video, heard } = aPage(role)
      seat(room, { me: role, awa: 'learner', louis: 'learner', theo: 'learner' })
      for (const person of ['awa', 'louis', 'theo']) video.face(person)
      video.face('awa', { mic: false })
      video.face('theo', { quality: 'lost' })
      room.hearFrom('seat-louis', 'video:trouble', { mic: 'silent', deaf: false, unlinked: [] })
      const seen = ['awa', 'louis', 'theo', 'me'].map((person) => heard.why(person))
      expect(seen).toEqual(role === 'trainer' ? ['muted', 'silent', 'link', undefined] : Array(4).fill(undefined))
    }
  })

  it('[N9] help that is open counts as sent; put away it can be sent again', () => {
    const { room, heard } = aPage('trainer')
    room.views = { video: { awa: { by: 'me', why: 'refused', at: 1, open: true }, louis: { by: 'me', why: 'link', at: 1, open: false } } }
    expect([heard.sent('awa')?.why, heard.sent('louis'), heard.sent('theo')]).toEqual(['refused', undefined, undefined])
  })
})

it('a microphone that the system took is let go and opened anew', async () => {
  const { video, heard } = aPage()
  await heard.open()
  video.snapshot = { micInterrupted: true }
  await heard.open()
  expect(video.asked).toEqual(['mic on', 'mic off', 'mic on'])
})

it('the microphone that came back says so for a moment; one that was closed meanwhile does not', () => {
  vi.useFakeTimers()
  const { video, heard } = aPage()
  const interrupt = (micInterrupted: boolean, mic: boolean) => {
    video.mic = mic
    video.snapshot = { micInterrupted }
    heard.follow()
  }
  interrupt(true, false)
  interrupt(false, false)
  expect(heard.back).toBe(false)
  interrupt(true, true)
  interrupt(false, true)
  expect(heard.back).toBe(true)
  vi.advanceTimersByTime(6_000)
  expect(heard.back).toBe(false)
})

it('[N5] an echo is said until the person says that they are not together', () => {
  const { room, video, heard } = aPage()
  seat(room, { me: 'learner', louis: 'learner' })
  video.face('louis')
  video.snapshot = { echo: 'seat-louis' }
  expect(heard.echo).toBe('louis')
  heard.notTogether('louis')
  expect(heard.echo).toBeUndefined()
})
