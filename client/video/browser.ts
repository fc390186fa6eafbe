/** The browsers whose way to a microphone differs. */
export type Browser = 'chrome' | 'firefox' | 'safari' | 'ios' | 'android'
export type System = 'windows' | 'mac' | 'other'

/**
 * Which steps lead to the microphone here: what the browser says of itself, and its number of touch points (an iPad says it is a Mac).
 * Every browser of an iPhone is Safari inside; every other one follows Chrome.
 */
export function browserOf(agent: string, touchPoints: number): Browser {
  if (/iPhone|iPad|iPod/.test(agent) || (agent.includes('Macintosh') && touchPoints > 1)) return 'ios'
  if (agent.includes('Android')) return 'android'
  if (agent.includes('Firefox/')) return 'firefox'
  return agent.includes('Safari/') && !/Chrom(e|ium)\//.test(agent) ? 'safari' : 'chrome'
}

export const systemOf = (agent: string): System => (agent.includes('Windows') ? 'windows' : agent.includes('Macintosh') ? 'mac' : 'other')
