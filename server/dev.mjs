// `npm run dev`: the same server, rebuilt and restarted when its sources change, behind Vite's own server for the pages, which
// reloads parts of a page without losing its state. Open the address that Vite prints.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, install } from './start.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const vite = join(root, 'node_modules/vite/bin/vite.js')

install()
if (!existsSync(join(root, 'dist/server/main.js'))) build()

const run = (...args) => spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
const children = [
  // What runs is written over, not taken away under it.
  run(vite, 'build', '--ssr', '--watch', '--no-emptyOutDir', '--logLevel', 'warn'),
  run('--watch', '--watch-preserve-output', 'dist/server/main.js'),
  run(vite, '--host', '127.0.0.1'),
]
const stop = () => {
  for (const child of children) child.kill()
}
process.on('SIGINT', stop)
process.on('SIGTERM', stop)
