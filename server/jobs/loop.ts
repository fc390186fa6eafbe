import type { Clock } from '../clock.ts'
import type { Db } from '../db/db.ts'
import type { Log } from '../logger.ts'

/** How work in a table gets done: one thing after the other, asleep until the next is due or the table's bell rings. */
export interface Loop {
  /** Lets what has begun end, and begins nothing more. */
  stop(): Promise<void>
}

interface Work {
  db: Db
  clock: Clock
  log: Log
  /** The channel rung by whoever adds work. */
  bell: string
  /** Does one thing that is due; gives whether there was one. */
  takeOne(): Promise<boolean>
  /** When the next thing is due, if any is known. */
  nextDue(): Promise<number | undefined>
  /** How many things at once in this process. */
  lanes?: number
}

/** Looks at least this often, in case a bell was missed. */
const longest = 30_000
/** What is due and yet not ours is being done by another worker. */
const shortest = 200

export async function startLoop({ db, clock, log, bell, takeOne, nextDue, lanes = 1 }: Work): Promise<Loop> {
  let stopped = false
  let rings = 0
  const sleepers = new Set<() => void>()
  const ring = () => {
    rings++
    for (const wake of sleepers) wake()
  }
  const sleep = (ms: number) =>
    new Promise<void>((resolve) => {
      const wake = () => {
        cancel()
        sleepers.delete(wake)
        resolve()
      }
      const cancel = clock.after(ms, wake)
      sleepers.add(wake)
    })

  async function lane() {
    while (!stopped) {
      const heard = rings
      let wait = longest
      try {
        while (!stopped && (await takeOne()));
        if (stopped) return
        const due = await nextDue()
        if (due !== undefined) wait = Math.min(longest, Math.max(shortest, due - clock.now()))
      } catch (error) {
        log.error({ reason: reasonOf(error), bell }, 'work behind the scenes failed; it is tried again')
        wait = 5000
      }
      if (!stopped && rings === heard) await sleep(wait)
    }
  }

  const unlisten = await db.listen(bell, ring)
  const running = Array.from({ length: lanes }, lane)
  return {
    async stop() {
      stopped = true
      ring()
      await Promise.all(running)
      await unlisten()
    },
  }
}

/** What a failure says of itself, without the values that libraries wrap around it. */
export function reasonOf(error: unknown): string {
  let deepest = error
  while (deepest instanceof Error && deepest.cause instanceof Error) deepest = deepest.cause
  return (deepest instanceof Error ? deepest.message : String(deepest)).slice(0, 500)
}

/** After so many attempts a thing is given up, and stays to be seen. */
export const maxAttempts = 8
/** 5 s, 20 s, 80 s … at most an hour; undefined when it is enough. */
export const againAfter = (attempts: number, now: number) =>
  attempts >= maxAttempts ? undefined : now + Math.min(3_600_000, 5000 * 4 ** (attempts - 1))
