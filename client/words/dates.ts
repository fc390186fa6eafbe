import { language } from './words.svelte.ts'
import { ownZone } from './zone.svelte.ts'

/*
 * Dates as people say them. An instant is a number (UTC ms); a zone is an IANA name. What is scheduled in another zone than the
 * reader's is said in both: « mardi 9 juin, 14:00, heure de Paris, 8:00 chez vous ».
 */

const formats = new Map<string, Intl.DateTimeFormat>()

/** Intl formats cost a millisecond to make: one of each is kept. A zone that this browser does not know falls back to UTC. */
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language.locale + zone + JSON.stringify(options)
  let made = formats.get(key)
  if (!made) {
    try {
      made = new Intl.DateTimeFormat(language.locale, { ...options, timeZone: zone })
    } catch {
      made = new Intl.DateTimeFormat(language.locale, { ...options, timeZone: 'UTC' })
    }
    formats.set(key, made)
  }
  return made
}

const calendarDay = (at: number, zone: string) => format(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)

/** `mardi 9 juin`, with the year when it is not this one. */
export function formatDay(at: number, zone: string = ownZone.current, now: number = Date.now()): string {
  const year = format(zone, { year: 'numeric' })
  const withYear = year.format(at) !== year.format(now)
  const day = format(zone, { weekday: 'long', day: 'numeric', month: 'long', ...(withYear ? { year: 'numeric' as const } : {}) }).format(at)
  // English puts no comma after the weekday in a sentence that has one after the day already.
  return day.replace(',', '').replace(/ 1 (?=\p{L})/u, language.current === 'fr' ? ' 1er ' : ' 1 ')
}

/** `9 juin 2026`, where there is little room. */
export const formatDate = (at: number, zone: string = ownZone.current): string =>
  format(zone, { day: 'numeric', month: 'short', year: 'numeric' }).format(at)

/** `14:00`, `8:00`. */
export const formatTime = (at: number, zone: string = ownZone.current): string =>
  format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    .format(at)
    .replace(/^0(?=\d)/, '')

/** Whether two zones show the same wall clock at that instant. */
export const sameClock = (at: number, zone: string, other: string): boolean =>
  zone === other || (formatTime(at, zone) === formatTime(at, other) && calendarDay(at, zone) === calendarDay(at, other))

/** `mardi 9 juin, 14:00`; when the reader's clock shows something else: `mardi 9 juin, 14:00, heure de Paris, 8:00 chez vous`. */
export function formatMoment(at: number, zone: string = ownZone.current, now: number = Date.now()): string {
  const there = `${formatDay(at, zone, now)}, ${formatTime(at, zone)}`
  return sameClock(at, zone, ownZone.current) ? there : `${there}, ${hereToo(at, zone, now)}`
}

/** `mardi 9 juin, 14:00 – 15:30`, with the zone when it differs; the second day is said when it ends on another one. */
export function formatSpan(from: number, to: number, zone: string = ownZone.current, now: number = Date.now()): string {
  const sameDay = calendarDay(from, zone) === calendarDay(to, zone)
  const end = sameDay ? formatTime(to, zone) : `${formatDay(to, zone, now)}, ${formatTime(to, zone)}`
  const there = `${formatDay(from, zone, now)}, ${formatTime(from, zone)} – ${end}`
  return sameClock(from, zone, ownZone.current) ? there : `${there}, ${hereToo(from, zone, now)}`
}

function hereToo(at: number, zone: string, now: number): string {
  const here = ownZone.current
  const time =
    calendarDay(at, zone) === calendarDay(at, here) ? formatTime(at, here) : `${formatDay(at, here, now)} ${formatTime(at, here)}`
  return language.current === 'fr' ? `${zoneName(zone)}, ${time} chez vous` : `${zoneName(zone)}, ${time} for you`
}

/** Cities whose name in French or English is not the last part of the zone's. */
const cities: Record<string, { fr: string; en: string }> = {
  'Europe/London': { fr: 'Londres', en: 'London' },
  'Europe/Brussels': { fr: 'Bruxelles', en: 'Brussels' },
  'Europe/Lisbon': { fr: 'Lisbonne', en: 'Lisbon' },
  'Europe/Athens': { fr: 'Athènes', en: 'Athens' },
  'Europe/Bucharest': { fr: 'Bucarest', en: 'Bucharest' },
  'Europe/Warsaw': { fr: 'Varsovie', en: 'Warsaw' },
  'Europe/Rome': { fr: 'Rome', en: 'Rome' },
  'Indian/Reunion': { fr: 'La Réunion', en: 'Réunion' },
  'Indian/Mayotte': { fr: 'Mayotte', en: 'Mayotte' },
  'Pacific/Noumea': { fr: 'Nouméa', en: 'Nouméa' },
  'America/Montreal': { fr: 'Montréal', en: 'Montréal' },
  'America/Toronto': { fr: 'Toronto', en: 'Toronto' },
  'Africa/Algiers': { fr: 'Alger', en: 'Algiers' },
  'Africa/Cairo': { fr: 'Le Caire', en: 'Cairo' },
  'Asia/Beirut': { fr: 'Beyrouth', en: 'Beirut' },
}

const cityOf = (zone: string) => cities[zone]?.[language.current] ?? (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ')

/** `heure de Paris`, `heure d’Abidjan`, `Paris time`. */
export function zoneName(zone: string): string {
  const city = cityOf(zone)
  if (language.current === 'en') return `${city} time`
  if (city.startsWith('Le ')) return `heure du ${city.slice(3)}`
  return /^[aeiouyéèêh]/i.test(city) ? `heure d’${city}` : `heure de ${city}`
}

/** A zone as one of a list: `Paris (UTC+2)`. */
export function zoneLabel(zone: string, at: number): string {
  const offset =
    format(zone, { timeZoneName: 'shortOffset' })
      .formatToParts(at)
      .find((part) => part.type === 'timeZoneName')?.value ?? ''
  const area = zone.includes('/') ? ` · ${zone.split('/')[0] ?? ''}` : ''
  return `${cityOf(zone)} (${offset.replace('GMT', 'UTC').replace('−', '-')})${area}`
}

/** `dans 12 min`, `il y a 3 h`, `demain`: the largest unit that says it. */
export function formatRelative(at: number, now: number): string {
  const minutes = Math.round((at - now) / 60_000)
  const words = new Intl.RelativeTimeFormat(language.locale, { numeric: 'auto', style: 'short' })
  if (minutes === 0) return language.current === 'fr' ? 'maintenant' : 'now'
  if (Math.abs(minutes) < 60) return words.format(minutes, 'minute')
  const days = daysBetween(now, at, ownZone.current)
  if (Math.abs(minutes) < 24 * 60 && Math.abs(days) <= 1 && Math.abs(minutes) < 12 * 60)
    return words.format(Math.round(minutes / 60), 'hour')
  return Math.abs(days) < 14 ? words.format(days, 'day') : words.format(Math.round(days / 7), 'week')
}

/** How many calendar days from one instant to another, on the wall of a zone. */
export function daysBetween(from: number, to: number, zone: string): number {
  const day = (at: number) => {
    const { year, month, day: date } = wallClock(at, zone)
    return Date.UTC(year, month - 1, date) / 86_400_000
  }
  return day(to) - day(from)
}

/** `1 h 30`, `45 min`. */
export function formatDuration(ms: number): string {
  const minutes = Math.max(0, Math.round(ms / 60_000))
  const hours = Math.floor(minutes / 60)
  const rest = minutes % 60
  // Unbreakable spaces: a duration stays on its line.
  if (hours === 0) return `${rest}\u00a0min`
  return rest === 0 ? `${hours}\u00a0h` : `${hours}\u00a0h\u00a0${String(rest).padStart(2, '0')}`
}

/** What the wall shows in a zone. */
export function wallClock(at: number, zone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at)
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((p) => p.type === type)?.value ?? 0)
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') }
}

/** `2026-06-09` and `14:00` as fields of a form read and write them, for an instant on the wall of a zone. */
export function toFields(at: number, zone: string): { day: string; time: string } {
  const { year, month, day, hour, minute } = wallClock(at, zone)
  const two = (n: number) => String(n).padStart(2, '0')
  return { day: `${year}-${two(month)}-${two(day)}`, time: `${two(hour)}:${two(minute)}` }
}

/**
 * The instant at which the wall of a zone shows that day and time; undefined for a day or time that is not one. In the hour that
 * a change of season repeats, the first; in the hour that it skips, the same distance after it.
 */
export function fromFields(day: string, time: string, zone: string): number | undefined {
  const asked = Date.parse(`${day}T${time}:00Z`)
  if (Number.isNaN(asked)) return undefined
  const shown = (at: number) => {
    const wall = wallClock(at, zone)
    return Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute)
  }
  // The offset of the day before and of the day after: the same on all days but two a year.
  const day24 = 86_400_000
  const before = asked - (shown(asked - day24) - (asked - day24))
  const after = asked - (shown(asked + day24) - (asked + day24))
  return [before, after].sort((a, b) => a - b).find((at) => shown(at) === asked) ?? before
}

/** Every zone this browser knows, for a list to choose from. */
export const knownZones = (): string[] => Intl.supportedValuesOf('timeZone')

/** `juin`, `déc.`: the month where there is only room for that. */
export const formatMonth = (at: number, zone: string = ownZone.current): string => format(zone, { month: 'short' }).format(at)

/** A calendar day without a time, `2026-03-29`, as `29 mars 2026`. */
export const formatCalendarDay = (day: string): string => formatDate(Date.parse(`${day}T12:00:00Z`), 'UTC')

/** A place in a film, as players show it: `1:02:07`, `3:05`. */
export function formatFilmTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const two = (n: number) => String(n).padStart(2, '0')
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
