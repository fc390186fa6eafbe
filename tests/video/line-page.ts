/**
 * In a page whose media is to go through a line: every address at which the other side can be reached becomes an entry of the line, and
 * none of its own is told, so that nobody reaches it beside. The other side learns where it is from what comes out of the line.
 */
export function throughTheLine(): void {
  const entries = window as unknown as { entryOfLine: (address: string, port: number) => Promise<number> }

  /** A candidate by the line; undefined for a way that does not lead through it: another protocol than UDP, a relay. */
  async function through(candidate: string): Promise<string | undefined> {
    const parts = candidate.split(' ')
    const [protocol = '', address = '', port = '', type = ''] = [parts[2], parts[4], parts[5], parts[7]]
    if (protocol.toLowerCase() !== 'udp' || type !== 'host' || address.includes(':')) return undefined
    // A name in place of an address is one of this machine.
    parts[5] = String(await entries.entryOfLine(address.endsWith('.local') ? '127.0.0.1' : address, Number(port)))
    parts[4] = '127.0.0.1'
    return parts.join(' ')
  }

  async function described({ type, sdp = '' }: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> {
    const lines = sdp.split('\r\n').map(async (line) => {
      if (!line.startsWith('a=candidate:')) return line
      const candidate = await through(line.slice(2))
      return candidate === undefined ? undefined : `a=${candidate}`
    })
    return { type, sdp: (await Promise.all(lines)).filter((line) => line !== undefined).join('\r\n') }
  }

  /** Without where this page is. */
  const untold = (sdp: string): string => sdp.replace(/^a=candidate:.*\r\n/gm, '')

  window.RTCPeerConnection = class extends RTCPeerConnection {
    /** What was told is taken one after the other, as the browser does. */
    #told: Promise<unknown> = Promise.resolve()

    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      // The first to hear of it, and the last.
      this.addEventListener('icecandidate', (event) => event.candidate?.candidate && event.stopImmediatePropagation())
    }

    override get localDescription(): RTCSessionDescription | null {
      const description = super.localDescription
      if (!description) return null
      return new RTCSessionDescription({ type: description.type, sdp: untold(description.sdp) })
    }

    override createOffer = (async (options?: RTCOfferOptions): Promise<RTCSessionDescriptionInit> => {
      const { type, sdp = '' } = await super.createOffer(options)
      return { type, sdp: untold(sdp) }
    }) as RTCPeerConnection['createOffer']

    override createAnswer = (async (): Promise<RTCSessionDescriptionInit> => {
      const { type, sdp = '' } = await super.createAnswer()
      return { type, sdp: untold(sdp) }
    }) as RTCPeerConnection['createAnswer']

    override setRemoteDescription = (description: RTCSessionDescriptionInit): Promise<void> =>
      this.#take(async () => super.setRemoteDescription(await described(description)))

    override addIceCandidate = (told?: RTCIceCandidateInit | null): Promise<void> =>
      this.#take(async () => {
        if (!told?.candidate) return super.addIceCandidate(told)
        const { sdpMid = null, sdpMLineIndex = null, usernameFragment = null } = told
        const candidate = await through(told.candidate)
        if (candidate !== undefined) await super.addIceCandidate({ candidate, sdpMid, sdpMLineIndex, usernameFragment })
      })

    #take(act: () => Promise<void>): Promise<void> {
      const done = this.#told.then(act)
      this.#told = done.catch(() => undefined)
      return done
    }
  }
}
