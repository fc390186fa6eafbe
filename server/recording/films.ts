import { createReadStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setImmediate as breathe } from 'node:timers/promises'
import {
  ALL_FORMATS,
  EncodedAudioPacketSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathTarget,
  Input,
  Mp4OutputFormat,
  Output,
  StreamSource,
  WebMOutputFormat,
  type EncodedPacket,
} from 'mediabunny'
import type { Clock } from '../clock.ts'
import type { Db, Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import type { JobHandler } from '../jobs/jobs.ts'
import type { FileStore } from '../outside/files.ts'
import { endRecording, findPartAnywhere, isWatchable, rawKey, saveFilm, type Film } from './store.ts'

/** Told in the transaction in which the replay of a room is seen to be ready; more than once is harmless. */
export type Ready = (tx: Tx, room: string) => Promise<void>

/** What falls due of recordings: making the film of a part, forgetting what was kept long enough. */
export const recordingJobs = (db: Db, files: FileStore, clock: Clock, ready: Ready): Record<string, JobHandler> => ({
  'recording-film': { outside: ({ payload }) => makeFilm({ db, files, clock, ready }, (payload as { part: string }).part) },
  'recording-end': { within: (tx, { payload }) => endRecording(tx, (payload as { room: string }).room, clock.now()) },
})

const largest = 20_000_000_000

/**
 * Makes one film of the bytes that came of a part: the same pictures and sound, in a file that any player finds its way in. Done again it
 * makes the same. What came stays until all of it has come and the film is kept.
 */
async function makeFilm({ db, files, clock, ready }: { db: Db; files: FileStore; clock: Clock; ready: Ready }, id: string): Promise<void> {
  const part = await db.read((tx) => findPartAnywhere(tx, id))
  if (!part) return
  const keep = (film: Film | undefined) =>
    db.transaction(async (tx) => {
      const replaced = await saveFilm(tx, id, film)
      if (await isWatchable(tx, part.room, clock.now())) await ready(tx, part.room)
      return replaced
    })
  if (part.bytes === 0) {
    if (part.ended !== null && part.complete) await keep(undefined)
    return
  }
  const raw = rawKey(part.spoc, id)
  if (part.film === null || part.filmOf !== part.bytes) {
    const folder = await mkdtemp(join(tmpdir(), 'cercle-film-'))
    try {
      const path = join(folder, 'film')
      const made = await remux(files, raw, part.bytes, path, part.type ?? 'video/mp4')
      if (!made) {
        await keep(undefined)
        return
      }
      const film = `${part.spoc}/${id}.${newId()}`
      await files.put(film, createReadStream(path), largest)
      const replaced = await keep({ film, filmType: made.type, filmSize: made.size, filmOf: part.bytes, duration: made.duration })
      if (replaced !== null) await files.remove(replaced)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  if (part.complete) await files.remove(raw)
}

/** Copies packets into a new container at `path`; undefined when nothing can be read of them. Lets others work in between. */
async function remux(files: FileStore, key: string, size: number, path: string, type: string) {
  const input = new Input({
    formats: ALL_FORMATS,
    source: new StreamSource({
      getSize: () => size,
      read: async (start, end) => new Uint8Array(await buffer(Readable.from(files.read(key, start, end)))),
    }),
  })
  try {
    const video = await input.getPrimaryVideoTrack().catch(() => null)
    const audio = await input.getPrimaryAudioTrack().catch(() => null)
    if (!video?.codec) return undefined
    const webm = type === 'video/webm'
    const output = new Output({
      // What stands last in the file is found by a range: nothing has to be kept in memory.
      format: webm ? new WebMOutputFormat() : new Mp4OutputFormat({ fastStart: false }),
      target: new FilePathTarget(path),
    })
    const pictures = new EncodedVideoPacketSource(video.codec)
    output.addVideoTrack(pictures)
    const sound = audio?.codec ? new EncodedAudioPacketSource(audio.codec) : undefined
    if (sound) output.addAudioTrack(sound)
    await output.start()

    const lanes = [
      {
        sink: new EncodedPacketSink(video),
        add: async (packet: EncodedPacket) =>
          pictures.add(packet, { decoderConfig: (await video.getDecoderConfig()) ?? undefined } as EncodedVideoChunkMetadata),
      },
      ...(sound && audio
        ? [
            {
              sink: new EncodedPacketSink(audio),
              add: async (packet: EncodedPacket) =>
                sound.add(packet, { decoderConfig: (await audio.getDecoderConfig()) ?? undefined } as EncodedAudioChunkMetadata),
            },
          ]
        : []),
    ]
    const heads = await Promise.all(lanes.map(({ sink }) => sink.getFirstPacket()))
    let end = 0
    for (let count = 1; heads.some((head) => head !== null); count++) {
      const at = heads.reduce(
        (best, head, i) => (head && (best === -1 || head.timestamp < (heads[best]?.timestamp ?? Infinity)) ? i : best),
        -1,
      )
      const lane = lanes[at]
      const head = heads[at]
      if (!lane || !head) break
      await lane.add(head)
      end = Math.max(end, head.timestamp + head.duration)
      heads[at] = await lane.sink.getNextPacket(head).catch(() => null)
      if (count % 100 === 0) await breathe()
    }
    await output.finalize()
    return { duration: Math.round(end * 1000), type: webm ? 'video/webm' : 'video/mp4', size: (await stat(path)).size }
  } finally {
    input.dispose()
  }
}
