import { mayIssue } from '#shared/certificate/rules.ts'
import type { certificateRoutes } from '#shared/certificate/wire.ts'
import { ok, refuse } from '#shared/result.ts'
import { anybody, member, type Handlers } from '../http/door.ts'
import { printCertificate } from './print.ts'
import {
  checkCode,
  findCertificate,
  issueCertificate,
  readCertificates,
  revokeCertificate,
  setBody,
  setRule,
  type Doings,
} from './store.ts'

export const certificateHandlers = (doings: Doings): Handlers<typeof certificateRoutes> => ({
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
    run: ({ db, member, asker, body, now }) => db.transaction((tx) => issueCertificate(tx, member.spoc, asker.person, body, doings, now)),
  },
  'POST /api/spocs/:spoc/certificates/:certificate/revoke': {
    who: member(mayIssue),
    run: ({ db, member, asker, params, body, now }) =>
      db.transaction((tx) => revokeCertificate(tx, member.spoc, params.certificate, asker.person, body.reason, now)),
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
    run: async ({ db, params }) => ok(await db.read((tx) => checkCode(tx, params.code))),
  },
})
