import type { RoomPort } from '#client/live/port.ts'
import type { HandsView } from '#shared/hands/wire.ts'
import { leads, takesPart } from '#shared/spoc/rules.ts'

/** Raised hands and the floor as one person sees them; one's own act is shown at once, and corrected by what the room says. */
export class Hands {
  readonly room: RoomPort

  constructor(room: RoomPort) {
    this.room = room
  }

  /** In the order in which they were raised, my own included or left out as I just asked. */
  readonly queue: readonly string[] = $derived.by(() => {
    const said = (this.room.view<HandsView>('hands')?.queue ?? []).map((h) => h.person)
    const mine = this.room.waiting.findLast((w) => w.name === 'hands:raise' || w.name === 'hands:lower')?.name
    const me = this.room.me.person
    if (mine === 'hands:lower') return said.filter((person) => person !== me)
    return mine === 'hands:raise' && !said.includes(me) ? [...said, me] : said
  })
  /** Who has the floor. */
  readonly floor: readonly string[] = $derived.by(() => this.room.view<HandsView>('hands')?.floor ?? [])
  readonly isUp = $derived.by(() => this.queue.includes(this.room.me.person))
  readonly mayRaise = $derived.by(() => takesPart(this.room.me.role))
  readonly mayClear = $derived.by(() => leads(this.room.me.role))

  /** Its place in the queue from 1; 0 when it is down. */
  placeOf = (person: string) => this.queue.indexOf(person) + 1

  toggle = () => void this.room.send(this.isUp ? 'hands:lower' : 'hands:raise', {})
  clear = (person: string) => void this.room.send('hands:clear', { person })
  give = (person: string) => this.room.send('hands:give', { person })
  /** Takes the floor back, or gives one's own back. */
  take = (person: string) =>
    void (person === this.room.me.person ? this.room.send('hands:give-back', {}) : this.room.send('hands:take', { person }))
  clearAll = () => void this.room.send('hands:clear-all', {})
}
