import * as encoding from 'lib0/encoding'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'
import { documentLimits } from '#shared/live/document-shape.ts'
import { emptyTable, fold, forget, judge, learn, type Bounds, type Sender, type Table } from '#server/live/document-check.ts'
import { aPen, content } from './pen.ts'

/** Client ids below 100 are Awa's, the others Louis's. */
const personOf = (client: number) => (client < 100 ? 'awa' : client < 1_000 ? 'louis' : undefined)
const awa: Sender = { person: 'awa', personOf, mayWrite: true, mayWipe: false, eraseLeft: 3 }
const louis: Sender = { ...awa, person: 'louis' }
const bounds: Bounds = { ...documentLimits, bytesLeft: documentLimits.document }
const says = (table: Table, update: Uint8Array, sender = awa, within = bounds) => {
  const verdict = judge(table, update, sender, within, content)
  return verdict.is === 'refused' ? verdict.code : verdict.is
}
/** A board on which Louis (200) has drawn ten things, and Awa (1) one. */
function aBoard() {
  const table = emptyTable()
  const [hers, his] = [aPen(1), aPen(200)]
  for (let i = 0; i < 10; i++) expect(says(table, his.set(`l${i}`, i), louis)).toBe('new')
  expect(says(table, hers.set('a0', 0))).toBe('new')
  hers.read(Y.encodeStateAsUpdate(his.doc))
  his.read(Y.encodeStateAsUpdate(hers.doc))
  return { table, hers, his }
}
/** An update written by hand: one struct of one client, and deleted ranges. */
function forged(
  client: number,
  clock: number,
  struct: (encoder: Y.UpdateEncoderV1) => void,
  deleted: [client: number, clock: number, len: number][] = [],
) {
  const encoder = new Y.UpdateEncoderV1()
  encoding.writeVarUint(encoder.restEncoder, 1)
  encoding.writeVarUint(encoder.restEncoder, 1)
  encoder.writeClient(client)
  encoding.writeVarUint(encoder.restEncoder, clock)
  struct(encoder)
  encoding.writeVarUint(encoder.restEncoder, deleted.length)
  for (const [of, from, len] of deleted) {
    encoding.writeVarUint(encoder.restEncoder, of)
    encoding.writeVarUint(encoder.restEncoder, 1)
    encoder.writeDsClock(from)
    encoder.writeDsLen(len)
  }
  return encoder.toUint8Array()
}
const state = (table: Table) =>
  JSON.stringify([[...table.lanes].sort(([a], [b]) => a - b), [...table.live.keys()].sort(), table.size, table.items])

describe('refuses, and leaves the table as it was', () => {
  const refusals: [what: string, code: string, make: (board: ReturnType<typeof aBoard>) => Uint8Array, sender?: Sender][] = [
    ['work under the id of another person', 'document/not-yours', () => aPen(201).set('x', 1)],
    ['work under an id that was leased to nobody', 'document/not-yours', () => aPen(5_000).set('x', 1)],
    ['a gap', 'document/gap', ({ hers }) => (hers.set('lost', 1), hers.set('x', 1))],
    [
      'a gap inside one update',
      'document/gap',
      ({ hers }) => {
        const [one, , three] = [hers.set('x', 1), hers.set('y', 1), hers.set('z', 1)]
        return Y.mergeUpdates([one, three])
      },
    ],
    [
      'a clock jump of garbage',
      'document/shape',
      () =>
        forged(1, 1, (e) => {
          e.writeInfo(0)
          e.writeLen(2 ** 40)
        }),
    ],
    [
      'a clock jump of deleted content',
      'document/clock',
      () =>
        forged(1, 1, (e) => {
          e.writeInfo(1 | 32)
          e.writeParentInfo(true)
          e.writeString(content.root)
          e.writeString('x')
          e.writeLen(2 ** 40)
        }),
    ],
    [
      'an origin that nobody has',
      'document/foreign',
      ({ hers }) => {
        const stranger = aPen(300)
        stranger.set('l0', 5)
        hers.read(Y.encodeStateAsUpdate(stranger.doc))
        return hers.set('l0', 6)
      },
    ],
    [
      'an origin in its own future',
      'document/foreign',
      () =>
        forged(1, 1, (e) => {
          e.writeInfo(8 | 128)
          e.writeLeftID(Y.createID(1, 1))
          e.writeLen(1)
          e.writeAny(1)
        }),
    ],
    [
      'a parent that nobody has',
      'document/foreign',
      () =>
        forged(1, 1, (e) => {
          e.writeInfo(8)
          e.writeParentInfo(false)
          e.writeLeftID(Y.createID(300, 7))
          e.writeLen(1)
          e.writeAny(1)
        }),
    ],
    [
      'a parent that is an entry',
      'document/shape',
      () =>
        forged(1, 1, (e) => {
          e.writeInfo(8)
          e.writeParentInfo(false)
          e.writeLeftID(Y.createID(200, 0))
          e.writeLen(1)
          e.writeAny(1)
        }),
    ],
    [
      'deleting what does not exist',
      'document/foreign',
      () =>
        forged(
          1,
          1,
          (e) => {
            e.writeInfo(8 | 32)
            e.writeParentInfo(true)
            e.writeString(content.root)
            e.writeString('x')
            e.writeLen(1)
            e.writeAny(1)
          },
          [[200, 9, 2]],
        ),
    ],
    [
      'deleting far too much',
      'document/foreign',
      () =>
        forged(
          1,
          1,
          (e) => {
            e.writeInfo(8 | 32)
            e.writeParentInfo(true)
            e.writeString(content.root)
            e.writeString('x')
            e.writeLen(1)
            e.writeAny(1)
          },
          [[200, 0, 2 ** 50]],
        ),
    ],
    ['another root', 'document/shape', ({ hers }) => hers.act(() => hers.doc.getMap('other').set('x', 1))],
    ['an array', 'document/shape', ({ hers }) => hers.act(() => hers.doc.getArray('list').push([1]))],
    ['a text', 'document/shape', ({ hers }) => hers.act(() => hers.doc.getText('text').insert(0, 'x'))],
    ['a nested type', 'document/shape', ({ hers }) => hers.set('x', new Y.Map())],
    ['another document inside', 'document/shape', ({ hers }) => hers.set('x', new Y.Doc())],
    ['a value that is not allowed', 'document/shape', ({ hers }) => hers.set('x', { evil: true })],
    ['a key that is not allowed', 'document/shape', ({ hers }) => hers.set('__proto__', 1)],
    ['a key that is too long', 'document/shape', ({ hers }) => hers.set('x'.repeat(65), 1)],
    ['two ids in one update', 'document/shape', () => Y.mergeUpdates([aPen(2).set('x', 1), aPen(3).set('y', 1)])],
    ['a wipe', 'document/wipe', ({ hers }) => hers.erase(...hers.root.keys())],
    ['a wipe by replacing', 'document/wipe', ({ hers }) => hers.act(() => [...hers.root.keys()].forEach((key) => hers.root.set(key, 1)))],
    [
      'a wipe by writing the same keys as if they were new',
      'document/wipe',
      ({ his }) => {
        const blind = aPen(99)
        return blind.act(() => [...his.root.keys()].forEach((key) => blind.root.set(key, 1)))
      },
    ],
    ['a change without the right', 'document/locked', ({ hers }) => hers.set('x', 1), { ...awa, mayWrite: false }],
    ['an erasure without the right', 'document/locked', ({ hers }) => hers.erase('a0'), { ...awa, mayWrite: false }],
    ['bytes that are no update', 'document/malformed', () => new Uint8Array([255, 255, 255, 255])],
    ['no bytes', 'document/malformed', () => new Uint8Array()],
  ]
  for (const [what, code, make, sender] of refusals) {
    it(`${what}: ${code}`, () => {
      const board = aBoard()
      const before = state(board.table)
      expect(says(board.table, make(board), sender)).toBe(code)
      expect(state(board.table)).toBe(before)
    })
  }

  it('one entry or one byte too many: document/full', () => {
    const { table, hers } = aBoard()
    const update = hers.set('x', 1)
    expect(says(table, update, awa, { ...bounds, entries: 11 })).toBe('document/full')
    expect(says(table, update, awa, { ...bounds, items: 11 })).toBe('document/full')
    expect(says(table, update, awa, { ...bounds, bytesLeft: update.length - 1 })).toBe('document/full')
    expect(says(table, update, awa, { ...bounds, entries: 12, items: 12, bytesLeft: update.length })).toBe('new')
  })
})

describe('accepts', () => {
  it('erasing and replacing a few things of others, and everything for who may wipe', () => {
    const { table, hers } = aBoard()
    expect(says(table, hers.erase('l0', 'l1'))).toBe('new')
    expect(says(table, hers.set('l2', 5))).toBe('new')
    expect(table.size).toBe(9)
    expect(says(table, hers.erase(...hers.root.keys()), { ...awa, mayWipe: true })).toBe('new')
    expect(table.size).toBe(0)
  })

  it('drawing again under a key that was erased, and a thing written and erased within one act', () => {
    const { table, hers } = aBoard()
    expect(says(table, hers.erase('a0'))).toBe('new')
    expect(says(table, hers.set('a0', 7))).toBe('new')
    expect(
      says(
        table,
        hers.act(() => [1, 2, 3].forEach((n) => hers.root.set('x', n))),
      ),
    ).toBe('new')
    expect(says(table, hers.set('x', 4))).toBe('new')
    expect([...table.live.keys()].filter((key) => key === 'a0' || key === 'x')).toHaveLength(2)
  })

  it('undoing and redoing', () => {
    const { table, hers } = aBoard()
    const undo = new Y.UndoManager(hers.root, { captureTimeout: 0 })
    expect(says(table, hers.set('x', 1))).toBe('new')
    expect(says(table, hers.set('x', 2))).toBe('new')
    expect(says(table, hers.erase('x', 'l0'))).toBe('new')
    for (const step of ['undo', 'undo', 'undo', 'redo', 'redo'] as const)
      expect(
        says(
          table,
          hers.caught(() => undo[step]()),
        ),
      ).toBe('new')
    expect([...table.live.keys()].sort()).toEqual([...hers.root.keys()].sort())
  })
})

/** Random lessons of several pens that see each other now and then: every update that is made, in order of arrival. */
const lesson = fc.array(fc.record({ who: fc.nat(2), act: fc.constantFrom('set', 'set', 'again', 'erase', 'meet'), at: fc.nat(7) }), {
  minLength: 5,
  maxLength: 60,
})
function play(steps: { who: number; act: string; at: number }[], each: (update: Uint8Array) => void) {
  const pens = [aPen(1), aPen(2), aPen(3)]
  const sent: Uint8Array[] = []
  steps.forEach(({ who, act, at }, i) => {
    const pen = pens[who]
    if (!pen) return
    const keys = [...pen.root.keys()]
    const key = keys[at % Math.max(1, keys.length)]
    if (act === 'meet') return pen.read(...sent)
    if (act === 'erase' && !key) return
    const update =
      act === 'erase' && key
        ? pen.erase(key)
        : pen.set(act === 'again' && key ? key : `k${at}`, act === 'set' ? new Uint8Array(100).fill(i) : i)
    sent.push(update)
    each(update)
  })
  return sent
}

describe('any honest lesson', () => {
  it('is accepted whole; the table can be taken back, and be made again from the log or from a folded snapshot', () => {
    fc.assert(
      fc.property(lesson, (steps) => {
        const table = emptyTable()
        const traces: { before: string; undo: () => void }[] = []
        const sent = play(steps, (update) => {
          const before = state(table)
          const verdict = judge(table, update, { ...awa, mayWipe: true }, bounds, content)
          // To erase what somebody has replaced meanwhile changes nothing.
          if (verdict.is === 'known') return
          if (verdict.is !== 'new') throw new Error(JSON.stringify(verdict))
          traces.push({ before, undo: () => forget(table, verdict.trace) })
          expect(judge(table, update, { ...awa, mayWrite: false }, bounds, content).is).toBe('known')
        })
        const after = state(table)
        const log = emptyTable()
        for (const update of sent) learn(log, update)
        expect(state(log)).toBe(after)
        if (sent.length > 0) {
          const half = Math.floor(sent.length / 2)
          const snapshot = half > 0 ? fold([fold(sent.slice(0, half)), ...sent.slice(half)]) : fold(sent)
          const cold = emptyTable()
          learn(cold, snapshot)
          expect(state(cold)).toBe(after)
          const [all, folded] = [new Y.Doc(), new Y.Doc()]
          for (const update of sent) Y.applyUpdate(all, update)
          Y.applyUpdate(folded, snapshot)
          expect(folded.getMap(content.root).toJSON()).toEqual(all.getMap(content.root).toJSON())
          expect(folded.store.pendingStructs).toBeNull()
        }
        for (const { before, undo } of traces.reverse()) {
          undo()
          expect(state(table)).toBe(before)
        }
      }),
      { numRuns: 300 },
    )
  })

  it('an erased entry leaves its value behind when folded', () => {
    const pen = aPen(1)
    const updates = [pen.set('a', new Uint8Array(5_000)), pen.set('b', new Uint8Array(5_000)), pen.erase('a')]
    expect(fold(updates).length).toBeLessThan(5_200)
  })
})

describe('bytes from anybody', () => {
  it('never throw, never take long, and never leave a hole in a document', () => {
    const { table, hers, his } = aBoard()
    const good = [hers.set('x', 1), hers.erase('a0'), his.set('l1', 9), Y.encodeStateAsUpdate(hers.doc), Y.encodeStateAsUpdate(his.doc)]
    const mutated = fc
      .record({
        of: fc.constantFrom(...good),
        cuts: fc.array(fc.record({ at: fc.nat(), to: fc.nat(255) }), { minLength: 1, maxLength: 8 }),
        length: fc.nat(),
      })
      .map(({ of, cuts, length }) => {
        const bytes = of.slice(0, 1 + (length % (of.length * 2)))
        for (const { at, to } of cuts) bytes[at % bytes.length] = to
        return bytes
      })
    let slowest = 0
    const seen = new Set<string>()
    const board = new Y.Doc()
    Y.applyUpdate(board, Y.mergeUpdates([Y.encodeStateAsUpdate(aBoard().his.doc)]))
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), mutated), (bytes) => {
        const before = state(table)
        const start = performance.now()
        const verdict = judge(table, bytes, { ...awa, mayWipe: true }, bounds, content)
        slowest = Math.max(slowest, performance.now() - start)
        seen.add(verdict.is === 'refused' ? verdict.code : verdict.is)
        if (verdict.is === 'new') {
          Y.applyUpdate(board, verdict.bytes)
          expect(board.store.pendingStructs).toBeNull()
          expect(board.store.pendingDs).toBeNull()
          forget(table, verdict.trace)
        }
        expect(state(table)).toBe(before)
      }),
      { numRuns: 20_000 },
    )
    expect(seen.size).toBeGreaterThan(5)
    // Far above what any of them takes, so that a busy machine does not matter; what is excluded is a loop over a claimed length.
    expect(slowest).toBeLessThan(1_000)
  })

  it('the largest update that claims the most takes a bounded time', () => {
    const { table } = aBoard()
    const ranges = Array.from({ length: 20_000 }, (): [number, number, number] => [200, 0, 10])
    const greedy = forged(
      1,
      1,
      (e) => {
        e.writeInfo(8 | 32)
        e.writeParentInfo(true)
        e.writeString(content.root)
        e.writeString('x')
        e.writeLen(1)
        e.writeAny(1)
      },
      ranges,
    )
    const nested = forged(1, 1, (e) => {
      e.writeInfo(8 | 32)
      e.writeParentInfo(true)
      e.writeString(content.root)
      e.writeString('x')
      e.writeLen(1)
      for (let i = 0; i < 30_000; i++) {
        encoding.writeUint8(e.restEncoder, 117)
        encoding.writeVarUint(e.restEncoder, 1)
      }
    })
    const start = performance.now()
    expect(says(table, greedy)).toBe('document/foreign')
    expect(says(table, nested)).toBe('document/malformed')
    expect(performance.now() - start).toBeLessThan(1_000)
  })
})
