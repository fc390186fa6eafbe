/** Runs in a page before its own scripts: its connections to others are kept in `peers`, so that a test can ask them what they carry. */
export function keepPeers(): void {
  const peers: RTCPeerConnection[] = []
  Object.assign(window, { peers })
  window.RTCPeerConnection = class extends RTCPeerConnection {
    constructor(configuration?: RTCConfiguration) {
      super(configuration)
      peers.push(this)
    }
  }
}
