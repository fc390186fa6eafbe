import { refusals as account } from '#client/account/refusals.ts'
import { refusals as attendance } from '#client/attendance/refusals.ts'
import { refusals as board } from '#client/board/refusals.ts'
import { refusals as certificate } from '#client/certificate/refusals.ts'
import { refusals as chat } from '#client/chat/refusals.ts'
import { refusals as files } from '#client/files/refusals.ts'
import { refusals as inbox } from '#client/inbox/refusals.ts'
import { refusals as mentoring } from '#client/mentoring/refusals.ts'
import { refusals as path } from '#client/path/refusals.ts'
import { refusals as deck } from '#client/deck/refusals.ts'
import { refusals as quiz } from '#client/quiz/refusals.ts'
import { refusals as recording } from '#client/recording/refusals.ts'
import { refusals as replay } from '#client/replay/refusals.ts'
import { refusals as session } from '#client/session/refusals.ts'
import { refusals as spoc } from '#client/spoc/refusals.ts'
import { documentRefusals, httpRefusals, liveRefusals } from './common.ts'
import type { RefusalTable } from './words.svelte.ts'

/**
 * Every refusal code has words in every language: a feature's new code does not compile until its `refusals` are added here. They
 * stand apart from a feature's other words, which only the pages that show them load.
 */
export const refusalTable = {
  ...httpRefusals,
  ...liveRefusals,
  ...documentRefusals,
  ...account,
  ...spoc,
  ...session,
  ...path,
  ...files,
  ...inbox,
  ...mentoring,
  ...attendance,
  ...certificate,
  ...chat,
  ...quiz,
  ...deck,
  ...board,
  ...recording,
  ...replay,
} satisfies RefusalTable
