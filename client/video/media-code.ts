import type { CarrierKind } from '#shared/video/wire.ts'
import type { OpenOptions } from './media.ts'
import type { MediaRoom } from './media-room.ts'
import type { Signalling } from './signalling.ts'

/** What `mesh.ts` and `livekit.ts` both give. */
interface MediaCode {
  openRoom(signalling: Signalling, options: OpenOptions): MediaRoom
  /** Wakes what a page's first connection would wait for. Of use a moment before it is needed. */
  warm(): Promise<void>
}

const loads: Record<CarrierKind, () => Promise<MediaCode>> = {
  mesh: () => import('./mesh.ts'),
  livekit: () => import('./livekit.ts'),
}
const loaded: Partial<Record<CarrierKind, Promise<MediaCode>>> = {}

/**
 * What carries this server's media, downloaded when it is first asked for and then at hand at once: an `import()` of what is already here
 * still waits for the browser's next turn, behind whatever is being drawn. Rejects when it could not be loaded; the next time tries again.
 */
export const mediaCode = (kind: CarrierKind): Promise<MediaCode> =>
  (loaded[kind] ??= loads[kind]().catch((error: unknown) => {
    delete loaded[kind]
    throw error
  }))
