import { describe, expect, test } from 'vitest'
import { roles, type Role } from '#shared/spoc/rules.ts'
import {
  CAMERAS,
  MEDIA_SEATS,
  VOICES,
  carriedAt,
  cameraRung,
  hasMediaSeat,
  linked,
  maySend,
  mayState,
  meshCarries,
  opens,
  screenRung,
  stageOf,
} from '#shared/video/rules.ts'
import { videoSignal, videoState } from '#shared/video/wire.ts'

describe('who may send what', () => {
  const taking = roles.filter((role) => role !== 'observer')
  const people = (...of: [string, Role][]) => of.map(([person, role]) => ({ person, role }))

  test('[V1] up to six, everybody who takes part sends sound and picture', () => {
    for (const source of ['mic', 'cam'] as const) {
      for (const role of taking) expect(maySend(source, role)).toBe(true)
      for (let count = 1; count <= CAMERAS; count++) expect(meshCarries(source, count, false)).toBe(true)
    }
  })

  test('[V2] at seven and eight all speak; pictures are for those on the stage', () => {
    for (const count of [7, 8]) {
      expect(meshCarries('mic', count, false)).toBe(true)
      expect(meshCarries('cam', count, false)).toBe(false)
      expect(meshCarries('cam', count, true)).toBe(true)
    }
  })

  test('[V3] beyond sixteen one has a data seat, and seats that race agree on who stays', () => {
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

  test('[V10] a group is told by its size who of it will be seen and heard; LiveKit carries any', () => {
    expect([1, CAMERAS, 7, VOICES, 9, MEDIA_SEATS, 17].map((people) => carriedAt(people, 'mesh'))).toEqual([
      ...['all', 'all', 'voices', 'voices', 'stage', 'stage', 'part'],
    ])
    expect([7, 9, 30].map((people) => carriedAt(people, 'livekit'))).toEqual(['all', 'all', 'all'])
  })

  test('[V9] on the stage are two who lead and two who were given the floor, in their order', () => {
    const here = people(['marc', 'mentor'], ['claire', 'trainer'], ['awa', 'learner'], ['nadia', 'observer'], ['omar', 'owner'])
    expect([...stageOf(here, [])]).toEqual(['claire', 'omar'])
    expect([...stageOf(here, ['nadia', 'awa', 'gone', 'marc', 'claire'])]).toEqual(['claire', 'omar', 'awa', 'marc'])
    expect([...stageOf([...people(['lena', 'trainer']), ...here], [])]).toEqual(['lena', 'claire'])
    // Two tabs of one person take one place.
    expect([...stageOf([...people(['claire', 'trainer']), ...here], [])]).toEqual(['claire', 'omar'])
  })

  test('[V9] above eight only the stage sends, and a page is linked only with somebody on it', () => {
    for (const source of ['mic', 'cam', 'screen', 'screenAudio'] as const) {
      expect(meshCarries(source, 9, false)).toBe(false)
      expect(meshCarries(source, MEDIA_SEATS, true)).toBe(true)
    }
    expect([linked(VOICES, false), linked(9, false), linked(9, true)]).toEqual([true, false, true])
  })

  test('[V4] only those who lead put a screen in front', () => {
    const screen = { in: true, mic: false, cam: false, screen: true }
    for (const role of roles) {
      const leading = role === 'owner' || role === 'trainer'
      expect(maySend('screen', role)).toBe(leading)
      expect(maySend('screenAudio', role)).toBe(leading)
      expect(mayState(role, screen)).toBe(leading)
    }
  })

  test('[V5] an observer sends nothing', () => {
    for (const source of ['mic', 'cam', 'screen', 'screenAudio'] as const) expect(maySend(source, 'observer')).toBe(false)
    expect(mayState('observer', { in: true, mic: false, cam: false, screen: false })).toBe(true)
    expect(mayState('observer', { in: true, mic: true, cam: false, screen: false })).toBe(false)
  })
})

describe('the ladder', () => {
  test('[V6] never climbs when people come, and starts at 720p', () => {
    expect(cameraRung(2, false)).toEqual({ width: 1280, height: 720, fps: 30, kbps: 1500 })
    expect(cameraRung(4, false)).toMatchObject({ height: 360, kbps: 500 })
    for (let people = 2; people < MEDIA_SEATS; people++) {
      const [now, next] = [cameraRung(people, false), cameraRung(people + 1, false)]
      expect(next.height).toBeLessThanOrEqual(now.height)
      expect(next.kbps).toBeLessThanOrEqual(now.kbps)
    }
    expect(cameraRung(8, false).kbps * 7).toBeLessThan(1500)
    expect(cameraRung(MEDIA_SEATS, false).kbps * (MEDIA_SEATS - 1)).toBeLessThanOrEqual(1500)
  })

  test('[V7] cameras step down beside a screen, and screens share one uplink', () => {
    expect(cameraRung(2, true)).toEqual(cameraRung(3, false))
    expect(cameraRung(8, true)).toEqual(cameraRung(9, false))
    expect(cameraRung(9, true)).toEqual(cameraRung(9, false))
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
