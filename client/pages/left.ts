import { findRoomOfUnsent } from '#client/live/left.ts'
import { answersLeft } from '#client/quiz/left.ts'
import { somethingLeft } from '#client/recording/left.ts'
import { words as recordingWords } from '#client/recording/sending-words.ts'
import { words } from './words.ts'

/** What signing out of this browser would lose: said first, with the way to the room that would still send it. */
export interface Left {
  title: string
  text: string
  stay: string
  room?: string
}

/** What is made here and not with the server yet; undefined when nothing is. */
export async function findLeft(): Promise<Left | undefined> {
  if (await somethingLeft()) return { title: recordingWords.leftTitle, text: recordingWords.leftText, stay: recordingWords.leftStay }
  const room = await findRoomOfUnsent()
  if (room !== undefined) return { title: words.unsentTitle, text: words.unsentInRoom, stay: words.unsentOpen, room }
  return answersLeft() ? { title: words.unsentTitle, text: words.unsentAnswers, stay: words.unsentStay } : undefined
}
