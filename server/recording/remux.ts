import { stat } from 'node:fs/promises'
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

/** What a film is made of: how many bytes, and how to have those from `start` to before `end`. */
export interface Raw {
  size: number
  read(start: number, end: number): Promise<Uint8Array>
}

export interface Remuxed {
  duration: number
  type: string
  size: number
}

/**
 * Copies packets into a new container at `path`; undefined when there is no film in the bytes. Bytes that could not be had are another
 * matter: that throws, and may go better the next time. Lets others work in between.
 */
export async function remux({ size, read }: Raw, path: string, type: string): Promise<Remuxed | undefined> {
  const lost: { why?: unknown } = {}
  const input = new Input({
    formats: ALL_FORMATS,
    source: new StreamSource({
      getSize: () => size,
      read: (start, end) =>
        read(start, end).catch((error: unknown) => {
          lost.why ??= error ?? new Error('what was recorded cannot be read')
          throw error
        }),
    }),
  })
  const isWhole = () => {
    if (lost.why !== undefined) throw lost.why
  }
  try {
    const video = await input.getPrimaryVideoTrack().catch(() => null)
    const audio = await input.getPrimaryAudioTrack().catch(() => null)
    isWhole()
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
    isWhole()
    await output.finalize()
    return { duration: Math.round(end * 1000), type: webm ? 'video/webm' : 'video/mp4', size: (await stat(path)).size }
  } finally {
    input.dispose()
  }
}
