// `npm start` on a fresh clone: installs what is missing, builds what is stale, then runs the server in this process.
// Plain JavaScript and no dependency, because nothing is installed yet when it begins.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const stampFile = join(root, 'dist/stamp')

/** A hash of everything the build reads: names and contents, so that a checkout of other sources is noticed whatever their times say. */
function sourcesStamp() {
  const hash = createHash('sha256')
  const walk = (path) => {
    if (statSync(path).isDirectory()) for (const name of readdirSync(path).sort()) walk(join(path, name))
    else hash.update(relative(root, path)).update('\0').update(readFileSync(path))
  }
  for (const name of ['client', 'server', 'shared', 'package-lock.json', 'vite.config.ts', 'tsconfig.json']) walk(join(root, name))
  return hash.digest('hex')
}

function run(command, args, env = {}) {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (error || status !== 0) {
    console.error(`${[command, ...args].join(' ')} failed${error ? `: ${error.message}` : ''}`)
    process.exit(status || 1)
  }
}

/** Installs what the lock file names when it is not there yet. Build tools included, whatever NODE_ENV says. */
export function install() {
  const marker = join(root, 'node_modules/.package-lock.json')
  if (existsSync(marker) && statSync(marker).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs) return
  console.log('Installing…')
  run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'])
}

/** Builds the client, the server and the empty database of a first start when their sources changed since the last build. */
export function build() {
  const stamp = sourcesStamp()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log('Building…')
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  // Whoever asks for it, what is built is what people get: a test's environment would make Svelte write its development code.
  const env = { NODE_ENV: 'production' }
  run(process.execPath, [vite, 'build', '--logLevel', 'warn'], env)
  run(process.execPath, [vite, 'build', '--ssr', '--logLevel', 'warn'], env)
  run(process.execPath, [join(root, 'dist/server/empty.js')])
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`Cercle needs Node.js 20.19 or later; this is ${process.versions.node}.`)
    process.exit(1)
  }
  install()
  build()
  await import('../dist/server/main.js')
}
