import { expect, it } from 'vitest'
import type { ToldPreflight } from '#shared/preflight/wire.ts'
import { probeBytes } from '#shared/preflight/rules.ts'
import { aClassroom, type Member } from '#tests/support/classroom.ts'

it('[U6] is told to the team alone, and keeps nothing but its class and reasons', async () => {
  const room = await aClassroom()
  const [claire, awa, louis, eve] = [
    await room.aMember('Claire', 'trainer'),
    await room.aMember('Awa', 'learner'),
    await room.aMember('Louis', 'observer'),
    await room.aMember('Eve', null),
  ]
  const path = `/api/rooms/${room.room}/preflights`
  const put = async (who: Member, body: unknown) => (await who.fetch('PUT', path, body)).status
  expect(await put(awa, { verdict: 'listen', reasons: ['mic-refused'] })).toBe(200)
  // Neither somebody else's, nor words, nor what was measured.
  for (const bad of [
    { verdict: 'listen', reasons: ['mic-refused'], person: louis.id },
    { verdict: 'listen', reasons: ['anything else'] },
    { verdict: 'perfect', reasons: [] },
    { verdict: 'good', reasons: [], roundTrip: 12 },
    { verdict: 'good', reasons: Array(50).fill('slow') },
    {},
  ])
    expect(await put(awa, bad), JSON.stringify(bad)).toBe(400)
  const seen = async (who: Member) => {
    const reply = await who.fetch('GET', path)
    return reply.ok ? ((await reply.json()) as { value: ToldPreflight[] }).value : reply.status
  }
  expect(await seen(claire)).toEqual([{ person: awa.id, verdict: 'listen', reasons: ['mic-refused'], at: expect.any(Number) }])
  expect([await seen(awa), await seen(louis), await seen(eve)]).toEqual([403, 403, 404])
  expect(await put(eve, { verdict: 'good', reasons: [] })).toBe(404)
})

it('is measured with what is asked for, and no more', async () => {
  const room = await aClassroom()
  const awa = await room.aMember('Awa', 'learner')
  const probe = (body: unknown) => awa.fetch('PUT', `/api/rooms/${room.room}/preflights/probe`, body)
  const filled = async (want: number, filler = '') =>
    ((await (await probe({ filler, want })).json()) as { value: { filler: string } }).value.filler.length
  expect([await filled(0), await filled(1_000), await filled(probeBytes, 'x'.repeat(probeBytes))]).toEqual([0, 1_000, probeBytes])
  for (const bad of [
    { filler: '', want: probeBytes + 1 },
    { filler: 'x'.repeat(probeBytes + 1), want: 0 },
    { filler: '', want: -1 },
    { want: 1 },
  ])
    expect((await probe(bad)).status).toBe(400)
})
