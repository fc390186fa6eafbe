import { and, asc, eq, isNull } from 'drizzle-orm'
import { isComing, leftOf } from '#shared/mentoring/rules.ts'
import type { MentorCard, MentoringPage, Named } from '#shared/mentoring/wire.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { countBooked } from './booking.store.ts'
import { listCalls } from './call.store.ts'
import { nameIn, namesOf } from './names.ts'
import { listProposals } from './proposal.store.ts'
import { calls, offers } from './tables.ts'
import { listWishes } from './wish.store.ts'

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
    proposals: await listProposals(tx, person, now, { spoc }, team ? 'mentor' : 'learner'),
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
