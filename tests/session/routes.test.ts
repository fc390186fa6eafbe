import { describe, expect, it } from 'vitest'
import type { RoomPage, Session, Today } from '#shared/session/wire.ts'
import { listenSessions, noteBegun, whyNotEnterRoom, type SessionChanged } from '#server/session/store.ts'
import { aDoor } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

async function scheduled(
  browser: Awaited<ReturnType<Awaited<ReturnType<typeof aDoor>>['signedIn']>>,
  spoc: string,
  times: { starts: number; ends?: number; title?: string; zone?: string },
) {
  const made = await browser.post<Session>(`/api/spocs/${spoc}/sessions`, { title: 'Première séance', ends: times.starts + hour, ...times })
  if (!made.ok) throw new Error(made.code)
  return made.value
}

onEachEngine((aStore) => {
  it('[S4] [S5] [S9] [S10] are scheduled, moved, cancelled, reinstated and ended, and tell their room each time', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    const { spoc, aMember } = await door.aSpoc()
    const claire = await aMember('Claire', 'trainer')
    const heard: (SessionChanged | undefined)[] = []
    const stop = await listenSessions(db, (change) => void heard.push(change))
    const now = door.clock.now()
    const session = await scheduled(claire, spoc, { starts: now + 2 * hour })
    expect(session).toMatchObject({ spoc, state: 'planned', sequence: 0, zone: 'Europe/Paris', starts: now + 2 * hour })
    const path = `/api/sessions/${session.id}`
    expect(
      await claire.patch(path, { starts: now + 3 * hour, ends: now + 4 * hour, title: 'Déplacée', zone: 'Indian/Reunion' }),
    ).toMatchObject({ value: { sequence: 1, title: 'Déplacée', starts: now + 3 * hour, zone: 'Indian/Reunion' } })
    // Sent again after a lost answer, it changes nothing more.
    expect(await claire.patch(path, { starts: now + 3 * hour, title: 'Déplacée' })).toMatchObject({ value: { sequence: 1 } })
    expect(await claire.patch(path, { starts: now + 5 * hour })).toMatchObject({ code: 'session/ends-before-starts' })
    expect(await claire.post(`${path}/end`)).toMatchObject({ code: 'session/not-begun' })
    expect(await claire.post(`${path}/reinstate`)).toMatchObject({ code: 'session/not-cancelled' })
    expect(await claire.post(`${path}/cancel`)).toMatchObject({ value: { state: 'cancelled', sequence: 2 } })
    expect(await claire.patch(path, { title: 'x' })).toMatchObject({ code: 'session/not-planned' })
    expect(await db.read((tx) => whyNotEnterRoom(tx, session.room, 'trainer', now + 3 * hour))).toMatchObject({ code: 'session/cancelled' })
    expect(await claire.post(`${path}/reinstate`)).toMatchObject({ value: { state: 'planned', sequence: 3 } })
    door.clock.ahead = 3 * hour
    expect(await claire.post(`${path}/end`)).toMatchObject({ value: { state: 'ended', sequence: 4 } })
    expect(await db.read((tx) => whyNotEnterRoom(tx, session.room, 'owner', now + 3 * hour))).toMatchObject({ code: 'session/ended' })
    await expect.poll(() => heard.map((change) => change?.state)).toEqual(['planned', 'cancelled', 'planned', 'ended'])
    expect(heard.every((change) => change?.room === session.room && change.session === session.id)).toBe(true)
    await stop()
  })

  it('[S14] are encrypted end to end when their team says so, before they begin', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    const { spoc, aMember } = await door.aSpoc()
    const [claire, mia, awa] = [await aMember('Claire', 'trainer'), await aMember('Mia', 'mentor'), await aMember('Awa', 'learner')]
    const now = door.clock.now()
    const plain = await scheduled(claire, spoc, { starts: now + hour })
    expect(plain.encrypted).toBe(false)
    const times = { starts: now + hour, ends: now + 2 * hour }
    expect(await claire.post(`/api/spocs/${spoc}/sessions`, { title: 'Confidentiel', ...times, encrypted: true })).toMatchObject({
      value: { encrypted: true },
    })
    const path = `/api/sessions/${plain.id}`
    for (const other of [mia, awa]) expect(await other.patch(path, { encrypted: true })).toMatchObject({ code: 'http/not-allowed' })
    expect(await claire.patch(path, { encrypted: true })).toMatchObject({ value: { encrypted: true, sequence: 1 } })
    // A change of anything else leaves it.
    expect(await claire.patch(path, { title: 'Autrement' })).toMatchObject({ value: { encrypted: true, title: 'Autrement' } })
    expect(await awa.get<RoomPage>(`/api/rooms/${plain.room}`)).toMatchObject({ value: { session: { encrypted: true } } })
    await db.transaction((tx) => noteBegun(tx, plain.room, now))
    expect(await claire.patch(path, { encrypted: false })).toMatchObject({ code: 'session/encryption-settled' })
    expect(await claire.patch(path, { encrypted: true, title: 'Encore' })).toMatchObject({ value: { title: 'Encore' } })
  })

  it('end once when two end them at the same time', async () => {
    const door = await aDoor({ db: await aStore() })
    const { spoc, owner } = await door.aSpoc()
    const session = await scheduled(owner, spoc, { starts: door.clock.now() })
    const replies = await Promise.all([1, 2, 3].map(() => owner.post(`/api/sessions/${session.id}/end`)))
    expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    expect(await owner.get(`/api/sessions/${session.id}`)).toMatchObject({
      value: { sequence: 1, state: 'ended', spocTitle: 'Concevoir un SPOC', role: 'owner' },
    })
  })

  it('appear on Today: what is live first, then what comes', async () => {
    const db = await aStore()
    const door = await aDoor({ db })
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner')
    const now = door.clock.now()
    const late = await scheduled(owner, spoc, { starts: now - 3 * hour, title: 'Restée ouverte' })
    const soon = await scheduled(owner, spoc, { starts: now + 30 * minute, title: 'Bientôt' })
    const tomorrow = await scheduled(owner, spoc, { starts: now + day, title: 'Demain' })
    const far = await scheduled(owner, spoc, { starts: now + 30 * day, title: 'Plus tard' })
    const old = await scheduled(owner, spoc, { starts: now - 9 * hour, title: 'Passée' })
    await owner.post(`/api/sessions/${tomorrow.id}/cancel`)
    const today = async () => {
      const reply = await awa.get<Today>('/api/today')
      if (!reply.ok) throw new Error(reply.code)
      return reply.value
    }
    const first = await today()
    expect(first.next).toMatchObject({ id: soon.id, role: 'learner', spocTitle: 'Concevoir un SPOC', room: soon.room })
    expect(first.coming.map(({ title, state }) => [title, state])).toEqual([
      ['Restée ouverte', 'planned'],
      ['Bientôt', 'planned'],
      ['Demain', 'cancelled'],
    ])
    expect(first.spocs).toMatchObject([{ id: spoc, role: 'learner', next: { id: soon.id } }])
    await owner.post(`/api/sessions/${soon.id}/cancel`)
    expect((await today()).next).toMatchObject({ id: far.id })
    await owner.post(`/api/sessions/${late.id}/end`)
    expect((await today()).coming.map(({ title }) => title)).toEqual(['Bientôt', 'Demain'])
    expect(await awa.get('/api/spocs')).toMatchObject({ value: [{ next: { id: far.id } }] })
    const all = await awa.get<Session[]>(`/api/spocs/${spoc}/sessions`)
    expect(all.ok && all.value.map(({ id }) => id)).toEqual([old.id, late.id, soon.id, tomorrow.id, far.id])
  })

  it('have a room that knows its people, former ones too, and nothing private', async () => {
    const door = await aDoor({ db: await aStore() })
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner', 'Ville')
    const louis = await aMember('Louis', 'learner')
    const session = await scheduled(owner, spoc, { starts: door.clock.now() })
    await owner.delete(`/api/spocs/${spoc}/members/${louis.person}`)
    const reply = await awa.get<RoomPage>(`/api/rooms/${session.room}`)
    if (!reply.ok) throw new Error(reply.code)
    expect(reply.value).toMatchObject({
      id: session.room,
      kind: 'session',
      role: 'learner',
      spoc: { id: spoc, title: 'Concevoir un SPOC' },
      session: { id: session.id },
      iceServers: [{ urls: 'stun:stun.example.org:3478' }],
    })
    expect(reply.value.people.map(({ name, role, former, organisation }) => [name, role, former, organisation])).toEqual([
      ['Nadia', 'owner', false, null],
      ['Awa', 'learner', false, 'Ville'],
      ['Louis', 'learner', true, null],
    ])
    expect(JSON.stringify(reply)).not.toContain('@')
    expect(await louis.get(`/api/rooms/${session.room}`)).toMatchObject({ status: 404 })
  })
})

describe('sessions', () => {
  it('[S1] are touched by owners and trainers only', async () => {
    const door = await aDoor()
    const { spoc, owner, aMember } = await door.aSpoc()
    const session = await scheduled(owner, spoc, { starts: door.clock.now() })
    for (const role of ['mentor', 'learner', 'observer'] as const) {
      const browser = await aMember(role, role)
      const path = `/api/sessions/${session.id}`
      const replies = [
        await browser.post(`/api/spocs/${spoc}/sessions`, { title: 'x', starts: 1, ends: 2 }),
        await browser.patch(path, { title: 'x' }),
        await browser.post(`${path}/cancel`),
        await browser.post(`${path}/reinstate`),
        await browser.post(`${path}/end`),
      ]
      expect(replies.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403])
      expect(await browser.get(path)).toMatchObject({ value: { title: 'Première séance', role } })
    }
  })

  it('tell how many take part, what carries them, and who may change that', async () => {
    for (const [video, kind] of [
      [{ kind: 'mesh' }, 'mesh'],
      [{ kind: 'livekit-child', binary: 'livekit-server' }, 'livekit'],
    ] as const) {
      const door = await aDoor({ environment: { video } })
      const { spoc, owner, aMember } = await door.aSpoc()
      await aMember(`Claire-${kind}`, 'trainer')
      await aMember(`Nadia-${kind}`, 'observer')
      expect(await owner.get(`/api/spocs/${spoc}/group`)).toMatchObject({ value: { people: 2, video: kind, administrator: false } })
      expect(await (await door.signedIn(`Personne-${kind}`)).get(`/api/spocs/${spoc}/group`)).toMatchObject({ status: 404 })
    }
  })

  it('[S2] [S3] refuse impossible times', async () => {
    const door = await aDoor()
    const { spoc, owner } = await door.aSpoc()
    const starts = door.clock.now()
    const ask = (times: object) => owner.post(`/api/spocs/${spoc}/sessions`, { title: 'x', ...times })
    expect(await ask({ starts, ends: starts })).toMatchObject({ code: 'session/ends-before-starts' })
    expect(await ask({ starts, ends: starts + 13 * hour })).toMatchObject({ code: 'session/too-long' })
    for (const bad of [
      { starts: 'now', ends: starts },
      { starts: 1.5, ends: 3 },
      { starts: -1, ends: starts },
      { starts, ends: 1e18 },
      { starts },
      { starts, ends: null },
    ])
      expect(await ask(bad)).toMatchObject({ code: 'http/bad-request' })
  })
})
