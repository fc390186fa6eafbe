import type { BoardView } from '#shared/board/wire.ts'
import type { CaptionsView } from '#shared/captions/wire.ts'
import type { MentoringView } from '#shared/mentoring/wire.ts'
import type { RoomPage as Card } from '#shared/session/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import type { Front } from '#shared/stage/wire.ts'
import { isRunning } from '#client/captions/running.ts'
import type { Hands } from '#client/hands/hands.svelte.ts'
import type { Room } from '#client/live/room.svelte.ts'
import { unsentOf } from '#client/live/unsent.ts'
import type { Mics } from '#client/mics/mics.svelte.ts'
import type { Quiz } from '#client/quiz/quiz.svelte.ts'
import type { SessionLife } from '#client/session/life.svelte.ts'
import type { Stage } from '#client/stage/stage.svelte.ts'
import type { Video } from '#client/video/video.svelte.ts'
import type { View } from '#client/video/view.svelte.ts'
import type { Coaching } from './room-coaching.ts'

const laterCode = () => import('./room-later.ts')
const boardCode = () => import('./room-board.ts')
const callCode = () => import('./room-call.ts')
const captionsCode = () => import('./room-captions.ts')
const speakingCode = () => import('./room-speaking.ts')
export const deskCode = () => import('#client/quiz/QuestionDesk.svelte')
export const overCode = () => import('./RoomOver.svelte')
export const questionCode = () => import('./room-question.ts')
export const talkCode = () => import('./room-talk.ts')

/** What the panel beside the stage shows. */
export type PanelTab = 'call' | 'people' | 'discussion' | 'captions'

type Later = Awaited<ReturnType<typeof laterCode>>
type Board = Awaited<ReturnType<typeof boardCode>>
type Call = Awaited<ReturnType<typeof callCode>>
type CaptionsPart = ReturnType<Awaited<ReturnType<typeof captionsCode>>['openCaptions']>
type SpeakingPart = ReturnType<Awaited<ReturnType<typeof speakingCode>>['openSpeaking']>

/** The room from its first moment: what its parts are opened with. */
interface Whole {
  card: Card
  person: string
  desk: Coaching['desk'] | undefined
  room: Room
  video: Video
  view: View
  stage: Stage
  life: SessionLife
  hands: Hands
  mics: Mics
  quiz: Quiz
  /** Whether the person came in from the lobby. */
  entered: () => boolean
  places: () => readonly Front[]
  ontab: (tab: PanelTab) => void
}

/**
 * The parts of a room that come once it can be used, are likely to be opened, or are asked for; each is undefined until it is here. What
 * comes early is at hand at once then, also when the link was lost meanwhile. Made with the page that shows it, and closed by it.
 */
export class RoomParts {
  /** The room has been usable for a while: what is not urgent may be fetched. */
  calm = $state(false)
  /** Being heard and what else the room is not entered for. */
  heard = $state.raw<ReturnType<Later['openHeard']>>()
  looks = $state.raw<ReturnType<Later['openView']>>()
  captions = $state.raw<CaptionsPart>()
  speaking = $state.raw<SpeakingPart>()
  board = $state.raw<Board>()
  replica = $state.raw<ReturnType<Board['openBoard']>>()
  notes = $state.raw<ReturnType<Call['openNotes']>>()
  QuizVoice = $state.raw<Awaited<ReturnType<typeof questionCode>>['QuizVoice']>()
  #call = $state.raw<Call>()
  readonly #whole: Whole
  readonly #captionsView = $derived.by(() => this.#whole.room.view<CaptionsView>('captions'))
  readonly #callView = $derived.by(() => this.#whole.room.view<MentoringView>('mentoring'))
  readonly boardDocument = $derived.by(() => this.#whole.room.view<BoardView>('board')?.document ?? undefined)
  readonly captioned: boolean = $derived.by(() => isRunning(this.#captionsView))
  /** Somebody is captioned, or was. */
  readonly hasCaptions: boolean = $derived.by(() => this.captioned || (this.#captionsView?.lines.length ?? 0) > 0)

  constructor(whole: Whole) {
    this.#whole = whole
    $effect(() => this.#grow())
    $effect(() => this.#open())
    $effect(() => {
      if (this.#whole.room.link === 'here' && this.hasCaptions) this.wantCaptions().catch(() => undefined)
    })
    $effect(() => this.#listen())
    this.#keepBoard()
    this.#keepCall()
    this.#foresee()
  }

  close(): void {
    this.heard?.heard.close()
    this.heard?.floor.close()
    this.looks?.close()
    this.captions?.captions.close()
  }

  wantCaptions = async () => {
    const { openCaptions } = await captionsCode()
    const { room, video, card } = this.#whole
    return (this.captions ??= openCaptions(room, video, card.spoc.language))
  }

  /** The faces come before what is as heavy as all of them. */
  wantBoard = async () => {
    const [code] = await Promise.all([boardCode(), this.#whole.video.settled])
    return (this.board = code)
  }

  wantCall = async () => (this.#call = await callCode())

  /** What is likely to be opened comes once the room can be used. */
  #grow() {
    if (!this.#whole.entered()) return
    const later = setTimeout(() => (this.calm = true), 3_000)
    return () => clearTimeout(later)
  }

  /** Nobody can be found silent in the first seconds, and people can be seen: what the room shows first goes first. */
  #open() {
    const { card, room, video, view, stage, hands, mics, desk, places, ontab } = this.#whole
    if (room.link !== 'here' || this.looks) return
    const load = () =>
      laterCode()
        .then(({ openHeard, openView }) => {
          if (room.link !== 'here' || this.looks) return
          this.heard = openHeard(room, video, mics, hands, card)
          this.looks = openView(view, { video, stage, hands: desk ? undefined : hands, places, ontab })
        })
        .catch(() => undefined)
    const timer = setTimeout(() => void load(), view.layout === 'grid' ? 2_000 : 0)
    return () => clearTimeout(timer)
  }

  /** How long each speaks, for who leads a session. */
  #listen() {
    const { card, room, video, life } = this.#whole
    if (!card.session || !this.calm || !leads(room.me.role)) return
    const goesOn = () => !life.waits && !life.paused
    let over = false
    speakingCode()
      .then(({ openSpeaking }) => {
        if (!over) this.speaking = openSpeaking(room, video, () => this.heard?.heard, goesOn)
      })
      .catch(() => undefined)
    return () => {
      over = true
      this.speaking?.speaking.close()
      this.speaking = undefined
    }
  }

  #keepBoard(): void {
    const { room, person } = this.#whole
    $effect(() => {
      if (!this.board || !this.boardDocument) return
      const opened = this.board.openBoard(room, this.boardDocument, person)
      this.replica = opened
      return () => opened.close()
    })
    // What an earlier page drew and could not send goes out, whether anybody looks at the board or not.
    $effect(() => {
      if (!this.boardDocument) return
      void unsentOf(person, this.boardDocument)
        .list()
        .then(async (left) => left.length > 0 && (await this.wantBoard()))
        .catch(() => undefined)
    })
  }

  /** In a call: its goals, actions and notes beside the faces. */
  #keepCall(): void {
    const { room, person, desk } = this.#whole
    $effect(() => {
      if (room.link !== 'here') return
      void this.#callView?.changes
      void desk?.load()
    })
    const notes = $derived(this.#callView?.notes ?? undefined)
    $effect(() => {
      if (!this.#call || !notes) return
      const opened = this.#call.openNotes(room, notes, person)
      this.notes = opened
      return () => opened.close()
    })
  }

  #foresee(): void {
    const { room, quiz } = this.#whole
    $effect(() => {
      if (room.link !== 'here' || !(this.calm || quiz.current)) return
      questionCode()
        .then((part) => (this.QuizVoice = part.QuizVoice))
        .catch(() => undefined)
    })
    $effect(() => {
      if (!this.calm || room.link !== 'here') return
      for (const code of [talkCode, overCode, ...(this.boardDocument ? [boardCode] : []), ...(quiz.leads ? [deskCode] : [])])
        code().catch(() => undefined)
    })
  }
}
