import ICAL from 'ical.js'
import nodeIcal from 'node-ical'
import { Temporal } from 'temporal-polyfill'
import { describe, expect, it } from 'vitest'
import { feedIcs, invitationIcs, organizerOf, type CalendarEvent } from '#server/calendar/ics.ts'

/** What travels to calendars, held against RFC 5545 and 5546 and read by two programs that know nothing of each other. */

const hour = 3_600_000
const stamp = Date.UTC(2026, 2, 1, 9)
const organizer = { name: 'Cercle', email: 'cercle@example.org' }
const awa = { name: 'Awa Diop', email: 'awa@example.org' }
const event = (more: Partial<CalendarEvent> = {}): CalendarEvent => ({
  ...{ id: 'session-1', sequence: 0, title: 'Séance', description: 'Un SPOC', link: 'https://cercle.example/sessions/1', cancelled: false },
  ...{ starts: stamp + hour, ends: stamp + 2 * hour },
  ...more,
})

interface Read {
  uid: string
  sequence: number
  title: string
  starts: number
  ends: number
  cancelled: boolean
}
const byUid = (a: Read, b: Read) => (a.uid < b.uid ? -1 : 1)

/** The entries as the one program and as the other reads them; both must say the same. */
function readTwice(ics: string): Read[] {
  const one = new ICAL.Component(ICAL.parse(ics) as unknown[]).getAllSubcomponents('vevent').map((component): Read => {
    const { uid, sequence, summary, startDate, endDate } = new ICAL.Event(component)
    return {
      ...{ uid, sequence, title: summary, starts: startDate.toJSDate().getTime(), ends: endDate.toJSDate().getTime() },
      cancelled: component.getFirstPropertyValue('status') === 'CANCELLED',
    }
  })
  const other = Object.values(nodeIcal.sync.parseICS(ics)).flatMap((each): Read[] =>
    each?.type === 'VEVENT'
      ? [
          {
            ...{ uid: each.uid, sequence: Number(each.sequence), title: String(each.summary) },
            ...{ starts: each.start.getTime(), ends: each.end?.getTime() ?? NaN, cancelled: each.status === 'CANCELLED' },
          },
        ]
      : [],
  )
  expect(other.sort(byUid)).toEqual(one.sort(byUid))
  return one
}

/** What RFC 5545 says a calendar must be, and RFC 5546 what one of its method must hold. */
function expectLawful(ics: string) {
  expect(ics.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/) // §3.1: lines end in CRLF
  for (const line of ics.split('\r\n')) expect(Buffer.byteLength(line), line).toBeLessThanOrEqual(75)
  // §3.3.11: no control character is text. What was folded is whole characters again.
  expect(ics.replaceAll('\r\n', '')).not.toMatch(/(?!\t)[\0-\x1f\x7f]/)
  expect(ics).not.toContain('\ufffd')
  const lines = ics
    .replace(/\r\n[ \t]/g, '')
    .replace(/\r\n$/, '')
    .split('\r\n')
  for (const line of lines) {
    // §3.1: a name, parameters of which those in quotes hold no quote, and a value.
    expect(line).toMatch(/^[A-Z0-9-]+(?:;[A-Z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*:/)
    // §3.3.11: in text a backslash stands before a comma, a semicolon, itself or an n, and the first two never alone.
    const [, text] = /^(?:SUMMARY|DESCRIPTION|LOCATION|NAME|X-WR-CALNAME)(?:;[^:]*)?:(.*)$/.exec(line) ?? []
    if (text !== undefined) expect(text.replace(/\\[\\;,nN]/g, '')).not.toMatch(/[\\;,]/)
  }
  // §3.6: properties first, components after them, each closed.
  expect([lines[0], lines.at(-1)]).toEqual(['BEGIN:VCALENDAR', 'END:VCALENDAR'])
  const parts = lines
    .slice(1, -1)
    .join('\n')
    .split(/\nBEGIN:VEVENT\n/)
  const head = (parts.shift() ?? '').split('\n')
  const has = (some: readonly string[], name: string) => some.filter((line) => new RegExp(`^${name}[;:]`).test(line))
  for (const name of ['PRODID', 'VERSION', 'METHOD']) expect(has(head, name), name).toHaveLength(1)
  expect(head).toContain('VERSION:2.0')
  const method = has(head, 'METHOD')[0]?.slice(7)
  for (const [i, part] of parts.entries()) {
    const [body = '', after = ''] = part.split(/\nEND:VEVENT\n?/)
    expect(after, `after event ${i}`).toBe('')
    const own = body.split('\n')
    for (const name of ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'SUMMARY', 'ORGANIZER', 'SEQUENCE', 'STATUS'])
      expect(has(own, name), name).toHaveLength(1)
    for (const name of ['DTSTAMP', 'DTSTART', 'DTEND']) expect(has(own, name)[0]).toMatch(/:\d{8}T\d{6}Z$/)
    expect((has(own, 'DTEND')[0] ?? '').slice(6) > (has(own, 'DTSTART')[0] ?? '').slice(8)).toBe(true)
    // RFC 5546 §3.2: an invitation and its end name whom they are for; what is published is for nobody.
    expect(has(own, 'ATTENDEE')).toHaveLength(method === 'PUBLISH' ? 0 : 1)
    if (method === 'CANCEL') expect(own).toContain('STATUS:CANCELLED')
  }
  return method
}

const feed = (events: readonly CalendarEvent[], more: { name?: string; zone?: string } = {}) =>
  feedIcs(events, { name: 'Cercle · Awa', zone: 'Europe/Paris', ...more }, organizer, stamp)

describe('an entry over its life', () => {
  it('is asked for, changed and ended under one identity, each time with a higher sequence, and the feed agrees with the last word', () => {
    const life = [
      event(),
      event({ sequence: 1, starts: stamp + 30 * hour, ends: stamp + 31 * hour, title: 'Séance déplacée' }),
      event({ sequence: 2, starts: stamp + 30 * hour, ends: stamp + 31 * hour, cancelled: true }),
    ]
    const sent = life.map((each) => invitationIcs(each, organizer, awa, stamp))
    expect(sent.map(expectLawful)).toEqual(['REQUEST', 'REQUEST', 'CANCEL'])
    const read = sent.flatMap(readTwice)
    expect(new Set(read.map(({ uid }) => uid))).toEqual(new Set(['session-1@cercle']))
    expect(read.map(({ sequence }) => sequence)).toEqual([0, 1, 2])
    expect(read.map(({ starts, ends }) => [starts, ends])).toEqual(life.map(({ starts, ends }) => [starts, ends]))
    expect(read.map(({ cancelled }) => cancelled)).toEqual([false, false, true])
    for (const [i, each] of life.entries()) {
      const ics = feed([each])
      expect(expectLawful(ics)).toBe('PUBLISH')
      expect(readTwice(ics)).toEqual([read[i]])
    }
  })

  it('the feed of nothing is a calendar too', () => {
    expect(expectLawful(feed([]))).toBe('PUBLISH')
    expect(readTwice(feed([]))).toEqual([])
  })
})

/** Where summer time begins and ends on other days than elsewhere, by half an hour, or never. */
const zones = {
  'Europe/Paris': ['2026-03-29', '2026-10-25'],
  'America/New_York': ['2026-03-08', '2026-11-01'],
  'Australia/Lord_Howe': ['2026-04-05', '2026-10-04'],
  'America/Santiago': ['2026-04-05', '2026-09-06'],
  'Indian/Reunion': ['2026-03-29', '2026-10-25'],
  'Asia/Kolkata': ['2026-03-29', '2026-10-25'],
} as const

describe.each(Object.entries(zones))('in %s', (zone, changes) => {
  it.each(changes)(
    'a meeting at ten each day around %s is at ten on the reader’s clock, and in each program at the same instant',
    (change) => {
      const events = [-1, 0, 1].map((days) => {
        const at = Temporal.PlainDate.from(change).add({ days }).toZonedDateTime({ timeZone: zone, plainTime: '10:00' })
        return event({ id: `on-${days + 1}`, starts: at.epochMilliseconds, ends: at.add({ hours: 1 }).epochMilliseconds })
      })
      const ics = feed(events, { zone })
      expectLawful(ics)
      for (const read of [readTwice(ics), events.flatMap((each) => readTwice(invitationIcs(each, organizer, awa, stamp)))])
        expect(
          read.map(({ starts }) => Temporal.Instant.fromEpochMilliseconds(starts).toZonedDateTimeISO(zone).toPlainTime().toString()),
        ).toEqual(['10:00:00', '10:00:00', '10:00:00'])
    },
  )

  it('one that lasts over the change ends at its instant', () => {
    const [change] = changes
    const at = Temporal.PlainDate.from(change).toZonedDateTime({ timeZone: zone, plainTime: '00:30' }).epochMilliseconds
    const ics = invitationIcs(event({ starts: at, ends: at + 4 * hour }), organizer, awa, stamp)
    expectLawful(ics)
    expect(readTwice(ics)).toMatchObject([{ starts: at, ends: at + 4 * hour }])
  })
})

describe('whatever people write', () => {
  const words = [
    'Rythme, débit ; silence\\pause : "deux points"',
    'é'.repeat(200),
    '😀👩🏽‍🏫'.repeat(40),
    'a'.repeat(74),
    'a'.repeat(75),
    `${'a'.repeat(73)}é😀`,
    'Une ligne\net une autre\r\net une troisième',
    'Une cloche \u0007, un retour \u001b[2J et \u007f',
    'BEGIN:VEVENT\r\nUID:autre\r\nEND:VEVENT',
    '\\, \\; \\',
  ]
  it.each(words)('is folded, escaped and read back: %j', (title) => {
    const kept = title.replace(/\r/g, '').replace(/[\u0007\u001b\u007f]/g, '')
    for (const ics of [
      invitationIcs(event({ title, description: title, place: title }), organizer, { ...awa, name: title }, stamp),
      feed([event({ title, description: title, place: title })], { name: title }),
    ]) {
      expectLawful(ics)
      expect(readTwice(ics).map(({ title: read }) => read.trim())).toEqual([kept.trim()])
      const calendar = new ICAL.Component(ICAL.parse(ics) as unknown[])
      expect(calendar.getAllSubcomponents('vevent')).toHaveLength(1)
      expect(calendar.getFirstSubcomponent('vevent')?.getFirstPropertyValue('location')).toBe(kept)
      const name = calendar.getFirstPropertyValue('name')
      // A younger property, whose escapes this reader leaves.
      if (name !== null) expect(String(name).replace(/\\([\\,;])/g, '$1')).toBe(kept.replace(/\s+/g, ' '))
    }
  })

  it('a name is whom it is for, whatever it holds', () => {
    const cn = (name: string) => {
      const ics = invitationIcs(event(), { ...organizer, name }, { ...awa, name }, stamp)
      expectLawful(ics)
      const read = new ICAL.Component(ICAL.parse(ics) as unknown[]).getFirstSubcomponent('vevent')
      expect(read?.getFirstPropertyValue('attendee')).toMatch(/^mailto:awa@example\.org$/i)
      expect(read?.getFirstPropertyValue('organizer')).toMatch(/^mailto:cercle@example\.org$/i)
      return read?.getFirstProperty('attendee')?.getParameter('cn')
    }
    expect(cn('Diop; Awa, « élève » : 3e')).toBe('Diop; Awa, « élève » : 3e')
    expect(cn('Jo "Le" Roux')).toBe('Jo ’Le’ Roux')
    expect(cn('Awa\nATTENDEE:mailto:eve@example.org')).toBe('Awa ATTENDEE:mailto:eve@example.org')
  })
})

it('the organizer is the sender of mail', () => {
  const from = (text: string) => organizerOf({ mail: { smtpUrl: 'smtp://mail.example.org', from: text } })
  expect(from('École du rythme <ecole@example.org>')).toEqual({ name: 'École du rythme', email: 'ecole@example.org' })
  expect(from('"École" <ecole@example.org>')).toEqual({ name: 'École', email: 'ecole@example.org' })
  expect(from('ecole@example.org')).toEqual({ name: 'Cercle', email: 'ecole@example.org' })
  expect(organizerOf({ mail: undefined })).toEqual({ name: 'Cercle', email: 'cercle@localhost' })
})
