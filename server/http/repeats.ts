import { and, eq, isNull, lt } from 'drizzle-orm'
import { refuse } from '#shared/result.ts'
import type { Clock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import { hashOf, type Seal } from './secrets.ts'
import { replies } from './tables.ts'

/** What a request was answered. */
export interface Given {
  status: number
  body: object
}

/** Who repeats what: the key is the caller's, the request says whether it is really the same. */
export interface Repeat {
  person: string
  key: string
  request: string
}

export interface Repeats {
  /** Runs the request, or gives the reply it got the first time. */
  once(repeat: Repeat, run: () => Promise<Given>): Promise<Given>
}

const day = 86_400_000
/** A request that was claimed this long ago and has no reply was cut off (its process died): it may be tried again. */
const cutOff = 60_000

/**
 * `Idempotency-Key`: the key is claimed before the work and the reply saved after it, sealed, for a day. A second request while the
 * first is at work waits for it here, or is told to try later when the first is in another process. A failure (a throw) frees the key.
 */
export function buildRepeats({ db, seal, clock }: { db: Db; seal: Seal; clock: Clock }): Repeats {
  const atWork = new Map<string, Promise<Given>>()

  const work = async (repeat: Repeat, run: () => Promise<Given>): Promise<Given> => {
    const mine = and(eq(replies.person, repeat.person), eq(replies.key, repeat.key))
    const request = hashOf(repeat.request)
    const at = clock.now()
    const found = await db.transaction(async (tx) => {
      await tx.delete(replies).where(and(eq(replies.person, repeat.person), lt(replies.at, at - day)))
      const claimed = await tx
        .insert(replies)
        .values({ person: repeat.person, key: repeat.key, request, at })
        .onConflictDoNothing()
        .returning({ key: replies.key })
      if (claimed.length > 0) return undefined
      const taken = await tx
        .update(replies)
        .set({ at })
        .where(and(mine, eq(replies.request, request), isNull(replies.status), lt(replies.at, at - cutOff)))
        .returning({ key: replies.key })
      return taken.length > 0 ? undefined : (await tx.select().from(replies).where(mine))[0]
    })
    if (found) {
      if (found.request !== request) return { status: 400, body: refuse('http/bad-request', 'Idempotency-Key') }
      if (found.status === null || found.body === null) return { status: 503, body: refuse('http/unavailable', 'Idempotency-Key') }
      return { status: found.status, body: JSON.parse(seal.open(found.body)) as object }
    }
    try {
      const given = await run()
      await db.transaction((tx) =>
        tx
          .update(replies)
          .set({ status: given.status, body: seal.close(JSON.stringify(given.body)) })
          .where(mine),
      )
      return given
    } catch (error) {
      await db.transaction((tx) => tx.delete(replies).where(and(mine, isNull(replies.status))))
      throw error
    }
  }

  return {
    async once(repeat, run) {
      const name = `${repeat.person} ${repeat.key}`
      // The second waits for the first to end (its failure is the first's to tell) and then finds the reply, or the key free.
      for (let first = atWork.get(name); first; first = atWork.get(name)) await first.catch(() => undefined)
      const working = work(repeat, run)
      atWork.set(name, working)
      try {
        return await working
      } finally {
        atWork.delete(name)
      }
    },
  }
}
