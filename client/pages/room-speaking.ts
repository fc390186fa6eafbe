import type { RoomPort } from '#client/live/port.ts'
import { Speaking } from '#client/speaking/speaking.svelte.ts'
import SpeakingHint from '#client/speaking/SpeakingHint.svelte'
import SpeakingNote from '#client/speaking/SpeakingNote.svelte'
import type { Heard } from '#client/video/heard.svelte.ts'
import type { Video } from '#client/video/video.svelte.ts'
import { takesPart } from '#shared/spoc/rules.ts'

/** Speaking time, for who leads. `heard` knows who has no microphone to speak with; `goesOn`: the lesson does. */
export function openSpeaking(room: RoomPort, video: Video, heard: () => Heard | undefined, goesOn: () => boolean) {
  const writes = (person: string) => ['unable', 'full'].includes(heard()?.why(person) ?? '')
  const look = () =>
    goesOn()
      ? video.faces.flatMap(({ person, role, on, quality, speaking }) =>
          takesPart(role) ? [{ person, mic: on.mic && quality !== 'lost', loud: speaking, writes: writes(person) }] : [],
        )
      : []
  return { SpeakingHint, SpeakingNote, speaking: new Speaking(room.room, look, writes) }
}
export type SpeakingPart = ReturnType<typeof openSpeaking>
