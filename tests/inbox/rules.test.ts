import { expect, it } from 'vitest'
import { lateAt, mayAsk, maySeeInquiry, usualPromise, whyNotAnswer, whyNotWithdraw } from '#shared/inbox/rules.ts'
import { roles } from '#shared/spoc/rules.ts'

const waiting = { author: 'awa', state: 'waiting', published: false } as const
const as = (person: string, role: (typeof roles)[number]) => ({ person, role })

it('[I1] all but observers ask', () => {
  expect(roles.filter(mayAsk)).toEqual(['owner', 'trainer', 'mentor', 'learner'])
})

it('[I3] is late once the promise is over', () => {
  expect(lateAt(0, usualPromise)).toBe(48 * 3_600_000)
})

it('[I5] one’s own and what was published is all that others see', () => {
  expect(maySeeInquiry(as('awa', 'learner'), waiting)).toBe(true)
  expect(maySeeInquiry(as('louis', 'learner'), waiting)).toBe(false)
  expect(maySeeInquiry(as('odile', 'observer'), waiting)).toBe(false)
  expect(maySeeInquiry(as('marc', 'mentor'), waiting)).toBe(true)
  const published = { ...waiting, state: 'answered', published: true } as const
  expect(maySeeInquiry(as('louis', 'learner'), published)).toBe(true)
  expect(maySeeInquiry(as('louis', 'learner'), { ...published, published: false })).toBe(false)
  expect(maySeeInquiry(as('marc', 'mentor'), { ...waiting, state: 'withdrawn' })).toBe(false)
})

it('[I6] what is withdrawn is not answered, what is answered is not withdrawn', () => {
  expect(whyNotAnswer(waiting)).toBeUndefined()
  expect(whyNotAnswer({ ...waiting, state: 'answered' })).toBeUndefined()
  expect(whyNotAnswer({ ...waiting, state: 'withdrawn' })).toMatchObject({ code: 'inbox/withdrawn' })
  expect(whyNotWithdraw(waiting)).toBeUndefined()
  expect(whyNotWithdraw({ ...waiting, state: 'answered' })).toMatchObject({ code: 'inbox/answered' })
})
