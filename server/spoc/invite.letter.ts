import { randomInt } from 'node:crypto'
import type { Language } from '#shared/http/values.ts'
import type { MemberRole } from '#shared/spoc/rules.ts'
import type { Tx } from '#server/db/db.ts'
import type { Asked } from '#server/http/door.ts'
import { deriveSecret, hashOf } from '#server/http/secrets.ts'
import { noteSending, type InvitationRow } from './invite.store.ts'

/** An invitation on its way to a mailbox. */
export interface InvitationMail {
  invitation: string
  /** Which message of this invitation it is. */
  sending: number
  email: string
  name: string | null
  /** Of the course: the reader's own is not known yet. */
  language: Language
  spocTitle: string
  role: MemberRole
  author: string
  words: string
  address: string
  code: string
  expires: number
}

/** Told in the transaction in which it is written. */
export type Invited = (tx: Tx, mail: InvitationMail) => Promise<void>

export type Tools = Pick<Asked, 'environment' | 'origins' | 'now'>

/** The two secrets of an invitation, and its code: made again whenever they are needed, kept as hashes only. */
export const secretsOf = ({ environment: { secret } }: Pick<Tools, 'environment'>) => ({
  copied: (id: string) => deriveSecret(secret, `invitation copied ${id}`),
  mailed: (id: string, email: string) => deriveSecret(secret, `invitation mailed ${id} ${email}`),
  codeHash: (id: string, code: string) => deriveSecret(secret, `invitation code ${id} ${code}`),
})

// In the fragment, which browsers send to no server and to no log.
export const addressOf = ({ origins }: Pick<Tools, 'origins'>, secret: string) => `${origins.publicUrl}/invitation#${secret}`

/** Writes the next message of an invitation to its mailbox. */
export async function writeInvitation(
  tx: Tx,
  tools: Tools,
  row: InvitationRow,
  spoc: { title: string; language: Language },
  author: string,
  invited: Invited,
): Promise<void> {
  if (row.email === null) return
  const secrets = secretsOf(tools)
  const [secret, code] = [secrets.mailed(row.id, row.email), String(randomInt(1_000_000)).padStart(6, '0')]
  const { sendings, expires } = await noteSending(tx, row, { mailHash: hashOf(secret), code: secrets.codeHash(row.id, code) }, tools.now)
  await invited(tx, {
    invitation: row.id,
    sending: sendings,
    email: row.email,
    name: row.name,
    language: spoc.language,
    spocTitle: spoc.title,
    role: row.role,
    author,
    words: row.words,
    address: addressOf(tools, secret),
    code,
    expires,
  })
}
