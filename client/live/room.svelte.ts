import { io, type Socket } from 'socket.io-client'
import { parser } from '#shared/live/parser.ts'
import type { Increment } from '#shared/live/documents.ts'
import type { Bye, Presence, Saved, SeatedPerson, Welcome } from '#shared/live/wire.ts'
import { refuse, type Refused, type Result } from '#shared/result.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { MediaEntrance } from '#shared/video/wire.ts'
import type { Refusal } from '#shared/wire.ts'
import { learnRefusal } from '#client/words/words.svelte.ts'
import { newId } from './identity.ts'
import { forget, keep, listKept } from './kept.ts'
import type { PersonCard, RoomPort, Waiting } from './port.ts'
import { Told } from './told.svelte.ts'

/** What the page already knows of the room before the link opens. */
export interface RoomCard {
  room: string
  spoc: string
  person: string
  role: Role
  people: readonly PersonCard[]
}

interface Options {
  /** The contract this page was built with; the server refuses another. */
  contract: string
  /** How a slice's increments are added to its view, for the slices that grow. */
  growers: Record<string, (view: never, increment: never) => unknown>
  /** A command of an earlier page of mine that was refused once it could be sent. */
  onrefused(command: Waiting, refusal: Refused): void
  /** Somebody is in the room whom this page does not know yet. */
  onstranger(): void
}

/** Refusals that say "not now": the command stays and is sent again. */
const later = new Set<Refusal>(['live/not-saved', 'live/too-many', 'live/not-found', 'http/unavailable'])
const answerTimeout = 10_000

/** Random per page load: a link that comes back within one page is the same seat. */
const epoch = newId()

/**
 * A room as this page has it: one link, the newest view of each slice, who is here, and what waits to be sent. Features see it
 * as a `RoomPort`.
 */
export class Room implements RoomPort {
  readonly room: string
  readonly spoc: string
  me = $state.raw<RoomPort['me']>({ person: '', seat: '', role: 'observer' })
  link = $state<RoomPort['link']>('connecting')
  /** Why it ended, or why it could not begin. */
  ended = $state.raw<Bye | Refusal | undefined>(undefined)
  presence = $state.raw<Presence>({ n: 0, people: [] })
  waiting = $state.raw<readonly Waiting[]>([])
  private readonly views = new Told<{ seq: number; view: unknown }>()
  private readonly own = new Told<{ seq: number; mine: unknown }>()
  private people = $state.raw<ReadonlyMap<string, PersonCard>>(new Map())
  private readonly linkHearers = new Set<(up: boolean) => void>()
  private readonly hearers = new Map<string, Set<(payload: never, from: string) => void>>()
  private readonly answers = new Map<string, (result: Result<Saved>) => void>()
  private readonly options: Options
  private readonly socket: Socket
  private clock = { server: Date.now(), local: performance.now() }
  private sending = false
  /** What an earlier page left has been found: it goes before anything else. */
  private found: Promise<void> = Promise.resolve()
  private retry: ReturnType<typeof setTimeout> | undefined
  private clockTimer: ReturnType<typeof setInterval> | undefined

  constructor(card: RoomCard, options: Options) {
    this.room = card.room
    this.spoc = card.spoc
    this.me = { person: card.person, seat: '', role: card.role }
    this.options = options
    this.know(card.people)
    this.socket = io({
      path: '/live',
      query: { room: card.room },
      auth: { epoch, contract: options.contract },
      transports: ['websocket', 'polling'],
      parser,
      forceNew: true,
      autoConnect: false,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
      timeout: 8000,
    })
    this.hearLink()
  }

  /** Opens the link, and meanwhile finds what an earlier page left unsent: resolves then. */
  open(): Promise<void> {
    this.found = listKept(this.me.person, this.room)
      .catch(() => [])
      .then((left) => {
        const said = new Set(this.waiting.map(({ id }) => id))
        this.waiting = [...left.filter(({ id }) => !said.has(id)), ...this.waiting]
      })
    this.socket.connect()
    return this.found
  }

  /** Leaves the room on purpose: the seat ends at once. */
  async leave(): Promise<void> {
    this.become('ended')
    if (this.socket.connected)
      await this.socket
        .timeout(1500)
        .emitWithAck('live:leave')
        .catch(() => undefined)
    this.close()
  }

  close(): void {
    clearTimeout(this.retry)
    clearInterval(this.clockTimer)
    this.socket.disconnect()
  }

  know(people: readonly PersonCard[]): void {
    this.people = new Map(people.map((one) => [one.id, one]))
  }

  view<V>(slice: string): V | undefined {
    return this.views.get(slice)?.view as V | undefined
  }

  mine<M>(slice: string): M | undefined {
    return (this.own.get(slice)?.mine ?? undefined) as M | undefined
  }

  person(id: string): PersonCard {
    return (
      this.people.get(id) ?? {
        id,
        name: '…',
        initials: '…',
        colour: 0,
        picture: null,
        role: 'learner',
        organisation: null,
        current: true,
        stranger: true,
      }
    )
  }

  now(): number {
    return this.clock.server + (performance.now() - this.clock.local)
  }

  send: RoomPort['send'] = (name, payload) => {
    const command: Waiting = { id: newId(), name, payload, at: this.now() }
    this.waiting = [...this.waiting, command]
    keep(this.me.person, this.room, command).catch(() => undefined)
    return new Promise((answer) => {
      this.answers.set(command.id, answer)
      void this.flush()
    })
  }

  whisper: RoomPort['whisper'] = (name, payload) => {
    if (this.link === 'here') this.socket.emit(name, payload)
  }

  hear: RoomPort['hear'] = (name, fn) => {
    const set = this.hearers.get(name) ?? new Set()
    this.hearers.set(name, set.add(fn as (payload: never, from: string) => void))
    return () => set.delete(fn as (payload: never, from: string) => void)
  }

  /** A request of the link's own (documents): answered now or refused, never kept. */
  async ask(name: string, request: unknown): Promise<Result<unknown>> {
    if (this.link !== 'here') return refuse('http/unavailable')
    try {
      return (await this.socket.timeout(answerTimeout).emitWithAck(name, request)) as Result<unknown>
    } catch {
      return refuse('http/unavailable')
    }
  }

  /** Says whether the link is up: at once, and whenever that changes. Returns a function to stop. */
  linked(fn: (up: boolean) => void): () => void {
    this.linkHearers.add(fn)
    fn(this.link === 'here')
    return () => this.linkHearers.delete(fn)
  }

  /** Once, as soon as the link is up. Returns a function to wait no longer. */
  onceLinked(fn: () => void): () => void {
    const stop = () => this.linkHearers.delete(hear)
    const hear = (up: boolean) => {
      if (!up) return
      stop()
      fn()
    }
    this.linkHearers.add(hear)
    hear(this.link === 'here')
    return stop
  }

  /** Hears the key of this seat to the room's media, which is sent along when the seat is taken. Returns a function to stop. */
  hearKey(fn: (key: MediaEntrance) => void): () => void {
    this.socket.on('media', fn)
    return () => this.socket.off('media', fn)
  }

  private become(link: RoomPort['link']): void {
    const before = this.link
    this.link = link
    if ((before === 'here') !== (link === 'here')) for (const fn of this.linkHearers) fn(link === 'here')
  }

  /** Hears the increments of open documents, whichever. */
  hearDocuments(fn: (document: string, increments: readonly Increment[]) => void): () => void {
    this.socket.on('document', fn)
    return () => this.socket.off('document', fn)
  }

  private hearLink(): void {
    this.socket.on('welcome', (welcome: Welcome) => {
      this.me = { person: welcome.person, seat: welcome.seat, role: welcome.role }
      this.setClock(welcome.now)
      // A new connection starts counting afresh: what follows replaces everything.
      this.views.forEach((entry, slice) => this.views.set(slice, { ...entry, seq: -1 }))
      this.own.forEach((entry, slice) => this.own.set(slice, { ...entry, seq: -1 }))
      this.presence = { ...this.presence, n: -1 }
      this.become('here')
      this.ended = undefined
      void this.measureClock()
      void this.flush()
    })
    this.socket.on('view', (slice: string, seq: number, view: unknown) => {
      const known = this.views.get(slice)
      if (!known || seq >= known.seq) this.views.set(slice, { seq, view })
    })
    this.socket.on('grown', (slice: string, since: number, seq: number, increment: unknown) => {
      const known = this.views.get(slice)
      const grow = this.options.growers[slice]
      if (!known || !grow || known.seq < since) this.socket.emit('live:view', { slice })
      else if (seq > known.seq) this.views.set(slice, { seq, view: grow(known.view as never, increment as never) })
    })
    this.socket.on('mine', (slice: string, seq: number, mine: unknown) => this.takeMine(slice, seq, mine))
    this.socket.on('presence', (presence: Presence) => this.takePresence(presence))
    this.socket.on('presence-change', ({ n, people, gone }: { n: number; people: SeatedPerson[]; gone: string[] }) => {
      if (n <= this.presence.n) return
      if (n > this.presence.n + 1) return void this.socket.emit('live:view', { slice: 'presence' })
      const changed = new Map(people.map((one) => [one.person, one]))
      const stay = this.presence.people.filter(({ person }) => !gone.includes(person)).map((one) => changed.get(one.person) ?? one)
      const known = new Set(stay.map(({ person }) => person))
      this.takePresence({ n, people: [...stay, ...people.filter(({ person }) => !known.has(person))] })
    })
    this.socket.on('role', (role: Role) => (this.me = { ...this.me, role }))
    this.socket.on('whisper', (name: string, whispers: [string, unknown][]) => {
      for (const [from, payload] of whispers) {
        if (from !== this.me.seat) this.hearers.get(name)?.forEach((fn) => fn(payload as never, from))
      }
    })
    this.socket.on('bye', (why: Bye) => {
      // A server that stops comes back, and so does this page.
      if (why !== 'live/stopping') this.end(why)
    })
    this.socket.on('disconnect', (reason) => {
      if (this.link === 'ended') return
      this.become('lost')
      if (reason === 'io server disconnect') this.comeBack()
    })
    this.socket.on('connect_error', (error: Error & { data?: Refused }) => {
      if (this.link === 'ended') return
      const code = error.data?.code
      if (code && code !== 'http/unavailable') this.end(code)
      else {
        if (this.link === 'here') this.become('lost')
        // A refusal in words closes the link for good; anything else the transport tries again by itself.
        if (code) this.comeBack()
      }
    })
  }

  private comeBack(): void {
    clearTimeout(this.retry)
    this.retry = setTimeout(() => this.socket.connect(), 500 + Math.random() * 1500)
  }

  private end(why: Bye | Refusal): void {
    this.ended = why
    this.become('ended')
    this.close()
  }

  private takeMine(slice: string, seq: number, mine: unknown): void {
    const known = this.own.get(slice)
    if (!known || seq >= known.seq) this.own.set(slice, { seq, mine })
  }

  private takePresence(presence: Presence): void {
    this.presence = presence
    if (presence.people.some(({ person }) => !this.people.has(person))) this.options.onstranger()
  }

  /** Sends what waits, in order, one in flight; each is sent again until it is answered. */
  private async flush(): Promise<void> {
    if (this.sending) return
    this.sending = true
    try {
      await this.found
      for (let command = this.waiting[0]; command && this.link === 'here'; command = this.waiting[0]) {
        const answer = await this.deliver(command)
        if (!answer) break
        this.waiting = this.waiting.filter(({ id }) => id !== command?.id)
        forget(this.me.person, this.room, command.id).catch(() => undefined)
        const answered = this.answers.get(command.id)
        this.answers.delete(command.id)
        if (answered) answered(answer)
        else if (!answer.ok) this.options.onrefused(command, answer)
      }
    } finally {
      this.sending = false
    }
  }

  /** One try; undefined when it has to be sent again later. */
  private async deliver({ id, name, payload }: Waiting): Promise<Result<Saved> | undefined> {
    try {
      const answer = (await this.socket.timeout(answerTimeout).emitWithAck(name, id, payload)) as Result<Saved> & { mine?: unknown }
      if (answer.ok) {
        this.takeMine(name.slice(0, name.indexOf(':')), answer.value.seq, answer.mine)
        return { ok: true, value: answer.value }
      }
      if (!later.has(answer.code)) {
        await learnRefusal(answer.code)
        return answer
      }
    } catch {
      // No answer: the link is down or slow. The command is kept and carries its id, so it is applied once.
    }
    clearTimeout(this.retry)
    this.retry = setTimeout(() => (this.socket.connected ? void this.flush() : this.socket.connect()), 1000)
    return undefined
  }

  private setClock(server: number): void {
    this.clock = { server, local: performance.now() }
  }

  /** The server's clock from the quickest of a few exchanges, again each minute: deadlines are read from it, never from this machine's. */
  private async measureClock(): Promise<void> {
    clearInterval(this.clockTimer)
    this.clockTimer = setInterval(() => void this.measureClock(), 60_000)
    let best = Infinity
    for (let i = 0; i < 3 && this.socket.connected; i++) {
      const sent = performance.now()
      const answer = (await this.socket
        .timeout(3000)
        .emitWithAck('live:clock', {})
        .catch(() => undefined)) as { now: number } | undefined
      const took = performance.now() - sent
      if (!answer || took > best) continue
      best = took
      this.setClock(answer.now + took / 2)
    }
  }
}
