import { createReadStream, statSync } from 'node:fs'
import type { Page } from '@playwright/test'
import {
  ALL_FORMATS,
  BufferSource,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  FilePathTarget,
  Input,
  Output,
  WebMOutputFormat,
  type EncodedPacket,
} from 'mediabunny'
import * as Y from 'yjs'
import { newId } from '#server/db/ids.ts'
import type { Tx } from '#server/db/db.ts'
import { happenings, rooms } from '#server/live/tables.ts'
import { createDocument, insertUpdates } from '#server/live/documents.store.ts'
import type { FileStore } from '#server/outside/files.ts'
import { recordingParts, recordings } from '#server/recording/tables.ts'
import { sessions } from '#server/session/tables.ts'
import { boardDocument, boardRoot } from '#shared/board/rules.ts'
import type { Course } from './course.ts'
import { aStroke, packed, updateOf } from './strokes.ts'

const hour = 3_600_000
/** How long the recorded lesson lasts (ms). */
export const lasts = 2 * hour
/** A browser that records tells the place of its film with each chunk (ms). */
const chunk = 4000

/** Four seconds of pictures as a browser records them, a key picture first: a clock on a small canvas. */
const recordPiece = (page: Page) =>
  page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 640, height: 360 })
    const drawing = canvas.getContext('2d')
    let n = 0
    const timer = setInterval(() => {
      if (!drawing) return
      drawing.fillStyle = '#fff'
      drawing.fillRect(0, 0, 640, 360)
      drawing.fillStyle = '#000'
      drawing.font = '60px sans-serif'
      drawing.fillText(String(n++), 40 + (n % 50) * 8, 200)
    }, 100)
    const recorder = new MediaRecorder(canvas.captureStream(10), { mimeType: 'video/webm;codecs=vp8', videoBitsPerSecond: 120_000 })
    const pieces: Blob[] = []
    recorder.ondataavailable = ({ data }) => pieces.push(data)
    const stopped = new Promise((resolve) => (recorder.onstop = resolve))
    recorder.start()
    await new Promise((resolve) => setTimeout(resolve, 4000))
    recorder.stop()
    await stopped
    clearInterval(timer)
    const bytes = new Uint8Array(await new Blob(pieces).arrayBuffer())
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))
  })

/** A film of two hours at `path`: what a browser recorded in four seconds, again and again, ten evenly spaced pictures a second. */
export async function makeFilm(path: string, page: Page): Promise<void> {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(Buffer.from(await recordPiece(page), 'base64')) })
  const video = await input.getPrimaryVideoTrack()
  const decoderConfig = await video?.getDecoderConfig()
  if (!video?.codec || !decoderConfig) throw new Error('what was recorded cannot be read')
  const output = new Output({ format: new WebMOutputFormat(), target: new FilePathTarget(path) })
  const pictures = new EncodedVideoPacketSource(video.codec)
  output.addVideoTrack(pictures)
  await output.start()
  const packets: EncodedPacket[] = []
  for await (const packet of new EncodedPacketSink(video).packets()) packets.push(packet)
  const pace = 0.1
  for (let count = 0; count * pace < lasts / 1000; count++) {
    const packet = packets[count % packets.length]
    if (packet) await pictures.add(packet.clone({ timestamp: count * pace, duration: pace }), { decoderConfig })
  }
  await output.finalize()
  input.dispose()
}

/** How many shapes are on the board after so many changes: of five changes, four draw and one rubs out. */
export const shapesAfter = (changes: number) => changes - 2 * Math.floor(changes / 5)

/** A lesson of two hours that ended yesterday, with its film and `changes` changes of its board, evenly spread. */
export async function fillReplay(
  tx: Tx,
  { spoc, learners, now }: Course,
  trainer: string,
  files: FileStore,
  { film, changes }: { film: string; changes: number },
): Promise<{ room: string; session: string }> {
  const [room, session, part] = [newId(), newId(), newId()]
  const starts = now - 24 * hour
  await tx.insert(rooms).values({ id: room, spoc, kind: 'session', created: starts })
  await tx.insert(sessions).values({
    ...{ id: session, spoc, room, title: 'Deux heures', starts, ends: starts + lasts, zone: 'Europe/Paris', state: 'ended' },
  })
  const line = (seq: number, at: number, person: string | null, kind: string, payload: object, words: object | null = null) => ({
    ...{ room, seq, at, person, kind, v: 1, payload, words },
  })
  await tx
    .insert(happenings)
    .values([
      line(1, starts, trainer, 'board:opened', { document: boardDocument(room) }),
      ...learners.flatMap((person, i) =>
        Array.from({ length: 10 }, (_, n) =>
          line(2 + i * 10 + n, starts + (n + 1) * 600_000 + i, person, 'chat:said', { message: newId() }, { text: 'Un mot' }),
        ),
      ),
    ])
  const size = statSync(film).size
  const key = `${spoc}/${part}.film`
  await files.put(key, createReadStream(film), size)
  await tx.insert(recordings).values({ room, started: starts, keptUntil: now + 1000 * hour })
  await tx.insert(recordingParts).values({
    ...{ id: part, room, person: trainer, seat: newId(), started: starts, ended: starts + lasts, type: 'video/webm', next: 1, bytes: size },
    anchors: Array.from({ length: lasts / chunk }, (_, i): [number, number] => [(i + 1) * chunk, starts + (i + 1) * chunk]),
    ...{ complete: true, film: key, filmType: 'video/webm', filmSize: size, filmOf: size, duration: lasts },
  })
  await drawBoard(tx, { spoc, room, trainer, starts }, changes)
  return { room, session }
}

async function drawBoard(
  tx: Tx,
  { spoc, room, trainer, starts }: { spoc: string; room: string; trainer: string; starts: number },
  changes: number,
) {
  const document = boardDocument(room)
  await createDocument(tx, { id: document, spoc, feature: 'board', owner: null }, starts)
  const doc = new Y.Doc()
  const elements = doc.getMap(boardRoot)
  const there: string[] = []
  const client = doc.clientID
  for (let done = 0; done < changes;) {
    const some = Array.from({ length: Math.min(500, changes - done) }, () => {
      const rubs = ++done % 5 === 0
      const key = rubs ? (there.shift() ?? '') : newId()
      if (!rubs) there.push(key)
      const bytes = updateOf(doc, () => (rubs ? elements.delete(key) : elements.set(key, packed(aStroke(), done))))
      return { seq: done, at: Math.round(starts + (done / changes) * lasts), person: trainer, client, bytes }
    })
    await tx.execute(insertUpdates(document, some, undefined))
  }
}
