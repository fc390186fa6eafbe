import { ok, refuse } from '../result.ts'
import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { takesPart } from '../spoc/rules.ts'
import type { ChatGrowth, ChatView, Message, chatCommands } from './wire.ts'

/**
 * Rules of the discussion.
 *
 * C1 One thread per SPOC, before, during and after its sessions; a call keeps its messages to itself.
 * C2 Whoever takes part writes, every member reads.
 * C3 A message has one identity, given by its author's browser: said or heard again, it is there once.
 * C4 A message written on the course page is heard in a live room of the SPOC; only the room itself may say so.
 * C5 A room keeps its newest fifty; the thread keeps them all.
 * C6 Erased words leave the message in its place, without text.
 */

/** C2 */
export const mayWrite = (asker: { role: Parameters<typeof takesPart>[0] }) => takesPart(asker.role)
/** C5 */
export const keptInRoom = 50
/** How many messages a page holds. */
export const pageSize = 50

export interface ChatState {
  /** The seq of the newest line in `messages`; 0 when none. */
  last: number
  messages: readonly (Message & { seq: number })[]
  /** Every identity said here, also of messages no longer kept (C3). */
  known: ReadonlySet<string>
}

export type ChatCommand = Command<typeof chatCommands>
export type ChatDraft =
  | Draft<'chat:said', { message: string }, { text: string }>
  | Draft<'chat:heard', { message: string; person: string; at: number }, { text: string }>
export type ChatHappening = HappeningOf<ChatDraft>

const shown = ({ id, person, at, text }: Message): Message => ({ id, person, at, text })

export const chatSlice: Slice<ChatState, ChatCommand, ChatDraft, ChatView, never> = {
  name: 'chat',
  start: () => ({ last: 0, messages: [], known: new Set() }),
  decide(state, { name, payload }, asker) {
    if (name === 'chat:hear') {
      if (asker) return refuse('live/not-allowed') // C4
      const { id, person, at, text } = payload
      return ok(state.known.has(id) ? [] : [{ kind: 'chat:heard', v: 1, payload: { message: id, person, at }, words: { text } }])
    }
    if (!asker || !mayWrite(asker)) return refuse('live/not-allowed')
    if (state.known.has(payload.message)) return refuse('chat/already-said')
    return ok([{ kind: 'chat:said', v: 1, payload: { message: payload.message }, words: { text: payload.text } }])
  },
  apply(state, happening) {
    if (happening.kind !== 'chat:said' && happening.kind !== 'chat:heard') return state
    const { seq, payload, words } = happening
    const person = happening.kind === 'chat:heard' ? happening.payload.person : happening.person
    if (person === null) return state
    const at = happening.kind === 'chat:heard' ? happening.payload.at : happening.at
    const message = { id: payload.message, person, at, text: words?.text ?? null, seq }
    return { last: seq, messages: [...state.messages, message].slice(-keptInRoom), known: new Set(state.known).add(message.id) }
  },
  audienceOf: () => 'all',
  viewFor: (state) => ({ messages: state.messages.map(shown) }),
  mine: () => null,
  grown(before, after): ChatGrowth | undefined {
    const fresh = after.messages.filter((m) => m.seq > before.last)
    const unbroken = fresh.length < keptInRoom || before.messages.length === 0
    return unbroken ? { messages: fresh.map(shown) } : undefined
  },
}

/** The view after a growth. Messages that are there already are left where they are (C3). */
export function grow(view: ChatView, growth: ChatGrowth): ChatView {
  const fresh = growth.messages.filter(({ id }) => !view.messages.some((m) => m.id === id))
  return { messages: [...view.messages, ...fresh].slice(-keptInRoom) }
}
