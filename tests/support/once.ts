import { expect } from '@playwright/test'
import { fileURLToPath } from 'node:url'
import { consequences } from '#server/consequences/tables.ts'
import { openDb } from '#server/db/open.ts'
import { deckCards } from '#server/deck/tables.ts'
import { inquiries } from '#server/inbox/tables.ts'
import { mails } from '#server/mail/tables.ts'
import { bookings } from '#server/mentoring/tables.ts'
import { notices } from '#server/notices/tables.ts'
import { activities, progress } from '#server/path/tables.ts'

const twice = (rows: readonly unknown[][]) => {
  const seen = new Set<string>()
  return rows.map((row) => JSON.stringify(row)).filter((row) => seen.size === seen.add(row).size)
}

/**
 * Reads the folder of a server that has stopped, after it died at bad moments: every consequence was drawn, and what it makes stands
 * there once: no mail, notice, card, action, mark, question or booking twice.
 */
export async function expectOnce(dataDir: string): Promise<void> {
  const db = await openDb({ dataDir, worker: fileURLToPath(new URL('../../dist/server/pglite.worker.js', import.meta.url)) })
  try {
    const all = await db.read(async (tx) => ({
      drawn: await tx.select().from(consequences),
      mails: await tx.select().from(mails),
      notices: await tx.select().from(notices),
      cards: await tx.select().from(deckCards),
      personal: await tx.select().from(activities),
      marks: await tx.select().from(progress),
      asked: await tx.select().from(inquiries),
      booked: await tx.select().from(bookings),
    }))
    expect(all.drawn.length).toBeGreaterThan(10)
    expect(
      all.drawn.filter(({ state }) => state !== 'done').map(({ flow, cause, state, error }) => ({ flow, cause, state, error })),
    ).toEqual([])
    expect(all.mails.length).toBeGreaterThan(0)
    expect(twice(all.mails.map(({ recipient, subject, text, ics }) => [recipient, subject, text, ics]))).toEqual([])
    // One that was on its way when the server died is said to be uncertain, and is not sent again.
    expect(all.mails.filter(({ state }) => state === 'sending')).toEqual([])
    expect(twice(all.notices.map(({ person, facts }) => [person, facts]))).toEqual([])
    expect(twice(all.cards.map(({ person, seen }) => [person, seen.text]))).toEqual([])
    expect(twice(all.personal.flatMap(({ person, title }) => (person === null ? [] : [[person, title]])))).toEqual([])
    expect(twice(all.marks.filter(({ state }) => state === 'caught-up').map(({ activity, person }) => [activity, person]))).toEqual([])
    expect(twice(all.asked.map(({ author, text }) => [author, text]))).toEqual([])
    expect(twice(all.booked.map(({ call, person }) => [call, person]))).toEqual([])
  } finally {
    await db.close()
  }
}
