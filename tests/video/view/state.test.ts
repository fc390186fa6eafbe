import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Look } from '#client/video/look.svelte.ts'
import { View } from '#client/video/view.svelte.ts'
import { FakeVideo } from '../fake-video.svelte.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  })
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => undefined, removeEventListener: () => undefined }))
})
const opened: Look[] = []
afterEach(() => {
  for (const look of opened.splice(0)) look.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Claire leads; Awa looks; the others came in this order. */
function aRoom(...others: string[]) {
  const video = new FakeVideo()
  video.face('awa', { local: true })
  video.face('claire', { role: 'trainer' })
  for (const person of others) video.face(person)
  const view = new View(video.asVideo, { hand: () => 0 })
  const look = new Look(view)
  view.look = look
  opened.push(look)
  flushSync()
  const shown = () => view.faces.map(({ person }) => person)
  const large = () => look.large.map(({ face, source }) => `${face.person} ${source}`)
  /** They speak, loudest first, at this moment. */
  const speak = (now: number, ...persons: string[]) => {
    video.speakers = persons
    look.follow(now)
  }
  return { video, view, look, shown, large, speak }
}

describe('what one chooses', () => {
  it('[L1] is there the next time on this browser, and nothing that was written there by somebody else', () => {
    const { view } = aRoom()
    expect([view.layout, view.mirrored, view.selfHidden, view.keys]).toEqual(['grid', true, false, true])
    view.keep({ layout: 'speaker', mirrored: false, selfHidden: true, keys: false, share: 40 })
    const again = aRoom().view
    expect([again.layout, again.mirrored, again.selfHidden, again.keys, again.share]).toEqual(['speaker', false, true, false, 40])
    kept.set('cercle.view', '{"layout":"upside down","share":900}')
    expect([aRoom().view.layout, aRoom().view.share]).toEqual(['grid', 28])
    kept.set('cercle.view', 'not JSON')
    expect(aRoom().view.layout).toBe('grid')
  })

  it('[L8] one’s own picture is left out, for oneself', () => {
    const { view, shown } = aRoom('louis')
    expect(shown()).toEqual(['claire', 'awa', 'louis'])
    view.keep({ selfHidden: true })
    expect(shown()).toEqual(['claire', 'louis'])
  })
})

describe('who is large', () => {
  it('[L1] nobody in a grid; [L4] the team until somebody else spoke; [L2] never oneself', () => {
    const { view, large, speak } = aRoom('louis')
    speak(0, 'louis')
    expect(large()).toEqual([])
    view.keep({ layout: 'speaker' })
    expect(large()).toEqual(['louis cam'])
    const other = aRoom('louis')
    expect(other.large()).toEqual(['claire cam'])
    other.speak(10, 'awa')
    expect(other.large()).toEqual(['claire cam'])
  })

  it('[L2] who goes on speaking takes the place, without anything else having to happen', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { view, large, speak } = aRoom('louis')
    view.keep({ layout: 'speaker' })
    speak(performance.now(), 'claire')
    speak(performance.now(), 'louis')
    expect(large()).toEqual(['claire cam'])
    vi.advanceTimersByTime(800)
    expect(large()).toEqual(['louis cam'])
  })

  it('[L2] who left is large no longer', () => {
    const { video, view, look, large, speak } = aRoom('louis')
    view.keep({ layout: 'speaker' })
    speak(0, 'louis')
    expect(large()).toEqual(['louis cam'])
    video.faces = video.faces.filter(({ person }) => person !== 'louis')
    look.follow(1)
    expect(large()).toEqual(['claire cam'])
  })

  it('[L3] all that is pinned, in any layout, before who speaks; who left comes back pinned', () => {
    const { video, view, look, large, speak } = aRoom('louis')
    look.pin({ person: 'louis', source: 'cam' })
    video.face('claire', { role: 'trainer', screen: true })
    look.pin({ person: 'claire', source: 'screen' })
    speak(0, 'claire')
    view.keep({ layout: 'speaker' })
    expect(large()).toEqual(['louis cam', 'claire screen'])
    video.face('claire', { role: 'trainer' })
    expect(large()).toEqual(['louis cam'])
    look.pin({ person: 'louis', source: 'cam' })
    expect(large()).toEqual(['claire cam'])
    video.face('claire', { role: 'trainer', screen: true })
    expect(large()).toEqual(['claire screen'])
    look.unpin()
    expect(large()).toEqual(['claire cam'])
  })
})

it('[L6] who speaks on another page comes to the first one, and stays', () => {
  const { view, shown, speak } = aRoom('louis', 'ines', 'theo')
  view.each = 3
  expect(shown()).toEqual(['claire', 'awa', 'louis', 'ines', 'theo'])
  speak(0, 'louis')
  speak(100, 'theo')
  speak(900, 'theo')
  expect(shown()).toEqual(['claire', 'awa', 'theo', 'ines', 'louis'])
  speak(2_000)
  expect(shown()).toEqual(['claire', 'awa', 'theo', 'ines', 'louis'])
})

it('[L7] the newest screen is in front, then the one that was chosen; one that is pinned is chosen', () => {
  const { video, view, look } = aRoom('louis')
  expect(view.screen).toBeUndefined()
  video.face('claire', { role: 'trainer', screen: true })
  look.follow()
  video.face('marc', { role: 'owner', screen: true })
  look.follow()
  expect(look.screens.map(({ person }) => person)).toEqual(['marc', 'claire'])
  expect(view.screen?.person).toBe('marc')
  look.choose('claire')
  expect(view.screen?.person).toBe('claire')
  look.pin({ person: 'marc', source: 'screen' })
  expect(view.screen?.person).toBe('marc')
  video.face('marc', { role: 'owner' })
  expect(view.screen?.person).toBe('claire')
})
