import { describe, expect, it } from 'vitest'
import { codeOf, isLiving, readAddresses, stateOf, wayIn, whyNotAsk, whyNotHelp, type Helped } from '#shared/spoc/invite.rules.ts'

const nobody = { members: [], invited: [] }
const invited = { usesLeft: 1, expires: 1000, revoked: null, email: 'awa@example.org' }
const read = (text: string) => readAddresses(text, nobody).map(({ email, name, fault }) => [email, name, fault])

describe('an invitation', () => {
  it('[I1] [I2] is over before its message matters', () => {
    const sent = { state: 'sent', kept: false } as const
    expect(stateOf({ ...invited, usesLeft: 0 }, sent, 0)).toBe('accepted')
    expect(stateOf({ ...invited, usesLeft: 0, email: null }, undefined, 0)).toBe('used')
    expect(stateOf(invited, sent, 1000)).toBe('expired')
    expect(stateOf({ ...invited, revoked: 5 }, sent, 0)).toBe('revoked')
    expect(stateOf({ ...invited, email: null }, undefined, 0)).toBe('open')
  })
  it('[I2] was sent only when it left this server', () => {
    expect(stateOf(invited, undefined, 0)).toBe('not-sent')
    expect(stateOf(invited, { state: 'sent', kept: true }, 0)).toBe('not-sent')
    expect(stateOf(invited, { state: 'sent', kept: false }, 0)).toBe('sent')
    expect((['queued', 'sending', 'uncertain', 'failed'] as const).map((state) => stateOf(invited, { state, kept: false }, 0))).toEqual([
      'sending',
      'sending',
      'uncertain',
      'failed',
    ])
    expect((['failed', 'open', 'not-sent'] as const).every(isLiving)).toBe(true)
    expect((['accepted', 'used', 'expired', 'revoked'] as const).some(isLiving)).toBe(false)
  })
  it('[I3] [I4] lets in at once only who nothing more can be asked of', () => {
    const ways = [true, false].flatMap((mailLeaves) =>
      [true, false].flatMap((proven) => [true, false].map((known) => wayIn({ proven, known, mailLeaves }))),
    )
    expect(ways).toEqual(['link', 'enter', 'link', 'link', 'sign-in', 'enter', 'sign-in', 'enter'])
  })
  it('[I5] has a code of six digits, however it is spaced', () => {
    expect([codeOf('012 345'), codeOf(' 012345 '), codeOf('01234'), codeOf('0123456'), codeOf('01234a')]).toEqual([
      '012345',
      '012345',
      undefined,
      undefined,
      undefined,
    ])
  })
  it('[I8] may be asked again when it is over or the course is full, never when it was revoked', () => {
    expect(whyNotAsk(invited, 0, false)).toMatchObject({ code: 'spoc/invitation-still-open' })
    expect(whyNotAsk(invited, 0, true)).toBeUndefined()
    expect(whyNotAsk(invited, 1000, false)).toBeUndefined()
    expect(whyNotAsk({ ...invited, usesLeft: 0 }, 0, false)).toBeUndefined()
    expect(whyNotAsk({ ...invited, revoked: 5 }, 2000, true)).toMatchObject({ code: 'spoc/invitation-revoked' })
  })
})

describe('what was pasted', () => {
  it('[I6] is read from lines, commas and semicolons, with names or bare', () => {
    expect(
      read(`Awa Diop <Awa@Example.org>, louis@example.org; "Martin, Inès" <ines@example.org>
        Marc Le Goff <mailto:marc@example.org>
        <zoe@example.org>`),
    ).toEqual([
      ['awa@example.org', 'Awa Diop', undefined],
      ['louis@example.org', null, undefined],
      ['ines@example.org', 'Martin, Inès', undefined],
      ['marc@example.org', 'Marc Le Goff', undefined],
      ['zoe@example.org', null, undefined],
    ])
    expect(read('Petit, Jean <jean@example.org>; Le Goff, Anne-Lise <anne@example.org>')).toEqual([
      ['jean@example.org', 'Petit, Jean', undefined],
      ['anne@example.org', 'Le Goff, Anne-Lise', undefined],
    ])
    expect(read('a@example.org, b@example.org')).toEqual([
      ['a@example.org', null, undefined],
      ['b@example.org', null, undefined],
    ])
    expect(read(' \n,;\n')).toEqual([])
  })
  it('[I6] is read as a table when it has a header or the same cells in each line', () => {
    const people = [
      { email: 'awa@example.org', name: 'Awa Diop', organisation: 'Ville de Lyon' },
      { email: 'louis@example.org', name: 'Louis Martin', organisation: null },
    ]
    expect(
      readAddresses(
        '\uFEFFNom;Prénom;Courriel;Entreprise\r\nDiop;Awa;awa@example.org;"Ville de Lyon"\r\nMartin;Louis;louis@example.org;\r\n',
        nobody,
      ),
    ).toMatchObject(people)
    expect(readAddresses('name,email,company\n"Diop, Awa",awa@example.org,"La ""Ville"""', nobody)).toMatchObject([
      { email: 'awa@example.org', name: 'Diop, Awa', organisation: 'La "Ville"' },
    ])
    expect(readAddresses('Awa Diop\tawa@example.org\tVille de Lyon\nLouis Martin\tlouis@example.org\t', nobody)).toMatchObject(people)
  })
  it('[I7] shows what is faulty, there twice, a member or invited already', () => {
    const told = readAddresses('awa@example.org, Awa@example.org, louis@, Marc, marc@example.org, zoe@example.org, a@b, x y@example.org', {
      members: ['marc@example.org'],
      invited: ['zoe@example.org'],
    })
    expect(told.map(({ written, fault }) => [written, fault])).toEqual([
      ['awa@example.org', undefined],
      ['Awa@example.org', 'twice'],
      ['louis@', 'faulty'],
      ['Marc', 'faulty'],
      ['marc@example.org', 'member'],
      ['zoe@example.org', 'invited'],
      ['a@b', 'faulty'],
      ['x y@example.org', 'faulty'],
    ])
  })
  it('[I6] takes any text without delay', () => {
    for (const text of ['<'.repeat(20_000), '"'.repeat(20_001), 'a@'.repeat(20_000), `${'a,'.repeat(9_000)}\n${'"'.repeat(9_000)}`]) {
      const start = performance.now()
      expect(readAddresses(text, nobody).every(({ fault }) => fault !== undefined)).toBe(true)
      expect(performance.now() - start).toBeLessThan(1000)
    }
  })
})

describe('a sign-in link for somebody else', () => {
  const awa: Helped = { administrator: false, isOneself: false, courses: [{ mine: true, role: 'learner', sameOrganisation: false }] }
  const refused = { code: 'spoc/no-sign-in-link' }
  it('[I9] is for a person of one’s own', () => {
    expect(whyNotHelp(awa, false)).toBeUndefined()
    expect(whyNotHelp({ ...awa, courses: [] }, false)).toMatchObject(refused)
    expect(
      whyNotHelp({ ...awa, courses: [...awa.courses, { mine: false, role: 'learner', sameOrganisation: true }] }, false),
    ).toMatchObject(refused)
  })
  it('[I9] is for an owner of the same organisation only', () => {
    const owner = (sameOrganisation: boolean): Helped => ({ ...awa, courses: [{ mine: true, role: 'owner', sameOrganisation }] })
    expect(whyNotHelp(owner(true), false)).toBeUndefined()
    expect(whyNotHelp(owner(false), false)).toMatchObject(refused)
    expect(whyNotHelp(owner(false), true)).toBeUndefined()
  })
  it('[I9] is never for an administrator or oneself, whoever asks', () => {
    for (const byAdministrator of [true, false])
      for (const who of [{ administrator: true }, { isOneself: true }])
        expect(whyNotHelp({ ...awa, ...who }, byAdministrator)).toMatchObject(refused)
  })
})
