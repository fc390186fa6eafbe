import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'vite'

const root = join(import.meta.dirname, '../..')
/** Inside node_modules, so that what was built finds the libraries. */
const outDir = join(root, 'node_modules/.cache/cercle-tests-db')

let built: Promise<unknown> | undefined

/** Builds the embedded engine's thread and the process that holds a directory, as `vite build --ssr` does for the server. */
export async function builtFiles() {
  await (built ??= build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: true,
      outDir,
      emptyOutDir: true,
      target: 'node20',
      rolldownOptions: {
        input: { holder: join(root, 'tests/db/holder.ts'), 'pglite.worker': join(root, 'server/db/pglite.worker.ts') },
        output: { entryFileNames: '[name].js' },
      },
    },
  }))
  return { worker: join(outDir, 'pglite.worker.js'), holder: join(outDir, 'holder.js') }
}

export interface Holder {
  child: ChildProcess
  said: string[]
  complained: string[]
  /** Resolves with the line when one starts like this; rejects when the process ends first. */
  says(start: string): Promise<string>
  ended: Promise<number | null>
}

export async function aHolder(dataDir: string, ...more: string[]): Promise<Holder> {
  const { holder } = await builtFiles()
  const child = spawn(process.execPath, ['--liftoff-only', holder, dataDir, ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  const said: string[] = []
  const complained: string[] = []
  const look = new Set<() => void>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    said.push(line)
    look.forEach((fn) => fn())
  })
  createInterface({ input: child.stderr }).on('line', (line) => complained.push(line))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const says = (start: string) =>
    new Promise<string>((resolve, reject) => {
      const fn = () => {
        const line = said.find((line) => line.startsWith(start))
        if (line !== undefined) resolve(line)
      }
      look.add(fn)
      fn()
      void ended.then(() => reject(new Error(`ended before it said "${start}": ${complained.join(' ')}`)))
    })
  return { child, said, complained, says, ended }
}
