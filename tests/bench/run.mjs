// `npm run bench` (all) or `npm run bench -- quiz board`: builds what is stale, then measures. One JSON line per figure on stdout.
// Plain JavaScript, because nothing is installed yet when it begins.
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, install } from '../../server/start.mjs'
import { findLiveKit } from '../programs.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
process.chdir(root)
install()
build()
await findLiveKit()
const vite = await import('vite')
await vite.build({
  root,
  configFile: false,
  logLevel: 'error',
  build: {
    ssr: true,
    outDir: 'dist/bench',
    emptyOutDir: true,
    target: 'node20',
    rolldownOptions: {
      input: { main: 'tests/bench/main.ts', server: 'tests/bench/server-entry.ts', peer: 'tests/bench/peer-entry.ts' },
      output: { entryFileNames: '[name].js' },
    },
  },
})
const { bench } = await import('../../dist/bench/main.js')
process.exit(await bench(process.argv.slice(2)))
