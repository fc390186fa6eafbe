import type { RoomPort } from '#client/live/port.ts'
import { beganAt, isLate } from '#shared/session/life.ts'
import { lobbyOpens } from '#shared/session/rules.ts'
import type { LifeView, Session } from '#shared/session/wire.ts'
import { isTeam } from '#shared/spoc/rules.ts'

const untold: LifeView = { began: null, by: null, holder: null, paused: null }
/** The longest that a browser's timer waits (ms). */
const longestWait = 2 ** 31 - 1

/** What the screen knows of where the session of a room stands. A call has none. */
export class SessionLife {
  readonly room: RoomPort
  readonly #session: () => Session | null

  constructor(room: RoomPort, session: () => Session | null) {
    this.room = room
    this.#session = session
  }

  readonly view = $derived.by(() => this.room.view<LifeView>('session') ?? untold)
  /** Since when it goes on; null: it has not begun. */
  readonly began = $derived.by(() => {
    const session = this.#session()
    return session && beganAt(this.view.began, session)
  })
  /** Whether it is known not to have begun. */
  readonly waits = $derived.by(() => this.#session() !== null && this.room.view<LifeView>('session') !== undefined && this.began === null)
  readonly paused = $derived.by(() => this.view.paused !== null)
  /** Who holds it in the place of who started it; undefined: who started it does, or nobody. */
  readonly holder = $derived.by(() => {
    const { holder, by } = this.view
    return this.began === null || holder === null || holder === by ? undefined : this.room.person(holder)
  })

  /** L1: whether I may start it at this moment. */
  mayStart(now: number): boolean {
    const session = this.#session()
    return session !== null && this.waits && isTeam(this.room.me.role) && now >= lobbyOpens(session)
  }

  start = () => this.room.send('session:start', {})

  /** L1: starts it at its planned time while somebody of the team is there. Gives how to stop waiting for that. */
  startInTime(): () => void {
    const session = this.#session()
    if (!session || !this.waits || this.room.link !== 'here' || !isTeam(this.room.me.role)) return () => undefined
    const wait = Math.min(Math.max(0, session.starts - this.room.now()), longestWait)
    const timer = setTimeout(() => session.starts <= this.room.now() && void this.start(), wait)
    return () => clearTimeout(timer)
  }

  /** L5: whether who comes now comes late. */
  get late(): boolean {
    return isLate(this.began, this.room.now())
  }
}
