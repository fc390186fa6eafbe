/** What the measured server is asked to prepare. */
export interface Prepare {
  dataDir: string
  worker: string
  learners: number
  /** Sessions that are open now, each with its room. */
  rooms: number
}

export interface Prepared {
  base: string
  contract: string
  rooms: string[]
  /** Cookies of people who are signed in: the trainer first, then the learners. */
  people: { person: string; cookie: string }[]
}
