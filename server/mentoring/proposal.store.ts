import { and, asc, desc, eq, gt, isNull } from 'drizzle-orm'
import { proposalLimits, proposedState, whyNotPick } from '#shared/mentoring/rules.ts'
import type { Proposal } from '#shared/mentoring/wire.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import { takesPart, isTeam } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { members, spocs } from '#server/spoc/tables.ts'
import { book, type Settled } from './booking.store.ts'
import { nameIn, namesOf } from './names.ts'
import { findOffer, listFreeTimes, slotTaken } from './offer.store.ts'
import { proposals, wishes } from './tables.ts'

const day = 86_400_000
/** How long lists still show a proposal. */
const shownFor = 60 * day

export interface NewProposal {
  spoc: string
  mentor: string
  person: string
  text: string
  starts: readonly number[]
  /** The wish that it answers. */
  wish: string | null
}

/** E14: proposes free times to a learner. They stay free for others; the wish that it answers counts as answered. */
export async function propose(tx: Tx, asked: NewProposal, now: number): Promise<Result<Proposal>> {
  const { spoc, mentor, person, text, wish } = asked
  const starts = [...new Set(asked.starts)].toSorted((a, b) => a - b)
  if (starts.length < proposalLimits.least) return refuse('mentoring/too-few-times')
  const [learner] = await tx
    .select({ role: members.role })
    .from(members)
    .where(and(eq(members.spoc, spoc), eq(members.person, person), isNull(members.ended)))
    .for('update')
  if (!learner || isTeam(learner.role) || !takesPart(learner.role)) return refuse('mentoring/not-a-learner')
  if (!(await findOffer(tx, spoc, mentor))) return refuse('mentoring/not-offered')
  const wanted = { spoc, mentor, by: 'mentor' as const, person }
  const free = await listFreeTimes(tx, { ...wanted, from: starts[0] ?? now, to: (starts.at(-1) ?? now) + 1 }, now)
  const times = starts.map((at) => free.find((time) => time.starts === at))
  const gone = starts.find((_, i) => !times[i])
  if (gone !== undefined) return slotTaken(tx, wanted, gone, now)
  const open = await tx.$count(
    proposals,
    and(
      eq(proposals.spoc, spoc),
      eq(proposals.mentor, mentor),
      eq(proposals.person, person),
      eq(proposals.state, 'open'),
      gt(proposals.last, now),
    ),
  )
  if (open >= proposalLimits.open) return refuse('mentoring/full')
  if (wish !== null) {
    const answered = await tx
      .update(wishes)
      .set({ answered: now })
      .where(and(eq(wishes.id, wish), eq(wishes.spoc, spoc), eq(wishes.mentor, mentor), eq(wishes.person, person)))
      .returning({ id: wishes.id })
    if (answered.length === 0) return refuse('mentoring/not-found')
  }
  const id = newId()
  const kept = times.flatMap((time) => (time ? [{ starts: time.starts, ends: time.ends }] : []))
  await tx.insert(proposals).values({ id, spoc, mentor, person, text, times: kept, last: starts.at(-1) ?? now, at: now })
  const [made] = await listProposals(tx, person, now, { id })
  if (!made) throw new Error('the proposal was not kept')
  return ok(made)
}

/** The proposals that somebody made or was made, the newest first: in one SPOC, of one identity, or those still open. */
export async function listProposals(
  tx: Tx,
  person: string,
  now: number,
  only: { spoc?: string; id?: string; open?: true } = {},
  as: 'mentor' | 'learner' = 'learner',
): Promise<Proposal[]> {
  const found = await tx
    .select({ proposal: proposals, spocTitle: spocs.title })
    .from(proposals)
    .innerJoin(spocs, eq(spocs.id, proposals.spoc))
    .innerJoin(members, and(eq(members.spoc, proposals.spoc), eq(members.person, person), isNull(members.ended)))
    .where(
      and(
        eq(as === 'mentor' ? proposals.mentor : proposals.person, person),
        gt(proposals.at, now - shownFor),
        only.spoc ? eq(proposals.spoc, only.spoc) : undefined,
        only.id ? eq(proposals.id, only.id) : undefined,
        only.open ? and(eq(proposals.state, 'open'), gt(proposals.last, now), isNull(spocs.archived)) : undefined,
      ),
    )
    .orderBy(desc(proposals.at), asc(proposals.id))
    .limit(50)
  const shown: Proposal[] = []
  for (const { proposal, spocTitle } of found) {
    const { id, spoc, mentor, person, text, times, at, last } = proposal
    const names = await namesOf(tx, spoc, [mentor, person])
    const state = proposal.state === 'open' && last <= now ? 'expired' : proposal.state
    const free = state === 'open' ? await freeAmong(tx, proposal, now) : new Set<number>()
    shown.push({
      ...{ id, spoc, spocTitle, text, at, state, mentor: nameIn(names, mentor), person: nameIn(names, person) },
      times: times.map((time) => ({ ...time, state: proposedState(time, proposal.picked, free.has(time.starts), now) })),
    })
  }
  return shown
}

/** Which of the proposed times are free now. */
async function freeAmong(tx: Tx, { spoc, mentor, person, times, last }: typeof proposals.$inferSelect, now: number): Promise<Set<number>> {
  const free = await listFreeTimes(tx, { spoc, mentor, by: 'mentor', person, from: times[0]?.starts ?? last, to: last + 1 }, now)
  return new Set(free.map(({ starts }) => starts))
}

/** E15: takes one of the proposed times. It is booked as its mentor would. */
export async function pickProposed(
  tx: Tx,
  spoc: string,
  person: string,
  id: string,
  starts: number,
  now: number,
): Promise<Result<Settled>> {
  const [proposal] = await tx
    .select()
    .from(proposals)
    .where(and(eq(proposals.id, id), eq(proposals.spoc, spoc), eq(proposals.person, person)))
    .for('update')
  if (!proposal) return refuse('mentoring/not-found')
  const wrong = whyNotPick(proposal, starts, now)
  if (wrong) return wrong
  const booked = await book(tx, { spoc, mentor: proposal.mentor, person, starts, about: '', by: 'mentor' }, now)
  if (!booked.ok) return booked
  await tx.update(proposals).set({ state: 'taken', picked: starts }).where(eq(proposals.id, id))
  return booked
}

/** E15: its mentor takes a proposal back that nobody picked from. */
export async function withdrawProposal(tx: Tx, spoc: string, mentor: string, id: string): Promise<Result<void>> {
  const [proposal] = await tx
    .select({ state: proposals.state })
    .from(proposals)
    .where(and(eq(proposals.id, id), eq(proposals.spoc, spoc), eq(proposals.mentor, mentor)))
    .for('update')
  if (!proposal) return refuse('mentoring/not-found')
  if (proposal.state !== 'open') return refuse('mentoring/proposal-over')
  await tx.update(proposals).set({ state: 'withdrawn' }).where(eq(proposals.id, id))
  return ok()
}
