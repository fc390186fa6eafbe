import type { Environment } from '#server/environment.ts'

/** What a test and its server in another process say to each other. */
export interface ServerStart {
  dataDir: string
  databaseUrl?: string
  port: number
  /** How far its clock is ahead of the machine's (ms). */
  ahead: number
  /** The built thread of the embedded engine. */
  worker: string
  /** Where its mail goes; into its outbox when there is no such server. */
  smtpUrl?: string
  /** The LiveKit that it runs; browsers are linked to each other without one. */
  livekit?: string
}
export interface ToServer {
  forward: number
}
export type FromServer = { ready: string; contract: string } | { now: number }

export const testEnvironment = ({
  dataDir,
  port,
  smtpUrl,
  livekit,
}: Pick<ServerStart, 'dataDir' | 'port' | 'smtpUrl' | 'livekit'>): Environment => ({
  port,
  host: '127.0.0.1',
  loopback: true,
  publicUrl: undefined,
  tls: undefined,
  trustProxy: false,
  dataDir,
  secret: 'a secret that only this test knows, long enough',
  demo: 'off',
  signUp: 'closed',
  databaseUrl: undefined,
  iceServers: [],
  video: livekit === undefined ? { kind: 'mesh' } : { kind: 'livekit-child', binary: livekit },
  mail: smtpUrl === undefined ? undefined : { smtpUrl, from: 'Cercle <ecole@example.org>' },
  metricsToken: undefined,
  logLevel: 'silent',
  production: false,
})
