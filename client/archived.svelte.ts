/**
 * Whether the page in sight is one of an archived course: each reply of a place that belongs to one says it, so that no page has to ask.
 * The frame of the house shows it, and forgets it when it shows another page.
 */
class Archived {
  /** The course, and since when it is read-only. */
  course = $state.raw<{ spoc: string; since: number }>()

  /** `said`: what a reply named; null when it is of no course. */
  hear(said: string | null) {
    if (said === null) return
    const [spoc = '', since] = said.split(' ')
    if (since === undefined) this.course = undefined
    else if (this.course?.spoc !== spoc) this.course = { spoc, since: Number(since) }
  }

  forget() {
    this.course = undefined
  }
}
export const archived = new Archived()
