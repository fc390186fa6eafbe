import type { Source } from '#shared/video/rules.ts'
import type { LineStats, LinkStats } from './media-room.ts'

/** The browser's report, of which only these fields are in every browser. */
interface Entry {
  id: string
  type: string
  timestamp: number
  selected?: boolean
  selectedCandidatePairId?: string
  mid?: string
  currentRoundTripTime?: number
  availableOutgoingBitrate?: number
  packetsLost?: number
  packetsReceived?: number
  framesDecoded?: number
  framesEncoded?: number
  frameWidth?: number
  frameHeight?: number
  bytesReceived?: number
  bytesSent?: number
  totalAudioEnergy?: number
  totalSamplesDuration?: number
  fractionLost?: number
  qualityLimitationReason?: string
}

const nothing = (): LineStats => ({ frames: 0, width: 0, height: 0, bytes: 0 })
const lines = (): Record<Source, LineStats> => ({ mic: nothing(), cam: nothing(), screen: nothing(), screenAudio: nothing() })

export const noStats = (): LinkStats => ({
  rttMs: undefined,
  lost: 0,
  received: 0,
  lostThere: [],
  roomKbps: undefined,
  busy: false,
  sound: { energy: 0, seconds: 0 },
  in: lines(),
  out: lines(),
})

/** Adds what a report says; `sourceOf` names the source of an entry, undefined for one that is of none. */
export function addStats(stats: LinkStats, report: RTCStatsReport, sourceOf: (mid: string | undefined) => Source | undefined): LinkStats {
  const ways = new Set<string | undefined>()
  report.forEach(({ type, selectedCandidatePairId }: Entry) => type === 'transport' && ways.add(selectedCandidatePairId))
  report.forEach((entry: Entry) => {
    // Of the way in use: those given up keep their last time for a good while.
    if (entry.type === 'candidate-pair' && (entry.selected ?? ways.has(entry.id))) {
      const { currentRoundTripTime: rtt, availableOutgoingBitrate: room } = entry
      if (rtt !== undefined) stats.rttMs = rtt * 1000
      if (room !== undefined) stats.roomKbps = Math.min(stats.roomKbps ?? Infinity, room / 1000)
    }
    if (entry.type === 'remote-inbound-rtp') stats.lostThere.push({ stream: entry.id, lost: entry.fractionLost ?? 0, at: entry.timestamp })
    if (entry.type !== 'inbound-rtp' && entry.type !== 'outbound-rtp') return
    const source = sourceOf(entry.mid)
    if (!source) return
    const size = { width: entry.frameWidth ?? 0, height: entry.frameHeight ?? 0 }
    if (entry.type === 'inbound-rtp') {
      stats.lost += entry.packetsLost ?? 0
      stats.received += entry.packetsReceived ?? 0
      stats.in[source] = { ...size, frames: entry.framesDecoded ?? 0, bytes: entry.bytesReceived ?? 0 }
      if (source === 'mic') stats.sound = { energy: entry.totalAudioEnergy ?? 0, seconds: entry.totalSamplesDuration ?? 0 }
      return
    }
    if (entry.qualityLimitationReason === 'cpu') stats.busy = true
    // One picture may be sent in several sizes at once.
    const sent = stats.out[source]
    stats.out[source] = {
      width: Math.max(sent.width, size.width),
      height: Math.max(sent.height, size.height),
      frames: sent.frames + (entry.framesEncoded ?? 0),
      bytes: sent.bytes + (entry.bytesSent ?? 0),
    }
  })
  return stats
}
