import { Child, removeFolders } from './children.ts'
import type { Figure } from './figures.ts'
import { board } from './board.ts'
import { canvas } from './canvas.ts'
import { carriers } from './carriers.ts'
import { cockpit } from './cockpit.ts'
import { followup } from './followup.ts'
import { join, joinLiveKit } from './join.ts'
import { memory } from './memory.ts'
import { pages } from './pages.ts'
import { quiz } from './quiz.ts'
import { recording } from './recording.ts'
import { replay } from './replay.ts'
import { road } from './road.ts'
import { stage } from './stage.ts'
import { times } from './times.ts'
import { weight } from './weight.ts'

const benches: Record<string, () => Promise<Figure[]>> = {
  quiz,
  board,
  memory,
  weight,
  join,
  'join-livekit': joinLiveKit,
  carriers,
  stage,
  canvas,
  road,
  followup,
  times,
  cockpit,
  replay,
  pages,
  recording,
}
/** No bench may run longer than this (ms). */
const longest = 6 * 60_000

/** Runs the named benches (all without a name) and prints their figures. Gives the exit code: 1 when something could not be measured. */
export async function bench(names: readonly string[]): Promise<number> {
  const unknown = names.filter((name) => !(name in benches))
  if (unknown.length > 0) {
    console.error(`No bench is called ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`)
    return 1
  }
  let failed = false
  for (const name of names.length > 0 ? names : Object.keys(benches)) {
    let late: NodeJS.Timeout | undefined
    try {
      const tooLong = new Promise<never>((_, reject) => (late = setTimeout(() => reject(new Error(`${name} took too long`)), longest)))
      const figures = await Promise.race([benches[name]?.() ?? [], tooLong])
      for (const figure of figures) console.log(JSON.stringify(figure))
    } catch (error) {
      failed = true
      console.error(`${name} could not be measured:`, error)
    } finally {
      clearTimeout(late)
      await Child.endAll()
      removeFolders()
    }
  }
  return failed ? 1 : 0
}
