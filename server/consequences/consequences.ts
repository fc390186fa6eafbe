import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { againAfter, reasonOf, startLoop, type Loop } from '../jobs/loop.ts'
import type { Log } from '../logger.ts'
import { addConsequences, endConsequence, failConsequence, nextConsequence, takeConsequence } from './store.ts'

/** What a flow has at hand beside its transaction. */
export interface FlowTools {
  /** This consequence: what it makes is unique by it (a mail to one recipient, say). */
  id: string
  now: number
}

/** When something happened, do something. `run` works in the transaction that marks it done: its effects happen exactly once. */
export interface Flow {
  when: string
  name: string
  run(tx: Tx, payload: unknown, tools: FlowTools): Promise<void>
}

/** Gives the `when` that declares flows on these causes, their payloads typed. */
export const flowsOn =
  <Causes>() =>
  <What extends keyof Causes & string>(
    when: What,
    name: string,
    run: (tx: Tx, payload: Causes[What], tools: FlowTools) => Promise<void>,
  ): Flow => ({
    when,
    name,
    // The payload is what `cause` was given for this very `when`.
    run: (tx, payload, tools) => run(tx, payload as Causes[What], tools),
  })

/** What the declared flows can do: `cause` in the transaction of what happened, `start` to have it followed. */
export function consequencesOf<Causes>(flows: readonly Flow[]) {
  const names = flows.map(({ name }) => name)
  if (new Set(names).size < names.length) throw new Error('Two flows have the same name.')

  return {
    /** Says, in the transaction that saves it, that something happened. `key` tells this happening from others of its kind. */
    cause: <What extends keyof Causes & string>(tx: Tx, what: What, key: string, payload: Causes[What]) =>
      addConsequences(
        tx,
        flows.filter(({ when }) => when === what).map(({ name }) => name),
        `${what}:${key}`,
        payload,
      ),

    /** Follows up what happened, with other processes. What fails is tried again later and later, then given up and kept to be seen. */
    start: ({ db, clock, log }: { db: Db; clock: Clock; log: Log }): Promise<Loop> =>
      startLoop({
        db,
        clock,
        log,
        bell: 'consequences',
        nextDue: () => db.read((tx) => nextConsequence(tx, names)),
        takeOne: () =>
          db.transaction(async (tx) => {
            const now = clock.now()
            const taken = await takeConsequence(tx, names, now)
            const flow = taken && flows.find(({ name }) => name === taken.flow)
            if (!flow) return false
            try {
              await tx.transaction((inner) => flow.run(inner as Tx, taken.payload, { id: taken.id, now }))
              await endConsequence(tx, taken.id, now)
            } catch (error) {
              const attempts = taken.attempts + 1
              const again = againAfter(attempts, now)
              await failConsequence(tx, taken.id, { attempts, error: reasonOf(error), again })
              log[again === undefined ? 'error' : 'warn'](
                { flow: flow.name, attempts, reason: reasonOf(error) },
                again === undefined ? 'a flow was given up' : 'a flow failed',
              )
            }
            return true
          }),
      }),
  }
}
