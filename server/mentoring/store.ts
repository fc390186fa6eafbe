import { and, asc, desc, eq, gt, gte, inArray, isNull, lt, ne, or, sql, type SQL } from 'drizzle-orm'
import { pictureOf } from '#shared/account/rules.ts'
import {
  freeTimes,
  expand,
  isComing,
  leftOf,
  notesDocument,
  readyWeek,
  whyNotChange,
  whyNotOffer,
  whyNotSettle,
  type CallState,
} from '#shared/mentoring/rules.ts'
import type { Call, FreeTime, MentorCard, MentoringPage, Named, Offer, Wish } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'
import { isTeam, takesPart } from '#shared/spoc/rules.ts'
import { revoke } from '#server/account/revocation.ts'
import { person as persons } from '#server/account/tables.ts'
import { conflicts, verdictOf, type Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { createDocument } from '#server/live/documents.store.ts'
import { rooms } from '#server/live/tables.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { tellOver } from './entry.ts'
import { bookings, calls, offers, wishes } from './tables.ts'
import { atWall, daysBetween } from './zones.ts'

const hour = 3_600_000
const day = 24 * hour
/** As many free times are named to who finds one taken. */
const named = 3
/** The longest stretch of free times asked for at once. */
const longest = 57 * day

type CallRow = typeof calls.$inferSelect
type By = 'learner' | 'mentor'

/** People of a SPOC by identity, as others see them. */
export async function namesOf(tx: Tx, spoc: string, people: readonly string[]): Promise<Map<string, Named>> {
  if (people.length === 0) return new Map()
  const found = await tx
    .select({ id: persons.id, name: persons.name, colour: persons.colour, image: persons.image })
    .from(persons)
    .where(inArray(persons.id, [...new Set(people)]))
  return new Map(found.map(({ image, ...one }) => [one.id, { ...one, picture: pictureOf(spoc, one.id, image) }]))
}
export const nameIn = (names: ReadonlyMap<string, Named>, person: string): Named =>
  names.get(person) ?? { id: person, name: '', colour: 0, picture: null }

const offerOf = ({ spoc: _spoc, person: _person, ...offer }: typeof offers.$inferSelect): Offer => offer

/** What somebody offers; undefined when nothing, or when they no longer belong to the team. */
async function findOffer(tx: Tx, spoc: string, mentor: string): Promise<Offer | undefined> {
  const [found] = await tx
    .select({ offer: offers, role: members.role })
    .from(offers)
    .innerJoin(members, and(eq(members.spoc, offers.spoc), eq(members.person, offers.person), isNull(members.ended)))
    .where(and(eq(offers.spoc, spoc), eq(offers.person, mentor)))
  return found && isTeam(found.role) ? offerOf(found.offer) : undefined
}

/** What one offers, or a ready-made week in one's own zone. */
export async function getOffer(tx: Tx, spoc: string, mentor: string): Promise<{ saved: boolean; offer: Offer }> {
  const offer = await findOffer(tx, spoc, mentor)
  if (offer) return { saved: true, offer }
  const [own] = await tx.select({ zone: persons.zone }).from(persons).where(eq(persons.id, mentor))
  return { saved: false, offer: readyWeek(own?.zone ?? 'Europe/Paris') }
}

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

interface Asked {
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
async function slotTaken(tx: Tx, asked: Omit<Asked, 'from' | 'to'>, starts: number, now: number): Promise<Refused> {
  const from = Math.max(now, starts - day)
  const next = (await listFreeTimes(tx, { ...asked, from, to: from + 28 * day }, now)).filter((time) => time.starts !== starts)
  const after = next.filter((time) => time.starts > starts)
  const nearest = (after.length > 0 ? after : next).slice(0, named)
  return refuse('mentoring/slot-taken', nearest.map((time) => new Date(time.starts).toISOString()).join(' '))
}

const stillBooked = (person: string) => and(eq(bookings.person, person), isNull(bookings.ended))

/** How many calls with a mentor count for the quota. */
const countBooked = async (tx: Tx, spoc: string, mentor: string, person: string): Promise<number> =>
  (
    await tx
      .select({ id: calls.id })
      .from(bookings)
      .innerJoin(calls, eq(calls.id, bookings.call))
      .where(and(stillBooked(person), eq(calls.spoc, spoc), eq(calls.mentor, mentor), inArray(calls.state, ['planned', 'held'])))
  ).length

const isBusy = async (tx: Tx, person: string, span: { starts: number; ends: number }, except?: string): Promise<boolean> =>
  (
    await tx
      .select({ id: calls.id })
      .from(bookings)
      .innerJoin(calls, eq(calls.id, bookings.call))
      .where(
        and(
          stillBooked(person),
          eq(calls.state, 'planned'),
          lt(calls.starts, span.ends),
          gt(calls.ends, span.starts),
          except === undefined ? undefined : ne(calls.id, except),
        ),
      )
      .limit(1)
  ).length > 0

export interface Booking {
  spoc: string
  mentor: string
  person: string
  starts: number
  about: string
  by: By
}

/** What is known of a call that was made or changed. */
export interface Settled {
  call: string
  room: string
  sequence: number
}

/**
 * Books a free time. The learner's row is locked, so that they can neither pass their quota nor be in two places; who is first at the
 * mentor's time is settled by the exclusion constraint, and the places of a shared call under that call's lock.
 */
export async function book(tx: Tx, asked: Booking, now: number): Promise<Result<Settled>> {
  const { spoc, mentor, person, starts, about, by } = asked
  const [learner] = await tx
    .select({ role: members.role, ended: members.ended })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
    .for('update')
  if (!learner || learner.ended !== null || isTeam(learner.role) || !takesPart(learner.role)) return refuse('mentoring/not-a-learner')
  const offer = await findOffer(tx, spoc, mentor)
  if (!offer || (!offer.open && by === 'learner')) return refuse('mentoring/not-offered')
  if (by === 'learner' && leftOf(offer.quota, await countBooked(tx, spoc, mentor, person)) === 0) return refuse('mentoring/quota')
  const wanted = { spoc, mentor, by, person }
  const time = (await listFreeTimes(tx, { ...wanted, from: starts, to: starts + 1 }, now)).find((free) => free.starts === starts)
  if (!time) return slotTaken(tx, wanted, starts, now)
  if (await isBusy(tx, person, time)) return refuse('mentoring/busy')
  const call = (await joinShared(tx, asked)) ?? (await makeCall(tx, asked, offer, time, now)) ?? (await joinShared(tx, asked))
  if (!call) return slotTaken(tx, wanted, starts, now)
  const placed = { author: by === 'mentor' ? mentor : person, about, at: now, ended: null, reason: '' }
  await tx
    .insert(bookings)
    .values({ call: call.id, person, ...placed })
    .onConflictDoUpdate({ target: [bookings.call, bookings.person], set: placed })
  return ok({ call: call.id, room: call.room, sequence: call.sequence })
}

/** E6: the call of several that begins then, locked, when it has a place left. */
async function joinShared(tx: Tx, { spoc, mentor, starts }: Booking): Promise<CallRow | undefined> {
  const [call] = await tx
    .select()
    .from(calls)
    .where(and(eq(calls.spoc, spoc), eq(calls.mentor, mentor), eq(calls.starts, starts), eq(calls.state, 'planned'), gt(calls.capacity, 1)))
    .for('update')
  if (!call) return undefined
  const placed = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), isNull(bookings.ended)))
  return placed.length < call.capacity ? call : undefined
}

/** A new call with its room; undefined when another holds the mentor's time. */
async function makeCall(tx: Tx, { spoc, mentor }: Booking, offer: Offer, time: FreeTime, now: number): Promise<CallRow | undefined> {
  const room = newId()
  await tx.insert(rooms).values({ id: room, spoc, kind: 'call', created: now })
  const [call] = await tx
    .insert(calls)
    .values({
      id: newId(),
      spoc,
      mentor,
      room,
      starts: time.starts,
      ends: time.ends,
      free: time.ends + offer.buffer * 60_000,
      cutoff: offer.cutoff,
      capacity: offer.capacity,
      zone: offer.zone,
      place: offer.place,
      address: offer.address,
      created: now,
    })
    // Waits for whoever inserts the same time just now, then yields to them.
    .onConflictDoNothing()
    .returning()
  if (!call) {
    await tx.delete(rooms).where(eq(rooms.id, room))
    return undefined
  }
  await createDocument(tx, { id: notesDocument(room), spoc, feature: 'mentoring', owner: null }, now)
  return call
}

export const changeUntilOf = ({ starts, cutoff }: Pick<CallRow, 'starts' | 'cutoff'>) => starts - cutoff * hour

/** The call of a room, locked, and as what this person is in it. */
async function lockCall(tx: Tx, room: string, person: string): Promise<{ call: CallRow; by: By; others: number } | undefined> {
  const [call] = await tx.select().from(calls).where(eq(calls.room, room)).for('update')
  if (!call) return undefined
  const placed = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call.id), isNull(bookings.ended)))
  if (call.mentor === person) return { call, by: 'mentor', others: placed.length }
  if (!placed.some((booking) => booking.person === person)) return undefined
  return { call, by: 'learner', others: placed.length - 1 }
}

/** Moves a call to another free time. A learner who shares it with others leaves it to them and books the other time. */
export async function moveCall(
  tx: Tx,
  room: string,
  person: string,
  starts: number,
  now: number,
): Promise<Result<Settled & { before: number; left?: Settled }>> {
  const found = await lockCall(tx, room, person)
  if (!found) return refuse('mentoring/not-found')
  const { call, by, others } = found
  const wrong = whyNotChange({ ...call, changeUntil: changeUntilOf(call) }, by, now)
  if (wrong) return wrong
  const settled = { call: call.id, room, sequence: call.sequence, before: call.starts }
  if (starts === call.starts) return ok(settled)
  if (by === 'learner' && others > 0) {
    const [own] = await tx
      .update(bookings)
      .set({ ended: now })
      .where(and(eq(bookings.call, call.id), eq(bookings.person, person)))
      .returning({ about: bookings.about })
    const again = await book(tx, { spoc: call.spoc, mentor: call.mentor, person, starts, about: own?.about ?? '', by }, now)
    if (!again.ok) return again
    await revoke(tx, { person, spoc: call.spoc })
    return ok({ ...again.value, before: call.starts, left: { call: call.id, room, sequence: call.sequence } })
  }
  const wanted = { spoc: call.spoc, mentor: call.mentor, by, person: by === 'learner' ? person : '', except: call.id }
  const time = (await listFreeTimes(tx, { ...wanted, from: starts, to: starts + 1 }, now)).find((free) => free.starts === starts)
  const length = { ends: call.ends - call.starts, free: call.free - call.starts }
  if (!time) return slotTaken(tx, wanted, starts, now)
  if (by === 'learner' && (await isBusy(tx, person, { starts, ends: starts + length.ends }, call.id))) return refuse('mentoring/busy')
  try {
    const [moved] = await tx.transaction((inner) =>
      inner
        .update(calls)
        .set({ starts, ends: starts + length.ends, free: starts + length.free, sequence: sql`${calls.sequence} + 1` })
        .where(eq(calls.id, call.id))
        .returning({ sequence: calls.sequence }),
    )
    return ok({ ...settled, sequence: moved?.sequence ?? settled.sequence })
  } catch (error) {
    // Two that move to one time at once may also wait for each other: the engine ends one of them.
    if (conflicts(error, 'calls_mentor_time') || verdictOf(error)?.code === '40P01') return slotTaken(tx, wanted, starts, now)
    throw error
  }
}

/** Gives a call up: a learner their place (and the call with it when nobody else has one), its mentor the whole call. */
export async function cancelCall(tx: Tx, room: string, person: string, reason: string, now: number): Promise<Result<Settled & { by: By }>> {
  const found = await lockCall(tx, room, person)
  if (!found) return refuse('mentoring/not-found')
  const { call, by, others } = found
  const wrong = whyNotChange({ ...call, changeUntil: changeUntilOf(call) }, by, now)
  if (wrong) return wrong
  const whole = by === 'mentor' || others === 0
  if (by === 'learner') {
    await tx
      .update(bookings)
      .set({ ended: now, reason })
      .where(and(eq(bookings.call, call.id), eq(bookings.person, person)))
    await revoke(tx, { person, spoc: call.spoc })
  }
  if (whole) {
    await tx
      .update(calls)
      .set({ state: 'cancelled', reason, sequence: sql`${calls.sequence} + 1` })
      .where(eq(calls.id, call.id))
    await tellOver(tx, room)
  }
  return ok({ call: call.id, room, sequence: call.sequence + (whole ? 1 : 0), by })
}

/** E11: says that a call was held or not, and sees everybody out. */
export async function settleCall(tx: Tx, room: string, person: string, outcome: 'held' | 'missed', now: number): Promise<Result<void>> {
  const found = await lockCall(tx, room, person)
  if (found?.by !== 'mentor') return refuse('mentoring/not-found')
  const wrong = whyNotSettle(found.call, now)
  if (wrong) return wrong
  await tx.update(calls).set({ state: outcome }).where(eq(calls.id, found.call.id))
  await tellOver(tx, room)
  return ok()
}

/** Calls as this person may see them: of a shared one a learner sees only themself. */
export async function listCalls(tx: Tx, person: string, where: SQL | undefined): Promise<Call[]> {
  const placed = tx
    .select({ call: bookings.call })
    .from(bookings)
    .where(and(eq(bookings.person, person), isNull(bookings.ended)))
  const found = await tx
    .select({ call: calls, spocTitle: spocs.title })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .innerJoin(members, and(eq(members.spoc, calls.spoc), eq(members.person, person), isNull(members.ended)))
    .where(and(or(eq(calls.mentor, person), inArray(calls.id, placed)), where))
    .orderBy(asc(calls.starts), asc(calls.id))
  if (found.length === 0) return []
  const taken = await tx
    .select()
    .from(bookings)
    .where(
      inArray(
        bookings.call,
        found.map(({ call }) => call.id),
      ),
    )
    .orderBy(asc(bookings.at))
  const names = new Map<string, Named>()
  for (const spoc of new Set(found.map(({ call }) => call.spoc)))
    for (const [one, name] of await namesOf(tx, spoc, [...found.map(({ call }) => call.mentor), ...taken.map((booking) => booking.person)]))
      names.set(`${spoc} ${one}`, name)
  return found.map(({ call, spocTitle }) => {
    const mine = call.mentor === person
    const name = (one: string) => nameIn(names, `${call.spoc} ${one}`)
    // Of a call that was given up, its mentor still sees who had it.
    const own = taken.filter((one) => one.call === call.id && (one.ended === null || (mine && call.state === 'cancelled')))
    const seen = mine ? own : own.filter((one) => one.person === person)
    return {
      id: call.id,
      spoc: call.spoc,
      spocTitle,
      room: call.room,
      starts: call.starts,
      ends: call.ends,
      zone: call.zone,
      place: call.place,
      address: call.address,
      state: call.state,
      reason: call.reason,
      sequence: call.sequence,
      mentor: name(call.mentor),
      learners: seen.map((one) => name(one.person)),
      about: seen
        .map((one) => one.about)
        .filter(Boolean)
        .join('\n'),
      changeUntil: changeUntilOf(call),
      mine,
    }
  })
}

/** One call as this person sees it; undefined when it is not theirs. */
export const findCall = async (tx: Tx, person: string, room: string): Promise<Call | undefined> =>
  (await listCalls(tx, person, eq(calls.room, room)))[0]

/** The calls of a person that come, in all their SPOCs. */
export const listComingCalls = async (tx: Tx, person: string, now: number): Promise<Call[]> =>
  (await listCalls(tx, person, and(eq(calls.state, 'planned'), gt(calls.ends, now - 4 * hour)))).filter((call) => isComing(call, now))

/** Whom one can meet in a SPOC, and one's own calls and wishes there. */
export async function getMentoring(tx: Tx, spoc: string, person: string, now: number): Promise<MentoringPage> {
  const [course] = await tx.select({ title: spocs.title }).from(spocs).where(eq(spocs.id, spoc))
  const [me] = await tx
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person)))
  const team = me !== undefined && isTeam(me.role)
  const offered = await tx
    .select({ offer: offers, role: members.role })
    .from(offers)
    .innerJoin(members, and(eq(members.spoc, offers.spoc), eq(members.person, offers.person), isNull(members.ended)))
    .where(and(eq(offers.spoc, spoc), eq(offers.open, true)))
    .orderBy(asc(members.since), asc(offers.person))
  const open = offered.filter(({ role }) => isTeam(role))
  const names = await namesOf(
    tx,
    spoc,
    open.map(({ offer }) => offer.person),
  )
  const mentors: MentorCard[] = []
  for (const { offer } of open) {
    const { zone, minutes, place, address, capacity, quota } = offer
    const left = leftOf(quota, quota === null ? 0 : await countBooked(tx, spoc, offer.person, person))
    mentors.push({ person: nameIn(names, offer.person), zone, minutes, place, address, capacity, left })
  }
  const all = await listCalls(tx, person, eq(calls.spoc, spoc))
  const coming = all.filter((call) => isComing(call, now) || (call.state === 'cancelled' && call.starts > now))
  const past = all.filter((call) => !coming.includes(call) && call.state !== 'cancelled').reverse()
  return {
    now,
    spocTitle: course?.title ?? '',
    mentors,
    calls: [...coming, ...past],
    wishes: await listWishes(tx, spoc, person, team),
    learners: team ? await listLearners(tx, spoc) : [],
  }
}

async function listLearners(tx: Tx, spoc: string): Promise<Named[]> {
  const found = await tx
    .select({ person: members.person })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.role, 'learner'), isNull(members.ended)))
  const names = await namesOf(
    tx,
    spoc,
    found.map((one) => one.person),
  )
  return [...names.values()].sort((a, b) => a.name.localeCompare(b.name))
}

async function listWishes(tx: Tx, spoc: string, person: string, team: boolean, only?: string): Promise<Wish[]> {
  const found = await tx
    .select()
    .from(wishes)
    .where(
      and(eq(wishes.spoc, spoc), eq(team ? wishes.mentor : wishes.person, person), only === undefined ? undefined : eq(wishes.id, only)),
    )
    .orderBy(desc(wishes.at))
    .limit(50)
  const names = await namesOf(
    tx,
    spoc,
    found.map((one) => one.person),
  )
  return found.map(({ spoc: _spoc, ...one }) => ({ ...one, person: nameIn(names, one.person) }))
}

/** "No time suits": said to somebody who offers calls. */
export async function addWish(
  tx: Tx,
  {
    spoc,
    mentor,
    person,
    text,
    times,
  }: { spoc: string; mentor: string; person: string; text: string; times: { from: number; to: number }[] },
  now: number,
): Promise<Result<Wish>> {
  const offer = await findOffer(tx, spoc, mentor)
  if (!offer?.open) return refuse('mentoring/not-offered')
  const open = await tx
    .select({ id: wishes.id })
    .from(wishes)
    .where(and(eq(wishes.spoc, spoc), eq(wishes.person, person), eq(wishes.mentor, mentor), isNull(wishes.answered)))
  if (open.length >= 5) return refuse('mentoring/full')
  const id = newId()
  await tx.insert(wishes).values({ id, spoc, mentor, person, text, times, at: now })
  const [made] = await listWishes(tx, spoc, person, false, id)
  if (!made) throw new Error('the wish was not kept')
  return ok(made)
}

/** The mentor it was sent to marks it as answered. */
export async function answerWish(tx: Tx, spoc: string, mentor: string, id: string, now: number): Promise<Result<void>> {
  const done = await tx
    .update(wishes)
    .set({ answered: now })
    .where(and(eq(wishes.id, id), eq(wishes.spoc, spoc), eq(wishes.mentor, mentor)))
    .returning({ id: wishes.id })
  return done.length > 0 ? ok() : refuse('mentoring/not-found')
}

/** Who is concerned by a call: its mentor and those who have a place (or had, given up at `ended` and later). */
export async function findCallPeople(tx: Tx, call: string): Promise<{ card: CallRow; spocTitle: string; learners: string[] } | undefined> {
  const [found] = await tx
    .select({ card: calls, spocTitle: spocs.title })
    .from(calls)
    .innerJoin(spocs, eq(spocs.id, calls.spoc))
    .where(eq(calls.id, call))
  if (!found) return undefined
  const learners = await tx
    .select({ person: bookings.person })
    .from(bookings)
    .where(and(eq(bookings.call, call), isNull(bookings.ended)))
  return { ...found, learners: learners.map((one) => one.person) }
}

/** The calls that were held with a learner by this mentor, newest first. */
export const listHeld = (tx: Tx, mentor: string, spoc: string, person: string, states: readonly CallState[] = ['held']) =>
  tx
    .select({ call: calls })
    .from(calls)
    .innerJoin(bookings, and(eq(bookings.call, calls.id), stillBooked(person)))
    .where(and(eq(calls.mentor, mentor), eq(calls.spoc, spoc), inArray(calls.state, [...states])))
    .orderBy(desc(calls.starts))
    .limit(3)

/** For the demonstration: a call that took place, or takes place at a time that nobody offered. */
export const putCall = async (tx: Tx, id: string, at: { starts: number; state?: CallState; privateNotes?: string }) => {
  const [call] = await tx.select().from(calls).where(eq(calls.id, id))
  if (!call) throw new Error('a call that is not there')
  const length = call.ends - call.starts
  await tx
    .update(calls)
    .set({ ...at, ends: at.starts + length, free: at.starts + length + (call.free - call.ends) })
    .where(and(eq(calls.id, id), gte(calls.capacity, 1)))
}
