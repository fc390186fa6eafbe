import { expect, test } from 'vitest'
import { Echo } from '#client/video/echo.ts'

/** The same numbers for the same seed. */
function numbers(seed: number) {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
}

/** How loud somebody is, ten times a second: words of two to seven looks, gaps of one to six, and pauses now and then. */
function speech(next: () => number, looks: number): number[] {
  const course: number[] = []
  while (course.length < looks) {
    const word = 2 + Math.floor(next() * 6)
    const loud = 0.15 + next() * 0.5
    for (let i = 0; i < word; i++) course.push(loud * (0.6 + next() * 0.4))
    const quiet = next() < 0.1 ? 15 : 1 + Math.floor(next() * 6)
    for (let i = 0; i < quiet; i++) course.push(0.005 + next() * 0.01)
  }
  return course.slice(0, looks)
}

/** What a second microphone across the table sends: later, fainter, with a noise of its own. */
const acrossTheTable = (course: readonly number[], next: () => number, late: number) =>
  course.map((_, i) => (course[i - late] ?? 0) * (0.3 + next() * 0.1) + next() * 0.01)

function listen(own: readonly number[], other: readonly number[]): Echo {
  const echo = new Echo()
  own.forEach((level, i) => echo.hear(level, other[i]!, i * 100))
  return echo
}

test.each([0, 1, 2, 4])('[N4] two microphones at one table are told within half a minute, %s looks apart', (late) => {
  const next = numbers(7 + late)
  const own = speech(next, 300)
  expect(listen(own, acrossTheTable(own, next, late)).since).toBeLessThan(30_000)
})

test('[N4] two people who speak, together or in turn, are not in one place: an hour each, a dozen pairs', () => {
  const told = Array.from({ length: 12 }, (_, seed) => {
    const next = numbers(1000 + seed)
    const [own, other] = [speech(next, 36_000), speech(next, 36_000)]
    const echo = new Echo()
    let times = 0
    for (let i = 0; i < own.length; i++) {
      // Half of the time they talk over each other, half of it they take turns.
      const turn = Math.floor(i / 60) % 4
      echo.hear(turn === 2 ? 0.01 : own[i]!, turn === 3 ? 0.01 : other[i]!, i * 100)
      if (echo.since !== undefined) times++
    }
    return times
  })
  expect(told.filter((times) => times > 0)).toEqual([])
})

test('[N4] what repeats itself proves nothing: a beeper, music with a beat, a fan', () => {
  const beeper = Array.from({ length: 600 }, (_, i) => (i % 10 < 2 ? 0.5 : 0.01))
  const beat = Array.from({ length: 600 }, (_, i) => 0.2 + 0.2 * Math.sin(i * 1.1))
  const fan = Array.from({ length: 600 }, () => 0.3)
  for (const sound of [beeper, beat, fan]) expect(listen(sound, sound).since).toBeUndefined()
})

test('[N4] it ends when they no longer hear the same, and a page that slept starts afresh', () => {
  const next = numbers(3)
  const own = speech(next, 600)
  const echo = listen(own.slice(0, 300), acrossTheTable(own.slice(0, 300), next, 1))
  expect(echo.since).toBeDefined()
  const other = speech(next, 300)
  own.slice(300).forEach((level, i) => echo.hear(level, other[i]!, 30_000 + i * 100))
  expect(echo.since).toBeUndefined()

  const asleep = new Echo()
  const heard = acrossTheTable(own, next, 1)
  // A look each second: a hidden tab.
  own.forEach((level, i) => asleep.hear(level, heard[i]!, i * 1_000))
  expect(asleep.since).toBeUndefined()
})
