import { like } from 'drizzle-orm'
import { afterEach, expect, it } from 'vitest'
import type { RouteContracts } from '#shared/http/contract.ts'
import { noticesRoutes, type Notice } from '#shared/notices/wire.ts'
import { pathRoutes, type Activity, type HandIn, type Road } from '#shared/path/wire.ts'
import type { Session } from '#shared/session/wire.ts'
import type { Result } from '#shared/result.ts'
import { consequences } from '#server/consequences/tables.ts'
import { cause, startFlows } from '#server/flows.ts'
import type { Handlers } from '#server/http/door.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { openLog } from '#server/logger.ts'
import { mails } from '#server/mail/tables.ts'
import { noticesHandlers } from '#server/notices/routes.ts'
import { pathHandlers } from '#server/path/routes.ts'
import { copyFiles } from '#server/files/store.ts'
import { createSpoc } from '#server/spoc/store.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const loops: Loop[] = []
afterEach(async () => void (await Promise.all(loops.splice(0).map((loop) => loop.stop()))))
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })
const must = <T>(said: Result<T>): T => {
  if (!said.ok) throw new Error(`${said.code} ${said.detail ?? ''}`)
  return said.value
}

onEachEngine((aStore) => {
  async function aCourse() {
    const db = await aStore()
    const door = await aDoor({
      db,
      contracts: { ...pathRoutes, ...noticesRoutes },
      handlers: {
        ...pathHandlers({
          makeSpoc: createSpoc,
          copyFiles,
          duplicated: async () => undefined,
          copied: async () => undefined,
          handedIn: (tx, handIn) => cause(tx, 'work-handed-in', handIn.id, handIn),
          meetingChanged: async () => undefined,
          fedBack: (tx, handIn) => cause(tx, 'feedback-given', `${handIn.id}:${handIn.at}`, handIn),
        }),
        ...noticesHandlers,
      } as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const [claire, awa, louis] = [await aMember('Claire', 'trainer'), await aMember('Awa', 'learner'), await aMember('Louis', 'learner')]
    loops.push(await startFlows({ db, clock: door.clock, log: openLog('silent') }))
    const base = `/api/spocs/${spoc}`
    const add = async (title: string, detail: object) =>
      must(await claire.post<Activity>(`${base}/activities`, { title, detail, state: 'published' })).id
    const kinds = async (who: Browser) => must(await who.get<Notice[]>('/api/notices')).map(({ facts }) => facts.kind)
    return { db, door, spoc, owner, claire, awa, louis, base, add, kinds }
  }

  it('work handed in is told to the team, its feedback to who wrote it, by mail too, and to nobody else', async () => {
    const { db, claire, awa, louis, base, add, kinds } = await aCourse()
    const activity = await add('Votre formation sur une page', { kind: 'assignment', about: 'Écrivez.' })
    const { id } = must(await awa.post<HandIn>(`${base}/activities/${activity}/hand-ins`, { text: 'Ma page.' }))
    await soon(() => kinds(claire)).toEqual(['work-handed-in'])
    must(await claire.ask('PUT', `${base}/hand-ins/${id}/feedback`, { text: 'Un objectif observable de plus.' }))
    await soon(() => kinds(awa)).toEqual(['feedback-given'])
    // Sent again after a lost answer, it is the same feedback.
    must(await claire.ask('PUT', `${base}/hand-ins/${id}/feedback`, { text: 'Un objectif observable de plus.' }))
    const causes = await db.read((tx) => tx.select().from(consequences).where(like(consequences.cause, 'feedback-given:%')))
    expect(causes).toHaveLength(1)
    expect(await kinds(louis)).toEqual([])
    const sent = await db.read((tx) => tx.select().from(mails))
    expect(sent.map(({ recipient }) => recipient)).toEqual(['awa@example.org'])
    expect(sent[0]?.text).toContain('Un objectif observable de plus.')
  })

  it('a lesson caught up counts on the road of who caught it up, once', async () => {
    const { db, door, owner, awa, louis, base, add } = await aCourse()
    const now = door.clock.now()
    const session = must(await owner.post<Session>(`${base}/sessions`, { title: 'Séance', starts: now - 7_200_000, ends: now - 3_600_000 }))
    await add('Séance', { kind: 'session', session: session.id, about: '' })
    const state = async (who: Browser) => must(await who.get<Road>(`${base}/road`)).steps[0]?.state
    expect(await state(louis)).not.toBe('done')
    for (let twice = 0; twice < 2; twice++)
      await db.transaction((tx) => cause(tx, 'caught-up', `${session.room}:${louis.person}`, { room: session.room, person: louis.person }))
    await soon(() => state(louis)).toBe('done')
    expect(await state(awa)).not.toBe('done')
  })
})
