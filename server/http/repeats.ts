import { and, eq, isNull, lt, lte } from 'drizzle-orm'
import { refuse } from '#shared/result.ts'
import type { Clock } from '#server/clock.ts'
import type { Db, Tx } from '#server/db/db.ts'
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
  /** What this very request was answered before; undefined when it was not. */
  find(repeat: Repeat): Promise<Given | undefined>
  /**
   * Runs the request, or gives the reply it got the first time. `replyOf` says what a transaction of `run` will be answered, where what
   * it gives tells that: then the reply is saved with the work.
   */
  once(repeat: Repeat, run: (db: Db) => Promise<Given>, replyOf?: (value: unknown) => Given | undefined): Promise<Given>
}

interface Work {
  repeat: Repeat
  run: (db: Db) => Promise<Given>
  replyOf: ((value: unknown) => Given | undefined) | undefined
}

const day = 86_400_000
/**
 * A request that was claimed this long ago and has no reply was cut off (its process died): it may be tried again. The embedded database
 * has one process, where the second waits for the first: what it finds without a reply was cut off.
 */
const cutOff = { pglite: 0, postgres: 60_000 }

/**
 * `Idempotency-Key`: the key is claimed before the work, and the reply is saved in the transaction of the work itself, sealed, for a day:
 * a process that dies in between leaves both or neither. A second request while the first is at work waits for it here, or is told to
 * try later when the first is in another process. A failure (a throw) frees the key.
 */
export function buildRepeats({ db, seal, clock }: { db: Db; seal: Seal; clock: Clock }): Repeats {
  const atWork = new Map<string, Promise<Given>>()

  const work = async ({ repeat, run, replyOf }: Work): Promise<Given> => {
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
        .where(and(mine, eq(replies.request, request), isNull(replies.status), lte(replies.at, at - cutOff[db.engine])))
        .returning({ key: replies.key })
      return taken.length > 0 ? undefined : (await tx.select().from(replies).where(mine))[0]
    })
    if (found) {
      if (found.request !== request) return { status: 400, body: refuse('http/bad-request', 'Idempotency-Key') }
      if (found.status === null || found.body === null) return { status: 503, body: refuse('http/unavailable', 'Idempotency-Key') }
      return { status: found.status, body: JSON.parse(seal.open(found.body)) as object }
    }
    let kept = ''
    const keep = async (tx: Tx, { status, body }: Given) => {
      const words = JSON.stringify(body)
      await tx
        .update(replies)
        .set({ status, body: seal.close(words) })
        .where(mine)
      return words
    }
    const keeping: Db = {
      ...db,
      transaction: (fn, turn) =>
        db.transaction(async (tx) => {
          const value = await fn(tx)
          const given = replyOf?.(value)
          if (given) kept = await keep(tx, given)
          return value
        }, turn),
    }
    try {
      const given = await run(keeping)
      if (kept !== JSON.stringify(given.body)) await db.transaction((tx) => keep(tx, given))
      return given
    } catch (error) {
      await db.transaction((tx) => tx.delete(replies).where(and(mine, isNull(replies.status))))
      throw error
    }
  }

  return {
    async find({ person, key, request }) {
      const [known] = await db.read((tx) =>
        tx
          .select()
          .from(replies)
          .where(and(eq(replies.person, person), eq(replies.key, key), eq(replies.request, hashOf(request)))),
      )
      if (!known || known.status === null || known.body === null) return undefined
      return { status: known.status, body: JSON.parse(seal.open(known.body)) as object }
    },
    async once(repeat, run, replyOf) {
      const name = `${repeat.person} ${repeat.key}`
      // The second waits for the first to end (its failure is the first's to tell) and then finds the reply, or the key free.
      for (let first = atWork.get(name); first; first = atWork.get(name)) await first.catch(() => undefined)
      const working = work({ repeat, run, replyOf })
      atWork.set(name, working)
      try {
        return await working
      } finally {
        atWork.delete(name)
      }
    },
  }
}
