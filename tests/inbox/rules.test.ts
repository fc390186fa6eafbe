import { expect, it } from 'vitest'
import { alike, lateAt, mayAsk, maySeeInquiry, standsAt, usualPromise, whyNotAnswer, whyNotWithdraw } from '#shared/inbox/rules.ts'
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

it('[I7] what was asked in a film stands at its session too, what was asked in the room not at the film', () => {
  const session = { kind: 'session', session: 's1' } as const
  const film = { kind: 'replay', session: 's1', second: 75 } as const
  const page = { kind: 'activity', activity: 'a1' } as const
  expect(standsAt(session, film)).toBe(true)
  expect(standsAt(film, { ...film, second: 3 })).toBe(true)
  expect(standsAt(film, session)).toBe(false)
  expect(standsAt(session, { ...film, session: 's2' })).toBe(false)
  expect(standsAt(page, page)).toBe(true)
  expect(standsAt(page, { kind: 'activity', activity: 'a2' })).toBe(false)
  expect(standsAt({ kind: 'course' }, page)).toBe(false)
})

it('[I8] a question is like another by its words, whatever their accents and plurals; the likest first', () => {
  const asked = (text: string) => ({ text })
  const [end, room, dear] = ['Comment finir à l’heure ?', 'Où est la salle de la réunion ?', 'Évaluer'].map(asked)
  if (!end || !room || !dear) throw new Error('three questions')
  expect(alike('comment finir les séances à l’heure quand on discute', [room, end])).toEqual([end])
  expect(alike('Où sont les salles des réunions', [end, room])).toEqual([room])
  expect(alike('evaluer', [end, dear])).toEqual([dear])
  expect(alike('Comment dire non ?', [end])).toEqual([])
  expect(alike('', [end])).toEqual([])
  const likest = asked('Comment finir à l’heure promise ?')
  expect(alike('Comment finir à l’heure promise ?', [end, likest])).toEqual([likest, end])
})
