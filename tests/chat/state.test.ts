import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Chat } from '#client/chat/chat.svelte.ts'
import type { Message } from '#shared/chat/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const message = (id: string, at: number, person = 'awa', text: string | null = id): Message => ({ id, person, at, text })

/** The server's side of the thread: pages, and what is posted; `down` is no network. */
let thread: Message[] = []
let down = false
let refusal: { status: number; code: string } | undefined
const pageOf = 3

beforeEach(() => {
  thread = []
  down = false
  refusal = undefined
  vi.stubGlobal('fetch', (address: string, { method, body }: { method: string; body?: string }) => {
    if (down) return Promise.reject(new TypeError('no network'))
    if (refusal) return Promise.resolve(Response.json({ ok: false, code: refusal.code }, { status: refusal.status }))
    if (method === 'POST') {
      const { message: id, text } = JSON.parse(body ?? '{}') as { message: string; text: string }
      if (!thread.some((m) => m.id === id)) thread.push(message(id, 9_000, 'me', text))
      return Promise.resolve(Response.json({ ok: true, value: thread.find((m) => m.id === id) }))
    }
    const before = new URL(address, 'http://x').searchParams.get('before')
    const upTo = before === null ? thread.length : thread.findIndex((m) => m.id === before)
    const page = thread.slice(Math.max(0, upTo - pageOf), upTo)
    return Promise.resolve(Response.json({ ok: true, value: { messages: page, more: upTo > pageOf } }))
  })
})
afterEach(() => vi.unstubAllGlobals())

const ids = (chat: Chat) => chat.messages.map((m) => m.id)
const onCoursePage = () => new Chat('spoc', { person: 'me', role: 'learner' }, undefined, () => 5_000)

describe('on the course page', () => {
  it('shows the newest, then older ones on demand', async () => {
    thread = [1, 2, 3, 4, 5].map((n) => message(`m${n}`, n))
    const chat = onCoursePage()
    await chat.refresh()
    expect([ids(chat), chat.more]).toEqual([['m3', 'm4', 'm5'], true])
    await chat.older()
    expect([ids(chat), chat.more]).toEqual([['m1', 'm2', 'm3', 'm4', 'm5'], false])
    thread.push(message('m6', 6))
    await chat.refresh()
    expect([ids(chat), chat.more]).toEqual([['m1', 'm2', 'm3', 'm4', 'm5', 'm6'], false])
  })

  it('never shows two parts with a hole between them', async () => {
    thread = [1, 2].map((n) => message(`m${n}`, n))
    const chat = onCoursePage()
    await chat.refresh()
    thread.push(...[3, 4, 5, 6, 7].map((n) => message(`m${n}`, n)))
    await chat.refresh()
    expect([ids(chat), chat.more]).toEqual([['m5', 'm6', 'm7'], true])
  })

  it('what cannot leave waits in sight, goes out once when the network is back, and is there once', async () => {
    const chat = onCoursePage()
    down = true
    await chat.say('  Bonjour ')
    expect(chat.unsent).toMatchObject([{ text: 'Bonjour', refusal: 'http/unavailable' }])
    down = false
    const [waiting] = chat.unsent
    if (!waiting) throw new Error('nothing waits')
    await chat.again(waiting)
    await chat.refresh()
    expect([chat.unsent.length, chat.messages.map((m) => m.text), thread.length]).toEqual([0, ['Bonjour'], 1])
  })

  it('a refusal keeps the words until their author drops them', async () => {
    const chat = onCoursePage()
    refusal = { status: 403, code: 'http/not-allowed' }
    await chat.say('Bonjour')
    expect(chat.unsent).toMatchObject([{ text: 'Bonjour', refusal: 'http/not-allowed' }])
    chat.unsent.forEach(chat.drop)
    expect(chat.unsent).toEqual([])
  })

  it('counts what others wrote since it was last seen', async () => {
    thread = [message('m1', 1), message('m2', 2, 'me'), message('m3', 3)]
    const chat = onCoursePage()
    await chat.refresh()
    expect(chat.unread).toBe(2)
    chat.markSeen()
    expect(chat.unread).toBe(0)
    thread.push(message('m4', 4, 'me'), message('m5', 5, 'louis'))
    await chat.refresh()
    expect(chat.unread).toBe(1)
  })
})

describe('in a room', () => {
  it('a message read from a page and heard in the room is there once, in its place', async () => {
    const room = new FakeRoom()
    thread = [message('m1', 1), message('m2', 2)]
    room.views = { chat: { messages: [message('m2', 2), message('m3', 3)] } }
    const chat = new Chat('spoc', room.me, room)
    await chat.refresh()
    expect(ids(chat)).toEqual(['m1', 'm2', 'm3'])
  })

  it('what is said waits in sight until the room has it, and is never shown twice', async () => {
    const room = new FakeRoom()
    const chat = new Chat('spoc', room.me, room)
    void chat.say('Bonjour')
    expect(chat.unsent.map((m) => m.text)).toEqual(['Bonjour'])
    const [waiting] = chat.unsent
    room.views = { chat: { messages: [message(waiting?.id ?? '', 1, 'me', 'Bonjour')] } }
    expect(chat.unsent).toEqual([])
    await room.answer()
    expect([chat.unsent.length, chat.messages.length]).toEqual([0, 1])
  })

  it('a refused one stays with its reason; one that was already said is not a failure', async () => {
    const room = new FakeRoom()
    const chat = new Chat('spoc', room.me, room)
    const refused = chat.say('Un')
    await room.answer({ ok: false, code: 'live/not-allowed' })
    await refused
    const already = chat.say('Deux')
    await room.answer({ ok: false, code: 'chat/already-said' })
    await already
    expect(chat.unsent).toMatchObject([{ text: 'Un', refusal: 'live/not-allowed' }])
  })

  it('tells that I type now and then, and who else does, never myself', () => {
    vi.useFakeTimers()
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }))
    vi.stubGlobal('addEventListener', () => undefined)
    vi.stubGlobal('removeEventListener', () => undefined)
    try {
      const room = new FakeRoom()
      room.seat('me', 'awa', 'louis')
      const chat = new Chat('spoc', room.me, room)
      const stop = chat.start()
      for (let i = 0; i < 5; i++) chat.type()
      expect(room.whispered).toEqual([{ name: 'chat:typing', payload: {} }])
      room.hearFrom('seat-awa', 'chat:typing', {})
      room.hearFrom('seat-me', 'chat:typing', {})
      room.hearFrom('seat-nobody', 'chat:typing', {})
      expect(chat.typing).toEqual(['awa'])
      room.clock += 4_001
      vi.advanceTimersByTime(1_000)
      expect(chat.typing).toEqual([])
      stop()
      room.hearFrom('seat-awa', 'chat:typing', {})
      expect(chat.typing).toEqual([])
    } finally {
      vi.useRealTimers()
    }
  })
})
