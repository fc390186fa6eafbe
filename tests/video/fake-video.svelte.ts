import type { Choice, Picture } from '#shared/video/low.rules.ts'
import type { Low } from '#client/video/low.svelte.ts'
import type { Fault, Snapshot } from '#client/video/media-room.ts'
import type { Face, Video } from '#client/video/video.svelte.ts'
import type { Source } from '#shared/video/rules.ts'

/** The part of the media that the tests of being heard and of looking need, given by the test. */
export class FakeVideo {
  mic = $state(false)
  snapshot = $state.raw<Partial<Snapshot>>({})
  fault = $state.raw<Fault | undefined>(undefined)
  closed = $state<string>()
  faces = $state.raw<readonly Face[]>([])
  speakers = $state.raw<readonly string[]>([])
  maySend = true
  able = true
  full = false
  asked: string[] = []
  /** What is sent besides the microphone. */
  sends = $state.raw<readonly Source[]>([])
  low = $state.raw<Low>()
  /** What was last asked of the media room. */
  wanted: unknown
  room = {
    want: (choice: Choice, picture: Picture | undefined) => (this.wanted = [choice, picture]),
    receiveAll: () => this.asked.push('everything'),
  }

  on = (source: Source) => (source === 'mic' ? this.mic : this.sends.includes(source))
  set = (source: string, on: boolean) => {
    this.asked.push(`${source} ${on ? 'on' : 'off'}`)
    return Promise.resolve(true)
  }
  face(
    person: string,
    {
      mic = true,
      role = 'learner',
      quality = 'good',
      local = false,
      screen = false,
      cam = false,
    }: Partial<Face & { mic: boolean; screen: boolean; cam: boolean }> = {},
  ) {
    const on = { mic, cam, screen, screenAudio: false }
    const seat = `seat-${person}`
    const face: Face = {
      person,
      seat,
      name: person,
      colour: 0,
      picture: null,
      role,
      local,
      on,
      speaking: false,
      level: 0,
      quality,
      bare: false,
    }
    this.faces = [...this.faces.filter((one) => one.person !== person), face]
  }
  get screens() {
    return this.faces.filter(({ on }) => on.screen)
  }
  get me() {
    return this.faces.find(({ local }) => local)
  }
  get asVideo() {
    return this as unknown as Video
  }
}
