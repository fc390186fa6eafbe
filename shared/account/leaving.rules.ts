import { refuse, type Refused } from '../result.ts'

/**
 * Rules of an account's change and end.
 *
 * C1 A new address counts once a link that went there is used by its own account, signed in, within a day; whoever has a password gives it
 *    first. Both addresses are told. A later request ends the link of an earlier one.
 * C2 Where no mail leaves, nothing can be confirmed: an administrator changes the address, and the mailbox counts as unproven.
 * C3 A deactivated account enters nowhere: its sign-ins and its seats end at once, and no link or password opens it. An administrator
 *    does not deactivate themself. Nothing else changes, so that it can be undone.
 * C4 An account is erased by its own person, or by an administrator for them. It is not while it alone owns a course, nor while it is the
 *    only administrator.
 * C5 Erasing takes the name, the address, the picture and the words; it keeps that somebody was there and did something.
 * C6 Attendance sheets and certificates keep the name, because the law asks for them: a name stands there only for who has either.
 */
export const changing = {
  /** C1 (ms) */
  linkLasts: 86_400_000,
  /** How many accounts are listed at once. */
  most: 100,
} as const

/** C3: why this account cannot be deactivated by who asks, or undefined. */
export const whyNotDeactivate = (account: string, asker: string): Refused | undefined =>
  account === asker ? refuse('account/not-oneself') : undefined

/** C4: what decides whether an account may be erased. */
export interface Erasable {
  /** Titles of the courses that it alone owns. */
  ownsAlone: readonly string[]
  onlyAdministrator: boolean
}

/** C4: why it cannot be erased now, or undefined. */
export function whyNotErase({ ownsAlone, onlyAdministrator }: Erasable): Refused | undefined {
  const [first] = ownsAlone
  if (first !== undefined) return refuse('account/owns-alone', first)
  return onlyAdministrator ? refuse('account/only-administrator') : undefined
}

/** C6: the name that sheets keep; null: nothing asks for it. */
export const nameKept = (name: string, evidence: { attended: boolean; signed: boolean; certified: boolean }): string | null =>
  evidence.attended || evidence.signed || evidence.certified ? name : null

/** C5: the name that stands where they were, in their own language. */
export const erasedName = (language: 'fr' | 'en') => (language === 'fr' ? 'Compte effacé' : 'Erased account')

/** C5: an address that no mailbox has. */
export const erasedAddress = (account: string) => `${account.toLowerCase()}@erased.invalid`
