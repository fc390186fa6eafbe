import { longest, lobbyOpens, type Schedule } from '../session/rules.ts'
import { kindOf, type Kind } from '../quiz/kinds.ts'

/**
 * Rules of the demonstration.
 *
 * D1 One may enter it without a password only where it is shown: on a server that this machine alone reaches (it listens on loopback, its
 *    public address is plain http on loopback, it trusts no proxy).
 * D2 Only a request made to this machine by one of its own names enters: `localhost`, `127.0.0.1`, `[::1]`, or `NAME.localhost` where NAME
 *    is somebody of the demonstration. Another name that leads here (somebody else's domain, say) does not, nor does what a proxy passed on.
 * D3 Each person has an address of their own, `NAME.localhost`: a browser keeps their sign-in there, apart from the others'.
 * D4 At each opening the session in progress is twelve minutes old. Nobody has touched it: it moves, whole. Somebody was in it and is
 *    gone for ten minutes: what happened stays, it ends when the last one left, and another one is in progress. Somebody is there, or left
 *    just now: it goes on, and its end moves away. What else was to come and went by without anybody (the call in twenty minutes, the session
 *    of next week) is to come again.
 * D5 Three simulated participants come in when who leads the session in progress asks, and go when they are asked to, when everybody
 *    else has been gone for a minute, and after a quarter of an hour. Their name says what they are.
 * D6 Each of them answers an open question a few seconds after it opened, in another way than the one before.
 * D7 To begin for real removes everything, and the demonstration never comes back in this folder.
 */
export const minute = 60_000

/** D4: how old the session in progress is, and how long it goes on. */
export const inProgress = (now: number) => ({ starts: now - 12 * minute, ends: now + 75 * minute })
/** D4: how long nobody must have been there. */
export const quietFor = 10 * minute
/** D5 */
export const simulatedFor = 15 * minute
export const aloneFor = minute

/** D2: the names of this machine, without somebody's own in front. */
const own = new Set(['localhost', '127.0.0.1', '[::1]'])

/** D1: whether an address is plain http on this machine. */
export const isHere = (address: string): boolean => {
  if (!URL.canParse(address)) return false
  const { protocol, hostname } = new URL(address)
  return protocol === 'http:' && own.has(hostname)
}

/**
 * D2, D3: whom a request was made to, by its Host: `null` for the machine itself, the name of somebody at their own address, undefined
 * when it is none of these. `port` is the one that the public address names.
 */
export function hostOf(host: string | undefined, { port, names }: { port: string; names: readonly string[] }): string | null | undefined {
  if (host === undefined || !/^[a-z0-9.[\]:-]+$/i.test(host) || !URL.canParse(`http://${host}`)) return undefined
  const url = new URL(`http://${host}`)
  if (url.port !== port || url.pathname !== '/') return undefined
  if (own.has(url.hostname)) return null
  const name = nameOf(url.hostname)
  return name !== undefined && names.includes(name) ? name : undefined
}

/** D3: whose address it would be. */
export const nameOf = (hostname: string): string | undefined => /^([a-z]+)\.localhost$/.exec(hostname)?.[1]

/** D3 */
export const addressOf = (publicUrl: string, name: string): string => {
  const { port } = new URL(publicUrl)
  return `http://${name}.localhost${port && `:${port}`}`
}

/** What the session in progress and its room are like when somebody opens the demonstration. */
export interface Left extends Schedule {
  /** Whether anything happened in it that the demonstration did not write. */
  touched: boolean
  empty: boolean
  /** When something happened in it last. */
  last: number
}

/** D4: what becomes of it. */
export function becomes({ starts, ends, touched, empty, last }: Left, now: number): 'moves' | 'goes-on' | 'lasts' | 'another' {
  if (!touched) return 'moves'
  const fresh = inProgress(now)
  if ((empty && now - last >= quietFor) || fresh.ends - starts > longest || now < lobbyOpens({ starts })) return 'another'
  return ends < now + 30 * minute ? 'lasts' : 'goes-on'
}

interface Asked {
  kind?: Kind | undefined
  choices: readonly { id: string }[]
}

const inWords = ['Une minute chacun, à voix haute', 'Par deux, puis on compare', 'Je demanderais un exemple']

/** D6: how the `i`th of them answers; undefined when there is nothing to choose from. */
export function answerOf(question: Asked, i: number): string | undefined {
  const kind = kindOf({ kind: question.kind, right: question.choices[0]?.id ?? null })
  const { choices } = question
  if (kind === 'number') return String([10, 15, 20][i % 3])
  if (kind === 'open' || kind === 'short') return inWords[i % inWords.length]
  // The second choice first: it is often the right one, so that a chart shows one who knows and two who do not.
  const at = (n: number) => choices[n % choices.length]?.id
  const first = at(i + 1)
  if (kind !== 'several' || first === undefined) return first
  return [...new Set([first, i % 2 === 0 ? at(i + 2) : undefined])].filter(Boolean).join(' ')
}
