import { expect, it } from 'vitest'
import { colourAfter, colours, initialsOf } from '#shared/account/rules.ts'

it.each([
  ['Claire Martin', 'CM'],
  ['Awa', 'A'],
  ['  élodie  de la Tour ', 'ÉT'],
  ['Jean-Pierre', 'JP'],
  ['Zoë “la Grande”', 'ZG'],
  ['李 小龙', '李小'],
  ['🙂', ''],
  ['', ''],
])('[P1] makes initials of %j', (name, initials) => expect(initialsOf(name)).toBe(initials))

it('[P2] gives each of twelve people in a row another colour', () => {
  expect(new Set(Array.from({ length: colours }, (_, i) => colourAfter(i)))).toEqual(new Set(Array.from({ length: colours }, (_, i) => i)))
})
