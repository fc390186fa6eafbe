/** A camera to draw: its pictures, and where the drawn ones go. */
export interface FromPage {
  frames: ReadableStream<VideoFrame>
  drawn: WritableStream<VideoFrame>
}

export type FromWorker =
  | { ready: true }
  /** Each second: how many pictures were drawn, and how long that took (ms). */
  | { beat: { frames: number; busy: number } }
  | { failed: string }
