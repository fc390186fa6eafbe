import { formatCalendarDay } from '#client/words/dates.ts'
import { words } from './words.ts'

/** `Du 1 juin 2026 au 30 juin 2026`, with what is known of the two; undefined when nothing is. */
export function datesOf({ starts, ends }: { starts: string | null; ends: string | null }): string | undefined {
  if (starts && ends) return words.datesSpan(formatCalendarDay(starts), formatCalendarDay(ends))
  if (starts) return words.datesFrom(formatCalendarDay(starts))
  if (ends) return words.datesUntil(formatCalendarDay(ends))
  return undefined
}
