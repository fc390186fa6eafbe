import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { isTeam, takesPart, type Role } from '../spoc/rules.ts'
import type { Help, HelpView, NotHeard, VideoTrouble, videoCommands } from './wire.ts'

/**
 * Rules of being heard. N1 to N5 are judged in the page, which alone hears its microphone (`client/video`); the room decides the others.
 *
 * N1 A microphone that is on is silent when nothing above the floor has come from it for 20 s. What could not be measured is not silence.
 * N2 One speaks with the microphone off when four of the last sixteen looks were loud; it is said through the gaps of speech. Only the
 *    person is told: that somebody speaks beside a closed microphone is nobody else's business. Whoever closed theirs because they are
 *    heard through a colleague's is not told.
 * N3 A microphone that a call or a locked screen took is opened again as soon as the page is in sight, unless the person closed it.
 * N4 Two are in one place when what the one sends follows what the other's microphone hears, again and again. Their public addresses say
 *    nothing of it: a company or a mobile network shares one, and they would have to be told.
 * N5 Of two in one place one is asked to close the microphone: who does not lead, else by the names of their seats. The other is asked
 *    when that has not helped for a while.
 * N6 Why somebody is not heard is one reason, the one to be settled first: cut off, nothing from the microphone, closed. Who is closed
 *    and does not hear either is helped to hear first.
 * N7 The reason is for the team; everybody else sees an open or a closed microphone. None of it is kept.
 * N8 The team sends help to one who is here and takes part, never to oneself; to the same person again after half a minute.
 * N9 Help is seen by whom it was sent to and by the team; the person puts it away, and it goes with their last seat.
 */

/** N1 (ms) */
export const SILENT_AFTER = 20_000
/** N3: how often the page in sight tries to open a microphone that was taken from it. */
const reopenEvery = 4_000
/** N8 */
export const helpEvery = 30_000

/** N3 — whether an interrupted microphone is to be opened now. */
export const mayReopen = ({ hidden, triedAt }: { hidden: boolean; triedAt: number }, now: number): boolean =>
  !hidden && now - triedAt >= reopenEvery

/** N5 — whether it is me who is asked to close the microphone. `for`: how long it has gone on (ms). */
export function asksMe(me: { seat: string; leads: boolean }, other: { seat: string; leads: boolean }, lasted: number): boolean {
  const first = me.leads === other.leads ? me.seat > other.seat : !me.leads
  return first || lasted > 20_000
}

/** N6 */
export function whyNotHeard(of: { role: Role; mic: boolean; cut: boolean; told: VideoTrouble | undefined }): NotHeard | undefined {
  if (!takesPart(of.role)) return undefined
  if (of.cut) return 'link'
  // A page says "silent" of a microphone that is on; another reason of one that is closed is older than its opening.
  const mic = of.told?.mic
  if (mic && (!of.mic || mic === 'silent' || mic === 'interrupted')) return mic
  if (of.told?.deaf) return 'deaf'
  return of.mic ? undefined : 'muted'
}

/** What a seat of that role may say of itself (N7): whoever sends nothing has no microphone to speak of. */
export const mayTrouble = (role: Role, { mic }: VideoTrouble): boolean => takesPart(role) || mic === null

interface HeardState {
  /** Seats in the room, whose they are and whether they take part. */
  seats: Readonly<Record<string, { person: string; takesPart: boolean }>>
  helps: Readonly<Record<string, Help & { open: boolean }>>
}

export type VideoCommand = Command<typeof videoCommands>
export type VideoDraft = Draft<'video:helped', { person: string; why: NotHeard }, null> | Draft<'video:settled', Record<never, never>, null>

/** What this slice needs of the lines of attendance; every slice is given every line of the log. */
type SeatLine =
  | { kind: 'attendance:entered'; person: string | null; payload: { seat: string; role: Role } }
  | { kind: 'attendance:left'; person: string | null; payload: { seat: string; person: string } }

/** Sound and pictures leave no trace in the room, and attendance never depends on them; the help that was sent does. */
export const videoSlice: Slice<HeardState, VideoCommand, VideoDraft, HelpView, Help> = {
  name: 'video',
  start: () => ({ seats: {}, helps: {} }),

  decide({ seats, helps }, { name, payload }, asker, now) {
    if (!asker) return refuse('live/not-allowed')
    if (name === 'video:settle') return ok(helps[asker.person]?.open ? [{ kind: 'video:settled', v: 1, payload: {} }] : []) // N9
    const { person, why } = payload
    if (!isTeam(asker.role) || person === asker.person) return refuse('live/not-allowed') // N8
    if (!Object.values(seats).some((seat) => seat.person === person && seat.takesPart)) return refuse('video/not-here')
    if (now - (helps[person]?.at ?? -Infinity) < helpEvery) return refuse('video/too-soon')
    return ok([{ kind: 'video:helped', v: 1, payload: { person, why } }])
  },

  apply(state, line: HappeningOf<VideoDraft> | SeatLine) {
    switch (line.kind) {
      case 'video:helped': {
        const { person, why } = line.payload
        if (line.person === null) return state
        return { ...state, helps: { ...state.helps, [person]: { by: line.person, why, at: line.at, open: true } } }
      }
      case 'video:settled':
        return settled(state, line.person)
      case 'attendance:entered':
        if (line.person === null) return state
        return {
          ...state,
          seats: { ...state.seats, [line.payload.seat]: { person: line.person, takesPart: takesPart(line.payload.role) } },
        }
      case 'attendance:left':
        return left(state, line.payload)
      default:
        return state
    }
  },

  audienceOf: (_state, { role }) => (isTeam(role) ? 'team' : 'all'),
  viewFor: ({ helps }, audience) => (audience === 'team' ? helps : null), // N9
  mine({ helps }, person) {
    const help = helps[person]
    return help?.open ? help : null
  },
}

function settled(state: HeardState, person: string | null): HeardState {
  const help = person === null ? undefined : state.helps[person]
  return help && person !== null ? { ...state, helps: { ...state.helps, [person]: { ...help, open: false } } } : state
}

/** N9 */
function left(state: HeardState, { seat, person }: { seat: string; person: string }): HeardState {
  if (!state.seats[seat]) return state
  const { [seat]: _gone, ...seats } = state.seats
  if (Object.values(seats).some((one) => one.person === person)) return { ...state, seats }
  const { [person]: _helped, ...helps } = state.helps
  return { seats, helps }
}
