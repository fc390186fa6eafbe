// The programs that tests and measurements need besides Node: found, installed, or built once. Plain JavaScript, because nothing is
// installed yet when they are sought.
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, renameSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, join } from 'node:path'

/** The version of LiveKit that the tests are written for. */
const livekit = '1.13.5'

const run = (args) =>
  spawnSync('apt-get', args, { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } })

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
  run(['update', '-qq'])
  run(['install', '-y', '-qq', name])
  return found(names)
}

/** The browser of the journeys. */
export const findBrowser = () =>
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
export function findShell(browser) {
  const names = [process.env.CHROMIUM_SHELL, 'chromium-headless-shell'].filter(Boolean)
  return (browser.endsWith('/chromium') ? findOrInstall(names, 'chromium-headless-shell', 'Chromium’s shell') : found(names)) ?? browser
}

/** The browser of one lesson. A snap cannot open the profile that a test gives it. */
export const findFirefox = () =>
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
export async function findLiveKit() {
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
