import { leads, takesPart, type Role } from '../spoc/rules.ts'
import type { CarrierKind, VideoState } from './wire.ts'

/**
 * Rules of seeing and hearing each other. LiveKit carries everybody; V1 to V3, V6, V7 and V9 are the limits of the mesh, where each page
 * sends to each other page by itself.
 *
 * V1 Up to six in the mesh, everybody who takes part may send sound and picture.
 * V2 At seven and eight everybody may still speak; pictures are for those on the stage.
 * V3 Beyond sixteen a late comer has a data seat: no media either way, everything else of the room as usual. So has whose browser
 *    carries none. Nobody who came before loses theirs.
 * V4 Only those who lead may put a screen in front for all.
 * V5 An observer receives and sends nothing.
 * V6 The more people, the smaller and slower each picture: what limits a mesh is the uplink and the cost per link.
 * V7 While a screen is shown, cameras go one rung down; the screens sent together stay within one uplink.
 * V8 Whoever is in the mesh opens to a seat that comes; of a pair that neither came to, the seat with the smaller name opens. It is also
 *    the one that does not yield when offers cross.
 * V9 On the stage are the first two who lead and the first two who were given the floor. Above eight only they send, and pages are
 *    linked only where one of the two is on it: the others receive, and ask for the floor with their hand.
 * V10 How a group that comes together is carried: everybody; every voice but not every picture; those on the stage alone; or these, and
 *    who comes late not at all.
 * V11 In a session that is encrypted end to end each page encrypts what it sends through LiveKit, with a key that only a seat of the room is
 *    given. Who sends anything in the clear is neither seen nor heard. Whose browser cannot encrypt has a data seat (V3).
 * V12 While sub-groups are open each of them, and the plenary, is a mesh of its own: pages are linked only within it, and V1 to V10 count
 *    its people alone. Twelve people in three groups of four all have their cameras: one that was closed because the plenary is too many
 *    opens again by itself in a group where it fits, unless its person has said otherwise since.
 * V13 Whoever may no longer be in a room that is encrypted end to end, removed, suspended or turned out, has no key of what is sent after:
 *    the key is another one from then on, not made of the one before. Pages ask for it as soon as somebody leaves or what comes cannot be
 *    opened, and twice a minute. Who leaves and may come back changes nothing.
 */

export type Source = 'mic' | 'cam' | 'screen' | 'screenAudio'
/** The four lines of every link, in this order. */
export const sources: readonly Source[] = ['mic', 'cam', 'screen', 'screenAudio']

/** V1 */
export const CAMERAS = 6
/** V2 */
export const VOICES = 8
/** V3 */
export const MEDIA_SEATS = 16
/** V9: of those who lead, and of those who were given the floor. */
const onStageEach = 2

/** V4, V5 — what a role may send at all. */
export const maySend = (source: Source, role: Role): boolean =>
  takesPart(role) && ((source !== 'screen' && source !== 'screenAudio') || leads(role))

/** V1, V2, V9 — what the mesh has room for. `people` counts everybody in it, oneself included. */
export const meshCarries = (source: Source, people: number, onStage: boolean): boolean =>
  onStage || people <= (source === 'cam' ? CAMERAS : VOICES)

/** V9 — persons on the stage, of those in the mesh in the order in which they came. */
export function stageOf(people: readonly { person: string; role: Role }[], floor: readonly string[]): ReadonlySet<string> {
  const unique = (persons: readonly string[]) => [...new Set(persons)].slice(0, onStageEach)
  const speakers = floor.filter((given) => people.some(({ person, role }) => person === given && takesPart(role)))
  return new Set([...unique(people.filter(({ role }) => leads(role)).map(({ person }) => person)), ...unique(speakers)])
}

/** V9 — whether two pages are linked. */
export const linked = (people: number, oneOnStage: boolean): boolean => people <= VOICES || oneOnStage

/** V10 */
export type Carried = 'all' | 'voices' | 'stage' | 'part'

/** V10 — how a group of so many who take part is carried when all of them come. */
export function carriedAt(people: number, kind: CarrierKind): Carried {
  if (kind === 'livekit' || people <= CAMERAS) return 'all'
  return people <= VOICES ? 'voices' : people <= MEDIA_SEATS ? 'stage' : 'part'
}

/** V4, V5 — what a seat of that role may say of itself; the server refuses the rest. The number of people is not its concern. */
export const mayState = (role: Role, state: VideoState): boolean =>
  takesPart(role) ? !state.screen || leads(role) : !state.mic && !state.cam && !state.screen

/**
 * V3 — whether a seat that just came keeps its place: `before` were there when it came, `racing` came at the same moment.
 * Every one of the racing seats reaches the same conclusion about who stays.
 */
export const hasMediaSeat = (seat: string, before: number, racing: readonly string[]): boolean =>
  before + racing.filter((other) => other < seat).length < MEDIA_SEATS

/** V8 */
export const opens = (seat: string, other: string): boolean => seat < other

export interface Rung {
  width: number
  height: number
  fps: number
  kbps: number
}

const ladder: readonly (Rung & { upTo: number })[] = [
  { upTo: 2, width: 1280, height: 720, fps: 30, kbps: 1500 },
  { upTo: 3, width: 960, height: 540, fps: 24, kbps: 800 },
  { upTo: 4, width: 640, height: 360, fps: 24, kbps: 500 },
  { upTo: 6, width: 426, height: 240, fps: 20, kbps: 250 },
  { upTo: VOICES, width: 320, height: 180, fps: 15, kbps: 150 },
  { upTo: Infinity, width: 320, height: 180, fps: 10, kbps: 100 },
]

/** V6, V7 — what each camera sends to each other person; `small`: one rung less. */
export function cameraRung(people: number, screenShown: boolean, small = false): Rung {
  const fits = ladder.findIndex((rung) => people <= rung.upTo)
  const { upTo: _, ...rung } = ladder[Math.min(fits + Number(screenShown) + Number(small), ladder.length - 1)]!
  return rung
}

/** V7 — full size, because it is text; few pictures a second; one 3 Mb/s uplink shared by all links. */
export const screenRung = (people: number): Rung => ({
  width: 1920,
  height: 1080,
  fps: 10,
  kbps: Math.max(200, Math.min(1500, Math.round(3000 / Math.max(1, people - 1)))),
})
