import type { Fault, Snapshot } from '#client/video/media-room.ts'
import type { Face, Video } from '#client/video/video.svelte.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { Source } from '#shared/video/rules.ts'

/** The part of the media that the test of being heard needs, given by the test. */
export class FakeVideo {
  mic = $state(false)
  snapshot = $state.raw<Partial<Snapshot>>({})
  fault = $state.raw<Fault | undefined>(undefined)
  faces = $state.raw<readonly Face[]>([])
  maySend = true
  able = true
  full = false
  asked: string[] = []

  on = (source: Source) => source === 'mic' && this.mic
  set = (source: string, on: boolean) => {
    this.asked.push(`${source} ${on ? 'on' : 'off'}`)
    return Promise.resolve(true)
  }
  face(
    person: string,
    { mic = true, role = 'learner', quality = 'good', local = false }: Partial<Face & { mic: boolean; role: Role }> = {},
  ) {
    const on = { mic, cam: false, screen: false, screenAudio: false }
    const seat = `seat-${person}`
    const face: Face = { person, seat, name: person, colour: 0, picture: null, role, local, on, speaking: false, level: 0, quality }
    this.faces = [...this.faces.filter((one) => one.person !== person), face]
  }
  get asVideo() {
    return this as unknown as Video
  }
}
