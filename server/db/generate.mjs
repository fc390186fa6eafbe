/**
 * Makes the migrations from the tables, offline.
 *
 *   node server/db/generate.mjs          while nothing is released: makes the single first migration anew
 *   node server/db/generate.mjs NAME     afterwards: adds a migration for what changed
 *
 * Safe to run by several people at once: one runs, the others wait.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const root = new URL('../..', import.meta.url).pathname
const folder = join(root, 'server/db/migrations')
const name = process.argv[2]
const lock = join(tmpdir(), `cercle-generate-${createHash('sha256').update(root).digest('hex').slice(0, 12)}`)

const alive = (pid) => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

for (;;) {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' })
    break
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
    const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
    if (pid && !alive(pid)) rmSync(lock, { force: true })
    else await pause(200)
  }
}

// Beside the folder, so that putting it in place is one rename.
const work = mkdtempSync(join(root, 'server/db/.migrations-'))
try {
  if (name && existsSync(folder)) cpSync(folder, work, { recursive: true })
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/drizzle-kit/bin.cjs'), 'generate', '--config', 'server/db/drizzle.config.ts', '--name', name ?? 'first'],
    {
      cwd: root,
      env: { ...process.env, MIGRATIONS_OUT: `./${relative(root, work)}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  if (!name) {
    // A fixed name: making it anew changes what it says, not what it is called.
    const [made] = readdirSync(work)
    if (!made) throw new Error('drizzle-kit made no migration')
    renameSync(join(work, made), join(work, '20261124000000_first'))
  }
  const before = join(root, `server/db/.migrations-before-${process.pid}`)
  mkdirSync(join(root, 'server/db'), { recursive: true })
  if (existsSync(folder)) renameSync(folder, before)
  renameSync(work, folder)
  rmSync(before, { recursive: true, force: true })
  console.log(readdirSync(folder).join('\n'))
} finally {
  rmSync(work, { recursive: true, force: true })
  rmSync(lock, { force: true })
}
