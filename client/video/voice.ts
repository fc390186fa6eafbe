import { voiceKbps } from '#shared/video/low.rules.ts'

/** As each sender was last told. */
const told = new WeakMap<RTCRtpSender, string>()

/** Y10 — how a voice goes out; `on`: there is something to send. To be called again at each change, and when it could not be told. */
export async function bound(sender: RTCRtpSender, on: boolean): Promise<void> {
  const kbps = voiceKbps(sender.track?.getSettings().noiseSuppression === false)
  const now = `${kbps} ${on}`
  if (told.get(sender) === now) return
  const parameters = sender.getParameters()
  const [encoding] = parameters.encodings
  if (!encoding) return
  Object.assign(encoding, { active: on, maxBitrate: kbps * 1000, priority: 'high', networkPriority: 'high' })
  told.set(sender, now)
  // Negotiating or closed just now: the next change tells it again.
  await sender.setParameters(parameters).catch(() => told.delete(sender))
}
