import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import type { DocumentContent } from '#shared/live/document-shape.ts'
import type { DocumentRefusal } from '#shared/live/documents.ts'

/**
 * The check of one small update against what is known of its document, without decoding the document.
 *
 * Yjs believes what it reads: a forged client id makes an absent person's work vanish, a clock jump kills an id, a missing
 * dependency is stored and sent to everyone for ever, eleven bytes delete a whole board. So the server keeps, per document, a
 * table of what exists (client id → clocks → key, deleted or not), a few dozen bytes an entry, and lets in only what stands on it.
 */
export interface Table {
  lanes: Map<number, Lane>
  /** Key → its items that nothing deletes or replaces: one, or several when people wrote the same key at the same time. */
  live: Map<string, Ref[]>
  /** How many live items, and how many there ever were. */
  size: number
  items: number
}

/** What one client id wrote, by clock. */
interface Lane {
  keys: string[]
  dead: boolean[]
}

interface Ref {
  client: number
  clock: number
}

/** How to take an update back out of the table (its batch was not saved). */
export interface Trace {
  client: number | null
  from: number
  killed: Ref[]
}

export const emptyTable = (): Table => ({ lanes: new Map(), live: new Map(), size: 0, items: 0 })

const knows = (table: Table, id: Ref) => id.clock < (table.lanes.get(id.client)?.keys.length ?? 0)
const keyOf = (table: Table, id: Ref) => table.lanes.get(id.client)?.keys[id.clock]
const isDead = (table: Table, id: Ref) => table.lanes.get(id.client)?.dead[id.clock] === true

function addLive(table: Table, key: string, ref: Ref) {
  const refs = table.live.get(key)
  if (refs) refs.push(ref)
  else table.live.set(key, [ref])
  table.size++
}

function removeLive(table: Table, key: string, ref: Ref) {
  const refs = table.live.get(key)?.filter((one) => one.client !== ref.client || one.clock !== ref.clock)
  if (refs?.length) table.live.set(key, refs)
  else table.live.delete(key)
  table.size--
}

/** Marks as deleted; gives false when it was already, or is not in the table. */
function kill(table: Table, ref: Ref): boolean {
  const lane = table.lanes.get(ref.client)
  const key = lane?.keys[ref.clock]
  if (!lane || key === undefined || lane.dead[ref.clock]) return false
  lane.dead[ref.clock] = true
  removeLive(table, key, ref)
  return true
}

function laneOf(table: Table, client: number): Lane {
  let lane = table.lanes.get(client)
  if (!lane) table.lanes.set(client, (lane = { keys: [], dead: [] }))
  return lane
}

/** The pieces and deleted ranges of an update; throws on malformed bytes. Bounded by the size of the update. */
function decode(update: Uint8Array) {
  const { structs, ds } = Y.decodeUpdate(update)
  const ranges: { client: number; clock: number; len: number }[] = []
  for (const [client, items] of ds.clients) for (const { clock, len } of items) ranges.push({ client, clock, len })
  return { structs, ranges }
}

/** Adds to the table what a saved update or snapshot contains. It was checked when it came in, so nothing is refused here. Tells whether it erased anything. */
export function learn(table: Table, update: Uint8Array): boolean {
  const { structs, ranges } = decode(update)
  const fresh: Ref[] = []
  const later: { ref: Ref; origin: Ref }[] = []
  const replaced: Ref[] = []
  for (const struct of structs) {
    if (!(struct instanceof Y.Item)) continue
    const lane = laneOf(table, struct.id.client)
    for (let clock = Math.max(struct.id.clock, lane.keys.length); clock < struct.id.clock + struct.length; clock++) {
      const ref = { client: struct.id.client, clock }
      lane.keys.push(struct.parentSub ?? '')
      lane.dead.push(false)
      table.items++
      fresh.push(ref)
      if (clock === struct.id.clock && struct.origin) later.push({ ref, origin: struct.origin })
      else if (clock > struct.id.clock) later.push({ ref, origin: { client: ref.client, clock: clock - 1 } })
    }
    if (struct.origin) replaced.push(struct.origin)
  }
  // An item that replaces another names only that one: its key is found at the end of the chain, which may come later in a snapshot.
  const origins = new Map(later.map(({ ref, origin }) => [`${ref.client} ${ref.clock}`, origin]))
  for (const { ref } of later) {
    const path: Ref[] = []
    let at: Ref | undefined = ref
    while (at && !keyOf(table, at)) {
      path.push(at)
      at = origins.get(`${at.client} ${at.clock}`)
    }
    const key = at ? (keyOf(table, at) ?? '') : ''
    for (const step of path) laneOf(table, step.client).keys[step.clock] = key
  }
  for (const ref of fresh) addLive(table, keyOf(table, ref) ?? '', ref)
  let erased = false
  for (const ref of replaced) erased = kill(table, ref) || erased
  for (const { client, clock, len } of ranges) for (let i = 0; i < len; i++) erased = kill(table, { client, clock: clock + i }) || erased
  return erased
}

/** Takes the last accepted updates back out, the newest first. */
export function forget(table: Table, trace: Trace) {
  for (const ref of trace.killed) {
    const lane = table.lanes.get(ref.client)
    const key = lane?.keys[ref.clock]
    if (!lane || key === undefined) continue
    lane.dead[ref.clock] = false
    addLive(table, key, ref)
  }
  if (trace.client === null) return
  const lane = laneOf(table, trace.client)
  for (let clock = lane.keys.length - 1; clock >= trace.from; clock--) {
    if (!lane.dead[clock]) removeLive(table, lane.keys[clock] ?? '', { client: trace.client, clock })
  }
  table.items -= lane.keys.length - trace.from
  lane.keys.length = trace.from
  lane.dead.length = trace.from
  if (trace.from === 0) table.lanes.delete(trace.client)
}

/** Who sends the update, and what they may do now. */
export interface Sender {
  person: string
  /** The person an id was leased to. */
  personOf(client: number): string | undefined
  mayWrite: boolean
  mayWipe: boolean
  /** How many entries of others this person may still touch. */
  eraseLeft: number
}

export interface Bounds {
  /** Bytes the document may still grow by. */
  bytesLeft: number
  /** Live entries, and all there ever were. */
  entries: number
  items: number
  /** How far one update may move its client's clock. */
  clock: number
  key: number
}

export type Verdict =
  /** All of it was saved before. */
  | { is: 'known' }
  /** Accepted, and already in the table: `bytes` is what is new in it. */
  | { is: 'new'; bytes: Uint8Array; client: number | null; touched: number; trace: Trace }
  | { is: 'refused'; code: DocumentRefusal }

const refused = (code: DocumentRefusal): Verdict => ({ is: 'refused', code })

/**
 * Judges one update and, when it is let in, adds it to the table. Refuses another's client id, gaps, jumps, references outside the
 * table, content that is not allowed, and touching too much of what others made. Never throws, whatever the bytes.
 */
export function judge(table: Table, update: Uint8Array, sender: Sender, bounds: Bounds, rules: DocumentContent): Verdict {
  let decoded: ReturnType<typeof decode>
  try {
    decoded = decode(update)
  } catch {
    return refused('document/malformed')
  }
  const { structs, ranges } = decoded

  const first = structs[0]
  const client = first ? first.id.client : null
  const from = first ? first.id.clock : 0
  let end = from
  for (const struct of structs) {
    if (sender.personOf(struct.id.client) !== sender.person) return refused('document/not-yours')
    if (struct instanceof Y.Skip) return refused('document/gap')
    // Two ids in one update could lean on each other in a circle, and a page has no reason to send that.
    if (!(struct instanceof Y.Item) || struct.id.client !== client) return refused('document/shape')
    if (struct.id.clock !== end) return refused('document/gap')
    end += struct.length
    if (end - from > bounds.clock) return refused('document/clock')
  }

  const next = client === null ? 0 : (table.lanes.get(client)?.keys.length ?? 0)
  const exists = (ref: Ref) => knows(table, ref) || (ref.client === client && ref.clock < end)
  let deleted = 0
  for (const { client: other, clock, len } of ranges) {
    if (len < 1 || (deleted += len) > 2 * bounds.entries + end - from) return refused('document/foreign')
    if (!exists({ client: other, clock: clock + len - 1 })) return refused(sender.mayWrite ? 'document/foreign' : 'document/locked')
  }
  const erases = (seen: (ref: Ref) => boolean) =>
    ranges.some(({ client: other, clock, len }) => {
      for (let i = 0; i < len; i++) if (seen({ client: other, clock: clock + i })) return true
      return false
    })

  if (end <= next && !erases((ref) => !isDead(table, ref))) return { is: 'known' }
  if (!sender.mayWrite) return refused('document/locked')
  if (from > next) return refused('document/gap')
  // Sent again together with something new: what is known is cut off, and only the rest is judged, kept and told.
  if (client !== null && from < next) return judge(table, Y.diffUpdate(update, stateOf(client, next)), sender, bounds, rules)

  const keys: string[] = []
  const origins: Ref[] = []
  for (const struct of structs as Y.Item[]) {
    const { origin, content } = struct
    if (struct.rightOrigin !== null) return refused('document/shape')
    let key: string
    if (origin) {
      if (origin.client === client && origin.clock >= from) {
        const own = keys[origin.clock - from]
        if (own === undefined) return refused('document/foreign')
        key = own
      } else {
        const theirs = keyOf(table, origin)
        if (theirs === undefined) return refused('document/foreign')
        key = theirs
      }
      origins.push(origin)
    } else {
      const parent: unknown = struct.parent
      if (parent instanceof Y.ID) return refused(exists(parent) ? 'document/shape' : 'document/foreign')
      if (parent !== rules.root || struct.parentSub === null || struct.parentSub.length > bounds.key) return refused('document/shape')
      key = struct.parentSub
    }
    if (!isContentAllowed(key, content, rules)) return refused('document/shape')
    for (let i = 0; i < struct.length; i++) keys.push(key)
  }

  if (client !== null) {
    if (update.byteLength > bounds.bytesLeft || table.items + keys.length > bounds.items) return refused('document/full')
    // What the update deletes of itself makes no entry, and neither does what replaces another.
    if (table.size + keys.length > bounds.entries && netGrowth(table, client, from, keys, origins, ranges) + table.size > bounds.entries)
      return refused('document/full')
  }

  // Touching is deleting, replacing, or writing over the same key without saying so (Yjs lets the higher client id win).
  const touched = new Set<string>()
  const touch = (ref: Ref) => {
    if (!isDead(table, ref) && sender.personOf(ref.client) !== sender.person) touched.add(keyOf(table, ref) ?? '')
  }
  for (const key of keys) for (const ref of table.live.get(key) ?? []) touch(ref)
  erases((ref) => {
    touch(ref)
    return false
  })
  if (!sender.mayWipe && touched.size > sender.eraseLeft) return refused('document/wipe')

  const trace: Trace = { client, from, killed: [] }
  if (client !== null) {
    const lane = laneOf(table, client)
    for (const key of keys) {
      lane.keys.push(key)
      lane.dead.push(false)
      table.items++
      addLive(table, key, { client, clock: lane.keys.length - 1 })
    }
  }
  const strike = (ref: Ref) => {
    if (kill(table, ref)) trace.killed.push(ref)
  }
  for (const origin of origins) strike({ client: origin.client, clock: origin.clock })
  erases((ref) => {
    strike(ref)
    return false
  })
  return { is: 'new', bytes: update, client, touched: touched.size, trace }
}

function isContentAllowed(key: string, content: unknown, rules: DocumentContent): boolean {
  // Written and erased within one act: Yjs has already dropped the value.
  if (content instanceof Y.ContentDeleted) return true
  try {
    if (content instanceof Y.ContentBinary) return rules.isAllowedEntry(key, content.content)
    if (content instanceof Y.ContentAny) return content.arr.length === 1 && rules.isAllowedEntry(key, content.arr[0])
  } catch {
    return false
  }
  return false
}

/** How many live entries the update adds, less what it deletes or replaces. */
function netGrowth(
  table: Table,
  client: number,
  from: number,
  keys: string[],
  origins: Ref[],
  ranges: { client: number; clock: number; len: number }[],
) {
  const gone = new Set<string>()
  const strike = (ref: Ref) => {
    if ((ref.client === client && ref.clock >= from) || !isDead(table, ref)) gone.add(`${ref.client} ${ref.clock}`)
  }
  for (const origin of origins) strike(origin)
  for (const range of ranges) for (let i = 0; i < range.len; i++) strike({ client: range.client, clock: range.clock + i })
  return keys.length - gone.size
}

/** A Yjs state vector that knows one client up to a clock. */
function stateOf(client: number, clock: number): Uint8Array {
  const encoder = encoding.createEncoder()
  encoding.writeVarUint(encoder, 1)
  encoding.writeVarUint(encoder, client)
  encoding.writeVarUint(encoder, clock)
  return encoding.toUint8Array(encoder)
}

/** Pieces merged in one call: Yjs sorts all of them again for every entry it writes. */
const mergeAtOnce = 16

function merge(pieces: readonly Uint8Array[]): Uint8Array {
  let left = [...pieces]
  while (left.length > mergeAtOnce) {
    const merged: Uint8Array[] = []
    for (let i = 0; i < left.length; i += mergeAtOnce) merged.push(Y.mergeUpdates(left.slice(i, i + mergeAtOnce)))
    left = merged
  }
  return Y.mergeUpdates(left)
}

/**
 * Merges into one update that a joiner applies, and drops the values of what was deleted (as Yjs does in a document), so that an
 * erased board weighs little. `before` is a large piece, read only once.
 */
export function fold(pieces: readonly Uint8Array[], before?: Uint8Array): Uint8Array {
  const merged = before ? Y.mergeUpdates(pieces.length > 0 ? [before, merge(pieces)] : [before]) : merge(pieces)
  const { structs, ds } = Y.decodeUpdate(merged)
  let dropped = false
  for (const [client, ranges] of ds.clients)
    ds.clients.set(
      client,
      ranges.sort((a, b) => a.clock - b.clock),
    )
  for (const struct of structs) {
    if (!(struct instanceof Y.Item) || struct.content instanceof Y.ContentDeleted || !Y.isDeleted(ds, struct.id)) continue
    struct.content = new Y.ContentDeleted(struct.length)
    dropped = true
  }
  if (!dropped) return merged
  const groups: (typeof structs)[] = []
  for (const struct of structs) {
    const last = groups.at(-1)
    if (last && last[0]?.id.client === struct.id.client) last.push(struct)
    else groups.push([struct])
  }
  const encoder = new Y.UpdateEncoderV1()
  encoding.writeVarUint(encoder.restEncoder, groups.length)
  for (const group of groups) {
    const head = group[0]
    if (!head) continue
    encoding.writeVarUint(encoder.restEncoder, group.length)
    encoder.writeClient(head.id.client)
    encoding.writeVarUint(encoder.restEncoder, head.id.clock)
    for (const struct of group) struct.write(encoder, 0)
  }
  encoding.writeVarUint(encoder.restEncoder, ds.clients.size)
  for (const [client, ranges] of ds.clients) {
    encoder.resetDsCurVal()
    encoding.writeVarUint(encoder.restEncoder, client)
    encoding.writeVarUint(encoder.restEncoder, ranges.length)
    for (const { clock, len } of ranges) {
      encoder.writeDsClock(clock)
      encoder.writeDsLen(len)
    }
  }
  return encoder.toUint8Array()
}
