/** What passes between the page that records and its worker. */
export interface FromPage {
  /** Begins: the sound of all who agreed, already mixed, and with which codec pictures are written. */
  start?: { sound: ReadableStream<AudioData>; codec: 'avc' | 'vp9' }
  /** A picture that may be in the film from now on. */
  show?: { name: string; frames: ReadableStream<VideoFrame> }
  /** From now on it is not, at once. */
  hide?: string
  /** Which of them are in front, in this order; `whole`: the first alone (a shared screen). */
  front?: { names: string[]; whole: boolean }
  /** Ends: what is left is written. */
  stop?: true
}

export interface FromWorker {
  /** The next bytes of the film; `media` is the last picture's place in it (ms), taken at `taken` (this machine's clock). */
  bytes?: { data: Uint8Array<ArrayBuffer>; media: number; taken: number }
  done?: true
  failed?: string
}
