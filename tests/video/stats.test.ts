import { expect, test } from 'vitest'
import { addStats, noStats } from '#client/video/stats.ts'

const read = (entries: Record<string, unknown>[]) =>
  addStats(noStats(), new Map(entries.map((entry) => [entry['id'], entry])) as unknown as RTCStatsReport, () => undefined)
const pair = (id: string, more: object) => ({ id, type: 'candidate-pair', ...more })

test('a way is as slow, and has as much room, as the one in use; those given up say nothing', () => {
  const used = pair('b', { currentRoundTripTime: 0.02, availableOutgoingBitrate: 90_000 })
  const given = pair('a', { currentRoundTripTime: 1.6, nominated: true, state: 'succeeded' })
  const transport = { id: 't', type: 'transport', selectedCandidatePairId: 'b' }
  for (const entries of [
    [given, used, transport],
    [transport, used, given],
  ])
    expect(read(entries)).toMatchObject({ rttMs: 20, roomKbps: 90 })
  expect(read([given])).toMatchObject({ rttMs: undefined, roomKbps: undefined })
})

test('a browser that marks the way in use itself is believed', () => {
  expect(
    read([pair('a', { currentRoundTripTime: 1.6, selected: false }), pair('b', { currentRoundTripTime: 0.05, selected: true })]).rttMs,
  ).toBe(50)
})

test('of each stream it is known what the other side said last that it lost, and when', () => {
  const said = (id: string, more: object) => ({ id, type: 'remote-inbound-rtp', ...more })
  expect(read([said('a', { timestamp: 5, fractionLost: 0.25 }), said('b', { timestamp: 7 })]).lostThere).toEqual([
    { stream: 'a', lost: 0.25, at: 5 },
    { stream: 'b', lost: 0, at: 7 },
  ])
})
