import { z } from 'zod'

/** The values that several contracts share. Lengths are what a page shows without trouble and a database keeps without fear. */

/** An instant: UTC milliseconds, between 2000 and 2200. */
export const instant = z.int().min(946_684_800_000).max(7_258_118_400_000)

/** A calendar day without a time, `2026-03-29`. */
export const day = z.iso.date()

/** One line of words: trimmed, not empty. */
export const line = (max: number) => z.string().trim().min(1).max(max)

/** Several lines of words: trimmed, possibly empty. */
export const prose = (max: number) => z.string().trim().max(max)

/** An e-mail address, in lower case so that one mailbox is one person. */
export const email = z.string().trim().toLowerCase().max(254).pipe(z.email())

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]
export const language = z.enum(languages)

/** Whether the runtime knows this IANA zone (`Europe/Paris`, `Indian/Reunion`). Offsets such as `+02:00` are refused: they know no summer. */
export const isZone = (name: string): boolean => {
  if (!/^[A-Za-z]/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
export const zone = z.string().max(64).refine(isZone, 'not an IANA zone')

/** A secret from a link: 128 bits or more, base64url. */
export const token = z.string().regex(/^[A-Za-z0-9_-]{22,64}$/)

/** The reply of a route that has nothing to say but "done". */
export const nothing = z.void()
