import { mayContest, mayCorrect, maySeeSheet, maySign } from '#shared/attendance/half-days.ts'
import type { attendanceRoutes } from '#shared/attendance/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import type { Tx } from '../db/db.ts'
import { member, signedIn, type Handlers } from '../http/door.ts'
import { readChain } from './chain.ts'
import { csvOf } from './csv.ts'
import { printSheet, readSheet } from './sheet.ts'
import { contestHalf, correctHalf, listToSign, readAttendance, signHalf, type PresenceLine } from './store.ts'

/** Told in the transaction in which somebody's presence was contested or corrected. */
export type TellPresence = (tx: Tx, what: 'presence-contested' | 'presence-corrected', line: PresenceLine) => Promise<void>

export const attendanceHandlers = (told: TellPresence): Handlers<typeof attendanceRoutes> => ({
  'GET /api/spocs/:spoc/attendance': {
    who: member(),
    run: ({ db, member: { spoc, role }, asker, now }) =>
      db.read(async (tx) => {
        const table = await readAttendance(tx, spoc, { ...asker, role }, now)
        return ok({ ...table, chain: isTeam(role) ? await readChain(tx, spoc) : null })
      }),
  },
  'GET /api/spocs/:spoc/attendance/csv': {
    who: member(maySeeSheet),
    run: async ({ db, member, asker, query, headers, now }) => {
      const table = await db.read((tx) => readAttendance(tx, member.spoc, { ...asker, role: member.role }, now, query))
      headers.set('content-disposition', 'attachment; filename="presence.csv"')
      return ok({ type: 'text/csv; charset=utf-8', bytes: Buffer.from(csvOf(table)) })
    },
  },
  'GET /api/spocs/:spoc/attendance/:event/pdf': {
    who: member(maySeeSheet),
    run: async ({ db, member, asker, params, query, headers, now }) => {
      const sheet = await db.read((tx) =>
        readSheet(tx, member.spoc, params.event, { ...asker, role: member.role }, now, query.organisation),
      )
      if (sheet.table.halves.length === 0) return refuse('http/not-found')
      headers.set('content-disposition', 'attachment; filename="emargement.pdf"')
      return ok({ type: 'application/pdf', bytes: await printSheet(sheet, now) })
    },
  },
  'GET /api/attendance/to-sign': {
    who: signedIn,
    run: async ({ db, asker, query, now }) => ok(await db.read((tx) => listToSign(tx, asker.person, query.language, now))),
  },
  'POST /api/spocs/:spoc/attendance/:event/sign': {
    who: member(maySign, 'archived'),
    run: ({ db, member, asker, params, body, request, now }) =>
      db.transaction((tx) =>
        signHalf(
          tx,
          member.spoc,
          { person: asker.person, role: member.role },
          { ...body, event: params.event, userAgent: request.get('user-agent') ?? '' },
          now,
        ),
      ),
  },
  'POST /api/spocs/:spoc/attendance/:event/correct': {
    who: member(mayCorrect),
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const line = await correctHalf(tx, member.spoc, asker.person, { ...body, event: params.event }, now)
        if (!line.ok) return line
        await told(tx, 'presence-corrected', line.value)
        return ok()
      }),
  },
  'POST /api/spocs/:spoc/attendance/:event/contest': {
    who: member(mayContest),
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const line = await contestHalf(tx, member.spoc, asker.person, { ...body, event: params.event }, now)
        if (!line.ok) return line
        await told(tx, 'presence-contested', line.value)
        return ok()
      }),
  },
})
