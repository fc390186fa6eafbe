import { built, Child } from './children.ts'

/** How long answers took (ms), and how many bytes the last one had. */
export interface Asked {
  took: number[]
  bytes: number
}

/** Asks for something and reads it whole; throws when it is refused. */
export async function get(base: string, path: string, cookie = ''): Promise<number> {
  const reply = await fetch(base + path, { headers: { cookie } })
  const { byteLength } = await reply.arrayBuffer()
  if (!reply.ok) throw new Error(`${path}: ${reply.status}`)
  return byteLength
}

/** Asks `rounds` times, one after the other, after some that are not counted: a server that has run for a minute has compiled what it uses. */
export async function askAgain(rounds: number, ask: () => Promise<number>): Promise<Asked> {
  for (let i = 0; i < 5; i++) await ask()
  const took: number[] = []
  let bytes = 0
  for (let i = 0; i < rounds; i++) {
    const began = performance.now()
    bytes = await ask()
    took.push(performance.now() - began)
  }
  return { took, bytes }
}

/** The floor: an Express route that answers as many bytes of JSON and does nothing. */
export async function askBare(rounds: number, bytes: number): Promise<number[]> {
  const { child, ready } = await Child.start<string>(built.peer, 'json')
  const { took } = await askAgain(rounds, () => get(ready, `/${bytes}`))
  await child.end()
  return took
}
