import type { RoomPort } from '#client/live/port.ts'
import { isTeam } from '#shared/spoc/rules.ts'
import { mayTrouble, whyNotHeard } from '#shared/video/heard.rules.ts'
import type { Help, HelpView, NotHeard, VideoTrouble } from '#shared/video/wire.ts'
import { devicesExist } from './devices.ts'
import type { FaultCode } from './media-room.ts'
import type { Video } from './video.svelte.ts'

/** A trouble is told again now and then: its lane may drop one for a slow reader. */
const repeatEvery = 10_000
/** For how long "we hear you again" is said. */
const backFor = 6_000

const fine: VideoTrouble = { mic: null, deaf: false, unlinked: [] }
const troubles = {
  insecure: 'insecure',
  permission: 'refused',
  withheld: 'refused',
  'not-found': 'missing',
  'in-use': 'busy',
  ended: 'unplugged',
} as const satisfies Partial<Record<FaultCode, VideoTrouble['mic']>>

/** What the browser lets be known without opening anything. */
interface Allowed {
  refused: boolean
  missing: boolean
}

/**
 * Whether this person is heard and why not; for the team, the same of everybody, and the help that was sent. The reason goes to the team
 * alone (N7), so it is told apart from what everybody sees of a microphone.
 */
export class Heard {
  readonly video: Video
  readonly #port: RoomPort
  /** What went wrong with the microphone last, until it is open. */
  #fault = $state.raw<FaultCode | undefined>(undefined)
  #allowed = $state.raw<Allowed>({ refused: false, missing: false })
  /** What each seat last said of itself; only the team is told. */
  #told = $state.raw<ReadonlyMap<string, VideoTrouble>>(new Map())
  /** Echoes that the person said are none. */
  #notTogether = $state.raw<ReadonlySet<string>>(new Set())
  /** The microphone came back by itself a moment ago. */
  back = $state(false)
  #saidTrouble = false
  readonly #stops: (() => void)[]

  /** What this page says of itself to the team. */
  readonly trouble: VideoTrouble = $derived.by(() => {
    const { snapshot, maySend, able, full } = this.video
    const mic = !maySend ? null : !able ? 'unable' : full ? 'full' : this.#micTrouble()
    return { mic, deaf: snapshot?.audioBlocked ?? false, unlinked: [...(snapshot?.unreachable ?? [])] }
  })
  /** Why I am not heard, as far as my own page knows. */
  readonly mine: NotHeard | undefined = $derived.by(() =>
    whyNotHeard({ role: this.#port.me.role, cut: false, mic: this.video.on('mic'), told: this.trouble }),
  )
  readonly #helps: NonNullable<HelpView> = $derived.by(() => this.#port.view<HelpView>('video') ?? {})
  /** The help that was sent to me. */
  readonly help: Help | undefined = $derived.by(() => this.#port.mine<Help>('video'))
  readonly ofTeam: boolean = $derived.by(() => isTeam(this.#port.me.role))
  /** Why each of the others is not heard, by person; for the team. */
  readonly #reasons: ReadonlyMap<string, NotHeard> = $derived.by(() => new Map(this.ofTeam ? this.#look() : []))
  /** Two others who neither see nor hear each other, by person and each pair once; for the team. */
  readonly apart: readonly (readonly [string, string])[] = $derived.by(() => (this.ofTeam ? this.#apart() : []))
  /** Who hears the same air as I do, while it is I who am asked to close the microphone. */
  readonly echo: string | undefined = $derived.by(() => {
    const seat = this.video.snapshot?.echo
    const other = this.video.faces.find((face) => face.seat === seat)?.person
    return other === undefined || this.#notTogether.has(other) ? undefined : other
  })

  constructor(port: RoomPort, video: Video) {
    this.#port = port
    this.video = video
    const repeat = setInterval(() => this.#saidTrouble && this.#say(), repeatEvery)
    this.#stops = [
      () => clearInterval(repeat),
      port.hear('video:trouble', (trouble, from) => this.#hear(from, trouble)),
      this.#watchAllowed(),
      $effect.root(() => {
        $effect(() => this.follow())
      }),
    ]
  }

  close(): void {
    for (const stop of this.#stops.splice(0)) stop()
  }

  /** Why somebody is not heard (N6); undefined when they are, and for whoever is not of the team. */
  why = (person: string): NotHeard | undefined => this.#reasons.get(person)
  /** The help that this person has in front of them. */
  sent = (person: string) => (this.#helps[person]?.open ? this.#helps[person] : undefined)
  nameOf = (person: string) => this.#port.person(person).name

  /** Sends somebody the help that fits; answers a refusal. */
  send = (person: string, why: NotHeard) => this.#port.send('video:help', { person, why })
  /** Puts my help away. */
  settle = () => void this.#port.send('video:settle', {})
  /** We are not in one place: nothing more is said of it. */
  notTogether = (person: string) => (this.#notTogether = new Set([...this.#notTogether, person]))

  /** Opens the microphone, anew when the system took it or nothing came from it. */
  async open(): Promise<boolean> {
    if (this.video.snapshot?.micInterrupted) await this.video.set('mic', false)
    return this.video.set('mic', true)
  }

  /** Reads how the microphone and the room stand: runs again at each change. */
  follow(): void {
    this.#followFault()
    this.#followInterruption()
    this.#followTrouble()
  }

  #micTrouble(): VideoTrouble['mic'] {
    const { snapshot } = this.video
    if (snapshot?.micInterrupted) return 'interrupted'
    if (this.video.on('mic')) return snapshot?.micSilent ? 'silent' : null
    if (!devicesExist()) return isSecureContext ? 'refused' : 'insecure'
    if (this.#allowed.refused) return 'refused'
    const fault = this.#fault && this.#fault in troubles ? troubles[this.#fault as keyof typeof troubles] : null
    return fault ?? (this.#allowed.missing ? 'missing' : null)
  }

  #followFault(): void {
    const { fault } = this.video
    if (this.video.on('mic')) this.#fault = undefined
    else if (fault?.source === 'mic') {
      this.#fault = fault.code
      // The card says it already, with more.
      if (this.help) this.video.fault = undefined
    }
  }

  #team: ReadonlySet<string> = new Set()
  /** Tells the team when it changed, when somebody of the team came, and when the link is back. */
  #followTrouble(): void {
    const { link, presence, me } = this.#port
    const { trouble } = this
    if (link !== 'here' || !mayTrouble(me.role, trouble)) {
      this.#team = new Set()
      return
    }
    const team = new Set(presence.people.flatMap(({ role, seats }) => (isTeam(role) ? seats.map(({ seat }) => seat) : [])))
    const news = [...team].some((seat) => !this.#team.has(seat)) || JSON.stringify(trouble) !== this.#said
    this.#team = team
    if (!news || (!this.#saidTrouble && trouble.mic === null && !trouble.deaf && trouble.unlinked.length === 0)) return
    this.#saidTrouble = true
    this.#say()
  }

  #said = JSON.stringify(fine)
  #say(): void {
    this.#said = JSON.stringify(this.trouble)
    this.#port.whisper('video:trouble', this.trouble)
  }

  #wasInterrupted = false
  #followInterruption(): void {
    const interrupted = this.video.snapshot?.micInterrupted ?? false
    if (this.#wasInterrupted && !interrupted && this.video.on('mic')) {
      this.back = true
      setTimeout(() => (this.back = false), backFor)
    }
    this.#wasInterrupted = interrupted
  }

  #hear(seat: string, trouble: VideoTrouble): void {
    const here = new Set(this.#port.presence.people.flatMap(({ seats }) => seats.map((one) => one.seat)))
    this.#told = new Map([...this.#told].filter(([known]) => here.has(known))).set(seat, trouble)
  }

  #look(): [string, NotHeard][] {
    return this.video.faces.flatMap((face): [string, NotHeard][] => {
      if (face.local) return []
      const { role, on, quality, seat, person } = face
      const why = whyNotHeard({ role, cut: quality === 'lost', mic: on.mic, told: this.#told.get(seat) })
      return why ? [[person, why]] : []
    })
  }

  #apart(): readonly (readonly [string, string])[] {
    const personOf = new Map(this.video.faces.filter(({ local }) => !local).map(({ seat, person }) => [seat, person]))
    const pairs = [...this.#told].flatMap(([seat, { unlinked }]) =>
      unlinked.flatMap((other): [string, string][] => {
        const [one, two] = [personOf.get(seat), personOf.get(other)]
        return one !== undefined && two !== undefined ? [one < two ? [one, two] : [two, one]] : []
      }),
    )
    return [...new Map(pairs.map((pair) => [pair.join(' '), pair])).values()]
  }

  /** Follows what the browser allows and which devices there are; a browser that does not say is asked nothing. */
  #watchAllowed(): () => void {
    if (!devicesExist()) return () => undefined
    let closed = false
    const count = async () => {
      const devices = await navigator.mediaDevices.enumerateDevices().catch(() => undefined)
      if (devices && !closed) this.#allowed = { ...this.#allowed, missing: !devices.some(({ kind }) => kind === 'audioinput') }
    }
    let status: PermissionStatus | undefined
    const judge = () => (this.#allowed = { ...this.#allowed, refused: status?.state === 'denied' })
    void count()
    navigator.mediaDevices.addEventListener('devicechange', count)
    navigator.permissions?.query({ name: 'microphone' as PermissionName }).then(
      (asked) => {
        if (closed) return
        status = asked
        status.addEventListener('change', judge)
        judge()
      },
      () => undefined,
    )
    return () => {
      closed = true
      navigator.mediaDevices.removeEventListener('devicechange', count)
      status?.removeEventListener('change', judge)
    }
  }
}
