import { describe, expect, test } from 'vitest'
import { roles } from '#shared/spoc/rules.ts'
import { CAMERAS, MEDIA_SEATS, cameraRung, hasMediaSeat, maySend, mayState, opens, screenRung } from '#shared/video/rules.ts'
import { videoSignal, videoState } from '#shared/video/wire.ts'

describe('who may send what', () => {
  test('[V1] up to six, everybody who takes part sends sound and picture', () => {
    for (const role of roles.filter((r) => r !== 'observer'))
      for (let people = 1; people <= CAMERAS; people++) {
        expect(maySend('mic', role, people, false)).toBe(true)
        expect(maySend('cam', role, people, false)).toBe(true)
      }
  })

  test('[V2] at seven and eight all speak; pictures are for the team and those who have the floor', () => {
    for (const people of [7, 8]) {
      expect(maySend('mic', 'learner', people, false)).toBe(true)
      expect(maySend('cam', 'learner', people, false)).toBe(false)
      expect(maySend('cam', 'learner', people, true)).toBe(true)
      for (const role of ['owner', 'trainer', 'mentor'] as const) expect(maySend('cam', role, people, false)).toBe(true)
    }
  })

  test('[V3] the ninth has a data seat, and seats that race agree on who stays', () => {
    expect(hasMediaSeat('z', MEDIA_SEATS - 1, [])).toBe(true)
    expect(hasMediaSeat('a', MEDIA_SEATS, [])).toBe(false)
    const racing = ['c', 'a', 'b']
    const stay = racing.filter((seat) =>
      hasMediaSeat(
        seat,
        MEDIA_SEATS - 2,
        racing.filter((other) => other !== seat),
      ),
    )
    expect(stay.sort()).toEqual(['a', 'b'])
  })

  test('[V4] only those who lead put a screen in front', () => {
    const screen = { in: true, mic: false, cam: false, screen: true }
    for (const role of roles) {
      const leading = role === 'owner' || role === 'trainer'
      expect(maySend('screen', role, 3, true)).toBe(leading)
      expect(maySend('screenAudio', role, 3, true)).toBe(leading)
      expect(mayState(role, screen)).toBe(leading)
    }
  })

  test('[V5] an observer sends nothing, whatever floor is given', () => {
    for (const source of ['mic', 'cam', 'screen', 'screenAudio'] as const) expect(maySend(source, 'observer', 2, true)).toBe(false)
    expect(mayState('observer', { in: true, mic: false, cam: false, screen: false })).toBe(true)
    expect(mayState('observer', { in: true, mic: true, cam: false, screen: false })).toBe(false)
  })
})

describe('the ladder', () => {
  test('[V6] never climbs when people come, and starts at 720p', () => {
    expect(cameraRung(2, false)).toEqual({ width: 1280, height: 720, fps: 30, kbps: 1500 })
    expect(cameraRung(4, false)).toMatchObject({ height: 360, kbps: 500 })
    for (let people = 2; people < 12; people++) {
      const [now, next] = [cameraRung(people, false), cameraRung(people + 1, false)]
      expect(next.height).toBeLessThanOrEqual(now.height)
      expect(next.kbps).toBeLessThanOrEqual(now.kbps)
    }
    expect(cameraRung(8, false).kbps * 7).toBeLessThan(1500)
  })

  test('[V7] cameras step down beside a screen, and screens share one uplink', () => {
    expect(cameraRung(2, true)).toEqual(cameraRung(3, false))
    expect(cameraRung(8, true)).toEqual(cameraRung(8, false))
    expect(screenRung(2).kbps).toBe(1500)
    for (let people = 3; people <= MEDIA_SEATS; people++) expect(screenRung(people).kbps * (people - 1)).toBeLessThanOrEqual(3003)
  })

  test('[V8] exactly one of a pair opens', () => {
    expect(opens('a', 'b')).not.toBe(opens('b', 'a'))
  })
})

describe('what travels', () => {
  const link = 'l'.repeat(22)
  const to = 's'.repeat(22)

  test('a description, candidates and a hello pass; anything else does not', () => {
    const one = { candidate: 'candidate:1', sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null }
    const candidates = (...candidates: object[]) => videoSignal.safeParse({ to, link, kind: 'candidates', candidates }).success
    expect(videoSignal.safeParse({ to, kind: 'hello' }).success).toBe(true)
    expect(videoSignal.safeParse({ to, link, kind: 'description', type: 'offer', sdp: 'v=0' }).success).toBe(true)
    expect(candidates(one, one)).toBe(true)
    expect(candidates()).toBe(false)
    expect(candidates(...Array<object>(17).fill(one))).toBe(false)
    expect(candidates({ ...one, candidate: 'c'.repeat(601) })).toBe(false)
    expect(videoSignal.safeParse({ to, link, kind: 'description', type: 'rollback', sdp: 'v=0' }).success).toBe(false)
    expect(videoSignal.safeParse({ to, kind: 'hello', role: 'trainer' }).success).toBe(false)
    expect(videoSignal.safeParse({ to, link, kind: 'description', type: 'offer', sdp: 'v'.repeat(16_000) }).success).toBe(false)
  })

  test('a state is four yes or no, with no identity in it', () => {
    const state = { in: true, mic: true, cam: false, screen: false }
    expect(videoState.safeParse(state).success).toBe(true)
    expect(videoState.safeParse({ ...state, seat: to }).success).toBe(false)
  })
})
