import { expect, type Browser, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { keepPeers } from './peers.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Names the folder of the demonstration to the processes of the journeys. */
const madeIn = 'CERCLE_DEMONSTRATION'

/** How somebody looks at Cercle. */
export interface Looks {
  viewport?: { width: number; height: number }
  locale?: string
  colorScheme?: 'light' | 'dark'
  /** A proxy for this browser alone, so that its network can be cut. */
  proxy?: string
}

/** What a browser says when nobody answers at the other end. */
const networkLoss = /net::ERR_|WebSocket connection to|Failed to load resource: the server responded with a status of 50[234]/

/**
 * The real server, built and started as its users start it: a process of its own with its own folder and the demonstration in it,
 * which an earlier start made and this one brings to its own time.
 * It opens browsers too, and keeps whatever went wrong in a page: `expectNoFaults` fails the test for it.
 */
export class Running {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'cercle-journey-'))
  url = ''
  /** What the server logged and printed so far. */
  said = ''
  /** How it is started, and what it prints last then. */
  private begins = { env: { DEMO: 'on' } as Record<string, string>, says: /Cercle is ready: [\s\S]*helene@.*\n/ }
  private process: ChildProcess | undefined
  private readonly passwords = new Map<string, string>()
  private readonly cookies = new Map<string, Awaited<ReturnType<BrowserContext['storageState']>>>()
  private readonly contexts = new Set<BrowserContext>()
  private faults: string[] = []
  private losing = false

  /** Builds Cercle and starts it once on an empty folder, for all the journeys of a run: gives the folder, in which nothing runs any more. */
  static async makeDemonstration(): Promise<string> {
    const { build } = (await import(new URL('../../server/start.mjs', import.meta.url).href)) as { build: () => void }
    build()
    const first = new Running()
    await first.spawn('0')
    await first.rest()
    return (process.env[madeIn] = first.dataDir)
  }

  /** `env`: settings beside those of the demonstration. */
  static async start(env: Record<string, string> = {}): Promise<Running> {
    const running = new Running()
    Object.assign(running.begins.env, env)
    cpSync(process.env[madeIn] ?? '', running.dataDir, { recursive: true })
    await running.spawn('0')
    return running
  }

  /** On an empty folder and for real: no demonstration, no mail leaves. With the address that it prints for its first administrator. */
  static async startForReal(): Promise<{ running: Running; first: string }> {
    const running = new Running()
    const says = /The first administrator is made here[^:]*: (\S+)\s/
    running.begins = { env: { NODE_ENV: 'production' }, says }
    await running.spawn('0')
    return { running, first: says.exec(running.said)?.[1] ?? '' }
  }

  /** Stops at once, as a power cut would. What browsers say about it is expected from here on. */
  async kill(): Promise<void> {
    this.losing = true
    await this.end('SIGKILL')
  }

  /** Stops calmly and stays down, so that its folder can be read. */
  async rest(): Promise<void> {
    this.losing = true
    await this.end('SIGTERM')
  }

  /** Starts again at the same address, on the same folder. */
  async restart(): Promise<void> {
    await this.spawn(new URL(this.url).port)
  }

  /** Closes every browser, stops calmly, and leaves nothing behind. */
  async stop(): Promise<void> {
    await this.closeAll()
    await this.end('SIGTERM')
    rmSync(this.dataDir, { recursive: true, force: true })
  }

  /** A browser of its own where `name` is signed in, on Today. Through the form, or with the cookie of then as long as it lives. */
  async signIn(browser: Browser, name: string, looks: Looks = {}): Promise<Page> {
    const kept = this.cookies.get(name)
    const page = await this.visit(browser, looks, kept ? { storageState: kept } : {})
    const known = kept && (await this.isSomebody(page))
    if (known) await page.goto(this.url)
    else {
      await page.goto(`${this.url}/sign-in`)
      await this.fillSignIn(page, name)
    }
    await expect(page).toHaveURL(`${this.url}/`)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    if (!known) this.cookies.set(name, await page.context().storageState())
    return page
  }

  /** Whether the cookies of this browser are still somebody's. */
  private async isSomebody(page: Page): Promise<boolean> {
    const reply = await page.request.get(`${this.url}/api/me`)
    return ((await reply.json()) as { value?: unknown }).value != null
  }

  /** Fills the sign-in form by its French or English labels and sends it. */
  async fillSignIn(page: Page, name: string): Promise<void> {
    await page.getByLabel(/Adresse e-mail|E-mail address/).fill(this.emailOf(name))
    await page.getByLabel(/Mot de passe|Password/).fill(this.passwordOf(name))
    await page.getByRole('button', { name: /^(Se connecter|Sign in)$/ }).click()
  }

  /** A browser of its own where nobody is signed in yet. */
  async visit(browser: Browser, looks: Looks = {}, more: BrowserContextOptions = {}): Promise<Page> {
    const { proxy, viewport = { width: 1280, height: 800 }, locale = 'fr-FR', colorScheme = 'light' } = looks
    const context = await browser.newContext({
      viewport,
      locale,
      colorScheme,
      reducedMotion: 'reduce',
      permissions: ['camera', 'microphone'],
      ...(proxy !== undefined && { proxy: { server: proxy, bypass: '<-loopback>' } }),
      ...more,
    })
    this.contexts.add(context)
    await context.exposeBinding('tellViolation', (_source, what: string) => void this.faults.push(`policy violation: ${what}`))
    await context.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) => {
        const { tellViolation } = window as unknown as { tellViolation: (what: string) => void }
        tellViolation(`${violatedDirective} refuses ${blockedURI} (${sourceFile}:${lineNumber})`)
      })
    })
    await context.addInitScript(keepPeers)
    const page = await context.newPage()
    page.on('pageerror', (error) => this.faults.push(`${page.url()}: ${error.stack ?? error.message}`))
    page.on('console', (message) => {
      if (message.type() !== 'error' || (this.losing && networkLoss.test(message.text()))) return
      this.faults.push(`${page.url()}: ${message.text()} (${message.location().url})`)
    })
    return page
  }

  /** From here on a browser may say that it lost its network. */
  expectLoss(): void {
    this.losing = true
  }

  /** Something was refused on purpose: what the browser wrote about that is no fault. */
  expectRefusals(): void {
    this.faults = this.faults.filter((fault) => !/the server responded with a status of 4\d\d/.test(fault))
  }

  /** Fails with whatever pages said since the last time: an error, a refusal of the page's policy. */
  expectNoFaults(): void {
    expect(this.faults.splice(0)).toEqual([])
  }

  /** Closes every browser, and checks that none had anything to say. */
  async closeAll(): Promise<void> {
    for (const context of this.contexts) await context.close()
    this.contexts.clear()
  }

  emailOf = (name: string) => `${name}@demo.cercle.example`
  passwordOf(name: string): string {
    const password = this.passwords.get(name)
    if (password === undefined) throw new Error(`the demonstration has no ${name}`)
    return password
  }

  private async spawn(port: string): Promise<void> {
    const main = join(root, 'dist/server/main.js')
    if (!existsSync(main)) throw new Error('the server is not built')
    const { PATH, HOME } = process.env
    // In front of the browsers, as on a machine of its own; where that is not allowed it runs beside them.
    // It lives for a minute at most: its engine is compiled quickly, and not a second time, better.
    const child = spawn('nice', ['-n', '-10', process.execPath, '--liftoff-only', main], {
      env: { PATH, HOME, PORT: port, DATA_DIR: this.dataDir, LOG_LEVEL: 'warn', ...this.begins.env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.process = child
    const from = this.said.length
    // Heard when it is said: to look now and then would cost each start half a second.
    await new Promise<void>((begun) => {
      const hear = (chunk: Buffer) => {
        this.said += chunk.toString()
        if (this.begins.says.test(this.said.slice(from))) begun()
      }
      child.stdout.on('data', hear)
      child.stderr.on('data', hear)
      child.once('close', begun)
      setTimeout(begun, 120_000).unref()
    })
    const ready = this.said.slice(from)
    const address = /Cercle is ready: (\S+)/.exec(ready)?.[1]
    if (address === undefined) throw new Error(`the server did not start:\n${ready}`)
    this.url = address
    for (const [, name = '', password = ''] of ready.matchAll(/(\w+)@demo\.cercle\.example +(\S+)/g)) this.passwords.set(name, password)
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.process
    this.process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill(signal)
    await ended
  }
}

/** The link to the course of the demonstration among one's own on Today, whose other parts name it too. */
export const courseOn = (page: Page) =>
  page.getByRole('region', { name: 'Vos formations' }).getByRole('link', { name: /Concevoir une formation/ })
