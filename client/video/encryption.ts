import { BaseKeyProvider, createKeyMaterialFromBuffer, type E2EEManagerOptions, type Participant } from 'livekit-client'
import type { MediaKey } from '#shared/video/wire.ts'

/** What a LiveKit room needs to be encrypted end to end, until it ends. */
export interface Encryption {
  options: E2EEManagerOptions
  /** V13: what leaves is encrypted with this key from now on; what others still send with the one before is opened as well. */
  change(key: MediaKey): Promise<void>
  end(): void
}

/** The keys of a room: everybody's is the same, nobody's is made of another. */
class RoomKeys extends BaseKeyProvider {
  #bits: string | undefined

  constructor() {
    // A wrong key says nothing of the next one, and none is derived from another.
    super({ sharedKey: true, ratchetWindowSize: 0, failureTolerance: -1, keySize: 256 })
  }

  async use({ index, bits }: MediaKey): Promise<void> {
    if (bits === this.#bits) return
    this.#bits = bits
    const key = await createKeyMaterialFromBuffer(Uint8Array.from(atob(bits), (one) => one.charCodeAt(0)).buffer)
    if (bits === this.#bits) this.onSetEncryptionKey(key, undefined, index)
  }
}

/** A worker of our own server, which holds this key and those that follow it alone. */
export async function encryptWith(key: MediaKey): Promise<Encryption> {
  const keyProvider = new RoomKeys()
  await keyProvider.use(key)
  const worker = new Worker(new URL('./encryption.worker.ts', import.meta.url), { type: 'module' })
  return { options: { keyProvider, worker }, change: (next) => keyProvider.use(next), end: () => worker.terminate() }
}

/**
 * V11 — whether somebody sends anything in the clear. One such track is enough: LiveKit then takes all that they send for clear, and what is
 * still encrypted would be heard as noise.
 */
export const sendsInTheClear = ({ trackPublications }: Participant): boolean =>
  [...trackPublications.values()].some(({ isEncrypted }) => !isEncrypted)
