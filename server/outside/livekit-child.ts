import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { isLoopback, type IceServer } from '#server/environment.ts'
import type { Log } from '#server/logger.ts'

/** What media passes through, unless something else of this machine has it. */
const usual = { tcp: 7881, udp: 7882 }
/** A server that ended is started again after so long (ms). */
const pause = 500

export interface LiveKitChild {
  /** Of its API and signalling, reached from this machine only. */
  url: string
  key: string
  secret: string
  /** The process of now, so that a test can end it. */
  readonly pid: number | undefined
  stop(): Promise<void>
}

interface Tools {
  binary: string
  /** The server's own: its key is made from it, so that what browsers were given still opens after a restart. */
  secret: string
  /** Where it is kept which process it is. */
  dataDir: string
  /** The host of the public address: media is offered there. */
  host: string
  iceServers: readonly IceServer[]
  /** Where its notices go; undefined: nowhere. */
  webhook: string | undefined
  log: Log
}

/** Runs LiveKit's server as a child of this one, and starts it again whenever it ends. Resolves when it answers. */
export async function startLiveKit({ binary, secret: of, dataDir, host, iceServers, webhook, log }: Tools): Promise<LiveKitChild> {
  const file = join(dataDir, 'livekit.pid')
  await endFormer(file, binary)
  const key = 'cercle'
  const secret = createHmac('sha256', of).update('livekit').digest('base64url')
  const port = await freeTcp(0)
  const local = isLoopback(host)
  const config = {
    port,
    bind_addresses: ['127.0.0.1'],
    keys: { [key]: secret },
    room: { departure_timeout: 5 },
    logging: { level: 'error', pion_level: 'error' },
    rtc: {
      tcp_port: await freeTcp(usual.tcp),
      udp_port: await freeUdp(usual.udp),
      use_external_ip: false,
      node_ip: local ? '127.0.0.1' : await addressOf(host),
      ...(local && { enable_loopback_candidate: true, interfaces: { includes: [loopback()] } }),
      // Without any, browsers would be sent to ones that nobody here chose.
      stun_servers: stunOf(iceServers) ?? ['127.0.0.1:3478'],
    },
    ...(webhook !== undefined && { webhook: { api_key: key, urls: [webhook] } }),
  }
  let child: ChildProcess | undefined
  let stopping = false
  let again: NodeJS.Timeout | undefined

  function start() {
    // By its environment: what stands in a command line is for every program to read.
    child = spawn(binary, [], { env: { LIVEKIT_CONFIG: JSON.stringify(config) }, stdio: ['ignore', 'ignore', 'pipe'] })
    if (child.pid !== undefined) writeFileSync(file, String(child.pid))
    child.stderr?.on('data', (text: Buffer) => log.debug({ livekit: text.toString().slice(0, 500) }, 'LiveKit says'))
    child.on('error', (error) => log.error({ error }, 'LiveKit cannot be started'))
    child.on('close', (code, signal) => {
      if (stopping) return
      log.error({ code, signal }, 'LiveKit ended, and is started again')
      again = setTimeout(start, pause)
    })
  }
  start()
  const url = `http://127.0.0.1:${port}`
  await answers(url)
  return {
    url,
    key,
    secret,
    get pid() {
      return child?.pid
    },
    async stop() {
      stopping = true
      clearTimeout(again)
      const ending = child
      if (!ending || ending.exitCode !== null || ending.signalCode !== null) return
      const ended = new Promise((resolve) => ending.once('close', resolve))
      // Asked kindly it waits until everybody has left.
      ending.kill('SIGKILL')
      await ended
      rmSync(file, { force: true })
    },
  }
}

/** One that a killed server left behind still has the ports. Another process may have its number by now. */
async function endFormer(file: string, binary: string): Promise<void> {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
    // It was started without a word.
    if (stdout.trim() !== binary) return
    process.kill(pid, 'SIGKILL')
    // Its ports are free a moment later; they are the ones that a firewall lets through.
    await new Promise((later) => setTimeout(later, 200))
  } catch {
    // None was left.
  }
}

const loopback = () => (process.platform === 'linux' ? 'lo' : 'lo0')

/** What others reach this machine by; undefined lets LiveKit find it. */
const addressOf = (host: string) =>
  lookup(host, 4).then(
    ({ address }) => address,
    () => undefined,
  )

function stunOf(servers: readonly IceServer[]): string[] | undefined {
  const named = servers.flatMap(({ urls }) => urls).filter((url) => url.startsWith('stun:'))
  return named.length > 0 ? named.map((url) => url.slice('stun:'.length)) : undefined
}

/** The port wanted, or another one where it is taken. */
const freeTcp = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', () => (wanted === 0 ? reject(new Error('no port is free')) : resolve(freeTcp(0))))
    server.listen(wanted, () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

const freeUdp = (wanted: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const socket = createSocket('udp4')
    socket.once('error', () => (wanted === 0 ? reject(new Error('no port is free')) : resolve(freeUdp(0))))
    socket.bind(wanted, () => {
      const { port } = socket.address()
      socket.close(() => resolve(port))
    })
  })

/** Waits ten seconds at most; a server that answers later is found then. */
async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const well = await fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
    if (well) return
    await new Promise((later) => setTimeout(later, 50))
  }
}
