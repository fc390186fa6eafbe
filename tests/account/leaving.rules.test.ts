import { describe, expect, it } from 'vitest'
import { erasedAddress, erasedName, nameKept, whyNotDeactivate, whyNotErase } from '#shared/account/leaving.rules.ts'
import { mayTakeOver, roles, whyNotSuspend } from '#shared/spoc/rules.ts'
import { email } from '#shared/http/values.ts'

describe('the end of an account', () => {
  it('[C3] nobody deactivates themself', () => {
    expect(whyNotDeactivate('ana', 'ana')?.code).toBe('account/not-oneself')
    expect(whyNotDeactivate('awa', 'ana')).toBeUndefined()
  })
  it('[C4] who alone owns a course, or alone administers, is not erased', () => {
    expect(whyNotErase({ ownsAlone: ['Négocier', 'Cadrer'], onlyAdministrator: true })).toEqual({
      ok: false,
      code: 'account/owns-alone',
      detail: 'Négocier',
    })
    expect(whyNotErase({ ownsAlone: [], onlyAdministrator: true })?.code).toBe('account/only-administrator')
    expect(whyNotErase({ ownsAlone: [], onlyAdministrator: false })).toBeUndefined()
  })
  it('[C5] leaves a name in the language of the person, and an address that nobody can have', () => {
    expect(erasedName('fr')).toBe('Compte effacé')
    expect(erasedName('en')).toBe('Erased account')
    expect(erasedAddress('AbC_-9')).toBe('abc_-9@erased.invalid')
    expect(erasedAddress('AbC_-9')).not.toBe(erasedAddress('other'))
    expect(email.safeParse('awa@example.org').success).toBe(true)
  })
  it('[C6] keeps the name for whoever was there, signed or has a certificate, and for nobody else', () => {
    const none = { attended: false, signed: false, certified: false }
    expect(nameKept('Awa Diop', none)).toBeNull()
    for (const one of ['attended', 'signed', 'certified'] as const) expect(nameKept('Awa Diop', { ...none, [one]: true })).toBe('Awa Diop')
  })
})

describe('the end of a membership', () => {
  it('[M11] everybody but an owner can be suspended', () => {
    expect(roles.filter((role) => whyNotSuspend(role) === undefined)).toEqual(['trainer', 'mentor', 'learner', 'observer'])
  })
  it('[M12] another member of the team takes over', () => {
    expect(roles.filter((role) => mayTakeOver({ person: 'louis', role }, 'claire'))).toEqual(['owner', 'trainer', 'mentor'])
    expect(mayTakeOver({ person: 'claire', role: 'mentor' }, 'claire')).toBe(false)
  })
})
