import type { CarrierKind } from '../video/wire.ts'

/**
 * Rules of being ready for real use.
 *
 * R1 What stops real use: mail that goes nowhere, an address that others cannot reach or that is not HTTPS (browsers then give neither
 *    camera nor microphone), and the demonstration's people, whose passwords are printed at each start.
 * R2 What limits it: without STUN people of different networks may not hear each other; without TURN those behind a strict firewall may not.
 * R3 A browser gives camera and microphone on HTTPS, and on the server's own machine.
 * R4 A server that was never backed up is not ready; one whose last backup is a week old or more should know it.
 * R5 Below 1 GB of free disk recordings and uploads are refused; on a full one nothing is saved.
 * R6 Where LiveKit carries sound and picture it finds its own way through networks; one that does not answer carries nobody.
 */
export interface Facts {
  mailLeaves: boolean
  /** Messages that were written and wait on this server, or that no mail server took. */
  mailsKept: number
  mailsFailed: number
  /** The address people are given. */
  address: string
  https: boolean
  /** Only this machine can reach that address. */
  loopback: boolean
  stun: boolean
  turn: boolean
  video: CarrierKind
  /** What carries sound and picture answers. */
  videoAnswers: boolean
  demonstration: boolean
  /** Whole days since the last backup; null when there was none. */
  backupDays: number | null
  disk: 'good' | 'low' | 'full'
}

export type Matter = 'mail' | 'address' | 'video' | 'backup' | 'disk' | 'demonstration'
/** `stops`: real use cannot begin; `limits`: it can, with this in mind. */
export type Verdict = 'stops' | 'limits' | 'good'

export interface Finding {
  matter: Matter
  verdict: Verdict
  /** Which sentence of the matter says it. */
  why: string
}

/** How old a backup may be before it is said (days). */
const fresh = 7

/** R2, R6 */
function videoOf({ video, videoAnswers, stun, turn }: Facts): Finding {
  if (video === 'livekit')
    return videoAnswers
      ? { matter: 'video', verdict: 'good', why: 'livekit' }
      : { matter: 'video', verdict: 'stops', why: 'livekit-silent' }
  return turn ? { matter: 'video', verdict: 'good', why: 'turn' } : { matter: 'video', verdict: 'limits', why: stun ? 'stun' : 'none' }
}

/** R1–R6, what stops first. */
export function findingsOf(facts: Facts): Finding[] {
  const found: Finding[] = [
    facts.mailLeaves
      ? { matter: 'mail', verdict: facts.mailsFailed > 0 ? 'limits' : 'good', why: facts.mailsFailed > 0 ? 'failed' : 'leaves' }
      : { matter: 'mail', verdict: 'stops', why: 'kept' },
    facts.loopback
      ? { matter: 'address', verdict: 'stops', why: 'loopback' }
      : facts.https
        ? { matter: 'address', verdict: 'good', why: 'https' }
        : { matter: 'address', verdict: 'stops', why: 'http' },
    videoOf(facts),
    facts.backupDays === null
      ? { matter: 'backup', verdict: 'stops', why: 'never' }
      : { matter: 'backup', verdict: facts.backupDays >= fresh ? 'limits' : 'good', why: facts.backupDays >= fresh ? 'old' : 'fresh' },
    { matter: 'disk', verdict: ({ full: 'stops', low: 'limits', good: 'good' } as const)[facts.disk], why: facts.disk },
    facts.demonstration
      ? { matter: 'demonstration', verdict: 'stops', why: 'there' }
      : { matter: 'demonstration', verdict: 'good', why: 'none' },
  ]
  const rank = { stops: 0, limits: 1, good: 2 }
  return found.sort((a, b) => rank[a.verdict] - rank[b.verdict])
}
