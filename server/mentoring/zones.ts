import { Temporal } from 'temporal-polyfill'
import { daysFrom, type AtWall } from '#shared/mentoring/rules.ts'

/** E2: a time on a zone's wall as an instant. In a skipped hour it moves forward by that hour; in one lived twice the first counts. */
export const atWall =
  (zone: string): AtWall =>
  (day, time) =>
    Temporal.PlainDateTime.from(`${day}T${time}`).toZonedDateTime(zone, { disambiguation: 'compatible' }).epochMilliseconds

/** The calendar day of a zone at an instant. */
export const dayAt = (at: number, zone: string): string =>
  Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone).toPlainDate().toString()

/** The calendar days of a zone that two instants touch. */
export const daysBetween = (from: number, to: number, zone: string): string[] => daysFrom(dayAt(from, zone), dayAt(to, zone))
