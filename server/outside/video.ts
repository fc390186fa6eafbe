import type { Environment } from '#server/environment.ts'
import type { Log } from '#server/logger.ts'
import { startLiveKit } from './livekit-child.ts'
import { openLiveKit, type LiveKit } from './livekit.ts'

/** Where LiveKit tells what happens in its rooms; also what an operator writes into its configuration. */
export const webhookPath = '/api/video/webhook'

export interface MediaEngine {
  /** Undefined: browsers are linked to each other. */
  livekit: LiveKit | undefined
  /** Where the signalling that browsers bring here (`/rtc`) is passed on to; undefined when they bring none. */
  passOnTo: string | undefined
  stop(): Promise<void>
}

/** What carries the media of this server, as its environment says. Starts LiveKit where this server runs it. */
export async function openVideo(
  { video, secret, host, tls, dataDir, iceServers }: Environment,
  { port, publicUrl, log }: { port: number; publicUrl: string; log: Log },
): Promise<MediaEngine> {
  if (video.kind === 'mesh') return { livekit: undefined, passOnTo: undefined, stop: () => Promise.resolve() }
  if (video.kind === 'livekit') {
    const { url, key, secret } = video
    return {
      livekit: openLiveKit({ url, key, secret, address: url.replace(/^http/, 'ws') }),
      passOnTo: undefined,
      stop: () => Promise.resolve(),
    }
  }
  const listens = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host
  const child = await startLiveKit({
    ...{ binary: video.binary, secret, dataDir, iceServers, log },
    host: new URL(publicUrl).hostname,
    // Over TLS it would have to trust a certificate that is for another name; the round sees everything a little later.
    webhook: tls ? undefined : `http://${listens}:${port}${webhookPath}`,
  })
  return {
    livekit: openLiveKit({ url: child.url, key: child.key, secret: child.secret, address: null }),
    passOnTo: child.url,
    stop: () => child.stop(),
  }
}
