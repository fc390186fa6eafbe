import { Captions } from '#client/captions/captions.svelte.ts'
import CaptionsDialog from '#client/captions/CaptionsDialog.svelte'
import CaptionsPanel from '#client/captions/CaptionsPanel.svelte'
import CaptionsStrip from '#client/captions/CaptionsStrip.svelte'
import type { RoomPort } from '#client/live/port.ts'
import type { Video } from '#client/video/video.svelte.ts'

const tongues = { fr: 'fr-FR', en: 'en-GB' }

/** The captions of a room and all that shows them. Loaded when somebody is captioned, or asks for them. */
export const openCaptions = (room: RoomPort, video: Video, language: keyof typeof tongues) => ({
  ...{ CaptionsDialog, CaptionsPanel, CaptionsStrip },
  captions: new Captions(
    room,
    {
      on: () => video.on('mic'),
      track: () => (video.on('mic') ? video.room?.track(room.me.seat, 'mic') : undefined),
      speaker: () => video.speakers[0],
    },
    tongues[language],
  ),
})
export type CaptionsPart = ReturnType<typeof openCaptions>
