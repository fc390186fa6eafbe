// `npm test` on a fresh clone: installs what is missing (a browser included), checks types and style, runs every test, and
// closes with one plain line over all of them. Plain JavaScript, because nothing is installed yet when it begins.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, install } from '../server/start.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = (path) => join(root, 'node_modules', path)
/** The version that the tests are written for. */
const livekit = '1.13.5'
const strict = process.env.CI === '1' || process.env.CI === 'true'
const reports = mkdtempSync(join(tmpdir(), 'cercle-tests-'))
const total = { passed: 0, failed: 0, skipped: 0 }

const run = (command, args, env = {}) =>
  spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } }).status ?? 1

/** A check that has no tests of its own counts as one. Says what it found when it is done, so that several may run at once. */
async function check(name, args) {
  const said = []
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk))
  const [status] = await once(child, 'close')
  console.log(`\n— ${name}\n${Buffer.concat(said)}`)
  if (status === 0) total.passed++
  else total.failed++
}

function count(file, read) {
  if (!existsSync(file)) return void total.failed++
  const { passed, failed, skipped } = read(JSON.parse(readFileSync(file, 'utf8')))
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
}

/** The whole path of the first of these programs that is there. */
const found = (names) => {
  for (const name of names) {
    if (existsSync(name)) return name
    const { status, stdout } = spawnSync('which', [name], { encoding: 'utf8' })
    if (status === 0) return stdout.trim()
  }
  return undefined
}

/** The first of these programs that is there, else the system's package where we may install it. */
function findOrInstall(names, name, title) {
  const there = found(names)
  if (there || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return there
  console.log(`Installing ${title}…`)
  run('apt-get', ['update', '-qq'])
  run('apt-get', ['install', '-y', '-qq', name], { DEBIAN_FRONTEND: 'noninteractive' })
  return found(names)
}

/** The browser of the journeys. */
const findBrowser = () =>
  findOrInstall(
    [
      process.env.CHROMIUM,
      'chromium',
      'chromium-browser',
      'google-chrome',
      'google-chrome-stable',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ].filter(Boolean),
    'chromium',
    'Chromium',
  )

/** The same Chromium without windows, where the system has it: most journeys run in it, at a tenth of the cost of a page. */
function findShell(browser) {
  const names = [process.env.CHROMIUM_SHELL, 'chromium-headless-shell'].filter(Boolean)
  return (browser.endsWith('/chromium') ? findOrInstall(names, 'chromium-headless-shell', 'Chromium’s shell') : found(names)) ?? browser
}

/** The browser of one lesson. A snap cannot open the profile that a test gives it. */
const findFirefox = () =>
  findOrInstall(
    [
      process.env.FIREFOX,
      'firefox-esr',
      existsSync('/snap/bin/firefox') ? undefined : 'firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
    ].filter(Boolean),
    'firefox-esr',
    'Firefox',
  )

/**
 * LiveKit's server on `PATH`: the one that is there, else built from its Go module, once (some minutes), into the user's cache. Gives
 * whether there is one.
 */
async function findLiveKit() {
  if (found(['livekit-server'])) return true
  const folder = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), `cercle/livekit-server-${livekit}`)
  const built = join(folder, 'livekit-server')
  if (!existsSync(built) && found(['go'])) {
    console.log('Building LiveKit’s server…')
    const go = spawn('go', ['install', `github.com/livekit/livekit-server/cmd/server@v${livekit}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, GOBIN: folder },
    })
    const [status] = await once(go, 'close')
    if (status === 0) renameSync(join(folder, 'server'), built)
  }
  if (!existsSync(built)) return false
  process.env.PATH = `${folder}${delimiter}${process.env.PATH}`
  return true
}

install()
const [withLiveKit] = await Promise.all([
  findLiveKit(),
  check('types', [bin('svelte-check/bin/svelte-check'), '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human']),
  check('lint', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']),
  check('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
])

if (!withLiveKit) {
  console.log('No livekit-server here, and no Go to build it: install one of them. What is carried by LiveKit did not run.')
  if (strict) total.failed++
}

console.log('\n— unit, store and live tests')
const unit = join(reports, 'unit.json')
build()
if (
  run(process.execPath, [bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`]) !== 0 &&
  !existsSync(unit)
)
  total.failed++
count(unit, (r) => ({
  passed: r.numPassedTests,
  failed: r.numFailedTests + (r.numFailedTestSuites > 0 && r.numFailedTests === 0 ? 1 : 0),
  skipped: r.numPendingTests + r.numTodoTests,
}))

console.log('\n— journeys in a browser')
const browser = findBrowser()
if (browser) {
  const shell = findShell(browser)
  const firefox = findFirefox()
  const walk = (name, args) => {
    const said = join(reports, `${name}.json`)
    run(process.execPath, [bin('@playwright/test/cli.js'), 'test', '-c', 'tests/playwright.config.ts', ...args], {
      CHROMIUM: browser,
      CHROMIUM_SHELL: shell,
      FIREFOX: firefox ?? '',
      PLAYWRIGHT_JSON_OUTPUT_NAME: said,
    })
    count(said, ({ stats }) => ({ passed: stats.expected + stats.flaky, failed: stats.unexpected, skipped: stats.skipped }))
  }
  walk('pages', ['--project=pages', '--workers=2', '--output=test-results/pages'])
  walk('media', ['--project=media', '--project=with windows', '--output=test-results/media'])
  if (!firefox) {
    console.log('No Firefox here: install one (Debian: apt-get install firefox-esr) or name it in FIREFOX. The lesson did not run in it.')
    if (strict) total.failed++
  }
} else {
  console.log(
    'No Chromium or Chrome here: install one (Debian: apt-get install chromium) or name it in CHROMIUM. The journeys did not run.',
  )
  if (strict) total.failed++
  else total.skipped++
}

rmSync(reports, { recursive: true, force: true })
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
