import { afterEach, describe, expect, it } from 'vitest'
import {
  daysBetween,
  formatDuration,
  formatMoment,
  formatRelative,
  formatSpan,
  formatTime,
  fromFields,
  toFields,
  zoneName,
} from '#client/words/dates.ts'
import { language } from '#client/words/words.svelte.ts'
import { ownZone } from '#client/words/zone.svelte.ts'

const at = Date.parse('2026-06-09T12:00:00Z')
const now = Date.parse('2026-06-02T08:00:00Z')
const minute = 60_000
const hour = 60 * minute
/** Intl writes narrow or unbreakable spaces; the reader sees a space. */
const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

afterEach(() => {
  language.choose('fr')
  ownZone.choose(undefined)
})

describe('a moment', () => {
  it('is said once to who lives in its zone', () => {
    ownZone.choose('Europe/Paris')
    expect(formatMoment(at, 'Europe/Paris', now)).toBe('mardi 9 juin, 14:00')
  })
  it('is said in both zones to who lives elsewhere', () => {
    ownZone.choose('America/New_York')
    expect(formatMoment(at, 'Europe/Paris', now)).toBe('mardi 9 juin, 14:00, heure de Paris, 8:00 chez vous')
    language.choose('en')
    expect(formatMoment(at, 'Europe/Paris', now)).toBe('Tuesday 9 June, 14:00, Paris time, 8:00 for you')
  })
  it('says the day too where it is already another one', () => {
    ownZone.choose('Pacific/Noumea')
    expect(formatMoment(at + 3 * hour, 'Europe/Paris', now)).toBe('mardi 9 juin, 17:00, heure de Paris, mercredi 10 juin 2:00 chez vous')
  })
  it('is said once when two zones show the same clock', () => {
    ownZone.choose('Europe/Brussels')
    expect(formatMoment(at, 'Europe/Paris', now)).toBe('mardi 9 juin, 14:00')
  })
  it('says the year when it is another one, and the first of a month as French does', () => {
    ownZone.choose('Europe/Paris')
    expect(formatMoment(Date.parse('2027-03-01T09:00:00Z'), 'Europe/Paris', now)).toBe('lundi 1er mars 2027, 10:00')
  })
  it('falls back to UTC for a zone that this browser does not know', () => {
    expect(formatTime(at, 'Mars/Olympus')).toBe('12:00')
  })
})

describe('a span', () => {
  it('says the second day only when it ends on another one', () => {
    ownZone.choose('Europe/Paris')
    expect(formatSpan(at, at + 90 * minute, 'Europe/Paris', now)).toBe('mardi 9 juin, 14:00 – 15:30')
    expect(formatSpan(at, at + 11 * hour, 'Europe/Paris', now)).toBe('mardi 9 juin, 14:00 – mercredi 10 juin, 1:00')
  })
})

describe('the wall of a zone', () => {
  it.each(['Europe/Paris', 'Indian/Reunion', 'America/St_Johns', 'Pacific/Kiritimati', 'UTC'])('%s reads back what it wrote', (zone) => {
    for (let day = 0; day < 366; day += 5) {
      const instant = Date.UTC(2026, 0, 1, 13, 35) + day * 24 * hour
      const { day: date, time } = toFields(instant, zone)
      expect(fromFields(date, time, zone)).toBe(instant)
    }
  })
  it('takes the first of a repeated hour, and goes on after a skipped one', () => {
    expect(fromFields('2026-10-25', '02:30', 'Europe/Paris')).toBe(Date.parse('2026-10-25T00:30:00Z'))
    expect(fromFields('2026-03-29', '02:30', 'Europe/Paris')).toBe(Date.parse('2026-03-29T01:30:00Z'))
  })
  it('refuses what is not a day or a time', () => {
    expect(fromFields('', '10:00', 'Europe/Paris')).toBeUndefined()
    expect(fromFields('2026-06-09', '', 'Europe/Paris')).toBeUndefined()
  })
  it('counts calendar days, not 24 hours', () => {
    const lateSaturday = Date.parse('2026-03-28T22:30:00Z')
    expect(daysBetween(lateSaturday, lateSaturday + hour, 'Europe/Paris')).toBe(1)
    expect(daysBetween(lateSaturday, lateSaturday + hour, 'UTC')).toBe(0)
  })
})

describe('distance and length', () => {
  it.each([
    [12 * minute, 'dans 12 min'],
    [-14 * minute, 'il y a 14 min'],
    [10_000, 'maintenant'],
    [3 * hour, 'dans 3 h'],
    [26 * hour, 'demain'],
    [7 * 24 * hour, 'dans 7 j'],
  ])('%d ms is « %s »', (distance, said) => {
    ownZone.choose('Europe/Paris')
    expect(plain(formatRelative(now + distance, now))).toBe(said)
  })
  it.each([
    [45 * minute, '45 min'],
    [2 * hour, '2 h'],
    [95 * minute, '1 h 35'],
  ])('%d ms lasts « %s »', (length, said) => {
    expect(plain(formatDuration(length))).toBe(said)
  })
})

describe('a zone’s name', () => {
  it.each([
    ['Europe/Paris', 'heure de Paris'],
    ['Africa/Abidjan', 'heure d’Abidjan'],
    ['Europe/London', 'heure de Londres'],
    ['Indian/Reunion', 'heure de La Réunion'],
    ['Africa/Cairo', 'heure du Caire'],
    ['America/New_York', 'heure de New York'],
  ])('%s is « %s »', (zone, said) => {
    expect(zoneName(zone)).toBe(said)
  })
})
