import type { Refused } from '../result.ts'
import { refuse } from '../result.ts'
import { isTeam, leads, takesPart, type Role } from '../spoc/rules.ts'
import type { InquiryPlace } from './wire.ts'

/**
 * Rules of the inbox: what is asked of the team, so that nothing asked is forgotten (S14, S18).
 *
 * I1 Whoever takes part may ask, from wherever they are; the inquiry keeps the place it was asked from.
 * I2 An inquiry waits until the team answers it or its author withdraws it. One of the team may take it upon themselves, or hand it to another of the team.
 * I3 Each SPOC promises a delay. An inquiry that waits longer is late.
 * I4 The answer reaches its author where they asked. The team may publish both to everybody in the SPOC, without the author's name.
 * I5 Who is not of the team sees their own inquiries and what was published, nothing else: not who asked, not who has it in hand.
 * I6 An answer may be bettered; its author is told again. What is withdrawn can be taken back while nobody answered.
 * I7 What was asked at a place stands there too, with its answer, for whoever may see it: a session has what was asked in it and in its
 *    film, a film what was asked at its seconds.
 * I8 An answer serves again: who asks is shown what was answered to questions like theirs, who answers may start from such an answer.
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

/** I7: whether what was asked at `place` stands at `here`. */
export const standsAt = (here: InquiryPlace, place: InquiryPlace): boolean => {
  switch (here.kind) {
    case 'course':
      return place.kind === 'course'
    case 'activity':
      return place.kind === 'activity' && place.activity === here.activity
    case 'session':
      return (place.kind === 'session' || place.kind === 'replay') && place.session === here.session
    case 'replay':
      return place.kind === 'replay' && place.session === here.session
  }
}

/** The words of a text that say what it is about: four letters and more, without their accents and a plural's s. */
const wordsOf = (text: string) =>
  new Set(
    (
      text
        .normalize('NFD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .match(/[\p{L}\p{N}]{4,}/gu) ?? []
    ).map((word) => word.replace(/s$/, '')),
  )

/** I8: those like this text, the likest first, of equals as they came. Two words in common are needed, one when either has no more. */
export function alike<T extends { text: string }>(text: string, all: readonly T[]): T[] {
  const wanted = wordsOf(text)
  return all
    .map((one) => {
      const words = wordsOf(one.text)
      const common = [...words].filter((word) => wanted.has(word)).length
      const needed = Math.min(2, words.size, wanted.size)
      return { one, likeness: common > 0 && common >= needed ? common / (words.size + wanted.size - common) : 0 }
    })
    .filter(({ likeness }) => likeness > 0)
    .sort((a, b) => b.likeness - a.likeness)
    .map(({ one }) => one)
}
