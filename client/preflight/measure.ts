import { probeBytes, spread, type Measured } from '#shared/preflight/rules.ts'
import { api, type Reply } from '#client/http.ts'

type IceServers = Reply<'GET /api/rooms/:room'>['iceServers']

/** How long a way may take to be made, and a probe to come back (ms). */
const pathWithin = 8_000
const probeWithin = 3_000
const probes = 6

/** Everything that the check measures of the network; devices are tried elsewhere. Costs some hundred kilobytes, unless it is given up (`until`). */
export async function measureNetwork(
  room: string,
  servers: IceServers,
  able: boolean,
  until: AbortSignal,
): Promise<Omit<Measured, 'mic' | 'cam'>> {
  const urls = servers.flatMap(({ urls }) => urls)
  const hasRelay = urls.some((url) => /^turns?:/.test(url))
  const ice = servers.map(({ urls, username, credential }) => ({
    urls,
    ...(username !== undefined && { username }),
    ...(credential !== undefined && { credential }),
  }))
  const [path, relayed, network] = await Promise.all([
    able && makePath({ iceServers: ice }),
    able && hasRelay && makePath({ iceServers: ice, iceTransportPolicy: 'relay' }),
    probe(room, until),
  ])
  return { able, path, relay: !hasRelay ? 'none' : relayed ? 'answers' : 'silent', ...network }
}

/** Whether two connections of this very browser find each other through these servers. */
async function makePath(config: RTCConfiguration): Promise<boolean> {
  const [one, other] = [new RTCPeerConnection(config), new RTCPeerConnection({ iceServers: config.iceServers ?? [] })]
  try {
    one.onicecandidate = ({ candidate }) => candidate && void other.addIceCandidate(candidate).catch(() => undefined)
    other.onicecandidate = ({ candidate }) => candidate && void one.addIceCandidate(candidate).catch(() => undefined)
    const channel = one.createDataChannel('path')
    const opened = new Promise<boolean>((done) => {
      channel.onopen = () => done(true)
      setTimeout(() => done(false), pathWithin)
    })
    await one.setLocalDescription()
    await other.setRemoteDescription(one.localDescription as RTCSessionDescription)
    await other.setLocalDescription()
    await one.setRemoteDescription(other.localDescription as RTCSessionDescription)
    return await opened
  } catch {
    return false
  } finally {
    one.close()
    other.close()
  }
}

/** The server answers small questions, then one that is heavy up and one that is heavy down. */
async function probe(room: string, until: AbortSignal): Promise<Pick<Measured, 'roundTrip' | 'jitter' | 'lost' | 'up' | 'down'>> {
  const ask = async (filler: string, want: number, within: number) => {
    if (until.aborted) return undefined
    const began = performance.now()
    const said = await api('PUT /api/rooms/:room/preflights/probe', {
      params: { room },
      body: { filler, want },
      signal: over(until, within),
    })
    return said.ok ? performance.now() - began : undefined
  }
  // The first one also opens the connection.
  await ask('', 0, probeWithin)
  const times: (number | undefined)[] = []
  for (let i = 0; i < probes; i++) times.push(await ask('', 0, probeWithin))
  const answered = times.filter((time) => time !== undefined)
  const { middle, jitter } = spread(answered)
  if (middle === undefined) return { roundTrip: undefined, jitter: 0, lost: 1, up: 0, down: 0 }
  const rate = (took: number | undefined) => (took === undefined ? 0 : (probeBytes * 8) / Math.max(5, took - middle))
  const up = rate(await ask(noise(probeBytes), 0, 4 * probeWithin))
  const down = rate(await ask('', probeBytes, 4 * probeWithin))
  return { roundTrip: middle, jitter, lost: 1 - answered.length / probes, up, down }
}

/** Ends with the first of both. (`AbortSignal.any` is newer than the oldest browser that is let in.) */
function over(until: AbortSignal, within: number): AbortSignal {
  const either = new AbortController()
  const end = () => either.abort()
  until.addEventListener('abort', end)
  setTimeout(end, within)
  return either.signal
}

/** Random, so that nothing on the way makes it smaller. */
function noise(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(Math.ceil((length * 3) / 4)))
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')).slice(0, length)
}
