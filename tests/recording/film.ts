import { randomBytes } from 'node:crypto'
import { EncodedPacket, EncodedVideoPacketSource, Mp4OutputFormat, Output, StreamTarget } from 'mediabunny'
import type { Classroom, Member } from '#tests/support/classroom.ts'

/** Sends a piece of a film as the page that records does. */
export const sendChunk = (
  room: Classroom,
  who: Member,
  part: string,
  seq: number,
  bytes: Uint8Array,
  media = seq * 2000,
  server = room.clock.now(),
) =>
  fetch(
    `${room.base}/api/rooms/${room.room}/recording/${part}/chunks?${new URLSearchParams({ seq: String(seq), media: String(media), server: String(Math.round(server)), type: 'video/mp4' })}`,
    {
      method: 'PUT',
      headers: { cookie: who.cookie, origin: room.base, 'content-type': 'application/octet-stream' },
      body: Buffer.from(bytes),
    },
  )
/** A growing film as a browser makes it, cut into chunks: pictures that nobody can decode, in a container that is sound. */
export async function aFilm(seconds: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  const output = new Output({
    format: new Mp4OutputFormat({ fastStart: 'fragmented', minimumFragmentDuration: 1 }),
    target: new StreamTarget(
      new WritableStream({
        write: ({ data }) => void chunks.push(data.slice()),
      }),
    ),
  })
  const pictures = new EncodedVideoPacketSource('vp9')
  output.addVideoTrack(pictures)
  await output.start()
  const decoderConfig = { codec: 'vp09.00.10.08', codedWidth: 320, codedHeight: 180 }
  for (let i = 0; i < seconds * 10; i++)
    await pictures.add(new EncodedPacket(randomBytes(500), i % 10 === 0 ? 'key' : 'delta', i / 10, 0.1), {
      decoderConfig,
    } as EncodedVideoChunkMetadata)
  await output.finalize()
  const whole = Buffer.concat(chunks)
  return Array.from({ length: 6 }, (_, i) => whole.subarray(Math.floor((i * whole.length) / 6), Math.floor(((i + 1) * whole.length) / 6)))
}
