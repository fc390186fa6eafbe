import { eq } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { attendanceRoutes, type AttendanceChain, type AttendancePage, type AttendanceTable, type ToSign } from '#shared/attendance/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { createPerson } from '#server/account/store.ts'
import { eraseAccount } from '#server/account/leaving.store.ts'
import { listEvents, readPresence, readShares } from '#server/attendance/presence.ts'
import { attendanceHandlers, type TellPresence } from '#server/attendance/routes.ts'
import { readChain } from '#server/attendance/chain.ts'
import { alsoThere, readSheet, rowsOf, sealWords } from '#server/attendance/sheet.ts'
import { attendanceLines, attendanceSeals, attendanceSignatures } from '#server/attendance/tables.ts'
import type { Tx } from '#server/db/db.ts'
import { newId } from '#server/db/ids.ts'
import { guests } from '#server/guests/tables.ts'
import type { Handlers } from '#server/http/door.ts'
import { happenings } from '#server/live/tables.ts'
import type { PresenceLine } from '#server/attendance/store.ts'
import { createSession, endSession } from '#server/session/store.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const minute = 60_000

onEachEngine((aStore) => {
  /** A course whose clock stands at 10:30 in Paris, with a session from 9:30 to 10:30: Awa was there, Louis was not. */
  async function aCourse() {
    const db = await aStore()
    const told: [what: string, line: PresenceLine][] = []
    const tell: TellPresence = async (_tx, what, line) => void told.push([what, line])
    const door = await aDoor({ db, contracts: attendanceRoutes, handlers: attendanceHandlers(tell) as unknown as Handlers<RouteContracts> })
    const { spoc, owner, aMember } = await door.aSpoc(10)
    const claire = await aMember('Claire', 'trainer')
    const awa = await aMember('Awa', 'learner', '=Nord')
    const louis = await aMember('Louis', 'learner', 'Sud')
    const odile = await aMember('Odile', 'observer', 'Sud')
    const later = Date.parse(`${new Date(Date.now() + 2 * 86_400_000).toISOString().slice(0, 10)}T08:30:00Z`)
    door.clock.ahead = later - Date.now()
    const session = await db.transaction(async (tx) => {
      const made = await createSession(
        tx,
        { spoc, title: 'Une', intention: '', starts: later - 60 * minute, ends: later, zone: 'Europe/Paris' },
        later - 90 * minute,
      )
      if (!made.ok) throw new Error(made.code)
      let seq = 0
      const boot = newId()
      const add = (at: number, person: string, kind: string, payload: object) =>
        tx.insert(happenings).values({ room: made.value.room, seq: ++seq, at, person, kind, v: 1, payload })
      for (const [who, from, to] of [
        [claire, -70, 5],
        [awa, -65, -31],
        [awa, -40, -25],
      ] as const) {
        const seat = newId()
        await add(later + from * minute, who.person, 'attendance:entered', { seat, boot, role: 'learner' })
        await add(later + to * minute, who.person, 'attendance:left', { seat, person: who.person, heard: later + to * minute })
      }
      return made.value
    })
    const table = async (who: Browser) => {
      const said = await who.get<AttendanceTable>(`/api/spocs/${spoc}/attendance`)
      if (!said.ok) throw new Error(said.code)
      return said.value
    }
    const half = (await table(owner)).halves[0]?.half ?? ''
    return {
      db,
      door,
      spoc,
      session,
      half,
      owner,
      claire,
      awa,
      louis,
      odile,
      table,
      told,
      at: `/api/spocs/${spoc}/attendance/${session.id}`,
    }
  }

  it('[H2, H3, H8] tells the team of everybody, a learner of themself, an observer of their organisation', async () => {
    const { owner, awa, louis, odile, table } = await aCourse()
    expect((await table(owner)).people.map(({ name, cells }) => [name, cells[0]?.presence, cells[0]?.minutes])).toEqual([
      ['Awa', 'present', 35],
      ['Louis', 'absent', 0],
      ['Claire', 'present', 60],
    ])
    const own = await table(awa)
    expect(own.people.map(({ name }) => name)).toEqual(['Awa'])
    expect(JSON.stringify(own)).not.toContain(louis.person)
    expect((await table(odile)).people.map(({ name }) => name)).toEqual(['Louis'])
  })

  it('[H2] counts a session that was ended early until now while the log does not say yet that they left', async () => {
    const { db, door, spoc, awa } = await aCourse()
    const now = door.clock.now()
    const shares = await db.transaction(async (tx) => {
      const times = { starts: now - 20 * minute, ends: now + 100 * minute }
      const made = await createSession(tx, { spoc, title: 'Deux', intention: '', zone: 'Europe/Paris', ...times }, now)
      if (!made.ok) throw new Error(made.code)
      const { id, room } = made.value
      const entered = { kind: 'attendance:entered', v: 1, payload: { seat: newId(), boot: newId(), role: 'learner' } }
      await tx.insert(happenings).values({ room, seq: 1, at: now - 18 * minute, person: awa.person, ...entered })
      await endSession(tx, id, now)
      return (await readShares(tx, [id], { now })).get(id)
    })
    expect(shares?.get(awa.person)).toBeCloseTo(0.9, 2)
  })

  it('[H5, H6] keeps contestation and correction as lines, the last correction counts', async () => {
    const { owner, claire, awa, louis, half, table, told, at } = await aCourse()
    expect(await louis.post(`${at}/correct`, { half, person: louis.person, minutes: 60, reason: 'Moi' })).toMatchObject({
      code: 'http/not-allowed',
    })
    expect((await awa.post(`${at}/contest`, { half, reason: 'J’étais là, par téléphone.' })).ok).toBe(true)
    const cell = async () => (await table(owner)).people[0]?.cells[0]
    expect(await cell()).toMatchObject({ contested: true, corrected: false, minutes: 35 })
    expect(await claire.post(`${at}/correct`, { half, person: awa.person, minutes: 61, reason: 'Trop' })).toMatchObject({
      code: 'attendance/too-long',
    })
    await claire.post(`${at}/correct`, { half, person: awa.person, minutes: 50, reason: 'Vu au téléphone' })
    await claire.post(`${at}/correct`, { half, person: awa.person, minutes: 60, reason: 'Toute la matinée' })
    expect(await cell()).toMatchObject({ contested: false, corrected: true, minutes: 60, measured: 35, presence: 'present' })
    expect((await cell())?.lines.map(({ kind, authorName }) => [kind, authorName])).toEqual([
      ['contestation', 'Awa'],
      ['correction', 'Claire'],
      ['correction', 'Claire'],
    ])
    expect(await claire.post(`${at}/correct`, { half: '2020-01-01:am', person: awa.person, minutes: 1, reason: 'x' })).toMatchObject({
      code: 'attendance/no-such-half',
    })
    // Of what was refused nobody hears.
    const what = { person: awa.person, title: 'Une' }
    expect(told).toMatchObject([
      ['presence-contested', { ...what, author: awa.person, minutes: null, reason: 'J’étais là, par téléphone.' }],
      ['presence-corrected', { ...what, author: claire.person, minutes: 50, reason: 'Vu au téléphone' }],
      ['presence-corrected', { ...what, author: claire.person, minutes: 60, reason: 'Toute la matinée' }],
    ])
  })

  it('[H7] is signed once, the same day, by who was there, in the words that were shown', async () => {
    const { db, door, claire, awa, louis, half, table, at } = await aCourse()
    const toSign = async (who: Browser) => {
      const said = await who.get<ToSign[]>('/api/attendance/to-sign?language=fr')
      return said.ok ? said.value : []
    }
    const [asked] = await toSign(awa)
    expect(await toSign(louis)).toEqual([])
    expect(await toSign(claire)).toHaveLength(1)
    if (!asked) throw new Error('nothing to sign')
    const body = { half, language: 'fr', statement: asked.statement }
    expect(await awa.post(`${at}/sign`, { ...body, statement: 'Autre chose' })).toMatchObject({ code: 'attendance/changed' })
    expect(await louis.post(`${at}/sign`, body)).toMatchObject({ code: 'attendance/not-there' })
    const [one, two] = await Promise.all([awa.post(`${at}/sign`, body), awa.post(`${at}/sign`, body)])
    expect([one.ok, two.ok].sort()).toEqual([false, true])
    expect(await toSign(awa)).toEqual([])
    const kept = await db.read((tx) => tx.select().from(attendanceSignatures))
    expect(kept).toHaveLength(1)
    expect(kept[0]).toMatchObject({ person: awa.person, words: asked.statement })
    expect(kept[0]?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect((await table(awa)).people[0]?.cells[0]?.signed).toBe(kept[0]?.at)
    door.clock.ahead += 24 * 60 * minute
    const [late] = await toSign(claire)
    expect(late).toBeUndefined()
    expect(await claire.post(`${at}/sign`, body)).toMatchObject({ code: 'attendance/day-over' })
  })

  it('[H9] seals who sign at once, contest and correct in one chain, which says what was done to it behind its back', async () => {
    const { db, spoc, session, owner, claire, awa, half, at } = await aCourse()
    const chain = async (who: Browser) => {
      const said = await who.get<AttendancePage>(`/api/spocs/${spoc}/attendance`)
      if (!said.ok) throw new Error(said.code)
      return said.value.chain
    }
    const statement = async (who: Browser) => {
      const said = await who.get<ToSign[]>('/api/attendance/to-sign?language=fr')
      return { half, language: 'fr', statement: said.ok ? said.value[0]?.statement : '' }
    }
    expect(await chain(owner)).toBeNull()
    // All at once: two who sign, the same twice, a contestation.
    const bodies = [await statement(awa), await statement(claire)] as const
    const said = await Promise.all([
      awa.post(`${at}/sign`, bodies[0]),
      claire.post(`${at}/sign`, bodies[1]),
      awa.post(`${at}/sign`, bodies[0]),
      awa.post(`${at}/contest`, { half, reason: 'J’étais là plus tôt.' }),
    ])
    expect(said.filter(({ ok }) => ok)).toHaveLength(3)
    await claire.post(`${at}/correct`, { half, person: awa.person, minutes: 50, reason: 'Vu au téléphone' })
    const whole = await chain(owner)
    expect(whole).toMatchObject({ sealed: 4, broken: null })
    expect(await chain(claire)).toEqual(whole)
    expect(await chain(awa)).toBeNull()
    const last = whole?.last ?? ''
    const sheet = await db.read((tx) => readSheet(tx, spoc, session.id, { person: owner.person, role: 'owner' }, Date.now()))
    expect(sheet.chain && sealWords(sheet.chain)).toBe(
      `Empreinte de la dernière ligne signée du registre (n°\u00a04) : ${last}. La suite des lignes signées est entière.`,
    )

    const seals = await db.read((tx) => tx.select().from(attendanceSeals).orderBy(attendanceSeals.n))
    const placeOf = (of: string) => seals.find((seal) => seal.of.startsWith(of))?.n
    /** What the team is told of the chain after something was done to it that leaves no trace. */
    const tampered = async (behind: (tx: Tx) => Promise<unknown>) => {
      const [undone, told] = [new Error('undone'), [] as (AttendanceChain | null)[]]
      const tampering = db.transaction(async (tx) => {
        await behind(tx)
        told.push(await readChain(tx, spoc))
        throw undone
      })
      await expect(tampering).rejects.toBe(undone)
      return told[0]
    }
    const [signedByAwa, lines] = [eq(attendanceSignatures.person, awa.person), attendanceLines]
    const n = placeOf(`signature ${session.id} ${half} ${awa.person}`)
    expect(await tampered((tx) => tx.update(attendanceSignatures).set({ words: 'Autre chose' }).where(signedByAwa))).toMatchObject({
      broken: { n, why: 'altered' },
    })
    expect(await tampered((tx) => tx.delete(attendanceSignatures).where(signedByAwa))).toMatchObject({ broken: { n, why: 'removed' } })
    // The correction is the last line: altered, gone, or given a seal of its own making.
    const corrected = eq(lines.kind, 'correction')
    expect(await tampered((tx) => tx.update(lines).set({ minutes: 60 }).where(corrected))).toMatchObject({
      broken: { n: 4, why: 'altered' },
    })
    expect(await tampered((tx) => tx.delete(lines).where(corrected))).toMatchObject({ broken: { n: 4, why: 'removed' } })
    expect(await tampered((tx) => tx.delete(attendanceSeals).where(eq(attendanceSeals.n, 2)))).toMatchObject({
      broken: { n: 2, why: 'removed' },
    })
    const forged = { id: newId(), event: session.id, half, person: awa.person, author: claire.person, at: Date.now() }
    const slipped = await tampered((tx) => tx.insert(lines).values({ ...forged, kind: 'correction', minutes: 1, reason: 'Faux' }))
    expect(slipped).toMatchObject({ sealed: 4, broken: { n: 5, why: 'added' } })
    expect(slipped && sealWords(slipped)).toContain('rompue : une ligne y a été ajoutée sans empreinte')
    // What was kept before there were seals gets them with the next line, the oldest first; until then nothing is said to be broken.
    await db.transaction((tx) => tx.delete(attendanceSeals))
    expect(await chain(owner)).toEqual({ sealed: 0, last: null, broken: null })
    await claire.post(`${at}/correct`, { half, person: awa.person, minutes: 55, reason: 'Encore' })
    expect(await chain(owner)).toMatchObject({ sealed: 5, broken: null })
  })

  it('[H10] [G9] a guest is read apart by the team, counts nowhere, and stays on the sheet without their name once it is erased', async () => {
    const { db, door, spoc, session, owner, awa, odile, table, at } = await aCourse()
    const before = await table(owner)
    const now = door.clock.now()
    const nora = await db.transaction(async (tx) => {
      const person = await createPerson(tx, { name: '=Nora', email: 'nora@guest.invalid', language: 'fr', zone: 'Europe/Paris', now })
      await tx.insert(guests).values({ person: person ?? '', session: session.id, hash: null, since: now })
      let seq = 100
      const add = (at: number, kind: string, payload: object) =>
        tx.insert(happenings).values({ room: session.room, seq: ++seq, at: now + at * minute, person, kind, v: 1, payload })
      const seat = newId()
      await add(-50, 'attendance:entered', { seat, boot: newId(), role: 'guest' })
      await add(-10, 'attendance:left', { seat, person, heard: now - 10 * minute })
      return person ?? ''
    })
    const seen = [{ from: now - 50 * minute, to: now - 10 * minute }]
    const page = await table(owner)
    expect(page.guests).toEqual([{ name: '=Nora', seen }])
    expect(page.people).toEqual(before.people)
    for (const who of [awa, odile]) expect((await table(who)).guests).toEqual([])
    expect((await db.read((tx) => readShares(tx, [session.id], { now }))).get(session.id)?.has(nora)).toBe(false)

    const lines = async (who: Browser, query = '') =>
      (await (await who.fetch(`/api/spocs/${spoc}/attendance/csv${query}`)).text()).split('\r\n').filter((line) => /invité·e/i.test(line))
    const [line] = await lines(owner)
    expect(line).toMatch(/;"?'=Nora \(invité·e\)"?;;invité·e;;;;\d\d:40;\d\d:20;;;;$/)
    expect(await lines(owner, '?organisation=Sud')).toEqual([])
    expect(await lines(odile)).toEqual([])
    const sheet = async (organisation?: string) =>
      (await db.read((tx) => readSheet(tx, spoc, session.id, { person: owner.person, role: 'owner' }, now, organisation))).table
    expect(alsoThere(await sheet(), 0)).toMatch(/^Ont aussi assisté.*: =Nora \(invité·e\), de \d\d:40 à \d\d:20\.$/)
    expect(alsoThere(await sheet('Sud'), 0)).toBeUndefined()
    expect((await owner.fetch(`${at}/pdf`)).status).toBe(200)

    await db.transaction((tx) => eraseAccount(tx, nora, null, now))
    expect((await table(owner)).guests).toEqual([{ name: null, seen }])
    expect(alsoThere(await sheet(), 0)).toMatch(/: Invité·e \(nom effacé\), de/)
    expect((await lines(owner))[0]).toContain(';Invité·e (nom effacé);;')
  })

  it('[H2] a session that its team ended early lasted until its last member left, not its guest', async () => {
    const { db, door, spoc, awa } = await aCourse()
    const now = door.clock.now()
    const halves = await db.transaction(async (tx) => {
      const times = { starts: now - 60 * minute, ends: now + 60 * minute }
      const made = await createSession(tx, { spoc, title: 'Trois', intention: '', zone: 'Europe/Paris', ...times }, now)
      if (!made.ok) throw new Error(made.code)
      const { id, room } = made.value
      const guest = (await createPerson(tx, { name: 'Nora', email: 'n@guest.invalid', language: 'fr', zone: 'Europe/Paris', now })) ?? ''
      await tx.insert(guests).values({ person: guest, session: id, hash: null, since: now })
      let seq = 0
      for (const [person, role, left] of [
        [awa.person, 'learner', -30],
        [guest, 'guest', -5],
      ] as const) {
        const seat = newId()
        const line = { room, person, v: 1 }
        await tx
          .insert(happenings)
          .values({ ...line, seq: ++seq, at: now - 60 * minute, kind: 'attendance:entered', payload: { seat, boot: newId(), role } })
        const payload = { seat, person, heard: now + left * minute }
        await tx.insert(happenings).values({ ...line, seq: ++seq, at: now + left * minute, kind: 'attendance:left', payload })
      }
      await endSession(tx, id, now)
      return (await readPresence(tx, await listEvents(tx, { ids: [id] }), { now })).get(id)?.halves
    })
    expect(halves?.at(-1)?.ends).toBe(now - 30 * minute)
  })

  it('[H8] prints and exports for those who see sheets, formulas made harmless', async () => {
    const { spoc, owner, awa, odile, table, at } = await aCourse()
    const csv = await owner.fetch(`/api/spocs/${spoc}/attendance/csv`)
    expect(csv.headers.get('content-disposition')).toContain('attachment')
    const text = Buffer.from(await csv.arrayBuffer()).toString()
    expect(text.startsWith('\ufeffintitulé;lieu;jour;')).toBe(true)
    expect(text).toContain(";Awa;'=Nord;stagiaire;présent;35;35;")
    const some = await (await odile.fetch(`/api/spocs/${spoc}/attendance/csv?organisation=Sud`)).text()
    expect(some).toContain('Louis')
    expect(some).not.toContain('Awa')
    expect(await awa.get(`/api/spocs/${spoc}/attendance/csv`)).toMatchObject({ code: 'http/not-allowed' })
    const pdf = await owner.fetch(`${at}/pdf`)
    expect(pdf.headers.get('content-type')).toBe('application/pdf')
    const bytes = Buffer.from(await pdf.arrayBuffer())
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(bytes.length).toBeGreaterThan(5_000)
    expect(bytes.toString('latin1')).toContain('(fr-FR)')
    expect(
      rowsOf({ course: '', body: null, chain: null, table: await table(owner) }, 0).map(([name, , , presence]) => [
        name,
        presence?.replace(/\d\d:(\d\d)/g, 'HH:$1'),
      ]),
    ).toEqual([
      ['Awa', 'Présent(e) (35\u00a0min)\nde HH:30 à HH:05'],
      ['Louis', 'Absent(e)'],
      ['Claire', 'Présent(e) (60\u00a0min)\nde HH:30 à HH:30'],
    ])
    expect(await awa.get(`${at}/pdf`)).toMatchObject({ code: 'http/not-allowed' })
  })
})
