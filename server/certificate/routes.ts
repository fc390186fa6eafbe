import { mayIssue } from '#shared/certificate/rules.ts'
import type { Certificate, certificateRoutes } from '#shared/certificate/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'
import { anybody, member, signedIn, type Handlers } from '../http/door.ts'
import { seek } from '../http/limits.ts'
import { printCertificate } from './print.ts'
import {
  checkCode,
  findCertificate,
  issueCertificate,
  listRecentCertificates,
  readCertificates,
  revokeCertificate,
  setBody,
  setRule,
  type Doings,
} from './store.ts'

/** Told in the transaction in which a certificate of a SPOC was issued or revoked. */
export type TellCertificate = (tx: Tx, what: 'certificate-issued' | 'certificate-revoked', spoc: string, one: Certificate) => Promise<void>

export const certificateHandlers = (doings: Doings, told: TellCertificate): Handlers<typeof certificateRoutes> => ({
  'GET /api/certificates': {
    who: signedIn,
    run: async ({ db, asker, now }) => ok(await db.read((tx) => listRecentCertificates(tx, asker.person, now))),
  },
  'GET /api/spocs/:spoc/certificates': {
    who: member(),
    run: async ({ db, member, asker, now }) =>
      ok(await db.read((tx) => readCertificates(tx, member.spoc, { person: asker.person, role: member.role }, doings, now))),
  },
  'PUT /api/spocs/:spoc/training-body': {
    who: member(mayIssue),
    run: async ({ db, member, body }) => {
      await db.transaction((tx) => setBody(tx, member.spoc, body))
      return ok()
    },
  },
  'PUT /api/spocs/:spoc/success-rule': {
    who: member(mayIssue),
    run: ({ db, member, body }) => db.transaction((tx) => setRule(tx, member.spoc, body)),
  },
  'POST /api/spocs/:spoc/certificates': {
    who: member(mayIssue),
    run: ({ db, member, asker, body, now }) =>
      db.transaction(async (tx) => {
        const issued = await issueCertificate(tx, member.spoc, asker.person, body, doings, now)
        if (issued.ok) await told(tx, 'certificate-issued', member.spoc, issued.value)
        return issued
      }),
  },
  'POST /api/spocs/:spoc/certificates/:certificate/revoke': {
    who: member(mayIssue),
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction(async (tx) => {
        const revoked = await revokeCertificate(tx, member.spoc, params.certificate, asker.person, body.reason, now)
        if (!revoked.ok) return revoked
        await told(tx, 'certificate-revoked', member.spoc, revoked.value)
        return ok()
      }),
  },
  'GET /api/spocs/:spoc/certificates/:certificate/pdf': {
    who: member(),
    run: async ({ db, member, asker, params, origins, headers }) => {
      const found = await db.read((tx) => findCertificate(tx, member.spoc, params.certificate, { person: asker.person, role: member.role }))
      if (!found) return refuse('http/not-found')
      headers.set('content-disposition', `attachment; filename="${found.kind === 'realisation' ? 'certificat' : 'attestation'}.pdf"`)
      return ok({ type: 'application/pdf', bytes: await printCertificate(found, origins.publicUrl) })
    },
  },
  'GET /api/checks/:code': {
    who: anybody,
    run: (asked) =>
      seek(
        asked,
        () => asked.db.read((tx) => checkCode(tx, asked.params.code)),
        ({ state }) => state !== 'unknown',
      ),
  },
})
