import { describe, expect, it } from 'vitest'
import {
  chooseName,
  markedName,
  mayInviteGuests,
  mayRemoveGuests,
  nameOf,
  sheetName,
  standingOfLink,
  whyNoLink,
} from '#shared/guests/rules.ts'
import { initialsOf } from '#shared/account/rules.ts'
import { mayWatch } from '#shared/recording/rules.ts'
import { mayAnswer } from '#shared/quiz/rules.ts'
import { mayTake } from '#shared/slides/rules.ts'
import { isTeam, placesOf, roles, takesPart, type Role } from '#shared/spoc/rules.ts'
import { mustWait } from '#shared/waiting/rules.ts'

const everybody: readonly Role[] = [...roles, 'guest']
const minute = 60_000

describe('a guest link', () => {
  it('[G1] is made by who leads, of a planned session', () => {
    expect(everybody.filter(mayInviteGuests)).toEqual(['owner', 'trainer'])
    expect(whyNoLink({ state: 'planned' })).toBeUndefined()
    for (const state of ['ended', 'cancelled'] as const) expect(whyNoLink({ state })?.code).toBe('session/not-planned')
  })

  it('[G2] opens with the lobby and until the session is over', () => {
    const plan = { state: 'planned', starts: 100 * minute, ends: 160 * minute } as const
    expect(standingOfLink(plan, 84 * minute)).toBe('early')
    expect(standingOfLink(plan, 85 * minute)).toBe('open')
    // It goes on for as long as nobody ends it.
    expect(standingOfLink(plan, 200 * minute)).toBe('open')
    for (const state of ['ended', 'cancelled'] as const) expect(standingOfLink({ ...plan, state }, 120 * minute)).toBe('over')
  })
})

describe('the name of a guest', () => {
  it('[G3] is one to sixty characters, of which none hides', () => {
    expect(nameOf('  Nora \t Petit\n')).toBe('Nora Petit')
    expect(nameOf('No\u200bra\u202e \u2066Petit\u00ad')).toBe('Nora Petit')
    expect(nameOf('N'.repeat(60))).toHaveLength(60)
    expect(nameOf('N'.repeat(61))).toBeUndefined()
    for (const nobody of ['', '   ', '\u200b', '\u3164', '—', '()', '🙂', '\u0000'])
      expect(nameOf(nobody), JSON.stringify(nobody)).toBeUndefined()
    expect(nameOf(`a${'\u0301'.repeat(40)}`)?.length).toBeLessThan(6)
    expect(nameOf('أمل')).toBe('أمل')
  })

  it('[G3] is never that of a member, however it is written', () => {
    const members = ['Claire Martin', 'José-Luis Núñez']
    for (const said of [
      'Claire Martin',
      'claire  MARTIN',
      'Ｃｌａｉｒｅ Martin',
      'Claire Martin (formatrice)',
      'Claire Martin 2',
      'Claire-Martin.',
      '(Claire Martin)',
      'jose luis nunez',
    ])
      expect(chooseName(said, members, []), said).toMatchObject({ ok: false, code: 'guests/name-taken' })
    expect(chooseName('Claire Martinez', members, [])).toEqual({ ok: true, value: 'Claire Martinez' })
  })

  it('[G3] is numbered when another guest has it', () => {
    expect(chooseName('Nora', [], ['Nora'])).toEqual({ ok: true, value: 'Nora 2' })
    expect(chooseName('nora', [], ['Nora', 'Nora 2'])).toEqual({ ok: true, value: 'nora 3' })
  })

  it('[G3] carries its mark in the language of who reads, and its initials do not', () => {
    expect(markedName('Nora', 'fr')).toBe('Nora (invité·e)')
    expect(markedName('Nora', 'en')).toBe('Nora (guest)')
    expect(initialsOf(markedName('Nora Petit', 'fr'))).toBe('NP')
    expect(initialsOf(markedName('Nora', 'en'))).toBe('N')
    expect(initialsOf('Jean (Jo) Martin')).toBe('JM')
  })
})

describe('a guest', () => {
  it('[G9] is on the sheet under their name, and without it once it is erased', () => {
    expect([sheetName('Nora', 'fr'), sheetName(null, 'fr'), sheetName(null, 'en')]).toEqual([
      'Nora (invité·e)',
      'Invité·e (nom effacé)',
      'Guest (name erased)',
    ])
  })

  it('[G4] waits at every door', () => {
    expect(everybody.filter((role) => mustWait({ waits: false }, role))).toEqual(['guest'])
    expect(mustWait({ waits: true }, 'guest')).toBe(true)
  })

  it('[G5] may what a learner may, keeps no place of the course, and sees no recording and no file', () => {
    expect([takesPart('guest'), mayAnswer({ role: 'guest' }), isTeam('guest'), placesOf('guest')]).toEqual([true, true, false, 0])
    for (const standing of ['ready', 'incomplete', 'hidden'] as const) expect(mayWatch('guest', standing)).toBe(false)
    expect([mayTake('learner', { download: true, shown: true }), mayTake('guest', { download: true, shown: true })]).toEqual([true, false])
  })

  it('[G8] is removed by the team', () => {
    expect(everybody.filter(mayRemoveGuests)).toEqual(['owner', 'trainer', 'mentor'])
  })
})
