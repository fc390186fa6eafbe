import { createHash } from 'node:crypto'
import type { Socket } from 'socket.io'
import type { Attendance } from '#shared/attendance/rules.ts'
import type { Asker } from '#shared/live/slice.ts'
import type { Presence, SeatedPerson } from '#shared/live/wire.ts'

/** One connection of one person in a room, held by this process. It outlives its socket by the grace. */
export interface Seat extends Asker {
  /** The sign-in that its link was opened with: when that ends, so does the seat. */
  signIn: string
  /** Null while its link is down. */
  socket: Socket | null
  /** When a packet of it last came in (UTC ms). */
  heard: number
  /** Ends the grace. */
  cancelLeaving: (() => void) | undefined
  /** The audience this seat belongs to, per slice. */
  audiences: Map<string, string>
  /** What was last told to it apart, per slice. */
  mine: Map<string, unknown>
}

/** How long a seat whose link dropped is kept before it leaves (ms). */
export const grace = 15_000

/**
 * The seat of a page load. Made from who, where and the page's epoch, so the same page coming back is the same seat (also
 * under another process), and nobody can name another's.
 */
export const seatId = (room: string, person: string, epoch: string) =>
  createHash('sha256').update(`${room}\n${person}\n${epoch}`).digest('base64url').slice(0, 22)

/** Who is in the room, as the log says, with what only this process knows: whose link is down just now. */
export function presentPeople(attendance: Attendance, held: ReadonlyMap<string, Seat>): SeatedPerson[] {
  const people = new Map<string, SeatedPerson>()
  for (const [seat, { person, role, since }] of Object.entries(attendance.seats)) {
    const known = held.get(seat)
    const state = known && !known.socket ? 'away' : 'here'
    const entry = people.get(person)
    if (!entry)
      people.set(person, { person, role: known?.role ?? role, state, seats: [{ seat, state }], since: attendance.since[person] ?? since })
    else {
      entry.seats.push({ seat, state })
      if (state === 'here') entry.state = 'here'
    }
  }
  return [...people.values()]
}

/** What changed between two presences: who is new or different, who is gone. */
export function presenceChange(before: Presence, people: readonly SeatedPerson[]): { changed: SeatedPerson[]; gone: string[] } {
  const known = new Map(before.people.map((one) => [one.person, JSON.stringify(one)]))
  const changed = people.filter((one) => known.get(one.person) !== JSON.stringify(one))
  const present = new Set(people.map((one) => one.person))
  return { changed, gone: before.people.map((one) => one.person).filter((person) => !present.has(person)) }
}
