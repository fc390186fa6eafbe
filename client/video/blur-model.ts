/** Writes FlatBuffers forwards: what points stands before what is pointed at. */
function writer(room: number, identifier: string) {
  const bytes = new Uint8Array(room)
  const view = new DataView(bytes.buffer)
  let end = 8
  const place = (size: number, align = 4) => {
    const at = Math.ceil(end / align) * align
    end = at + size
    return at
  }
  const write = (at: number, words: string) =>
    bytes.set(
      [...words].map((letter) => letter.charCodeAt(0)),
      at,
    )
  write(4, identifier)
  return {
    bytes,
    view,
    place,
    /** From the beginning of the file, or from a field or an entry. */
    point: (from: number, to: number) => view.setUint32(from, to - from, true),
    /** A table that has these fields, four bytes each. */
    table(...fields: readonly number[]): { at: number; slot: (field: number) => number } {
      const size = 4 + 2 * (Math.max(...fields) + 1)
      const layout = place(size)
      const at = place(4 + 4 * fields.length)
      view.setUint16(layout, size, true)
      view.setUint16(layout + 2, 4 + 4 * fields.length, true)
      fields.forEach((field, i) => view.setUint16(layout + 4 + 2 * field, 4 + 4 * i, true))
      view.setInt32(at, at - layout, true)
      return { at, slot: (field) => at + 4 + 4 * fields.indexOf(field) }
    },
    /** A list of so many things of four bytes. */
    list(length: number): { at: number; slot: (index: number) => number } {
      const at = place(4 + 4 * length)
      view.setUint32(at, length, true)
      return { at, slot: (index) => at + 4 + 4 * index }
    },
    text(words: string): number {
      const at = place(4 + words.length + 1)
      view.setUint32(at, words.length, true)
      write(at + 4, words)
      return at
    },
  }
}

/** What the model expects, as TFLite's metadata say it: one picture whose colours go from 0 to 1. */
function metadata(): Uint8Array {
  const { bytes, view, point, table, list } = writer(192, 'M001')
  const model = table(3)
  point(0, model.at)
  const graphs = list(1)
  point(model.slot(3), graphs.at)
  const graph = table(2)
  point(graphs.slot(0), graph.at)
  const inputs = list(1)
  point(graph.slot(2), inputs.at)
  const input = table(4)
  point(inputs.slot(0), input.at)
  const units = list(1)
  point(input.slot(4), units.at)
  const unit = table(0, 1)
  point(units.slot(0), unit.at)
  view.setUint8(unit.slot(0), 1) // Normalised: a colour less the mean, divided by the deviation.
  const normalised = table(0, 1)
  point(unit.slot(1), normalised.at)
  for (const [field, value] of [0, 255].entries()) {
    const numbers = list(1)
    point(normalised.slot(field), numbers.at)
    view.setFloat32(numbers.slot(0), value, true)
  }
  return bytes
}

/** The fields of TFLite's `Model` that a file without metadata has, and the one that it lacks. */
const fields = { version: 0, codes: 1, graphs: 2, buffers: 4, metadata: 6 } as const

/**
 * The published model does not say what it expects of a picture, and the runtime takes none that does not. This is the same model with
 * that said: whatever is in such a file is found by its distance from what points at it, so a new beginning goes before the old one.
 */
export function withMetadata(model: Uint8Array): Uint8Array<ArrayBuffer> {
  const old = new DataView(model.buffer, model.byteOffset, model.byteLength)
  const follow = (at: number) => at + old.getUint32(at, true)
  const root = follow(0)
  const layout = root - old.getInt32(root, true)
  const where = (field: number) => follow(root + old.getUint16(layout + 4 + 2 * field, true))
  const buffers = where(fields.buffers)
  const count = old.getUint32(buffers, true)

  const room = Math.ceil((512 + 4 * count) / 16) * 16
  const { bytes, view, place, point, table, list, text } = writer(room, 'TFL3')
  const head = table(fields.version, fields.codes, fields.graphs, fields.buffers, fields.metadata)
  point(0, head.at)
  view.setUint32(head.slot(fields.version), 3, true)
  for (const field of [fields.codes, fields.graphs]) point(head.slot(field), room + where(field))

  const all = list(count + 1)
  point(head.slot(fields.buffers), all.at)
  for (let i = 0; i < count; i++) point(all.slot(i), room + follow(buffers + 4 + 4 * i))
  const added = table(0)
  point(all.slot(count), added.at)
  const said = metadata()
  // What a buffer holds begins at a multiple of sixteen, after its length.
  const data = place(16 + said.length, 16) + 12
  point(added.slot(0), data)
  view.setUint32(data, said.length, true)
  bytes.set(said, data + 4)

  const entries = list(1)
  point(head.slot(fields.metadata), entries.at)
  const entry = table(0, 1)
  point(entries.slot(0), entry.at)
  point(entry.slot(0), text('TFLITE_METADATA'))
  view.setUint32(entry.slot(1), count, true)

  const whole = new Uint8Array(room + model.length)
  whole.set(bytes)
  whole.set(model, room)
  return whole
}
