import { and, desc, eq, gt, isNull, lt, ne, sql } from 'drizzle-orm'
import { carriedWeek, expand, freeTimes, readyWeek, whyNotOffer } from '#shared/mentoring/rules.ts'
import type { FreeTime, Offer } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { person as persons } from '#server/account/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { bookings, calls, offers } from './tables.ts'
import { atWall, daysBetween } from './zones.ts'

const day = 86_400_000
/** As many free times are named to who finds one taken. */
const named = 3
/** The longest stretch of free times asked for at once. */
const longest = 57 * day

/** As what somebody asks: with the notice that the offer wants, or without. */
export type By = 'learner' | 'mentor'

const offerOf = ({ spoc: _spoc, person: _person, ...offer }: typeof offers.$inferSelect): Offer => offer

/** What somebody offers; undefined when nothing, or when they no longer belong to the team. */
export async function findOffer(tx: Tx, spoc: string, mentor: string): Promise<Offer | undefined> {
  const [found] = await tx
    .select({ offer: offers, role: members.role })
    .from(offers)
    .innerJoin(members, and(eq(members.spoc, offers.spoc), eq(members.person, offers.person), isNull(members.ended)))
    .where(and(eq(offers.spoc, spoc), eq(offers.person, mentor)))
  return found && isTeam(found.role) ? offerOf(found.offer) : undefined
}

/** E16: what one offers, or the week that one is given to accept, with the title of the course it comes `from`. */
export async function getOffer(tx: Tx, spoc: string, mentor: string): Promise<{ saved: boolean; offer: Offer; from: string | null }> {
  const offer = await findOffer(tx, spoc, mentor)
  if (offer) return { saved: true, offer, from: null }
  const [other] = await tx
    .select({ offer: offers, title: spocs.title })
    .from(offers)
    .innerJoin(spocs, eq(spocs.id, offers.spoc))
    .where(and(eq(offers.person, mentor), ne(offers.spoc, spoc)))
    .orderBy(desc(spocs.created), desc(spocs.id))
    .limit(1)
  if (other) return { saved: false, offer: carriedWeek(offerOf(other.offer)), from: other.title }
  return { saved: false, offer: readyWeek(await ownZone(tx, mentor)), from: null }
}

async function ownZone(tx: Tx, mentor: string): Promise<string> {
  const [own] = await tx.select({ zone: persons.zone }).from(persons).where(eq(persons.id, mentor))
  return own?.zone ?? 'Europe/Paris'
}

/** The zone on whose clocks a mentor's calls are planned. */
export const zoneOfMentor = async (tx: Tx, spoc: string, mentor: string): Promise<string> =>
  (await findOffer(tx, spoc, mentor))?.zone ?? (await ownZone(tx, mentor))

/** Keeps what one offers. What is booked stays as it was booked. */
export async function saveOffer(tx: Tx, spoc: string, mentor: string, offer: Offer): Promise<Result<void>> {
  const wrong = whyNotOffer(offer)
  if (wrong) return wrong
  await tx
    .insert(offers)
    .values({ spoc, person: mentor, ...offer })
    .onConflictDoUpdate({ target: [offers.spoc, offers.person], set: offer })
  return ok()
}

/** The weeks that the team of a copied course offered in the first one; days off are left behind with the other dates. */
export async function copyOffers(tx: Tx, from: string, to: string): Promise<void> {
  const found = await tx
    .select({ offer: offers, role: members.role })
    .from(offers)
    .innerJoin(members, and(eq(members.spoc, to), eq(members.person, offers.person), isNull(members.ended)))
    .where(eq(offers.spoc, from))
  const copies = found.filter(({ role }) => isTeam(role)).map(({ offer }) => ({ ...offer, spoc: to, exceptions: [] }))
  if (copies.length > 0) await tx.insert(offers).values(copies)
}

export interface Asked {
  spoc: string
  mentor: string
  by: By
  /** Whose free times: what they have booked themselves is not free for them. */
  person: string
  from: number
  to: number
  /** A call that is being moved does not stand in its own way. */
  except?: string
}

/** E2–E7: the free times between two instants. What holds the others is not said. */
export async function listFreeTimes(tx: Tx, asked: Asked, now: number): Promise<FreeTime[]> {
  const offer = await findOffer(tx, asked.spoc, asked.mentor)
  if (!offer || (!offer.open && asked.by === 'learner')) return []
  const { from, to } = { from: asked.from, to: Math.min(asked.to, asked.from + longest) }
  const held = await tx
    .select({
      call: calls,
      booked: sql<number>`count(${bookings.person})::int`,
      own: sql<number>`(count(*) filter (where ${bookings.person} = ${asked.person}))::int`,
    })
    .from(calls)
    .leftJoin(bookings, and(eq(bookings.call, calls.id), isNull(bookings.ended)))
    .where(
      and(
        eq(calls.mentor, asked.mentor),
        ne(calls.state, 'cancelled'),
        gt(calls.free, from - day),
        lt(calls.starts, to + day),
        asked.except === undefined ? undefined : ne(calls.id, asked.except),
      ),
    )
    .groupBy(calls.id)
  const taken = held.map(({ call, booked, own }) => ({
    ...call,
    left: call.spoc === asked.spoc && call.state === 'planned' && own === 0 ? Math.max(0, call.capacity - booked) : 0,
  }))
  const windows = expand(offer, daysBetween(from - day, to, offer.zone), atWall(offer.zone))
  return freeTimes(windows, taken, offer, now, asked.by).filter(({ starts }) => starts >= from && starts < to)
}

/** "Taken", with the free times that come next. */
export async function slotTaken(tx: Tx, asked: Omit<Asked, 'from' | 'to'>, starts: number, now: number): Promise<Refused> {
  const from = Math.max(now, starts - day)
  const next = (await listFreeTimes(tx, { ...asked, from, to: from + 28 * day }, now)).filter((time) => time.starts !== starts)
  const after = next.filter((time) => time.starts > starts)
  const nearest = (after.length > 0 ? after : next).slice(0, named)
  return refuse('mentoring/slot-taken', nearest.map((time) => new Date(time.starts).toISOString()).join(' '))
}
