import { ExternalE2EEKeyProvider, type E2EEManagerOptions, type Participant } from 'livekit-client'

/** What a LiveKit room needs to be encrypted end to end, until it ends. */
export interface Encryption {
  options: E2EEManagerOptions
  end(): void
}

/** A worker of our own server, which holds this key (base64) alone. */
export async function encryptWith(key: string): Promise<Encryption> {
  const keyProvider = new ExternalE2EEKeyProvider({ keySize: 256 })
  await keyProvider.setKey(Uint8Array.from(atob(key), (one) => one.charCodeAt(0)).buffer)
  const worker = new Worker(new URL('./encryption.worker.ts', import.meta.url), { type: 'module' })
  return { options: { keyProvider, worker }, end: () => worker.terminate() }
}

/**
 * V11 — whether somebody sends anything in the clear. One such track is enough: LiveKit then takes all that they send for clear, and what is
 * still encrypted would be heard as noise.
 */
export const sendsInTheClear = ({ trackPublications }: Participant): boolean =>
  [...trackPublications.values()].some(({ isEncrypted }) => !isEncrypted)
