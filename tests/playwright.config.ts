import { defineConfig } from '@playwright/test'

/** Cameras, films and sound: each wants the machine for itself. */
const media = [
  '**/groups/*.e2e.ts',
  '**/journeys/firefox.e2e.ts',
  '**/journeys/lesson.e2e.ts',
  '**/journeys/week.e2e.ts',
  '**/mics/*.e2e.ts',
  '**/recording/*.e2e.ts',
  // All of video but three that send no picture.
  /\/video\/(?!faces|heard|stage)[^/]*\.e2e\.ts$/,
]
const withWindows = ['**/journeys/lesson.e2e.ts', '**/video/lobby.e2e.ts']
const chromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium'

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--allow-loopback-in-peer-connection',
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream=fps=5',
]

/** How a browser with windows is started. */
export const windowed = { executablePath: chromium, args }

const withoutWindows = {
  launchOptions: { executablePath: process.env['CHROMIUM_SHELL'] ?? chromium, args: [...args, '--use-fake-ui-for-media-stream'] },
}

/**
 * Journeys in the Chromium of the system. One worker: several people in several browsers are one journey, and two of them at
 * once would share two cores. `npm test` walks the pages two at a time, because there a journey mostly waits. A window costs as much
 * as ten pages, so only those have one that choose a tab to share or refuse a device; the others run in the shell of the same Chromium
 * where it is there, and their devices are given without asking.
 */
export default defineConfig({
  testDir: '.',
  testMatch: '**/*.e2e.ts',
  outputDir: '../test-results',
  globalSetup: './support/demonstration.setup.ts',
  workers: 1,
  // Where nobody looks on, a journey that failed is walked once more, and told as unsteady when it passes then.
  retries: process.env['CI'] ? 1 : 0,
  timeout: 120_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: { browserName: 'chromium' },
  projects: [
    { name: 'pages', testIgnore: media, use: withoutWindows },
    { name: 'media', testMatch: media, testIgnore: withWindows, use: withoutWindows },
    { name: 'with windows', testMatch: withWindows, use: { launchOptions: windowed } },
  ],
})
