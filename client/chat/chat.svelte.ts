import { api } from '#client/http.ts'
import { newId } from '#client/live/identity.ts'
import type { RoomPort } from '#client/live/port.ts'
import { mayWrite, whyNotWithdraw } from '#shared/chat/rules.ts'
import type { ChatView, Message } from '#shared/chat/wire.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Refusal } from '#shared/wire.ts'

/** A message of mine that the server has not taken yet. */
export interface Unsent {
  id: string
  text: string
  at: number
  /** Why the last try was refused; it is kept, and can be sent again or dropped. */
  refusal?: Refusal
}

const refreshEvery = 20_000
const typingShown = 4_000
const typingSaid = 2_000

/** Newest last; two of the same millisecond in the order of their identities, as the server has them. */
const inOrder = (a: Message, b: Message) => a.at - b.at || (a.id < b.id ? -1 : 1)

/**
 * The thread of a SPOC as this page has it: pages over HTTP, and inside a room what is said there, live. The same messages,
 * wherever they are read.
 */
export class Chat {
  readonly spoc: string
  readonly me: { person: string; role: Role }
  readonly room: RoomPort | undefined
  /** Why the pages could not be read. */
  refusal = $state<Refusal>()
  /** Older messages remain to be asked for. */
  more = $state(false)
  loaded = $state(false)
  typing = $state.raw<readonly string[]>([])
  /** The newest message seen, for the divider and the count. */
  seen = $state<string>()
  #pages = $state.raw<ReadonlyMap<string, Message>>(new Map())
  #outbox = $state.raw<readonly Unsent[]>([])
  #refused = $state.raw<readonly Unsent[]>([])
  #now: () => number
  readonly #apart: boolean
  #typingUntil = new Map<string, number>()
  #saidTyping = 0

  /** `apart`: the words of a call stay in its room; they belong to no course page. */
  constructor(
    spoc: string,
    me: { person: string; role: Role },
    room?: RoomPort,
    now: () => number = () => room?.now() ?? Date.now(),
    apart = false,
  ) {
    this.#apart = apart
    if (apart) this.loaded = true
    this.spoc = spoc
    this.me = me
    this.room = room
    this.#now = now
    this.seen = remembered(this.#seenKey)
  }

  readonly messages: readonly Message[] = $derived.by(() => {
    const all = new Map(this.#pages)
    for (const message of this.room?.view<ChatView>('chat')?.messages ?? []) all.set(message.id, message)
    return [...all.values()].sort(inOrder)
  })
  /** What waits to be sent, in order: kept by the room's own queue, or by this page. */
  readonly unsent: readonly Unsent[] = $derived.by(() => {
    const there = new Set(this.messages.map((m) => m.id))
    const waits = (this.room?.waiting ?? []).flatMap((w) => {
      if (w.name !== 'chat:say') return []
      const { message, text } = w.payload as { message: string; text: string }
      return [{ id: message, text, at: w.at }]
    })
    return [...this.#refused, ...this.#outbox, ...waits].filter((m) => !there.has(m.id)).sort((a, b) => a.at - b.at)
  })
  readonly mayWrite = $derived.by(() => mayWrite(this.room?.me ?? this.me))
  /** Messages of others after the newest seen. */
  readonly unread = $derived.by(() => {
    const from = this.messages.findIndex((m) => m.id === this.seen)
    return this.messages.slice(from + 1).filter((m) => m.person !== this.me.person).length
  })

  get #seenKey() {
    return `cercle.seen.${this.#apart ? this.room?.room : this.spoc}.${this.me.person}`
  }

  /** Everything up to the newest message was in sight. */
  markSeen() {
    const newest = this.messages.at(-1)?.id
    if (newest === undefined || newest === this.seen) return
    this.seen = newest
    remember(this.#seenKey, newest)
  }

  /** Begins to follow the thread; gives back how to stop. */
  start(): () => void {
    const again = () => {
      if (document.visibilityState !== 'visible') return
      void this.refresh()
      this.#retry()
    }
    void this.refresh()
    // A room tells what is new by itself; a course page asks now and then.
    const beat = this.room ? undefined : setInterval(again, refreshEvery)
    document.addEventListener('visibilitychange', again)
    addEventListener('online', again)
    const fade = setInterval(() => this.#fadeTyping(), 1_000)
    const deaf = this.room?.hear('chat:typing', (_, from) => this.#heardTyping(from))
    return () => {
      clearInterval(beat)
      clearInterval(fade)
      document.removeEventListener('visibilitychange', again)
      removeEventListener('online', again)
      deaf?.()
    }
  }

  /** Asks for the newest page and puts it with what is there; when messages lie between, the older ones are let go and can be asked for again. */
  refresh = async () => {
    if (this.#apart) return
    const result = await api('GET /api/spocs/:spoc/messages', { params: { spoc: this.spoc }, query: {} })
    this.refusal = result.ok ? undefined : result.code
    if (!result.ok) return
    const page = result.value
    const gap = page.more && !page.messages.some((m) => this.#pages.has(m.id))
    if (gap || !this.loaded) this.more = page.more
    this.#pages = new Map([...(gap ? [] : this.#pages), ...page.messages.map((m) => [m.id, m] as const)])
    this.loaded = true
  }

  older = async () => {
    const oldest = [...this.#pages.values()].sort(inOrder)[0]
    const result = await api('GET /api/spocs/:spoc/messages', { params: { spoc: this.spoc }, query: oldest ? { before: oldest.id } : {} })
    this.refusal = result.ok ? undefined : result.code
    if (!result.ok) return
    this.more = result.value.more
    this.#pages = new Map([...result.value.messages.map((m) => [m.id, m] as const), ...this.#pages])
  }

  /** Says it: in the room when there is one, else on the course page. What cannot leave now waits in sight. */
  say(text: string): Promise<void> {
    const message = { id: newId(), text: text.trim(), at: this.#now() }
    if (message.text === '') return Promise.resolve()
    this.#saidTyping = 0
    return this.#deliver(message)
  }

  /** Sends a refused or waiting message again now. */
  again = (message: Unsent) => {
    this.drop(message)
    return this.#deliver({ id: message.id, text: message.text, at: message.at })
  }

  drop = (message: Unsent) => {
    this.#refused = this.#refused.filter((m) => m.id !== message.id)
    this.#outbox = this.#outbox.filter((m) => m.id !== message.id)
  }

  async #deliver(message: Unsent): Promise<void> {
    if (this.room) {
      const result = await this.room.send('chat:say', { message: message.id, text: message.text })
      // Said already means that an earlier try went through.
      if (!result.ok && result.code !== 'chat/already-said') this.#refused = [...this.#refused, { ...message, refusal: result.code }]
      return
    }
    this.#outbox = [...this.#outbox, message]
    const result = await api('POST /api/spocs/:spoc/messages', {
      params: { spoc: this.spoc },
      body: { message: message.id, text: message.text },
    })
    if (result.ok) {
      this.#pages = new Map(this.#pages).set(result.value.id, result.value)
      this.drop(message)
    } else this.#outbox = this.#outbox.map((m) => (m.id === message.id ? { ...m, refusal: result.code } : m))
  }

  /** C7: whether I may take this message back now. The words of a call stay as they were said. */
  mayWithdraw = (message: Message) =>
    !this.#apart &&
    message.text !== null &&
    whyNotWithdraw({ ...message, withdrawer: null }, this.room?.me ?? this.me, this.#now()) === undefined

  /** Takes a message back, or puts it there again; the rooms hear it by themselves. Gives why not. */
  async withdraw({ id }: Message, back = false): Promise<Refusal | undefined> {
    const params = { spoc: this.spoc, message: id }
    const said = back
      ? await api('POST /api/spocs/:spoc/messages/:message/restore', { params })
      : await api('DELETE /api/spocs/:spoc/messages/:message', { params })
    if (!said.ok) return said.code
    this.#pages = new Map(this.#pages).set(id, said.value)
    return undefined
  }

  /** What could not leave for want of a network is tried again; what was refused waits for its author. */
  #retry() {
    for (const message of this.#outbox) if (message.refusal === 'http/unavailable') void this.again(message)
  }

  /** I am typing: told to the others now and then, not at each key. */
  type() {
    const now = this.#now()
    if (!this.room || now - this.#saidTyping < typingSaid) return
    this.#saidTyping = now
    this.room.whisper('chat:typing', {})
  }

  #heardTyping(seat: string) {
    const who = this.room?.presence.people.find((p) => p.seats.some((s) => s.seat === seat))
    if (!who || who.person === this.me.person) return
    this.#typingUntil.set(who.person, this.#now() + typingShown)
    this.#fadeTyping()
  }

  #fadeTyping() {
    const now = this.#now()
    for (const [person, until] of this.#typingUntil) {
      // Who has just said something is no longer typing it.
      const said = this.messages.findLast((m) => m.person === person)
      if (until <= now || (said && said.at > until - typingShown)) this.#typingUntil.delete(person)
    }
    if (this.typing.join() !== [...this.#typingUntil.keys()].join()) this.typing = [...this.#typingUntil.keys()]
  }
}

function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined
  } catch {
    return undefined
  }
}

function remember(key: string, value: string) {
  try {
    localStorage.setItem(key, value)
  } catch {
    // A browser that keeps nothing shows everything as new next time.
  }
}
