import { rmSync } from 'node:fs'
import { Running } from './running.ts'

/** Makes the folder that every journey's server starts from a copy of: the demonstration, as a first start leaves it. */
export default async function () {
  const folder = await Running.makeDemonstration()
  return () => rmSync(folder, { recursive: true, force: true })
}
