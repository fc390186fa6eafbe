import { describe, expect, it } from 'vitest'
import { findingsOf, type Facts } from '#shared/readiness/rules.ts'

const good: Facts = {
  mailLeaves: true,
  mailsKept: 0,
  mailsFailed: 0,
  address: 'https://cercle.example',
  https: true,
  loopback: false,
  stun: true,
  turn: true,
  video: 'mesh',
  videoAnswers: true,
  demonstration: false,
  backupDays: 0,
  disk: 'good',
}
const told = (facts: Partial<Facts>) =>
  findingsOf({ ...good, ...facts })
    .filter(({ verdict }) => verdict !== 'good')
    .map(({ matter, verdict, why }) => `${matter} ${verdict} ${why}`)

describe('being ready', () => {
  it('[R1] is stopped by mail that stays, an address for this machine or without HTTPS, and the demonstration', () => {
    expect(told({})).toEqual([])
    expect(told({ mailLeaves: false })).toEqual(['mail stops kept'])
    expect(told({ loopback: true, https: false })).toEqual(['address stops loopback'])
    expect(told({ demonstration: true })).toEqual(['demonstration stops there'])
  })
  it('[R2] is limited by what voices need, and by mail that failed', () => {
    expect(told({ turn: false })).toEqual(['video limits stun'])
    expect(told({ turn: false, stun: false })).toEqual(['video limits none'])
    expect(told({ mailsFailed: 2 })).toEqual(['mail limits failed'])
  })
  it('[R3] needs HTTPS beyond this machine', () => expect(told({ https: false })).toEqual(['address stops http']))
  it('[R4] was backed up, and within a week', () => {
    expect(told({ backupDays: null })).toEqual(['backup stops never'])
    expect(told({ backupDays: 7 })).toEqual(['backup limits old'])
    expect(told({ backupDays: 6 })).toEqual([])
  })
  it('[R5] has room on its disk', () => {
    expect(told({ disk: 'low' })).toEqual(['disk limits low'])
    expect(told({ disk: 'full' })).toEqual(['disk stops full'])
  })
  it('[R6] is stopped by a LiveKit that does not answer; one that does needs no other server to reach people', () => {
    expect(told({ video: 'livekit', stun: false, turn: false })).toEqual([])
    expect(told({ video: 'livekit', videoAnswers: false })).toEqual(['video stops livekit-silent'])
  })
  it('[R1] says first what stops', () => {
    const verdicts = findingsOf({ ...good, turn: false, demonstration: true }).map(({ verdict }) => verdict)
    expect(verdicts).toEqual(['stops', 'limits', 'good', 'good', 'good', 'good'])
  })
})
