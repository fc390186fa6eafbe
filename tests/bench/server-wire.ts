/** What the measured server is asked to prepare. */
export interface Prepare {
  dataDir: string
  worker: string
  learners: number
  /** Sessions that are open now, each with its room. */
  rooms: number
  /** A course that has gone on for weeks: so many activities, so many mentors. */
  circle?: { activities: number; mentors: number }
  /** A recorded lesson of two hours: the film, and how often its board changed. */
  replay?: { film: string; changes: number }
  /** The folder of the built client, for browsers. */
  pages?: string
}

export interface Prepared {
  base: string
  contract: string
  rooms: string[]
  /** Cookies of people who are signed in: the trainer first, then the learners. */
  people: { person: string; cookie: string }[]
  spoc: string
  /** Those of `circle`, with a call that comes soon for the first of them. */
  mentors: { person: string; cookie: string }[]
  call: string
  /** The room and the session of `replay`. */
  replayed: { room: string; session: string }
}
