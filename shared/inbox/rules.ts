import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'

/**
 * Rules of the inbox: what is asked of the team, so that nothing asked is forgotten (S14, S18).
 *
 * I1 Whoever takes part may ask, from wherever they are; the inquiry keeps the place it was asked from.
 * I2 An inquiry waits until the team answers it or its author withdraws it. One of the team may take it upon themselves, or hand it to another of the team.
 * I3 Each SPOC promises a delay. An inquiry that waits longer is late.
 * I4 The answer reaches its author where they asked. The team may publish both to everybody in the SPOC, without the author's name.
 * I5 Who is not of the team sees their own inquiries and what was published, nothing else: not who asked, not who has it in hand.
 * I6 An answer may be bettered; its author is told again. What is withdrawn can be taken back while nobody answered.
 */

/** I1 */
export const mayAsk = (role: Role) => takesPart(role)
/** I2 */
export const mayAnswerInquiries = (role: Role) => isTeam(role)
/** I3 */
export const mayPromise = (role: Role) => leads(role)

/** I3: hours, unless the SPOC says otherwise. */
export const usualPromise = 48
export const promises = [4, 8, 24, 48, 72, 120, 168] as const

const hour = 3_600_000

/** I3 */
export const lateAt = (asked: number, promise: number) => asked + promise * hour

export type InquiryState = 'waiting' | 'answered' | 'withdrawn'

interface Asked {
  author: string
  state: InquiryState
  published: boolean
}

/** I4, I5 */
export const maySeeInquiry = (asker: { person: string; role: Role }, inquiry: Asked) =>
  isTeam(asker.role)
    ? inquiry.state !== 'withdrawn' || inquiry.author === asker.person
    : inquiry.author === asker.person || (inquiry.published && inquiry.state === 'answered')

/** I2, I6 */
export const whyNotAnswer = ({ state }: Asked): Refused | undefined => (state === 'withdrawn' ? refuse('inbox/withdrawn') : undefined)

/** I6 */
export const whyNotWithdraw = ({ state }: Asked): Refused | undefined => (state === 'answered' ? refuse('inbox/answered') : undefined)
