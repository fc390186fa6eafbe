import { expect, it } from 'vitest'
import { maySeeCertificate, missing, usualRule, whyNotIssue, whyNotRule } from '#shared/certificate/rules.ts'
import { certificateRoutes, type Certificate, type CertificatePage, type RecentCertificate } from '#shared/certificate/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { wordsOf } from '#server/certificate/print.ts'
import { certificateHandlers } from '#server/certificate/routes.ts'
import { certificates } from '#server/certificate/tables.ts'
import type { Doings } from '#server/certificate/store.ts'
import type { Handlers } from '#server/http/door.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

const body = {
  name: 'Atelier Nord',
  address: '1 rue du Port, 59000 Lille',
  nda: '32590000000',
  signatory: 'Nadia Benali',
  capacity: 'Directrice',
}

const whole = { done: 6, of: 6 }
const part = { done: 5, of: 6 }

it('[C2] asks for what its owner says: a share of the time, the required activities, the quizzes', () => {
  const done = { minutes: 79, planned: 100, required: part, quizzes: part }
  expect(missing(usualRule, done)).toEqual(['share', 'required'])
  expect(missing(usualRule, { ...done, minutes: 80, required: whole })).toEqual([])
  expect(missing({ ...usualRule, quizzes: true }, { ...done, minutes: 80, required: whole })).toEqual(['quizzes'])
  expect(missing({ share: 0, required: false, quizzes: true }, { ...done, quizzes: whole })).toEqual([])
  expect(missing(usualRule, { ...done, minutes: 0, planned: 0, required: whole })).toEqual(['share'])
  expect(whyNotRule({ share: 0, required: false, quizzes: false })).toMatchObject({ code: 'certificate/empty-rule' })
  expect(whyNotRule({ share: 1, required: false, quizzes: false })).toBeUndefined()
})

it('[C1, C2, C3] needs a body, hours, and for success the rule of a certifying course', () => {
  const done = { minutes: 79, planned: 100, required: whole, quizzes: part }
  const given = { outcome: 'certify', body, rule: usualRule, done } as const
  expect(whyNotIssue('realisation', { ...given, body: null })).toMatchObject({ code: 'certificate/no-body' })
  expect(whyNotIssue('realisation', { ...given, done: { ...done, minutes: 0 } })).toMatchObject({ code: 'certificate/no-hours' })
  expect(whyNotIssue('realisation', given)).toBeUndefined()
  expect(whyNotIssue('success', given)).toMatchObject({ code: 'certificate/rule-not-met' })
  expect(whyNotIssue('success', { ...given, done: { ...done, minutes: 80 } })).toBeUndefined()
  expect(whyNotIssue('success', { ...given, outcome: 'self-assess', done: { ...done, minutes: 80 } })).toMatchObject({
    code: 'certificate/not-certifying',
  })
})

it('[C7] a learner sees their own, an observer those of their organisation', () => {
  const other = { person: 'ines', organisation: 'Nord' }
  expect(maySeeCertificate({ person: 'awa', role: 'learner', organisation: 'Nord' }, other)).toBe(false)
  expect(maySeeCertificate({ person: 'ines', role: 'learner', organisation: null }, other)).toBe(true)
  expect(maySeeCertificate({ person: 'odile', role: 'observer', organisation: 'Nord' }, other)).toBe(true)
  expect(maySeeCertificate({ person: 'odile', role: 'observer', organisation: null }, { ...other, organisation: null })).toBe(false)
})

onEachEngine((aStore) => {
  async function aCourse() {
    const db = await aStore()
    const attended: Map<string, { minutes: number; planned: number; from: string; to: string }> = new Map()
    const completed: Map<string, { required: typeof part; quizzes: typeof part }> = new Map()
    const told: [what: string, id: string, person: string, reason: string | null][] = []
    const doings: Doings = { attended: async () => attended, completed: async () => completed }
    const door = await aDoor({
      db,
      contracts: certificateRoutes,
      handlers: certificateHandlers(
        doings,
        async (_tx, what, _spoc, { id, person, revokeReason }) => void told.push([what, id, person, revokeReason]),
      ) as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc(10)
    const awa = await aMember('Awa', 'learner', 'Nord')
    const louis = await aMember('Louis', 'learner', 'Sud')
    const odile = await aMember('Odile', 'observer', 'Sud')
    attended.set(awa.person, { minutes: 145, planned: 150, from: '2026-06-02', to: '2026-06-09' })
    completed.set(awa.person, { required: whole, quizzes: part })
    const at = `/api/spocs/${spoc}/certificates`
    const issue = (person: string, kind = 'realisation', language = 'fr') => owner.post<Certificate>(at, { person, kind, language })
    const list = async (who: Browser) => {
      const said = await who.get<CertificatePage>(at)
      if (!said.ok) throw new Error(said.code)
      return said.value
    }
    return { db, door, spoc, owner, awa, louis, odile, at, issue, list, told }
  }

  it('[C3, C4, C7] is issued once, by an owner, to who did hours; others never see it', async () => {
    const { door, spoc, owner, awa, louis, odile, at, issue, list } = await aCourse()
    expect(await issue(awa.person)).toMatchObject({ code: 'certificate/no-body' })
    expect(await awa.ask('PUT', `/api/spocs/${spoc}/training-body`, body)).toMatchObject({ code: 'http/not-allowed' })
    expect((await owner.ask('PUT', `/api/spocs/${spoc}/training-body`, body)).ok).toBe(true)
    expect(await issue(louis.person)).toMatchObject({ code: 'certificate/no-hours' })
    expect(await issue(owner.person)).toMatchObject({ code: 'certificate/not-learner' })
    expect((await list(owner)).learners.find(({ person }) => person === awa.person)?.ready).toEqual(['realisation', 'success'])
    const [one, two] = await Promise.all([issue(awa.person), issue(awa.person)])
    expect([one.ok, two.ok].sort()).toEqual([false, true])
    expect((await list(awa)).certificates).toMatchObject([{ person: awa.person, kind: 'realisation', minutes: 145 }])
    expect(await list(awa)).toMatchObject({ body: null, rule: usualRule, learners: [{ name: 'Awa', missing: [] }] })
    expect((await list(awa)).learners).toHaveLength(1)
    expect(await list(odile)).toMatchObject({ body: null, learners: [] })
    for (const other of [louis, odile]) expect((await list(other)).certificates).toEqual([])
    const id = (await list(awa)).certificates[0]?.id ?? ''
    expect(id).toMatch(/^[A-Za-z0-9_-]{22}$/)
    const paper = await awa.fetch(`${at}/${id}/pdf`)
    expect(paper.headers.get('content-type')).toBe('application/pdf')
    const bytes = Buffer.from(await paper.arrayBuffer()).toString('latin1')
    expect(bytes.startsWith('%PDF-1.7')).toBe(true)
    expect(bytes).toContain('/Marked true')
    expect(bytes.match(/\/Type \/Page\b/g)).toHaveLength(1)
    for (const other of [louis, odile]) expect(await other.get(`${at}/${id}/pdf`)).toMatchObject({ code: 'http/not-found' })
    expect(await door.aBrowser().get(`${at}/${id}/pdf`)).toMatchObject({ code: 'http/signed-out' })
  })

  it('[C2] follows the rule of its owner, and keeps the one it was issued under', async () => {
    const { db, spoc, owner, awa, issue, list } = await aCourse()
    const rule = `/api/spocs/${spoc}/success-rule`
    await owner.ask('PUT', `/api/spocs/${spoc}/training-body`, body)
    expect(await awa.ask('PUT', rule, usualRule)).toMatchObject({ code: 'http/not-allowed' })
    expect(await owner.ask('PUT', rule, { share: 0, required: false, quizzes: false })).toMatchObject({ code: 'certificate/empty-rule' })
    expect((await owner.ask('PUT', rule, { share: 0, required: true, quizzes: true })).ok).toBe(true)
    expect((await list(awa)).learners[0]?.missing).toEqual(['quizzes'])
    expect(await issue(awa.person, 'success')).toMatchObject({ code: 'certificate/rule-not-met' })
    await owner.ask('PUT', rule, { share: 0, required: true, quizzes: false })
    expect((await issue(awa.person, 'success')).ok).toBe(true)
    await owner.ask('PUT', rule, usualRule)
    const [row] = await db.read((tx) => tx.select().from(certificates))
    expect(row && wordsOf(row).lines.at(-1)).toBe('Règle appliquée : toutes les activités obligatoires faites (6 sur 6).')
  })

  it('[C2, C5, C6] its check page says valid, then revoked; an altered code is unknown', async () => {
    const { db, door, spoc, owner, awa, louis, at, issue, told } = await aCourse()
    const recent = async (who: Browser) => {
      const said = await who.get<RecentCertificate[]>('/api/certificates')
      return said.ok ? said.value : said.code
    }
    await owner.ask('PUT', `/api/spocs/${spoc}/training-body`, body)
    const made = await issue(awa.person, 'success', 'en')
    if (!made.ok) throw new Error(made.code)
    const { id } = made.value
    // On Today of whose it is and of whose course it is, and of nobody else.
    expect(await recent(awa)).toMatchObject([{ id, spoc, kind: 'success', name: 'Awa', own: true }])
    expect(await recent(owner)).toMatchObject([{ id, name: 'Awa', own: false }])
    expect(await recent(louis)).toEqual([])
    const anybody = door.aBrowser()
    const valid = await anybody.get(`/api/checks/${id}`)
    expect(valid).toMatchObject({
      value: {
        state: 'valid',
        kind: 'success',
        name: 'Awa',
        course: 'Concevoir un SPOC',
        from: '2026-06-02',
        to: '2026-06-09',
        minutes: 145,
      },
    })
    expect(JSON.stringify(valid)).not.toMatch(/@|"Nord"|organisation/)
    const altered = (id.startsWith('A') ? 'B' : 'A') + id.slice(1)
    expect(await anybody.get(`/api/checks/${altered}`)).toMatchObject({ ok: true, value: { state: 'unknown' } })
    expect(await anybody.get('/api/checks/short')).toMatchObject({ code: 'http/not-found' })
    const [row] = await db.read((tx) => tx.select().from(certificates))
    if (!row) throw new Error('not kept')
    expect(wordsOf(row).lines.join('\n')).toContain(
      'present during at least 80% of the planned time (145 minutes of 150); every required activity done (6 of 6)',
    )
    expect(wordsOf({ ...row, kind: 'realisation', language: 'fr' }).lines.join('\n')).toContain('durée effectivement réalisée de 2 h 25')

    expect(await awa.post(`${at}/${id}/revoke`, { reason: 'Moi' })).toMatchObject({ code: 'http/not-allowed' })
    expect((await owner.post(`${at}/${id}/revoke`, { reason: 'Erreur de nom' })).ok).toBe(true)
    expect(await owner.post(`${at}/${id}/revoke`, { reason: 'Encore' })).toMatchObject({ code: 'certificate/revoked' })
    const revoked = await anybody.get(`/api/checks/${id}`)
    expect(revoked).toMatchObject({ value: { state: 'revoked' } })
    for (const who of [awa, owner]) expect(await recent(who)).toEqual([])
    // What was refused is told to nobody.
    expect(told).toEqual([
      ['certificate-issued', id, awa.person, null],
      ['certificate-revoked', id, awa.person, 'Erreur de nom'],
    ])
    expect(JSON.stringify(revoked)).not.toContain('Erreur de nom')
    expect((await issue(awa.person, 'success')).ok).toBe(true)
  })
})
