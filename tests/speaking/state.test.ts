import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Speaking } from '#client/speaking/speaking.svelte.ts'
import type { Seen } from '#shared/speaking/rules.ts'

/** A tab: what it keeps, and its page that goes away. */
beforeEach(() => {
  vi.useFakeTimers()
  const kept = new Map<string, string>()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  })
  vi.stubGlobal('addEventListener', () => undefined)
  vi.stubGlobal('removeEventListener', () => undefined)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const loud: Seen = { person: 'awa', mic: true, loud: true, writes: false }
const open = (look: () => readonly Seen[], writes = (_person: string) => false) => new Speaking('room', look, writes, () => Date.now())

describe('the speaking time of a room', () => {
  it('[A1] [A6] grows while somebody is heard, and survives a reload of the page', () => {
    const first = open(() => [loud])
    vi.advanceTimersByTime(120_000)
    expect(first.hint('awa')).toMatchObject({ kind: 'spoke', minutes: 2 })
    first.close()
    vi.advanceTimersByTime(60_000)
    const second = open(() => [loud])
    expect(second.hint('awa')).toMatchObject({ kind: 'spoke', minutes: 2 })
    vi.advanceTimersByTime(60_000)
    expect(second.hint('awa')).toMatchObject({ kind: 'spoke', minutes: 3 })
    second.close()
  })

  it('[A3] [A4] a lesson that does not go on counts nothing; who writes is said to', () => {
    let here: readonly Seen[] = []
    const times = open(
      () => here,
      (person) => person === 'louis',
    )
    vi.advanceTimersByTime(1_800_000)
    expect(times.hint('awa')).toEqual({ kind: 'none' })
    here = [{ ...loud, loud: false }]
    vi.advanceTimersByTime(601_000)
    expect(times.hint('awa')).toEqual({ kind: 'quiet' })
    expect(times.hint('louis')).toEqual({ kind: 'writes' })
    times.close()
  })
})
