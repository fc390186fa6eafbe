import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { migrations } from '#server/db/migrate.ts'
import { openMemoryDb } from '#server/db/open.ts'

it('objectives of before get an identity, and what named them by their words names them by it', async () => {
  const db = await openMemoryDb()
  const run = (text: string) => db.transaction(async (tx) => void (await tx.execute(sql.raw(text))))
  const at = migrations.findIndex(({ name }) => name.endsWith('_evidence'))
  for (const { text } of migrations.slice(0, at)) for (const one of text.split('--> statement-breakpoint')) await run(one)
  await run(`insert into person (id, name, email, created_at, updated_at) values ('p', 'Awa', 'awa@x.fr', now(), now())`)
  for (const spoc of ['s1', 's2'])
    await run(
      `insert into spocs (id, title, audience, capacity, language, zone, outcome, created, objectives)
       values ('${spoc}', 'Un', 'intra', 5, 'fr', 'Europe/Paris', 'certify', now(), array['Cadrer', 'Animer, "mieux"'])`,
    )
  await run(
    `insert into activities (id, spoc, position, kind, title, axes, detail, created, objectives)
     values ('a', 's1', 1, 'self-assessment', 'Avant', '{}', '{}', now(), array['Animer, "mieux"', 'Un de jadis'])`,
  )
  await run(
    `insert into ratings (activity, person, objective, level, at) values ('a', 'p', 'Animer, "mieux"', 'alone', now()), ('a', 'p', 'Un de jadis', 'alone', now())`,
  )
  for (const { text } of migrations.slice(at)) for (const one of text.split('--> statement-breakpoint')) await run(one)
  const rows = async <R extends Record<string, unknown>>(text: string) => (await db.read((tx) => tx.execute<R>(sql.raw(text)))).rows
  const courses = await rows<{ objectives: { id: string; text: string }[] }>('select objectives from spocs order by id')
  expect(courses.map(({ objectives }) => objectives.map(({ text }) => text))).toEqual([
    ['Cadrer', 'Animer, "mieux"'],
    ['Cadrer', 'Animer, "mieux"'],
  ])
  const ids = courses.flatMap(({ objectives }) => objectives.map(({ id }) => id))
  expect(new Set(ids).size).toBe(4)
  for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{16,64}$/)
  expect(await rows('select objectives from activities')).toEqual([{ objectives: [ids[1]] }])
  expect(
    (await rows<{ objective: string }>('select objective from ratings order by objective')).map(({ objective }) => objective).sort(),
  ).toEqual([ids[1] ?? '', 'Un de jadis'].sort())
  await db.close()
}, 60_000)
