import { z } from 'zod'
import { documentLimits } from './document-shape.ts'
import { id } from './wire.ts'

/** Bytes as the binary parser hands them over: a Uint8Array, a Buffer among them. */
const bytes = (max: number) =>
  z.custom<Uint8Array>((value) => value instanceof Uint8Array && value.byteLength <= max, { error: `bytes, at most ${max}` })

/** A Yjs client id. */
const client = z.int().min(1).max(0xffff_ffff)

/**
 * What travels for shared documents on a room's link. Binary stays binary. Down: the event `document` with its id and a list of
 * `Increment`s, to each seat that has the document open; join the listeners before answering `document:open`, so that nothing falls between.
 */
export const documentRequests = {
  /** Begin, or come back with what one already has: `since` is the last increment applied, `client` the id one draws with. */
  'document:open': z.object({ document: id, since: z.int().min(0).optional(), client: client.optional() }),
  /** One's own change: a Yjs update (v1) of one client id. Larger ones get `document/too-large`, so the schema lets a little more in. */
  'document:commit': z.object({ document: id, update: bytes(documentLimits.update * 4) }),
  'document:close': z.object({ document: id }),
}

export type OpenDocument = z.infer<(typeof documentRequests)['document:open']>
export type CommitDocument = z.infer<(typeof documentRequests)['document:commit']>

/** Reply of `document:open`: apply the snapshot, then the updates; the state is then that of `seq`. */
export interface Opened {
  seq: number
  /** The merged document; absent when `since` was recent enough. */
  snapshot?: Uint8Array
  updates: Uint8Array[]
  /** The Yjs client id leased to this person in this document: the only ids whose work the server accepts from them. */
  client: number
  /** Who wrote what is there: person → the client ids they wrote with. */
  authors: Record<string, number[]>
}

/** Reply of `document:commit`: saved. */
export interface Committed {
  /** Where it stands in the document's own sequence; where the document stands when `again`. */
  seq: number
  at: number
  /** It had been saved before (sent again after a lost acknowledgement). */
  again?: true
}

/** One saved change: `[seq, bytes, person, client]`. Others hear those that were saved together at once. */
export type Increment = [seq: number, bytes: Uint8Array, person: string, client: number | null]

export type DocumentRefusal =
  | 'document/not-found'
  | 'document/too-large'
  | 'document/malformed'
  | 'document/not-yours'
  | 'document/gap'
  | 'document/clock'
  | 'document/foreign'
  | 'document/shape'
  | 'document/locked'
  | 'document/wipe'
  | 'document/full'
  | 'document/flooding'
  | 'document/not-saved'
