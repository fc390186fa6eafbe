import { hash, verify } from '@node-rs/argon2'

/**
 * Argon2id with the library's defaults (19 MiB, two passes). Each hash holds memory and a thread for tens of milliseconds, so only
 * two run at a time and the others queue: a flood of sign-ins makes sign-ins slow, not the class.
 */
const atOnce = 2
const longestQueue = 40

let running = 0
const waiting: (() => void)[] = []

async function turn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= atOnce) await new Promise<void>((go) => waiting.push(go))
  else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // The place passes on without being given up, so nobody slips in between.
    if (next) next()
    else running--
  }
}

/** Whether a password should be refused for now rather than queued. */
export const passwordsAreBusy = () => waiting.length >= longestQueue

export const hashPassword = (password: string): Promise<string> => turn(() => hash(password))
export const verifyPassword = (kept: string, password: string): Promise<boolean> => turn(() => verify(kept, password))
