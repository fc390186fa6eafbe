import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** The last whole backup that this data directory knows of. */
const last = z.object({ at: z.number(), bytes: z.number() })
export type Last = z.infer<typeof last>

const fileIn = (dataDir: string) => join(dataDir, 'backup.json')

export function keepLast(dataDir: string, made: Last): void {
  writeFileSync(`${fileIn(dataDir)}.new`, JSON.stringify(made))
  renameSync(`${fileIn(dataDir)}.new`, fileIn(dataDir))
}

/** Undefined: none was ever made. */
export function findLast(dataDir: string): Last | undefined {
  if (!existsSync(fileIn(dataDir))) return undefined
  try {
    return last.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
  } catch {
    return undefined
  }
}
