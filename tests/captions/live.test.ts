import { expect, it } from 'vitest'
import type { CaptionLine, CaptionsView } from '#shared/captions/wire.ts'
import { phrasesAMinute } from '#shared/captions/rules.ts'
import { captionsVersion, parseCaptions } from '#shared/replay/captions.ts'
import type { RecordingPage } from '#shared/recording/wire.ts'
import type { ReplayPage } from '#shared/replay/wire.ts'
import { newId } from '#server/db/ids.ts'
import { eraseSaid } from '#server/live/erase.store.ts'
import { readLog } from '#server/live/log.ts'
import { aFilm, sendChunk } from '#tests/recording/film.ts'
import { aClassroom, type Member, type Participant } from '#tests/support/classroom.ts'

const view = (who: Participant) => who.view<CaptionsView>('captions')
const texts = (who: Participant) => view(who)?.lines.map(({ text }) => text)

async function aLesson() {
  const classroom = await aClassroom()
  const { aMember, room, base } = classroom
  const claire = await aMember('Claire', 'trainer')
  const awa = await aMember('Awa', 'learner')
  const louis = await aMember('Louis', 'learner')
  const olga = await aMember('Olga', 'observer')
  const zoe = await aMember('Zoe', null)
  const captions = `/api/rooms/${room}/captions`
  const page = async (who: Member, before?: number) => {
    const reply = await who.fetch('GET', `${captions}/lines${before === undefined ? '' : `?before=${before}`}`)
    return { status: reply.status, ...((await reply.json()) as { value?: { lines: CaptionLine[]; more: boolean } }) }
  }
  const file = async (who: Member) => {
    const reply = await who.fetch('GET', captions)
    return { status: reply.status, type: reply.headers.get('content-type'), text: await reply.text() }
  }
  /** A transcription service: no cookie, a secret, and this server's address. */
  const aTranscriber = (secret: string) => async (phrase: object) => {
    const reply = await fetch(base + captions, {
      method: 'POST',
      headers: { origin: base, 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify(phrase),
    })
    return { status: reply.status, ...((await reply.json()) as { ok: boolean; code?: string }) }
  }
  const admit = async (who: Member) => {
    const reply = await who.fetch('POST', `/api/rooms/${room}/transcriber`)
    return { status: reply.status, ...((await reply.json()) as { code?: string; value?: { secret: string } }) }
  }
  return { ...classroom, claire, awa, louis, olga, zoe, page, file, aTranscriber, admit }
}

it('[K1] [K2] what Awa says is written for all once she has switched it on, and no longer when she leaves; who comes late finds it', async () => {
  const { enter, claire, awa, olga, clock, page, zoe } = await aLesson()
  const [c, a] = [await enter(claire), await enter(awa)]
  expect(await a.send('captions:say', { from: clock.now(), text: 'Secret' })).toMatchObject({ code: 'captions/not-on' })
  a.whisper('captions:saying', { text: 'Bonj' })
  expect(await a.send('captions:begin', { language: 'fr-FR' })).toMatchObject({ ok: true })
  await expect.poll(() => view(c)?.own).toEqual([awa.id])
  a.whisper('captions:saying', { text: 'Bonjour à' })
  await expect.poll(() => c.whispers).toContainEqual({ name: 'captions:saying', from: a.seat, payload: { text: 'Bonjour à' } })
  expect(await a.send('captions:say', { from: clock.now() - 2000, text: 'Bonjour à tous' })).toMatchObject({ ok: true })
  await expect.poll(() => texts(c)).toEqual(['Bonjour à tous'])
  expect(c.heard('Secret')).toBe(false)

  // Late, and in the pages of what was said; a stranger finds nothing.
  const o = await enter(olga)
  expect(texts(o)).toEqual(['Bonjour à tous'])
  expect((await page(olga)).value).toMatchObject({ lines: [{ person: awa.id, by: 'self', text: 'Bonjour à tous' }], more: false })
  expect((await page(zoe)).status).toBe(404)
  expect(await o.send('captions:begin', { language: 'fr-FR' })).toMatchObject({ code: 'live/not-allowed' })

  await a.ask('live:leave', {}).catch(() => undefined)
  await expect.poll(() => view(c)?.own).toEqual([])
})

it('[K3] [K5] [K6] Olga is named and writes for all; taken back, not one more line of hers is shown', async () => {
  const { enter, claire, awa, louis, olga, clock } = await aLesson()
  const [c, a, l, o] = [await enter(claire), await enter(awa), await enter(louis), await enter(olga)]
  const write = (text: string, speaker: string | null = claire.id) => o.send('captions:write', { from: clock.now(), speaker, text })
  expect(await write('Trop tôt')).toMatchObject({ code: 'captions/not-captioner' })
  for (const who of [a, o]) expect(await who.send('captions:name', { person: olga.id })).toMatchObject({ code: 'live/not-allowed' })
  expect(await c.send('captions:name', { person: olga.id })).toMatchObject({ ok: true })
  await expect.poll(() => view(l)?.captioner).toEqual({ person: olga.id, here: true })
  expect(await write('Bonjour tout le mode')).toMatchObject({ ok: true })
  await expect.poll(() => view(l)?.lines).toMatchObject([{ person: claire.id, by: 'captioner', text: 'Bonjour tout le mode' }])
  const line = view(l)?.lines[0]?.seq
  for (const who of [l, c]) expect(await who.send('captions:correct', { line, text: 'Volé' })).toMatchObject({ code: 'captions/not-yours' })
  expect(await o.send('captions:correct', { line, text: 'Bonjour tout le monde' })).toMatchObject({ ok: true })
  await expect.poll(() => texts(l)).toEqual(['Bonjour tout le monde'])

  expect(await c.send('captions:name', { person: null })).toMatchObject({ ok: true })
  expect(await write('Encore moi')).toMatchObject({ code: 'captions/not-captioner' })
  expect(await o.send('captions:correct', { line, text: '' })).toMatchObject({ ok: true })
  expect([l.heard('Encore moi'), l.heard('Trop tôt'), l.heard('Volé')]).toEqual([false, false, false])
})

it('[K4] what is late, long, of two lines or too much is refused, and the others are not disturbed', async () => {
  const { enter, claire, awa, louis, clock } = await aLesson()
  const [c, a, l] = [await enter(claire), await enter(awa), await enter(louis)]
  for (const who of [a, l]) await who.send('captions:begin', { language: 'fr-FR' })
  const say = (text: string, from = clock.now(), who = a) => who.send('captions:say', { from, text })
  expect(await say('Vieux', clock.now() - 61_000)).toMatchObject({ code: 'captions/too-late' })
  expect(await say('Futur', clock.now() + 61_000)).toMatchObject({ code: 'captions/too-late' })
  for (const text of ['', '   ', 'x'.repeat(301), 'a\nb', 'a\0b', 'a\u202eb'])
    expect(await say(text)).toMatchObject({ code: 'live/bad-request' })
  for (const language of ['', 'français', 'fr_FR', '<b>', 'x'.repeat(40)])
    expect(await a.send('captions:begin', { language })).toMatchObject({ code: 'live/bad-request' })
  const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => say(`Phrase ${i}`)))
  expect(answers.filter(({ ok }) => ok)).toHaveLength(phrasesAMinute.person)
  expect(new Set(answers.flatMap((one) => (one.ok ? [] : [one.code])))).toEqual(new Set(['captions/too-many']))
  expect(await say('<script>', clock.now(), l)).toMatchObject({ ok: true })
  await expect.poll(() => texts(c)?.at(-1)).toBe('<script>')
  // What is being said is told at most six times a second.
  for (let i = 0; i < 60; i++) l.whisper('captions:saying', { text: `mot ${i}` })
  await l.ask('live:clock', {})
  await expect.poll(() => c.whispers.length).toBeGreaterThan(0)
  expect(c.whispers.length).toBeLessThanOrEqual(6)
  expect([c.bye, l.bye]).toEqual([undefined, undefined])
})

it('[K1] a transcription service sends phrases over HTTP for as long as those who lead let it in; all are told', async () => {
  const { enter, claire, awa, louis, olga, zoe, admit, aTranscriber, clock, room, session, db } = await aLesson()
  const [c, a] = [await enter(claire), await enter(awa)]
  for (const who of [awa, olga]) expect(await admit(who)).toMatchObject({ status: 403 })
  expect(await admit(zoe)).toMatchObject({ status: 404 })
  const phrase = { from: clock.now() - 1500, speaker: awa.id, language: 'fr', text: 'Je voudrais ajouter' }
  expect(await aTranscriber('x'.repeat(22))(phrase)).toMatchObject({ status: 409, code: 'captions/no-service' })
  const first = (await admit(claire)).value?.secret ?? ''
  await expect.poll(() => view(a)?.service).toBe(true)
  const transcriber = aTranscriber(first)
  expect(await transcriber(phrase)).toMatchObject({ status: 200 })
  expect(await transcriber(phrase)).toMatchObject({ status: 200 })
  await expect.poll(() => view(c)?.lines).toMatchObject([{ person: awa.id, by: 'service', language: 'fr', text: 'Je voudrais ajouter' }])
  expect(await transcriber({ ...phrase, speaker: zoe.id, text: 'x' })).toMatchObject({ code: 'captions/not-here' })
  expect(await transcriber({ ...phrase, from: clock.now() - 90_000, text: 'x' })).toMatchObject({ code: 'captions/too-late' })
  for (const bad of [{}, { ...phrase, text: 'x'.repeat(301) }, { ...phrase, room }, { ...phrase, text: 5 }])
    expect(await transcriber(bad)).toMatchObject({ status: 400 })

  // The secret is nowhere but with who was given it, and another one ends it.
  const log = JSON.stringify((await db.read((tx) => readLog(tx, room, 0))).happenings)
  expect([log.includes(first), a.heard(first), c.heard(first)]).toEqual([false, false, false])
  const second = (await admit(claire)).value?.secret ?? ''
  expect(await transcriber({ ...phrase, text: 'x' })).toMatchObject({ code: 'captions/no-service' })
  expect(await aTranscriber(second)({ ...phrase, speaker: null, text: 'Oui' })).toMatchObject({ status: 200 })
  // A cookie opens nothing here, and a secret nothing else.
  expect((await louis.fetch('POST', `/api/rooms/${room}/captions`, phrase)).status).toBe(409)
  const flood = await Promise.all(Array.from({ length: 130 }, (_, i) => aTranscriber(second)({ ...phrase, text: `Phrase ${i}` })))
  expect(flood.filter(({ ok }) => ok).length).toBeLessThan(phrasesAMinute.service)
  expect(new Set(flood.flatMap((one) => one.code ?? []))).toEqual(new Set(['captions/too-many']))
  clock.forward(61_000)
  expect((await awa.fetch('DELETE', `/api/rooms/${room}/transcriber`)).status).toBe(403)
  expect((await claire.fetch('DELETE', `/api/rooms/${room}/transcriber`)).status).toBe(200)
  await expect.poll(() => view(a)?.service).toBe(false)
  expect(await aTranscriber(second)({ ...phrase, from: clock.now(), text: 'x' })).toMatchObject({ code: 'captions/no-service' })

  const third = (await admit(claire)).value?.secret ?? ''
  await c.send('session:start', {})
  expect((await claire.fetch('POST', `/api/sessions/${session}/end`)).status).toBe(200)
  expect(await aTranscriber(third)({ ...phrase, from: clock.now(), text: 'x' })).toMatchObject({ code: 'captions/no-service' })
  expect(await admit(claire)).toMatchObject({ code: 'live/closed' })
})

it('after the session it is a WebVTT file for the team, and for learners once the replay may be watched; it is the first draft of the film’s captions', async () => {
  const room = await aLesson()
  const { enter, claire, awa, louis, olga, zoe, clock, file, page, db } = room
  const [c, a, o] = [await enter(claire), await enter(awa), await enter(olga)]
  // The lesson begins at one instant, and lasts as long as is said here.
  clock.hold()
  await c.send('captions:name', { person: olga.id })
  await a.send('captions:begin', { language: 'fr-FR' })
  await c.send('session:start', {})
  const began = clock.now()
  clock.forward(30_000)
  await o.send('captions:write', { from: clock.now() - 3000, speaker: claire.id, text: 'On commence --> ici & <b>là</b>' })
  expect(await file(louis)).toMatchObject({ status: 404 })

  const part = newId()
  const film = await aFilm(6)
  await c.send('recording:start', { part })
  const start = clock.now()
  clock.forward(4000)
  await a.send('captions:say', { from: clock.now() - 2000, text: 'Bonjour' })
  clock.forward(2000)
  for (const [seq, bytes] of film.entries()) {
    const media = ((seq + 1) * 6000) / film.length
    expect((await sendChunk(room, claire, part, seq, bytes, media, start + media)).status).toBe(200)
  }
  await c.send('recording:stop', {})
  clock.forward(10_000)
  await o.send('captions:write', { from: clock.now(), speaker: null, text: 'Au revoir' })
  expect((await claire.fetch('POST', `/api/sessions/${room.session}/end`)).status).toBe(200)

  const cuesOf = (text: string) => {
    const read = parseCaptions(text)
    return read.ok ? read.value.map((cue) => [cue.from, cue.text]) : read.code
  }
  const kept = await file(claire)
  expect([kept.status, kept.type]).toEqual([200, 'text/vtt; charset=utf-8'])
  expect(kept.text.startsWith('WEBVTT\n\n00:00:27.000 --> 00:00:30.000\n')).toBe(true)
  expect(cuesOf(kept.text)).toEqual([
    [27_000, 'Claire : On commence --> ici & <b>là</b>'],
    [start - began + 2000, 'Awa : Bonjour'],
    [start - began + 16_000, 'Au revoir'],
  ])
  for (const who of [louis, olga]) {
    expect((await file(who)).status).toBe(404)
    expect((await page(who)).status).toBe(404)
  }

  await claire.fetch('POST', `/api/rooms/${room.room}/recording/${part}/finish`, { chunks: film.length })
  const standing = async () =>
    ((await (await louis.fetch('GET', `/api/rooms/${room.room}/recording`)).json()) as { value: RecordingPage }).value.state
  await expect.poll(standing, { timeout: 30_000 }).toBe('ready')
  expect((await file(louis)).status).toBe(200)
  expect((await file(zoe)).status).toBe(404)
  const replayed = async (who: Member) => {
    const replay = (await (await who.fetch('GET', `/api/rooms/${room.room}/replay`)).json()) as { value: ReplayPage }
    const reply = await who.fetch('GET', `/api/rooms/${room.room}/replay/captions`)
    return { captioned: replay.value.captioned, version: reply.headers.get(captionsVersion), cues: cuesOf(await reply.text()) }
  }
  // Only what is said in the film, at its place; it has no version, so that who writes them first is not told of somebody else's.
  expect(await replayed(louis)).toEqual({ captioned: true, version: null, cues: [[2000, 'Awa : Bonjour']] })
  const written = await fetch(`${room.base}/api/rooms/${room.room}/replay/captions`, {
    method: 'PUT',
    headers: { origin: room.base, cookie: claire.cookie, 'content-type': 'text/vtt' },
    body: 'WEBVTT\n\n00:01.000 --> 00:02.000\nBonjour, dit Awa\n',
  })
  expect(written.status).toBe(200)
  expect(await replayed(louis)).toMatchObject({ version: expect.any(String) as string, cues: [[1000, 'Bonjour, dit Awa']] })

  // Erased, what Awa said is in neither; what Olga wrote down stays.
  await db.transaction((tx) => eraseSaid(tx, awa.id))
  expect(cuesOf((await file(claire)).text)).toEqual([
    [27_000, 'Claire : On commence --> ici & <b>là</b>'],
    [start - began + 16_000, 'Au revoir'],
  ])
})

it('[K10] what is said in a sub-group is read by who is in it alone, and is nowhere afterwards', async () => {
  const { enter, claire, awa, louis, clock, page, file, aMember } = await aLesson()
  const marc = await aMember('Marc', 'learner')
  const [c, a, l, m] = [await enter(claire), await enter(awa), await enter(louis), await enter(marc)]
  const say = (text: string) => a.send('captions:say', { from: clock.now(), text })
  await a.send('captions:begin', { language: 'fr-FR' })
  await say('Bonjour à tous')
  const [one, two] = [newId(), newId()]
  await c.send('groups:open', {
    groups: [
      { group: one, name: null, people: [awa.id, louis.id] },
      { group: two, name: null, people: [marc.id] },
    ],
  })
  await expect.poll(() => texts(l)).toEqual([])
  a.whisper('captions:saying', { text: 'Entre no' })
  expect(await say('Entre nous')).toMatchObject({ ok: true })
  await expect.poll(() => texts(l)).toEqual(['Entre nous'])
  await expect.poll(() => l.whispers.some(({ name }) => name === 'captions:saying')).toBe(true)
  // The trainer reads it once she is there, and the plenary again once she is back.
  await c.send('groups:visit', { group: one })
  await expect.poll(() => texts(c)).toEqual(['Entre nous'])
  expect(await say('Claire est là')).toMatchObject({ ok: true })
  await expect.poll(() => texts(c)).toEqual(['Entre nous', 'Claire est là'])
  await c.send('groups:close', { after: 0 })
  await say('De retour')
  for (const seat of [c, a, l, m]) await expect.poll(() => texts(seat)).toEqual(['Bonjour à tous', 'De retour'])
  expect([m.heard('Entre n'), m.heard('Claire est')]).toEqual([false, false])
  expect(m.whispers.filter(({ name }) => name === 'captions:saying')).toEqual([])
  expect((await page(awa)).value?.lines.map(({ text }) => text)).toEqual(['Bonjour à tous', 'De retour'])
  expect((await file(claire)).text).not.toContain('Entre nous')
})
