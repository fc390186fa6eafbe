import { mayBeOpen } from '#shared/mics/rules.ts'
import type { MicsView, MyMic } from '#shared/mics/wire.ts'
import { leads, type Role } from '#shared/spoc/rules.ts'
import type { RoomPort } from '#client/live/port.ts'

const open: MicsView = { all: false, free: [], held: [] }

/** Other people's microphones as one person sees them, and what those who lead did to or asked of their own. */
export class Mics {
  readonly room: RoomPort
  /** When the last closing that this page knows of was; undefined before it knows any. */
  #obeyed: number | undefined

  constructor(room: RoomPort) {
    this.room = room
  }

  readonly view: MicsView = $derived.by(() => this.room.view<MicsView>('mics') ?? open)
  readonly mine = $derived.by(() => this.room.mine<MyMic>('mics'))
  readonly mayLead = $derived.by(() => leads(this.room.me.role))

  /** Whether somebody's microphone is kept closed. */
  held = (person: string, role: Role) => !mayBeOpen(this.view, person, role)

  /** Who closed my microphone since this was asked last: told once for each time, and not for what happened before this page came. */
  closedBy(): string | undefined {
    if (this.room.link !== 'here') return undefined
    const { at = 0, by } = this.mine?.muted ?? {}
    const news = this.#obeyed !== undefined && at > this.#obeyed
    this.#obeyed = Math.max(this.#obeyed ?? 0, at)
    return news ? by : undefined
  }

  mute = (person: string, hold: boolean) => this.room.send('mics:mute', { person, hold })
  muteAll = (except: readonly string[], hold: boolean) => this.room.send('mics:mute-all', { except: [...except], hold })
  allow = (person: string) => this.room.send('mics:allow', { person })
  allowAll = () => this.room.send('mics:allow-all', {})
  ask = (person: string) => this.room.send('mics:ask', { person })
  settle = () => void this.room.send('mics:settle', {})
}
