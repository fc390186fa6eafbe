import type { CarrierKind } from './wire.ts'

/** V11 — whether pages encrypt what they send: between browsers that are linked to each other nobody could open it anyway. */
export const encrypts = (kind: CarrierKind, session: { encrypted: boolean } | null): boolean =>
  kind === 'livekit' && session?.encrypted === true
