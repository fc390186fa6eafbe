import { statementOf } from '#shared/attendance/half-days.ts'
import type { Session } from '#shared/session/wire.ts'
import { readAttendance, signHalf, sumAttendance } from '../attendance/store.ts'
import { issueCertificate, setBody } from '../certificate/store.ts'
import { cause } from '../flows.ts'
import { sumCompletion } from '../path/everybody.store.ts'
import type { Tx } from '../db/db.ts'
import { minute } from './calendar.ts'
import { cast, type MemberName } from './course.ts'
import { must } from './lesson.ts'

/** What the first session left behind: who was there has signed, and Inès holds a certificate for what she did so far. */
export async function writeEvidence(tx: Tx, session: Session, people: Record<MemberName, string>, now: number): Promise<void> {
  const { spoc, title, zone, id } = session
  const after = session.ends + 5 * minute
  const { halves } = await readAttendance(tx, spoc, { person: people.nadia, role: 'owner' }, after, { event: id })
  for (const half of halves)
    for (const [i, who] of (['claire', 'awa', 'ines', 'thomas'] as const).entries()) {
      const { name, role } = cast[who]
      const statement = statementOf('fr', { ...half, name, role, title, place: null, zone })
      const asked = { event: id, half: half.half, language: 'fr', statement, userAgent: 'Mozilla/5.0' } as const
      must(await signHalf(tx, spoc, { person: people[who], role }, asked, after + i * minute), 'sign the first session')
    }
  await setBody(tx, spoc, {
    name: 'Atelier Nord Formation',
    address: '12 quai de l’Ouest, 59000 Lille',
    nda: '32 59 00000 59',
    signatory: cast.nadia.name,
    capacity: 'Responsable de la formation',
  })
  const done = { person: people.ines, kind: 'realisation', language: 'fr' } as const
  const issued = must(
    await issueCertificate(tx, spoc, people.nadia, done, { attended: sumAttendance, completed: sumCompletion }, now),
    'issue a certificate',
  )
  await cause(tx, 'certificate-issued', issued.id, { spoc, certificate: issued.id, person: people.ines, document: issued.kind })
}
