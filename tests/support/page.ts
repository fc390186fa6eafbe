import { io, type Socket } from 'socket.io-client'
import { expect } from 'vitest'
import type { Committed } from '#shared/live/documents.ts'
import { parser } from '#shared/live/parser.ts'
import type { Saved, Welcome } from '#shared/live/wire.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'

/** Refusals that mean "not now": the browser keeps what it has and sends it again, in order. */
const later = ['live/too-many', 'live/not-saved', 'document/flooding', 'document/not-saved', 'document/gap']

/** Something a person did: sent until it is answered, always the same. */
export interface Deed {
  name: string
  /** The command's id, the message's or the stroke's. */
  id: string
  send(socket: Socket, reply: (answer: Result<Saved | Committed>) => void): void
  answer?: Result<Saved | Committed>
}

/** The page of a room in a browser: comes back by itself and sends again what was not answered. */
export class Page {
  readonly deeds: Deed[] = []
  readonly seats: string[] = []
  here = false
  sentAgain = 0
  protected readonly socket: Socket

  constructor(server: { base: string; contract: string }, room: string, cookie: string) {
    this.socket = io(server.base, {
      path: '/live',
      query: { room },
      auth: { epoch: newId(), contract: server.contract },
      transports: ['websocket'],
      parser,
      forceNew: true,
      reconnectionDelay: 50,
      reconnectionDelayMax: 200,
      extraHeaders: { cookie, origin: server.base },
    })
    this.socket.on('disconnect', () => (this.here = false))
    this.socket.on('welcome', ({ seat }: Welcome) => {
      this.seats.push(seat)
      void this.come()
    })
  }

  /** What the page does before it sends anything again. */
  protected arrive(): Promise<void> {
    return Promise.resolve()
  }

  private async come() {
    await this.arrive()
    this.here = true
    this.sendAgain()
  }

  private sendAgain() {
    for (const deed of this.unanswered) {
      this.sentAgain++
      this.emit(deed)
    }
  }

  private emit(deed: Deed) {
    if (!this.here) return
    deed.send(this.socket, (answer) => {
      if (!answer.ok && later.includes(answer.code)) setTimeout(() => !deed.answer && this.here && this.sendAgain(), 300)
      else deed.answer ??= answer
    })
  }

  get unanswered() {
    return this.deeds.filter(({ answer }) => !answer)
  }

  protected do(deed: Deed) {
    this.deeds.push(deed)
    this.emit(deed)
    return deed
  }

  command(name: string, payload: unknown, id = newId()) {
    return this.do({ name, id, send: (socket, reply) => socket.emit(name, id, payload, reply) })
  }

  say(text: string) {
    const id = newId()
    return this.command('chat:say', { message: id, text }, id)
  }

  async isAnswered(deed: Deed) {
    await expect.poll(() => deed.answer, { timeout: 30_000 }).toMatchObject({ ok: true })
  }

  close() {
    this.socket.disconnect()
  }
}
