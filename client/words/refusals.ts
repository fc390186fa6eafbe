import { refusals as account } from '#client/account/words.ts'
import { refusals as board } from '#client/board/words.ts'
import { refusals as chat } from '#client/chat/words.ts'
import { refusals as quiz } from '#client/quiz/words.ts'
import { refusals as session } from '#client/session/words.ts'
import { refusals as spoc } from '#client/spoc/words.ts'
import { documentRefusals, httpRefusals, liveRefusals } from './common.ts'
import type { RefusalTable } from './words.svelte.ts'

/** Every refusal code has words in every language: a feature's new code does not compile until its `refusals` are added here. */
export const refusalTable = {
  ...httpRefusals,
  ...liveRefusals,
  ...documentRefusals,
  ...account,
  ...spoc,
  ...session,
  ...chat,
  ...quiz,
  ...board,
} satisfies RefusalTable
