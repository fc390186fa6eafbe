/** Looks in one judgement: four seconds, at ten a second; one each two seconds. */
const span = 40
const step = 20
/** What the other hears comes to me later, by as many looks at most: their network, mine, and what both keep against gaps. */
const furthest = 5
/** How alike two courses of loudness must be. Speech of two people stays below half of that. */
const alike = 0.8
/** Judgements in a row: a dozen seconds of speech. */
const needed = 5
/** Looks further apart than this do not belong together (ms): the page was asleep. A busy machine looks late, but at both alike. */
const gap = 900
/** A judgement that long ago says nothing any more (ms). */
const holdsFor = 90_000

/**
 * N4 — whether what somebody sends follows what my own microphone hears: then both hear the same air. The voice itself is never
 * compared, only how loud it is, ten times a second. One look is the loudness here and the one that comes from there.
 */
export class Echo {
  /** Since when, while it goes on. */
  since: number | undefined
  #own: number[] = []
  #other: number[] = []
  #last = -Infinity
  #judgedAt = -Infinity
  #inARow = 0

  hear(own: number, other: number, now: number): void {
    if (now - this.#last > gap) this.#own = this.#other = []
    this.#last = now
    // The root gives a quiet syllable nearly the weight of a loud one.
    this.#own = [...this.#own, Math.sqrt(own)]
    this.#other = [...this.#other, Math.sqrt(other)]
    if (this.#own.length < span + furthest) {
      if (now - this.#judgedAt > holdsFor) this.#forget()
      return
    }
    this.#judge(now)
    this.#own = this.#own.slice(step)
    this.#other = this.#other.slice(step)
  }

  #judge(now: number): void {
    const said = likeness(this.#own, this.#other)
    if (said === undefined) return
    this.#judgedAt = now
    if (said < alike) return this.#forget()
    this.#inARow++
    if (this.#inARow >= needed) this.since ??= now
  }

  #forget(): void {
    this.#inARow = 0
    this.since = undefined
  }
}

/** How alike, 0 to 1, at the delay where it is most; undefined when it says nothing: too little speech, or what repeats itself everywhere. */
function likeness(own: readonly number[], other: readonly number[]): number | undefined {
  const heard = own.slice(0, span)
  if (!speechLike(heard) || !speechLike(other.slice(0, span))) return undefined
  let best = 0
  for (let late = 0; late <= furthest; late++) best = Math.max(best, correlation(heard, other.slice(late, late + span)))
  return best
}

/** Loud and quiet in turn, and not by the clock: a beeper, a fan or a tune is like itself in any two places. */
function speechLike(course: readonly number[]): boolean {
  const loudest = Math.max(...course)
  if (loudest < 0.1 || Math.min(...course) > 0.7 * loudest) return false
  const loud = course.filter((level) => level > loudest / 2).length
  if (loud < 5 || loud > span - 5) return false
  for (let late = 4; late <= 13; late++) if (correlation(course.slice(late), course.slice(0, course.length - late)) > 0.6) return false
  return true
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const [meanA, meanB] = [mean(a), mean(b)]
  let [both, alone, there] = [0, 0, 0]
  for (let i = 0; i < a.length; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB]
    both += x * y
    alone += x * x
    there += y * y
  }
  return alone > 0 && there > 0 ? both / Math.sqrt(alone * there) : 0
}

const mean = (all: readonly number[]) => all.reduce((sum, one) => sum + one, 0) / all.length
