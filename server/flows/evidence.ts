import type { CertificateKind } from '#shared/certificate/rules.ts'
import { leads } from '#shared/spoc/rules.ts'
import { getPerson } from '../account/store.ts'
import type { PresenceLine } from '../attendance/store.ts'
import { checkCode } from '../certificate/store.ts'
import type { FlowTools } from '../consequences/consequences.ts'
import type { Tx } from '../db/db.ts'
import { certificateLetter } from '../mail/letters.ts'
import { queueMail } from '../mail/store.ts'
import { addNotice, findMailbox } from '../notices/store.ts'
import { listMembers, titleOf } from '../spoc/store.ts'

/** A certificate was issued to somebody. */
export interface CertificateIssued {
  spoc: string
  certificate: string
  person: string
  document: CertificateKind
}

/** A word to whose certificate it is, with the address of its check page; nothing once it was revoked. */
export async function tellIssued(tx: Tx, { spoc, certificate, person, document }: CertificateIssued, origin: string, now: number) {
  if ((await checkCode(tx, certificate)).state !== 'valid') return
  const [cause, spocTitle] = [`certificate:${certificate}`, await titleOf(tx, spoc)]
  await addNotice(tx, { person, cause, facts: { kind: 'certificate-issued', spoc, document, spocTitle }, now })
  const box = await findMailbox(tx, person, 'path', now)
  if (!box) return
  const addresses = { page: `${origin}/spocs/${spoc}/certificates`, check: `${origin}/check/${certificate}` }
  await queueMail(tx, { cause, recipient: box.email, ...certificateLetter({ document, spocTitle, ...addresses }, box), now, due: box.due })
}

/** Whose certificate is no longer valid learns why. */
export async function tellRevoked(
  tx: Tx,
  { spoc, person, document, reason }: Omit<CertificateIssued, 'certificate'> & { reason: string },
  { id, now }: FlowTools,
) {
  const facts = { kind: 'certificate-revoked', spoc, document, reason, spocTitle: await titleOf(tx, spoc) } as const
  await addNotice(tx, { person, cause: id, facts, now })
}

/** H6: those who may correct a presence learn that it is contested. */
export async function tellContested(tx: Tx, { spoc, person, title, starts, reason }: PresenceLine, { id, now }: FlowTools) {
  const [spocTitle, { name }] = [await titleOf(tx, spoc), await getPerson(tx, person)]
  const facts = { kind: 'presence-contested', spoc, about: person, name, title, starts, reason: reason.slice(0, 200), spocTitle } as const
  for (const member of await listMembers(tx, spoc, 'trainer'))
    if (leads(member.role)) await addNotice(tx, { person: member.person, cause: id, facts, now })
}

/** H5: whose presence was noted anew learns it, with the reason. */
export async function tellPresence(tx: Tx, { spoc, person, author, title, starts, minutes, reason }: PresenceLine, { id, now }: FlowTools) {
  if (person === author) return
  const [spocTitle, { name: by }] = [await titleOf(tx, spoc), await getPerson(tx, author)]
  const facts = {
    kind: 'presence-corrected',
    spoc,
    about: author,
    title,
    starts,
    minutes: minutes ?? 0,
    by,
    reason: reason.slice(0, 200),
    spocTitle,
  } as const
  await addNotice(tx, { person, cause: id, facts, now })
}
