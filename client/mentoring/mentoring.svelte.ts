import { api } from '#client/http.ts'
import type { CallPage, Cockpit } from '#shared/mentoring/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'

const saveAfter = 600

/** What the screen knows of one call: its goals and actions, and, for its mentor, the cockpit and the private notes. */
export class CallDesk {
  readonly room: string
  page = $state.raw<CallPage>()
  cockpit = $state.raw<readonly Cockpit[]>()
  /** Why the call cannot be shown. */
  refusal = $state<Refusal>()
  privateNotes = $state('')
  /** Whether the private notes are on the server as they stand here. */
  kept = $state<'yes' | 'soon' | 'no'>('yes')
  #read = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(room: string) {
    this.room = room
  }

  get #at() {
    return { params: { room: this.room } }
  }

  load = async () => {
    const said = await api('GET /api/rooms/:room/call', this.#at)
    this.refusal = said.ok ? undefined : said.code
    if (!said.ok) return
    this.page = said.value
    if (said.value.call.mine) await this.#loadOwn()
  }

  async #loadOwn() {
    const [cockpit, notes] = await Promise.all([
      api('GET /api/rooms/:room/call/cockpit', this.#at),
      this.#read ? undefined : api('GET /api/rooms/:room/call/private-notes', this.#at),
    ])
    if (cockpit.ok) this.cockpit = cockpit.value
    if (!notes?.ok) return
    this.#read = true
    this.privateNotes = notes.value.text
  }

  /** Writes the private notes, a moment after the last key. */
  write(text: string) {
    this.privateNotes = text
    this.kept = 'soon'
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.keep(), saveAfter)
  }

  keep = async () => {
    clearTimeout(this.#timer)
    if (this.kept === 'yes') return
    const text = this.privateNotes
    const said = await api('PUT /api/rooms/:room/call/private-notes', { ...this.#at, body: { text } })
    this.kept = said.ok ? (text === this.privateNotes ? 'yes' : 'soon') : 'no'
    if (!said.ok) this.#timer = setTimeout(() => void this.keep(), 5_000)
  }

  async #then(said: Result<unknown>): Promise<Result<unknown>> {
    if (said.ok) await this.load()
    return said
  }

  addGoal = async (text: string) => this.#then(await api('POST /api/rooms/:room/call/goals', { ...this.#at, body: { text } }))
  removeGoal = async (goal: string) =>
    this.#then(await api('DELETE /api/rooms/:room/call/goals/:goal', { params: { room: this.room, goal } }))
  agree = async (action: { person: string; title: string; due: number | null }) =>
    this.#then(await api('POST /api/rooms/:room/call/actions', { ...this.#at, body: action }))
  withdraw = async (action: string) =>
    this.#then(await api('DELETE /api/rooms/:room/call/actions/:action', { params: { room: this.room, action } }))
  settle = async (outcome: 'held' | 'missed') =>
    this.#then(await api('POST /api/rooms/:room/call/outcome', { ...this.#at, body: { outcome } }))
}
