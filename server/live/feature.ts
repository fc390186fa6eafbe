import type { z } from 'zod'
import type { AnySlice, Asker, Command, CommandSchemas, Draft, Happening, RoomCard, Slice } from '#shared/live/slice.ts'
import type { Result } from '#shared/result.ts'
import type { Tx } from '../db/db.ts'

/** A message that is told and forgotten: cursors, strokes being drawn, signalling. */
export interface Ephemeral {
  schema: z.ZodType
  who(asker: Asker, payload: never): boolean
  /**
   * `latest`: newest per seat, merged per tick, dropped for slow readers. `each`: all in order, merged per tick, dropped for
   * slow readers. `seat`: to the one seat named by `payload.to`, at once and reliably.
   */
  lane: 'latest' | 'each' | 'seat'
  /** Who hears it; everybody in the room when not said. Ignored by `seat`. */
  hearers?: (asker: Asker) => boolean
  /** Whether what one says goes to the other, as the room stands (`state` of a slice); it does when not said. */
  reaches?: (state: <S>(slice: string) => S, from: Asker, to: Asker) => boolean
  /** How long messages are gathered before one frame goes out (ms); ignored by `seat`. */
  tick?: number
  /** More than this per second and per seat are dropped. */
  perSecond: number
}

/** The right of a seat on a document that this feature opened in the room; undefined when the document is none of its own. */
export type DocumentRight = { read: boolean; write: boolean; mayWipe: boolean }

/** What lines write elsewhere, after them and in their transaction; gives the seqs whose line a constraint refused. */
export type Projection = (tx: Tx) => Promise<readonly number[]>

/** What the room engine needs to run a live feature: its slice, who may ask for what, what else travels, what is projected. */
export interface LiveFeature {
  slice: AnySlice
  commands: CommandSchemas
  who: Record<string, (asker: Asker) => boolean>
  ephemerals: Record<string, Ephemeral>
  /**
   * Per command that needs it: looks up something in the database (a prepared question) before it is decided; its value replaces the
   * payload. The others never wait for the database before they are gathered with what else arrived.
   */
  prepare: Record<string, (tx: Tx, room: RoomCard, payload: never) => Promise<Result<unknown>>>
  /** What these lines write elsewhere, in the transaction that saves them; undefined when they write nothing. Runs again on a rebuild. */
  project?: (room: RoomCard, happenings: readonly Happening[]) => Projection | undefined
  documentRight?: (state: unknown, document: string, asker: Asker) => DocumentRight | undefined
}

interface Declaration<State, S extends CommandSchemas, D extends Draft, View, Mine> {
  slice: Slice<State, Command<S>, D, View, Mine>
  commands: S
  /** One line per command: who may ask. Only the room itself may send a command that is not named here. */
  who: Partial<Record<keyof S & string, (asker: Asker) => boolean>>
  ephemerals?: Record<string, Ephemeral>
  prepare?: { [K in keyof S & string]?: (tx: Tx, room: RoomCard, payload: z.infer<S[K]>) => Promise<Result<z.infer<S[K]>>> }
  project?: LiveFeature['project']
  documentRight?: (state: State, document: string, asker: Asker) => DocumentRight | undefined
}

/** Declares a live feature with its types checked, and gives the form that the feature-blind engine runs. */
export function liveFeature<State, S extends CommandSchemas, D extends Draft, View, Mine>(
  declared: Declaration<State, S, D, View, Mine>,
): LiveFeature {
  const { commands, documentRight, ephemerals = {}, prepare = {}, project } = declared
  return {
    commands,
    ephemerals,
    slice: declared.slice as AnySlice,
    who: declared.who as LiveFeature['who'],
    prepare: prepare as LiveFeature['prepare'],
    ...(project && { project }),
    ...(documentRight && { documentRight: (state, document, asker) => documentRight(state as State, document, asker) }),
  }
}
