import { ok, refuse, type Refused } from '../result.ts'
import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { isTeam, takesPart, type Role } from '../spoc/rules.ts'
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
 * C7 A message of the thread is withdrawn by its author within ten minutes and by the team at any time, and put back by whoever withdrew
 *    it. Meanwhile it is in its place without its words, in the rooms where it was said or heard and in their replays too; the log keeps them.
 * C8 A guest reads what was said in the room, not what it heard of the course page.
 */

/** C2 */
export const mayWrite = (asker: { role: Parameters<typeof takesPart>[0] }) => takesPart(asker.role)
/** C7 */
export const withdrawWithin = 10 * 60_000
/** C7: why this person does not withdraw the message, or undefined. */
export function whyNotWithdraw(
  message: { person: string; at: number; withdrawer: string | null },
  asker: { person: string; role: Role },
  now: number,
): Refused | undefined {
  if (message.withdrawer !== null) return message.withdrawer === asker.person ? undefined : refuse('chat/not-yours')
  if (isTeam(asker.role)) return undefined
  if (message.person !== asker.person || !mayWrite(asker)) return refuse('chat/not-yours')
  return now - message.at <= withdrawWithin ? undefined : refuse('chat/too-late')
}
/** C5 */
export const keptInRoom = 50
/** How many messages a page holds. */
export const pageSize = 50

export interface ChatState {
  /** The seq of the newest line in `messages`; 0 when none. */
  last: number
  messages: readonly (Message & { seq: number; heard?: true })[]
  /** Every identity said here, also of messages no longer kept (C3). */
  known: ReadonlySet<string>
  /** Those that are withdrawn (C7). */
  hidden: ReadonlySet<string>
}

export type ChatCommand = Command<typeof chatCommands>
export type ChatDraft =
  | Draft<'chat:said', { message: string }, { text: string }>
  | Draft<'chat:heard', { message: string; person: string; at: number }, { text: string }>
  | Draft<'chat:hidden', { message: string; hidden: boolean }>
export type ChatHappening = HappeningOf<ChatDraft>

const shown =
  ({ hidden }: Pick<ChatState, 'hidden'>) =>
  ({ id, person, at, text }: Message): Message =>
    hidden.has(id) ? { id, person, at, text: null, withdrawn: true } : { id, person, at, text }

/** C8 */
const toldTo = (audience: string, messages: ChatState['messages']) =>
  audience === 'guest' ? messages.filter(({ heard }) => !heard) : messages

export const chatSlice: Slice<ChatState, ChatCommand, ChatDraft, ChatView, never> = {
  name: 'chat',
  start: () => ({ last: 0, messages: [], known: new Set(), hidden: new Set() }),
  decide(state, { name, payload }, asker) {
    if (name === 'chat:hear') {
      if (asker) return refuse('live/not-allowed') // C4
      const { id, person, at, text } = payload
      return ok(state.known.has(id) ? [] : [{ kind: 'chat:heard', v: 1, payload: { message: id, person, at }, words: { text } }])
    }
    if (name === 'chat:hide') {
      if (asker) return refuse('live/not-allowed') // C7: asked for on the thread, where everything of it is known.
      return ok(state.hidden.has(payload.message) === payload.hidden ? [] : [{ kind: 'chat:hidden', v: 1, payload }])
    }
    if (!asker || !mayWrite(asker)) return refuse('live/not-allowed')
    if (state.known.has(payload.message)) return refuse('chat/already-said')
    return ok([{ kind: 'chat:said', v: 1, payload: { message: payload.message }, words: { text: payload.text } }])
  },
  apply(state, happening) {
    if (happening.kind === 'chat:hidden') {
      const hidden = new Set(state.hidden)
      if (happening.payload.hidden) hidden.add(happening.payload.message)
      else hidden.delete(happening.payload.message)
      return { ...state, hidden }
    }
    if (happening.kind !== 'chat:said' && happening.kind !== 'chat:heard') return state
    const { seq, payload, words } = happening
    const person = happening.kind === 'chat:heard' ? happening.payload.person : happening.person
    if (person === null) return state
    const at = happening.kind === 'chat:heard' ? happening.payload.at : happening.at
    const heard = happening.kind === 'chat:heard' && { heard: true as const }
    const message = { id: payload.message, person, at, text: words?.text ?? null, seq, ...heard }
    const messages = [...state.messages, message].slice(-keptInRoom)
    return { ...state, last: seq, messages, known: new Set(state.known).add(message.id) }
  },
  audienceOf: (_state, { role }) => (role === 'guest' ? 'guest' : 'all'),
  viewFor: (state, audience) => ({ messages: toldTo(audience, state.messages).map(shown(state)) }),
  mine: () => null,
  grown(before, after, audience): ChatGrowth | undefined {
    // What is there already changed: the whole view is sent.
    if (before.hidden !== after.hidden) return undefined
    const fresh = after.messages.filter((m) => m.seq > before.last)
    const unbroken = fresh.length < keptInRoom || before.messages.length === 0
    return unbroken ? { messages: toldTo(audience, fresh).map(shown(after)) } : undefined
  },
}

/** The view after a growth. Messages that are there already are left where they are (C3). */
export function grow(view: ChatView, growth: ChatGrowth): ChatView {
  const fresh = growth.messages.filter(({ id }) => !view.messages.some((m) => m.id === id))
  return { messages: [...view.messages, ...fresh].slice(-keptInRoom) }
}
