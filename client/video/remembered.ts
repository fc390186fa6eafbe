import type { Chosen, OpenTracks } from './devices.ts'

/** How somebody last entered, on this browser. The first time microphone and camera are off. */
export interface Entry {
  mic: boolean
  cam: boolean
  devices: Chosen
}

/** An entry with what the lobby opened for it: the room goes on with the same tracks. */
export interface Entering extends Entry {
  open: OpenTracks
}

const kept = 'cercle.video'

export function rememberedEntry(): Entry {
  const first: Entry = { mic: false, cam: false, devices: {} }
  try {
    const read = JSON.parse(localStorage.getItem(kept) ?? '{}') as Partial<Entry>
    return {
      mic: read.mic === true,
      cam: read.cam === true,
      devices: typeof read.devices === 'object' && read.devices !== null ? read.devices : {},
    }
  } catch {
    return first
  }
}

export function rememberEntry(entry: Entry): void {
  try {
    localStorage.setItem(kept, JSON.stringify(entry))
  } catch {
    // A browser that keeps nothing asks again next time.
  }
}
