import { notify, type Db, type Tx } from '#server/db/db.ts'

/** Something that somebody could do and no longer may: a sign-in that ended, a membership or a role that changed. */
export interface Revoked {
  /** Whose; undefined: notices may have been missed, so look everybody up again. */
  person?: string
  /** Only in this SPOC; undefined: everywhere. */
  spoc?: string
  /** Only the seats opened by this sign-in. */
  signIn?: string
}

/** Tells whoever holds seats that rights changed. They look the rights up again: a notice carries none. */
export interface Revocation {
  /** Calls for each change, made by this process or another, once it is committed. Gives back how to stop listening. */
  onRevoked(hear: (change: Revoked) => void): () => void
  close(): Promise<void>
}

const channel = 'revoked'

/** Says in the transaction that takes a right away that it does; heard everywhere when it commits, never when it does not. */
export const revoke = (tx: Tx, change: Revoked & { person: string }) => notify(tx, channel, JSON.stringify(change))

export async function buildRevocation(db: Db): Promise<Revocation> {
  const hearers = new Set<(change: Revoked) => void>()
  const stop = await db.listen(channel, (words) => {
    const change = words === '' ? {} : (JSON.parse(words) as Revoked)
    for (const hear of hearers) hear(change)
  })
  return {
    onRevoked(hear) {
      hearers.add(hear)
      return () => void hearers.delete(hear)
    },
    close: stop,
  }
}
