import { io, type Socket } from 'socket.io-client'
import { parser } from '#shared/live/parser.ts'
import type { Bye } from '#shared/live/wire.ts'
import type { Refused } from '#shared/result.ts'
import type { Standing } from '#shared/waiting/wire.ts'
import type { Refusal } from '#shared/wire.ts'
import { newId } from '#client/live/identity.ts'
import { learnRefusal } from '#client/words/words.svelte.ts'

/** This tab waits at the door of a room: a reloaded page asks again by itself. */
const kept = (room: string) => `cercle.waits.${room}`

/** Waiting to be let in: a link of its own that only says where one stands. It never carries anything of the room. */
export class AtDoor {
  /** Where one stands; undefined before the server has said so. */
  standing = $state.raw<Standing | undefined>(undefined)
  /** `lost`: it was open and makes itself anew. */
  link = $state<'none' | 'opening' | 'open' | 'lost'>('none')
  /** Why one cannot even wait. */
  ended = $state.raw<Bye | Refusal | undefined>(undefined)
  readonly #room: string
  readonly #onadmitted: () => void
  #socket: Socket | undefined
  #retry: ReturnType<typeof setTimeout> | undefined

  constructor(room: string, onadmitted: () => void) {
    this.#room = room
    this.#onadmitted = onadmitted
    if (sessionStorage.getItem(kept(room))) this.ask()
  }

  /** Asks to come in. */
  ask = (): void => {
    this.#close()
    this.ended = undefined
    this.standing = undefined
    this.link = 'opening'
    sessionStorage.setItem(kept(this.#room), '1')
    const contract = document.querySelector<HTMLMetaElement>('meta[name="contract"]')?.content ?? ''
    const socket = io({
      path: '/live',
      query: { room: this.#room },
      auth: { epoch: newId(), contract, waits: true },
      transports: ['websocket', 'polling'],
      parser,
      forceNew: true,
      reconnectionDelay: 300,
      reconnectionDelayMax: 3000,
      timeout: 8000,
    })
    this.#socket = socket
    socket.on('waiting', (standing: Standing) => this.#stand(standing))
    socket.on('bye', (why: Bye) => why !== 'live/stopping' && this.#end(why))
    socket.on('disconnect', (reason) => {
      if (this.link !== 'open') return
      this.link = 'lost'
      if (reason === 'io server disconnect') this.#comeBack()
    })
    socket.on('connect_error', (error: Error & { data?: Refused }) => {
      const code = error.data?.code
      if (code && code !== 'http/unavailable') void learnRefusal(code).then(() => this.#end(code))
      // A refusal in words closes the link for good; anything else the transport tries again by itself.
      else if (code) this.#comeBack()
    })
  }

  /** Asks anew after a denial; too soon changes nothing. */
  askAgain = (): void => void this.#socket?.emit('waiting:ask-again')

  /** Waits no longer. Who reloads the page does not come by here, and keeps their place. */
  stop = (): void => {
    sessionStorage.removeItem(kept(this.#room))
    this.#close()
    this.standing = undefined
    this.link = 'none'
  }

  #stand(standing: Standing): void {
    this.link = 'open'
    this.standing = standing
    if (standing.state !== 'admitted') return
    this.#close()
    sessionStorage.removeItem(kept(this.#room))
    this.#onadmitted()
  }

  #end(why: Bye | Refusal): void {
    this.stop()
    this.ended = why
  }

  #comeBack(): void {
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => this.#socket?.connect(), 500 + Math.random() * 1500)
  }

  #close(): void {
    clearTimeout(this.#retry)
    this.#socket?.disconnect()
    this.#socket = undefined
  }
}
