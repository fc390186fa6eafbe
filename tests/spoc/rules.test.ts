import { describe, expect, it } from 'vitest'
import {
  invitationState,
  isOff,
  isTeam,
  leads,
  owns,
  placesOf,
  roles,
  takesPart,
  whyNotAccept,
  whyNotChangeRole,
  whyNotDates,
  whyNotWrite,
  type Role,
} from '#shared/spoc/rules.ts'

const only = (which: (role: Role) => boolean) => roles.filter(which)
const invited = { usesLeft: 1, expires: 1000, revoked: null, email: null }

describe('membership', () => {
  it('[M1] knows five roles', () => expect(roles).toEqual(['owner', 'trainer', 'mentor', 'learner', 'observer']))
  it('[M2] tells the team, and who leads', () => {
    expect(only(isTeam)).toEqual(['owner', 'trainer', 'mentor'])
    expect(only(leads)).toEqual(['owner', 'trainer'])
  })
  it('[M3] lets owners change the SPOC', () => expect(only(owns)).toEqual(['owner']))
  it('[M4] lets everybody but observers take part', () => expect(only((role) => !takesPart(role))).toEqual(['observer']))
  it('[M5] keeps the last owner', () => {
    expect(whyNotChangeRole('owner', 'trainer', 1)).toMatchObject({ code: 'spoc/last-owner' })
    expect(whyNotChangeRole('owner', undefined, 1)).toMatchObject({ code: 'spoc/last-owner' })
    expect(whyNotChangeRole('owner', 'owner', 1)).toBeUndefined()
    expect(whyNotChangeRole('owner', undefined, 2)).toBeUndefined()
    expect(whyNotChangeRole('learner', undefined, 1)).toBeUndefined()
  })
  it('[M6] counts learners only', () => expect(only((role) => placesOf(role) > 0)).toEqual(['learner']))
  it('[M9] refuses an end before the start, and lets either be open', () => {
    expect(whyNotDates('2026-03-02', '2026-03-01')).toMatchObject({ code: 'spoc/ends-before-starts' })
    expect(whyNotDates('2026-03-01', '2026-03-01')).toBeUndefined()
    expect(whyNotDates(null, '2026-03-01')).toBeUndefined()
    expect(whyNotDates('2026-03-01', null)).toBeUndefined()
  })
})

describe('an archived SPOC', () => {
  it('[M14] is written by nobody', () => {
    expect(whyNotWrite(null)).toBeUndefined()
    expect(whyNotWrite(1000)).toMatchObject({ code: 'spoc/archived' })
  })
  it('[M16] calls off what starts after it was archived, not what had begun', () => {
    expect(isOff(null, 2000)).toBe(false)
    expect(isOff(1000, 2000)).toBe(true)
    expect(isOff(1000, 1000)).toBe(false)
    expect(isOff(1000, 500)).toBe(false)
  })
})

describe('invitation', () => {
  it('[M7] is open until its last use, its end or its revocation', () => {
    expect(invitationState(invited, 999)).toBe('open')
    expect(invitationState(invited, 1000)).toBe('expired')
    expect(invitationState({ ...invited, usesLeft: 0 }, 999)).toBe('used')
    expect(invitationState({ ...invited, revoked: 5 }, 999)).toBe('revoked')
    expect(whyNotAccept({ ...invited, usesLeft: 0 }, 999)).toMatchObject({ code: 'spoc/invitation-used' })
  })
  it('[M8] to one mailbox is judged like any other, whatever the address of who accepts', () => {
    expect(whyNotAccept({ ...invited, email: 'awa@example.org' }, 999)).toBeUndefined()
    expect(whyNotAccept({ ...invited, email: 'awa@example.org' }, 1000)).toMatchObject({ code: 'spoc/invitation-expired' })
  })
})
