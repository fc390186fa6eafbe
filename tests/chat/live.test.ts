import { describe, expect, it } from 'vitest'
import type { ChatView, Message } from '#shared/chat/wire.ts'
import { lessonOf } from '#shared/replay/rules.ts'
import { newId } from '#server/db/ids.ts'
import { readLog } from '#server/live/log.ts'
import { aClassroom, type Participant } from '#tests/support/classroom.ts'

const texts = (who: Participant) => who.view<ChatView>('chat')?.messages.map((m) => m.text)

async function aLesson() {
  const classroom = await aClassroom()
  const [claire, awa, olga, zoe] = await Promise.all([
    classroom.aMember('Claire', 'trainer'),
    classroom.aMember('Awa', 'learner'),
    classroom.aMember('Olga', 'observer'),
    classroom.aMember('Zoe', null),
  ])
  const page = async (who: typeof claire, before?: string) => {
    const reply = await who.fetch('GET', `/api/spocs/${classroom.spoc}/messages${before ? `?before=${before}` : ''}`)
    return { status: reply.status, ...((await reply.json()) as { value?: { messages: Message[]; more: boolean } }) }
  }
  const post = (who: typeof claire, text: string, message = newId()) =>
    who.fetch('POST', `/api/spocs/${classroom.spoc}/messages`, { message, text })
  return { ...classroom, claire, awa, olga, zoe, page, post }
}

describe('one thread, in the room and on the course page', () => {
  it('[C1] what is said in the room is on the course page, once, and who comes later has it', async () => {
    const { enter, claire, awa, olga, page } = await aLesson()
    const [c, a] = await Promise.all([enter(claire), enter(awa)])
    const message = newId()
    expect(await a.send('chat:say', { message, text: '  Bonjour à tous  ' }, 'a'.repeat(22))).toMatchObject({ ok: true })
    expect(await a.send('chat:say', { message, text: '  Bonjour à tous  ' }, 'a'.repeat(22))).toMatchObject({ ok: true })
    expect(await c.send('chat:say', { message, text: 'Le même nom' })).toMatchObject({ code: 'chat/already-said' })
    await c.send('chat:say', { message: newId(), text: 'Bienvenue' })
    for (const who of [c, a]) await expect.poll(() => texts(who)).toEqual(['Bonjour à tous', 'Bienvenue'])
    expect((await page(olga)).value?.messages.map((m) => [m.person, m.text])).toEqual([
      [awa.id, 'Bonjour à tous'],
      [claire.id, 'Bienvenue'],
    ])
    const late = await enter(olga)
    await expect.poll(() => texts(late)).toEqual(['Bonjour à tous', 'Bienvenue'])
  })

  it('[C4] what is written on the course page is heard in the live room, under its author, once', async () => {
    const { enter, claire, awa, post, page } = await aLesson()
    const c = await enter(claire)
    const message = newId()
    expect((await post(awa, 'J’arrive', message)).status).toBe(200)
    expect((await post(awa, 'J’arrive', message)).status).toBe(200)
    await expect
      .poll(() => c.view<ChatView>('chat')?.messages, { timeout: 5_000 })
      .toMatchObject([{ id: message, person: awa.id, text: 'J’arrive' }])
    expect((await page(claire)).value?.messages).toHaveLength(1)
    expect((await post(claire, 'Un autre', message)).status).toBe(409)
  })

  it('[C2] [C4] an observer reads and does not write, nobody speaks for the room, a stranger finds nothing', async () => {
    const { enter, claire, awa, olga, zoe, post, page } = await aLesson()
    const [c, o] = await Promise.all([enter(claire), enter(olga)])
    expect(await o.send('chat:say', { message: newId(), text: 'x' })).toMatchObject({ code: 'live/not-allowed' })
    expect((await post(olga, 'x')).status).toBe(403)
    expect((await post(zoe, 'x')).status).toBe(404)
    expect((await page(zoe)).status).toBe(404)
    for (const who of [c, o])
      expect(await who.send('chat:hear', { id: newId(), person: awa.id, at: 1, text: 'faux' })).toMatchObject({ ok: false })
    expect(await c.send('chat:say', { message: newId(), text: 'x', person: awa.id })).toMatchObject({ code: 'live/bad-request' })
    for (const text of ['', '   ', 'x'.repeat(2001), 'a\0b'])
      expect(await c.send('chat:say', { message: newId(), text })).toMatchObject({ code: 'live/bad-request' })
    expect((await post(claire, 'a\0b')).status).toBe(400)
    expect(await c.send('chat:say', { message: newId(), text: '<script>' })).toMatchObject({ ok: true })
    expect((await page(olga)).value?.messages.map((m) => m.text)).toEqual(['<script>'])
  })

  it('[C3] an identity taken on the course page is refused in the room, and the room goes on', async () => {
    const { enter, claire, awa, post } = await aLesson()
    const message = newId()
    await post(awa, 'la mienne', message)
    const c = await enter(claire)
    const answer = await c.send('chat:say', { message, text: 'volée' })
    expect(answer.ok).toBe(false)
    expect(await c.send('chat:say', { message: newId(), text: 'la suite' })).toMatchObject({ ok: true })
    expect(c.heard('volée')).toBe(false)
  })

  it('typing is told with the seat it came from, and an observer’s is not', async () => {
    const { enter, claire, awa, olga } = await aLesson()
    const [c, a, o] = await Promise.all([enter(claire), enter(awa), enter(olga)])
    o.whisper('chat:typing', {})
    a.whisper('chat:typing', {})
    await expect.poll(() => c.whispers).toEqual([{ name: 'chat:typing', from: a.seat, payload: {} }])
  })

  it('[C7] Awa takes back what she said, Claire what somebody wrote; nobody receives it any more, in the room, on the page, in the replay', async () => {
    const { enter, claire, awa, olga, page, post, spoc, room, clock, db } = await aLesson()
    const [c, a] = await Promise.all([enter(claire), enter(awa)])
    const [slip, other] = [newId(), newId()]
    await a.send('chat:say', { message: slip, text: 'Mot de passe : tulipe' })
    await c.send('chat:say', { message: newId(), text: 'Bienvenue' })
    const at = (message: string) => `/api/spocs/${spoc}/messages/${message}`
    expect((await olga.fetch('DELETE', at(slip))).status).toBe(403)
    expect(await (await awa.fetch('DELETE', at(slip))).json()).toMatchObject({ value: { text: null, withdrawn: true } })
    expect((await awa.fetch('DELETE', at(slip))).status).toBe(200)
    for (const who of [c, a]) await expect.poll(() => texts(who), { timeout: 10_000 }).toEqual([null, 'Bienvenue'])
    const late = await enter(olga)
    await expect.poll(() => texts(late)).toEqual([null, 'Bienvenue'])
    expect(late.heard('tulipe')).toBe(false)
    expect((await page(olga)).value?.messages.map(({ text }) => text)).toEqual([null, 'Bienvenue'])
    const lesson = lessonOf({ id: room, spoc, kind: 'session' }, (await db.read((tx) => readLog(tx, room, 0))).happenings)
    expect(lesson.messages.map(({ text }) => text)).toEqual([null, 'Bienvenue'])

    // What the team withdrew, its author does not put back; after ten minutes a learner withdraws nothing.
    await post(awa, 'Publicité', other)
    expect((await claire.fetch('DELETE', at(other))).status).toBe(200)
    expect(await (await awa.fetch('POST', `${at(other)}/restore`)).json()).toMatchObject({ code: 'chat/not-yours' })
    expect((await awa.fetch('POST', `${at(slip)}/restore`)).status).toBe(200)
    for (const who of [c, a, late]) await expect.poll(() => texts(who)?.[0], { timeout: 10_000 }).toBe('Mot de passe : tulipe')
    await expect.poll(() => texts(late)?.at(-1), { timeout: 10_000 }).toBe(null)
    clock.forward(11 * 60_000)
    expect(await (await awa.fetch('DELETE', at(slip))).json()).toMatchObject({ code: 'chat/too-late' })
    expect((await claire.fetch('DELETE', at(slip))).status).toBe(200)
    expect((await claire.fetch('DELETE', at(newId()))).status).toBe(404)
  })
})
