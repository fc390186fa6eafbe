import { RateLimiterMemory } from 'rate-limiter-flexible'
import { ok, refuse, type Refused, type Result } from '#shared/result.ts'

/** How many times in how many seconds. */
interface Figure {
  points: number
  seconds: number
}

/**
 * Limits of everything that can be guessed or that makes the server send mail. Each is counted by address and, where there is one,
 * by account, so that neither one machine trying many accounts nor many machines trying one gets far. A whole class behind one
 * address signs in within a minute: the figures by address leave room for that.
 */
const figures = {
  signInAddress: { points: 60, seconds: 300 },
  signInAccount: { points: 10, seconds: 900 },
  linkAddress: { points: 20, seconds: 900 },
  linkAccount: { points: 4, seconds: 900 },
  verifyAddress: { points: 60, seconds: 300 },
  passwordAccount: { points: 10, seconds: 900 },
  invitationAddress: { points: 60, seconds: 300 },
  acceptAddress: { points: 40, seconds: 300 },
  inviteAccount: { points: 300, seconds: 3600 },
  codeAddress: { points: 30, seconds: 900 },
  codeAccount: { points: 10, seconds: 3600 },
  askAddress: { points: 20, seconds: 900 },
  dataAccount: { points: 6, seconds: 3600 },
  helpAccount: { points: 30, seconds: 3600 },
  guestAddress: { points: 40, seconds: 900 },
  firstAddress: { points: 10, seconds: 900 },
  demoAddress: { points: 60, seconds: 300 },
  /** Asking for what a secret address names, and finding nothing. */
  missAddress: { points: 60, seconds: 300 },
  /** Any write of one person: far above what hands can do. */
  writeAccount: { points: 600, seconds: 60 },
  /** Any request of one address without a sign-in. */
  anonymousAddress: { points: 600, seconds: 60 },
} satisfies Record<string, Figure>

export type LimitName = keyof typeof figures

export interface Limits {
  /** Counts one try; a refusal when there were too many. `detail` is how many seconds to wait. */
  take(name: LimitName, key: string): Promise<Refused | undefined>
  /** Forgets the tries, after a success. */
  forgive(name: LimitName, key: string): Promise<void>
  /** Takes one try back, which was no guess. */
  giveBack(name: LimitName, key: string): Promise<void>
}

/** Looks for what a secret names. Who misses too often is stopped, right or wrong; who asks for what is there is counted nothing. */
export async function seek<T>(
  { limits, address }: { limits: Limits; address: string },
  look: () => Promise<T>,
  isThere: (found: T) => boolean,
): Promise<Result<T>> {
  const flood = await limits.take('missAddress', address)
  if (flood) return flood
  const found = await look()
  if (isThere(found)) await limits.giveBack('missAddress', address)
  return ok(found)
}

export function buildLimits(): Limits {
  const limiters = new Map(
    Object.entries(figures).map(([name, { points, seconds }]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
    ]),
  )
  const limiter = (name: LimitName) => {
    const found = limiters.get(name)
    if (!found) throw new Error(`no limit is called ${name}`)
    return found
  }
  return {
    async take(name, key) {
      try {
        await limiter(name).consume(key)
        return undefined
      } catch (rejected) {
        if (rejected instanceof Error) throw rejected
        const wait = (rejected as { msBeforeNext?: number }).msBeforeNext ?? 1000
        return refuse('http/too-many', String(Math.ceil(wait / 1000)))
      }
    },
    async forgive(name, key) {
      await limiter(name).delete(key)
    },
    async giveBack(name, key) {
      await limiter(name).reward(key)
    },
  }
}
