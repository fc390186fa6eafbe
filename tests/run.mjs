// `npm test` on a fresh clone: installs what is missing (a browser included), checks types and style, runs every test, and
// closes with one plain line over all of them. Plain JavaScript, because nothing is installed yet when it begins.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, install } from '../server/start.mjs'
import { findBrowser, findFirefox, findLiveKit, findShell } from './programs.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const bin = (path) => join(root, 'node_modules', path)
const strict = process.env.CI === '1' || process.env.CI === 'true'
const reports = mkdtempSync(join(tmpdir(), 'cercle-tests-'))
const total = { passed: 0, failed: 0, skipped: 0 }
/** What failed, named once more at the end: a long run is read from there. */
const failures = []
/** What passed when it was tried once more. */
const unsteady = []

const run = (args, env = {}) =>
  spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } })

/** A check that has no tests of its own counts as one. Says what it found when it is done, so that several may run at once. */
async function check(name, args) {
  const said = []
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => said.push(chunk))
  const [status] = await once(child, 'close')
  console.log(`\n— ${name}\n${Buffer.concat(said)}`)
  if (status === 0) total.passed++
  else fail(name)
}

function fail(name) {
  total.failed++
  failures.push(name)
}

function count(file, read) {
  if (!existsSync(file)) return fail(`${file} was not written`)
  const { passed, failed, skipped, unsteady: again = [] } = read(JSON.parse(readFileSync(file, 'utf8')))
  total.passed += passed
  unsteady.push(...again)
  for (const name of failed) fail(name)
  total.skipped += skipped
}

/** The names of the journeys of a report, and of those in its groups, that ended like this. */
const journeys = ({ suites = [], specs = [] }, status) => [
  ...specs.filter(({ tests }) => tests.some((one) => one.status === status)).map(({ file, title }) => `${file} › ${title}`),
  ...suites.flatMap((suite) => journeys(suite, status)),
]

install()
const [withLiveKit] = await Promise.all([
  findLiveKit(),
  check('types', [bin('svelte-check/bin/svelte-check'), '--tsconfig', 'tsconfig.json', '--fail-on-warnings', '--output', 'human']),
  check('lint', [bin('eslint/bin/eslint.js'), '.', '--max-warnings', '0']),
  check('format', [bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
])

if (!withLiveKit) {
  console.log('No livekit-server here, and no Go to build it: install one of them. What is carried by LiveKit did not run.')
  if (strict) fail('no livekit-server')
}

console.log('\n— unit, store and live tests')
const unit = join(reports, 'unit.json')
build()
run([bin('vitest/vitest.mjs'), 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${unit}`])
count(unit, (r) => ({
  passed: r.numPassedTests,
  failed: r.testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${name} › ${fullName}`)
      return failed.length > 0 ? failed : [`${name} ${message}`]
    })
    .concat(r.success || r.numFailedTestSuites > 0 ? [] : ['an error outside of the tests']),
  skipped: r.numPendingTests + r.numTodoTests,
  // What failed the first time is still in the report of one that passed.
  unsteady: r.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status, failureMessages }) => status === 'passed' && failureMessages.length > 0)
      .map(({ fullName }) => `${name} › ${fullName}`),
  ),
}))

console.log('\n— journeys in a browser')
const browser = findBrowser()
if (browser) {
  const shell = findShell(browser)
  const firefox = findFirefox()
  const walk = (name, args) => {
    const said = join(reports, `${name}.json`)
    run([bin('@playwright/test/cli.js'), 'test', '-c', 'tests/playwright.config.ts', ...args], {
      CHROMIUM: browser,
      CHROMIUM_SHELL: shell,
      FIREFOX: firefox ?? '',
      PLAYWRIGHT_JSON_OUTPUT_NAME: said,
    })
    count(said, ({ stats, suites, errors }) => ({
      unsteady: journeys({ suites }, 'flaky'),
      passed: stats.expected + stats.flaky,
      failed: [...journeys({ suites }, 'unexpected'), ...errors.map(({ message }) => `${name}: ${message}`)],
      skipped: stats.skipped,
    }))
  }
  walk('pages', ['--project=pages', '--workers=2', '--output=test-results/pages'])
  walk('media', ['--project=media', '--project=with windows', '--output=test-results/media'])
  if (!firefox) {
    console.log('No Firefox here: install one (Debian: apt-get install firefox-esr) or name it in FIREFOX. The lesson did not run in it.')
    if (strict) fail('no Firefox')
  }
} else {
  console.log(
    'No Chromium or Chrome here: install one (Debian: apt-get install chromium) or name it in CHROMIUM. The journeys did not run.',
  )
  if (strict) fail('no Chromium')
  else total.skipped++
}

rmSync(reports, { recursive: true, force: true })
for (const [title, names] of Object.entries({ Unsteady: unsteady, Failed: failures }))
  if (names.length > 0) console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`)
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed > 0 ? 1 : 0)
