import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  LEFT_ALONE,
  badIn,
  badOut,
  climb,
  mostly,
  onePicture,
  ownPicture,
  stepOf,
  takes,
  top,
  voiceKbps,
  wantsOf,
  worstIn,
  worstOut,
  type Ladder,
} from '#shared/video/low.rules.ts'
import { cameraRung, mayState } from '#shared/video/rules.ts'
import { videoState } from '#shared/video/wire.ts'
import type { LinkStats } from '#client/video/media-room.ts'
import { Saving } from '#client/video/saving.ts'
import { noStats } from '#client/video/stats.ts'

/** Looks twice a second from here to there; gives what stands then. */
function looks(held: Ladder, bad: boolean | undefined, from: number, to: number): Ladder {
  let now = held
  for (let at = from; at <= to; at += 500) now = climb(now, bad, at)
  return now
}

describe('rules of what carries little', () => {
  it('[Y1] whatever is left out, a voice and the sound of a screen are taken', () => {
    for (const wants of [undefined, 'sound', { seat: 'awa', source: 'cam' }, { seat: 'awa', source: 'screen' }] as const)
      for (const source of ['mic', 'screenAudio'] as const) expect(takes(wants, 'louis', source)).toBe(true)
  })

  it('[Y2] the person’s choice comes first; left to the page it follows the ladders, and the browser that is to save data', () => {
    const fine = { down: 0, busy: 0, saveData: false }
    expect(stepOf('auto', fine)).toBe('all')
    expect(stepOf('auto', { ...fine, saveData: true })).toBe('one')
    expect(stepOf('auto', { ...fine, down: 1 })).toBe('one')
    expect(stepOf('auto', { down: 2, busy: 2, saveData: true })).toBe('sound')
    expect(stepOf('one', { ...fine, down: 2 })).toBe('one')
    expect(stepOf('sound', fine)).toBe('sound')
  })

  it('[Y3] down after 5 s, again after 8 s more; a moment of it is nothing', () => {
    const first = looks(top, true, 0, 4_900)
    expect(first.step).toBe(0)
    expect(looks(climb(first, false, 4_950), true, 5_000, 9_900).step).toBe(0)
    const one = looks(top, true, 0, 5_000)
    expect(one.step).toBe(1)
    expect(looks(one, true, 5_500, 12_500).step).toBe(1)
    const two = looks(one, true, 5_500, 13_000)
    expect(two.step).toBe(2)
    expect(looks(two, true, 13_500, 60_000).step).toBe(2)
  })

  it('[Y3] up again only after longer, one step at a time', () => {
    const one = looks(top, true, 0, 5_000)
    expect(looks(one, false, 5_500, 25_000).step).toBe(1)
    expect(looks(one, false, 5_500, 25_500).step).toBe(0)
    const two = looks(one, true, 5_500, 13_000)
    expect(looks(two, false, 13_500, 33_500).step).toBe(1)
    expect(looks(two, false, 13_500, 54_000).step).toBe(0)
  })

  it('[Y3] what comes down again at once waits twice as long, and never longer than 160 s', () => {
    let held = looks(top, true, 0, 5_000)
    let now = 5_500
    const waits: number[] = []
    for (let turn = 0; turn < 6; turn++) {
      const began = now
      while (held.step > 0) held = climb(held, false, (now += 500))
      waits.push(Math.round((now - began) / 10_000) * 10_000)
      while (held.step === 0) held = climb(held, true, (now += 500))
    }
    expect(waits).toEqual([20_000, 40_000, 80_000, 160_000, 160_000, 160_000])
    // Having gone well for a while, it is as the first time.
    while (held.step > 0) held = climb(held, false, (now += 500))
    held = looks(held, false, now, now + 40_000)
    held = looks(held, true, now + 40_500, now + 46_000)
    expect([held.step, held.patience]).toEqual([1, 20_000])
  })

  it('[Y3] where a step up has held for half a minute the next one is as near, whatever came before', () => {
    let held = looks(top, true, 0, 13_000)
    let now = 13_500
    for (let turn = 0; turn < 3; turn++) {
      while (held.step === 2) held = climb(held, false, (now += 500))
      while (held.step === 1) held = climb(held, true, (now += 500))
    }
    expect(held.patience).toBe(160_000)
    const began = now
    while (held.step === 2) held = climb(held, false, (now += 500))
    expect(Math.round((now - began) / 10_000)).toBe(16)
    const one = held
    const at = now
    expect(looks(one, false, at + 500, at + 29_500).step).toBe(1)
    expect(looks(one, false, at + 500, at + 30_000).step).toBe(0)
    // A moment of it, and nothing is believed.
    const shaken = climb(looks(one, false, at + 500, at + 20_000), true, at + 20_500)
    expect(looks(shaken, false, at + 21_000, at + 150_000).step).toBe(1)
  })

  it('[Y3] where no voice is understood for 3 s, both steps at once; where it comes and goes, one after the other', () => {
    const lost = (from: number, to: number, held = top) => {
      let now = held
      for (let at = from; at <= to; at += 500) now = climb(now, true, at, true)
      return now
    }
    expect(lost(0, 2_500).step).toBe(0)
    expect(lost(0, 3_000).step).toBe(2)
    expect(lost(3_500, 6_000, climb(lost(0, 2_500), true, 3_000)).step).toBe(1)
    // Up again as ever: one step at a time.
    expect(looks(lost(0, 3_000), false, 3_500, 23_500).step).toBe(1)
  })

  it('[Y3] what could not be measured says nothing: it goes on as it went', () => {
    const one = looks(top, true, 0, 5_000)
    expect(looks(one, undefined, 5_500, 90_000).step).toBe(1)
    const good = looks(looks(one, false, 5_500, 20_000), undefined, 20_500, 26_000)
    expect([good.step, climb(good, false, 26_500).step]).toEqual([1, 0])
    const gap = looks(looks(top, true, 0, 3_000), undefined, 3_500, 9_500)
    expect([gap.step, climb(gap, true, 10_000).step, looks(climb(gap, false, 10_000), true, 10_500, 15_000).step]).toEqual([0, 1, 0])
  })

  it('[Y4] the first that is there: the screen, what was pinned, who speaks, who leads, anybody', () => {
    const [screen, pinned, speaks, leads, other] = ['claire', 'louis', 'marc', 'claire', 'zoe'].map((seat, i) => ({
      seat,
      source: i === 0 ? ('screen' as const) : ('cam' as const),
    }))
    const wished = [screen, pinned, speaks, leads]
    const all = [other!, leads!, speaks!, pinned!, screen!]
    for (const expected of [screen, pinned, speaks, leads, other]) {
      expect(onePicture(wished, all)).toEqual(expected)
      all.pop()
    }
    expect(onePicture(wished, [])).toBeUndefined()
    expect(onePicture([undefined, speaks], [other!, speaks!])).toEqual(speaks)
  })

  it('[Y5] a page says what it takes, and gets that', () => {
    const louis = { seat: 'louis', source: 'cam' } as const
    expect([wantsOf('all', louis), wantsOf('one', undefined), wantsOf('one', louis), wantsOf('sound', louis)]).toEqual([
      undefined,
      undefined,
      louis,
      'sound',
    ])
    expect([takes(undefined, 'awa', 'cam'), takes('sound', 'awa', 'cam'), takes('sound', 'awa', 'screen')]).toEqual([true, false, false])
    expect([takes(louis, 'louis', 'cam'), takes(louis, 'louis', 'screen'), takes(louis, 'awa', 'cam')]).toEqual([true, false, false])
  })

  it('[Y5] it says one picture at the most, of a seat; an observer may say it too, and nothing else travels', () => {
    const state = { in: true, mic: false, cam: false, screen: false }
    const seat = 's'.repeat(22)
    for (const wants of [undefined, 'sound', { seat, source: 'cam' }, { seat, source: 'screen' }] as const) {
      expect(videoState.safeParse({ ...state, wants }).success).toBe(true)
      expect(mayState('observer', { ...state, wants })).toBe(true)
    }
    for (const wants of [
      'all',
      null,
      [seat],
      { seat, source: 'mic' },
      { seat },
      { seat, source: 'cam', why: 'slow' },
      { seat: '', source: 'cam' },
    ])
      expect(videoState.safeParse({ ...state, wants }).success).toBe(false)
  })

  it('[Y6] a way is bad with a tenth lost, with slow answers, with a picture that stands still', () => {
    const good = { lostIn: 0.09, lostOut: 0.09, rttMs: 699, roomKbps: 60, stalled: false }
    expect([badIn(good), badOut(good)]).toEqual([false, false])
    expect([badIn({ ...good, lostIn: 0.1 }), badOut({ ...good, lostIn: 0.1 })]).toEqual([true, false])
    expect([badIn({ ...good, lostOut: 0.1 }), badOut({ ...good, lostOut: 0.1 })]).toEqual([false, true])
    expect([badIn({ ...good, stalled: true }), badOut({ ...good, stalled: true })]).toEqual([true, false])
    expect([badIn({ ...good, rttMs: 700 }), badOut({ ...good, rttMs: 700 })]).toEqual([true, true])
  })

  it('[Y6] a picture that takes the voice’s part of the way out is bad, and so is a third that is lost', () => {
    const good = { lostIn: 0.33, lostOut: 0.33, rttMs: 20, roomKbps: undefined, stalled: false }
    expect([worstIn(good), worstOut(good), badOut({ ...good, lostOut: 0 })]).toEqual([false, false, false])
    expect([worstIn({ ...good, lostIn: 0.34 }), worstOut({ ...good, lostOut: 0.34 })]).toEqual([true, true])
    const starves = { ...good, lostIn: 0, lostOut: 0, rttMs: 700, roomKbps: 59 }
    expect([badOut(starves), worstOut(starves), worstIn(starves)]).toEqual([true, true, false])
    expect([worstOut({ ...starves, roomKbps: 60 }), worstOut({ ...starves, lostOut: 0.1, rttMs: 20 })]).toEqual([false, true])
    expect([badOut({ ...starves, lostIn: 0.1, rttMs: 20 }), worstOut({ ...starves, lostIn: 0.1, rttMs: 20 })]).toEqual([true, true])
    // What the browser gives is no reason by itself.
    expect([badOut({ ...starves, rttMs: 699 }), worstOut({ ...starves, rttMs: 699 })]).toEqual([false, false])
  })

  it('[Y10] a voice, and one whose noise is kept', () => {
    expect([voiceKbps(false), voiceKbps(true)]).toEqual([24, 48])
  })

  it('[Y6] what is bad towards one of several is theirs', () => {
    expect([mostly([]), mostly([true]), mostly([true, false]), mostly([true, true, false]), mostly([false, false, true])]).toEqual([
      undefined,
      true,
      false,
      true,
      false,
    ])
  })

  it('[Y7][Y8] one’s own picture becomes smaller, then stays here; a machine that cannot follow sends a smaller one', () => {
    expect([ownPicture(0, 0), ownPicture(1, 0), ownPicture(2, 0), ownPicture(0, 1), ownPicture(0, 2)]).toEqual([
      'whole',
      'small',
      'none',
      'small',
      'small',
    ])
    expect(stepOf('auto', { down: 0, busy: 1, saveData: false })).toBe('all')
    expect(stepOf('auto', { down: 0, busy: 2, saveData: false })).toBe('one')
    expect(cameraRung(2, false, true)).toEqual(cameraRung(3, false))
    expect(cameraRung(16, true, true)).toEqual(cameraRung(16, false))
  })
})

/** How a way goes for a while. */
interface AWay {
  /** The share that is lost here, and there. */
  lost?: number
  there?: number
  /** When the other side said what it lost, if not just now. */
  saidAt?: number
  rttMs?: number
  stands?: boolean
  dead?: boolean
  busy?: boolean
  /** What the browser gives. */
  roomKbps?: number
  sends?: boolean
  /** Packets that would come in half a second. */
  comes?: number
}

describe('a page that measures its ways', () => {
  beforeEach(() => vi.stubGlobal('navigator', {}))
  afterEach(() => vi.unstubAllGlobals())

  /** A page whose ways are looked at twice a second, each as a test says. */
  class APage {
    saving = new Saving()
    now = 0
    #sent = new Map<string, LinkStats>()

    go(ms: number, ways: Record<string, AWay>) {
      for (const until = this.now + ms; this.now < until;) {
        this.now += 500
        for (const [seat, way] of Object.entries(ways)) {
          const { lost = 0, there = 0, rttMs = 20, stands, dead, busy = false, roomKbps, sends = true, comes = 50, saidAt } = way
          const before = this.#sent.get(seat) ?? noStats()
          const packets = dead ? 0 : comes
          const stats: LinkStats = { ...noStats(), rttMs, roomKbps, busy }
          stats.lostThere = [{ stream: 'cam', lost: there, at: saidAt ?? this.now }]
          stats.received = before.received + packets * (1 - lost)
          stats.lost = before.lost + packets * lost
          stats.in.cam.frames = before.in.cam.frames + (stands || dead ? 0 : 10)
          stats.out.cam.frames = before.out.cam.frames + (sends ? 10 : 0)
          this.#sent.set(seat, stats)
          this.saving.see(seat, stats, true, this.now)
        }
        this.saving.judge(true, this.now)
      }
      const { step, why, own, ownWhy } = this.saving
      return [step, why, own, ownWhy]
    }
  }

  it('takes one picture, then sound alone, of a way that loses much; and everything again long after', () => {
    const page = new APage()
    expect(page.go(4_000, { awa: { lost: 0.2 } })).toEqual(['all', undefined, 'whole', undefined])
    expect(page.go(4_000, { awa: { lost: 0.2 } })).toEqual(['one', 'path', 'whole', undefined])
    expect(page.saving.wants).toBeUndefined()
    page.saving.choose('auto', { seat: 'awa', source: 'screen' })
    expect(page.saving.wants).toEqual({ seat: 'awa', source: 'screen' })
    expect(page.go(10_000, { awa: { lost: 0.2 } })[0]).toBe('sound')
    expect(page.go(18_000, { awa: {} })[0]).toBe('sound')
    expect(page.go(45_000, { awa: {} })).toEqual(['all', undefined, 'whole', undefined])
  })

  it('[Y3] a way that breaks again and again of what it is to carry is relieved; who comes next comes by another one', () => {
    const breaks = (page: APage, turns: number) => {
      for (let turn = 0; turn < turns; turn++) {
        page.go(1_500, { awa: { lost: 0.4, there: 0.4 } })
        page.go(4_000, {})
      }
      return page.go(500, {})
    }
    expect(breaks(new APage(), 3)).toEqual(['sound', 'path', 'none', 'path'])
    const page = new APage()
    breaks(page, 1)
    page.saving.forget('awa')
    page.go(60_000, {})
    expect(page.go(2_000, { louis: { lost: 0.4, there: 0.4 } })[0]).toBe('all')
  })

  it('a picture that stands still while its sound comes counts; somebody who is gone altogether does not', () => {
    expect(new APage().go(9_000, { awa: { stands: true } })[0]).toBe('one')
    expect(new APage().go(60_000, { awa: { dead: true } })[0]).toBe('all')
    expect(new APage().go(60_000, { awa: { stands: true }, louis: {}, marc: {} })[0]).toBe('all')
  })

  it('[Y7] where the way out loses, one’s own picture goes smaller, then not at all; what comes in is untouched', () => {
    const page = new APage()
    expect(page.go(8_000, { awa: { there: 0.3 }, louis: { there: 0.3 } })).toEqual(['all', undefined, 'small', 'path'])
    expect(page.go(9_000, { awa: { there: 0.3 }, louis: { there: 0.3 } })).toEqual(['all', undefined, 'none', 'path'])
  })

  it('[Y6] after a tunnel nothing is held back: what the other side says once of all that was lost in it is over', () => {
    const page = new APage()
    page.go(20_000, { awa: {} })
    expect(page.go(5_500, { awa: { there: 0.9, saidAt: 20_500 } })[2]).toBe('whole')
    expect(page.go(20_000, { awa: {} })[2]).toBe('whole')
    expect(page.go(6_000, { awa: { there: 0.9 } })[2]).toBe('none')
  })

  it('[Y3] a picture that leaves no room for the voice stays here within seconds; without one the browser’s guess says nothing', () => {
    const page = new APage()
    const narrow = { roomKbps: 40, rttMs: 900 }
    page.go(12_000, { awa: { roomKbps: 900 } })
    expect(page.go(5_000, { awa: narrow })).toEqual(['all', undefined, 'none', 'path'])
    const silent = new APage()
    expect(silent.go(6_000, { awa: { ...narrow, sends: false } })[2]).toBe('small')
  })

  it('[Y6] a browser that goes on giving little where all that is sent arrives holds nothing back', () => {
    const page = new APage()
    page.go(12_000, { awa: { rttMs: 900, roomKbps: 40 } })
    page.go(24_000, { awa: { roomKbps: 38, sends: false } })
    expect(page.go(1_000, { awa: { roomKbps: 38 } })[2]).toBe('small')
    expect(page.go(60_000, { awa: { roomKbps: 38 } })).toEqual(['all', undefined, 'whole', undefined])
  })

  it('[Y6] where nobody speaks and no picture comes, it tries again all the same; a few packets lost of a few are nothing', () => {
    const lossy = { awa: { lost: 0.5, there: 0.5 } }
    const [muted, quiet] = [new APage(), new APage()]
    expect(muted.go(30_000, lossy)).toEqual(['sound', 'path', 'none', 'path'])
    // What the other side said last still stands in the report.
    expect(muted.go(50_000, { awa: { there: 0.5, saidAt: 30_000, comes: 0, sends: false } })).toEqual([
      'all',
      undefined,
      'whole',
      undefined,
    ])
    quiet.go(30_000, lossy)
    expect(quiet.go(45_000, { awa: { lost: 0.5, comes: 1, sends: false } })).toEqual(['all', undefined, 'whole', undefined])
  })

  it('[Y8] a machine that cannot follow: a smaller picture, then one of the others', () => {
    const page = new APage()
    expect(page.go(6_000, { awa: { busy: true } })).toEqual(['all', undefined, 'small', 'busy'])
    expect(page.go(9_000, { awa: { busy: true } })).toEqual(['one', 'busy', 'small', 'busy'])
  })

  it('[Y9] whoever asks for everything has it for two minutes, however it goes', () => {
    const page = new APage()
    page.go(20_000, { awa: { lost: 0.3 } })
    expect(page.saving.step).toBe('sound')
    page.saving.receiveAll(page.now)
    expect(page.go(LEFT_ALONE - 1_000, { awa: { lost: 0.3 } })[0]).toBe('all')
    expect(page.go(8_000, { awa: { lost: 0.3 } })[0]).toBe('one')
  })

  it('[Y9] a browser that is to save data takes one picture, until everything was asked for', () => {
    vi.stubGlobal('navigator', { connection: { saveData: true } })
    const page = new APage()
    expect(page.go(500, {})).toEqual(['one', 'saveData', 'whole', undefined])
    page.saving.receiveAll(page.now)
    expect(page.go(500, {})[0]).toBe('all')
  })
})
