/**
 * What a shared document is made of: one Y.Map of entries (key → value). A value is bytes (a packed stroke) or plain JSON, and is
 * replaced whole. The map's name and the entries it may hold are the feature's own rule. No zod here: the browser needs these figures.
 */
export interface DocumentContent {
  /** The name of the one root map. */
  root: string
  /** Whether the feature allows this entry. Values come from anybody: check everything, trust nothing. */
  isAllowedEntry(key: string, value: unknown): boolean
}

/** What one document may weigh, and how fast one person may change it. Figures: a class of 30 drawing hard stays far below them. */
export const documentLimits = {
  /** Bytes of one update: small enough to be decoded alone while the class goes on. */
  update: 64 * 1024,
  /** Bytes of a document in its merged form. */
  document: 5_000_000,
  entries: 10_000,
  /** Entries that ever were, erased ones too: each leaves a trace of a few bytes. */
  items: 200_000,
  key: 64,
  /** How far one update may move a client's clock: a jump would make that client's id useless for ever. */
  clock: 4_000,
  /** Updates a person may send in a burst, and each second after it. */
  burst: 60,
  perSecond: 20,
  /** Entries of others that a person who does not lead may touch in a burst, and each second after it: erase yes, wipe no. */
  erase: 40,
  erasePerSecond: 1,
} as const
