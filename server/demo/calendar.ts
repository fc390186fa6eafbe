export const minute = 60_000
export const hour = 60 * minute
export const day = 24 * hour

/** What a clock on the wall of that zone shows at an instant, as `2026-03-29T14:05:00`. */
const wall = (at: number, zone: string) => new Date(at).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')

/** The calendar day there at an instant, `2026-03-29`. */
export const dayIn = (at: number, zone: string): string => wall(at, zone).slice(0, 10)

/** The instant at which that zone's clocks show a full hour on the day of `at`. In the afternoon, when no clock changes. */
export function afternoonOf(at: number, hourThere: number, zone: string): number {
  const asUtc = Date.parse(`${dayIn(at, zone)}T${hourThere}:00:00Z`)
  return asUtc - (Date.parse(`${wall(asUtc, zone)}Z`) - asUtc)
}
