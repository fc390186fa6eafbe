import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { existsSync } from 'node:fs'
import { built, Child, folder } from './children.ts'

/** The built product with its demonstration, as `npm start` shows it. */
export interface Demonstration {
  base: string
  child: Child
  /** The room of the session that is in progress. */
  room: string
  /** A browser window of one of its people (`awa`), signed in. */
  signIn(browser: Browser, name: string): Promise<{ context: BrowserContext; page: Page }>
}

/** `env`: besides what every measurement has. */
export async function demonstration(env: Record<string, string> = {}): Promise<Demonstration> {
  const child = await Child.startPrinting(
    built.product,
    {
      PORT: '0',
      HOST: '127.0.0.1',
      DATA_DIR: folder(),
      DEMO: 'on',
      LOG_LEVEL: 'error',
      DATABASE_URL: '',
      PUBLIC_URL: '',
      NODE_ENV: '',
      ...env,
    },
    /ready: http.*[\s\S]*@demo\S+\s+\S+[\s\S]*\n\n/,
  )
  const said = child.said.join('')
  const base = /ready: (\S+)/.exec(said)?.[1] ?? ''
  const people = new Map(
    [...said.matchAll(/(\S+)(@demo\S+)\s+(\S+)/g)].map(([, name = '', host = '', password = '']) => [
      name,
      { email: name + host, password },
    ]),
  )
  const cookies = new Map<string, string>()
  const cookieOf = async (name: string) => {
    const known = cookies.get(name)
    if (known) return known
    const reply = await fetch(`${base}/api/auth/sign-in/email`, {
      method: 'POST',
      headers: { origin: base, 'content-type': 'application/json' },
      body: JSON.stringify(people.get(name)),
    })
    const cookie = reply.headers.getSetCookie()[0]?.split(';')[0]
    if (!reply.ok || !cookie) throw new Error(`${name} cannot sign in: ${await reply.text()}`)
    cookies.set(name, cookie)
    return cookie
  }
  const get = async <T>(path: string): Promise<T> => {
    const reply = await fetch(base + path, { headers: { cookie: await cookieOf('awa') } })
    if (!reply.ok) throw new Error(`${path}: ${await reply.text()}`)
    return ((await reply.json()) as { value: T }).value
  }
  const spocs = await get<{ id: string }[]>('/api/spocs')
  const lists = await Promise.all(
    spocs.map(({ id }) => get<{ room: string; state: string; starts: number; ends: number }[]>(`/api/spocs/${id}/sessions`)),
  )
  const now = Date.now()
  const session = lists.flat().find(({ starts, ends, state }) => starts <= now && now < ends && state === 'planned')
  if (!session) throw new Error('no session is in progress in the demonstration')
  return {
    base,
    child,
    room: session.room,
    async signIn(browser, name) {
      const context = await browser.newContext({
        locale: 'fr-FR',
        viewport: { width: 1280, height: 800 },
        permissions: ['camera', 'microphone'],
      })
      const [key = '', value = ''] = (await cookieOf(name)).split('=')
      await context.addCookies([{ name: key, value, url: base, httpOnly: true, sameSite: 'Lax' }])
      return { context, page: await context.newPage() }
    },
  }
}

/** The browser of the measurements: the one that is named, or the system's. */
export function browserPath(): string {
  const found = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  )
  if (!found) throw new Error('No Chromium here: install one (Debian: apt-get install chromium) or name it in CHROMIUM.')
  return found
}

export const openBrowser = (...args: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox', ...args] })

/**
 * The same browser without windows where it is there: what it costs to paint several people's windows by the processor would be
 * measured otherwise. Devices are given without asking.
 */
export const openShell = (...args: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: shellPath(), args: ['--no-sandbox', '--use-fake-ui-for-media-stream', ...args] })

export const shellPath = (): string =>
  [process.env['CHROMIUM_SHELL'], '/usr/bin/chromium-headless-shell'].find((path) => path && existsSync(path)) ?? browserPath()
