// `npm run soak`: the long proofs, ten times as many kills and reconnections as in every run of the tests. For people, not for CI.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { status } = spawnSync(process.execPath, [join(root, 'tests/run.mjs')], {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, KILLS: process.env.KILLS ?? '20' },
})
process.exit(status ?? 1)
