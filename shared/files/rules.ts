import { isTeam, type Role } from '../spoc/rules.ts'

/**
 * Rules of files.
 *
 * F1 A file belongs to one SPOC. Everybody who takes part may give one; an observer gives none.
 * F2 What the team gives is for everybody in the SPOC, for the team, or for the path: then it is read by the team and by whoever an
 *    activity that names it is open to. What a learner gives is read by that learner and the team only; for a work, by the team once that
 *    work was handed in.
 * F3 Its author and the team may remove it; it waits in the bin for thirty days. What an activity names is removed by who was told where;
 *    what was handed in stays.
 * F4 One file has at most 200 MB, a learner's 50 MB; all files of a learner 500 MB, all files of a SPOC 5 GB.
 * F5 What a file is is read in its bytes, never in its name. Pictures are drawn anew, at most 2 560 points wide or high; web pages,
 *    scripts and vector pictures are not taken.
 * F6 What was given for the path or for a work, and is named nowhere any more, is forgotten after thirty days. What a text, a draft or a
 *    work names, or what a session has to show or showed, is never forgotten.
 * F7 A course copied for another group gets what was for everybody and what its activities name, under identities of its own.
 */
const MB = 1_000_000

/** F4 */
export const fileLimits = {
  team: 200 * MB,
  learner: 50 * MB,
  learnerAll: 500 * MB,
  spoc: 5000 * MB,
  side: 2560,
  pixels: 40_000_000,
  name: 120,
  /** How many a work has. */
  work: 10,
  binDays: 30,
}

/** F4: bytes. */
export const fileLimit = (role: Role) => (isTeam(role) ? fileLimits.team : fileLimits.learner)

/** F4: bytes, of all that one person gives to a SPOC. */
export const fileLimitOfAll = (role: Role) => (isTeam(role) ? fileLimits.spoc : fileLimits.learnerAll)

/** Who a file is for: everybody in its SPOC; its author and the team; whoever an activity that names it is open to; who reads a work. */
export const fileAudiences = ['spoc', 'team', 'path', 'work'] as const
export type FileAudience = (typeof fileAudiences)[number]

/** F2 */
export function fileAudience(role: Role, asked: FileAudience): FileAudience {
  if (isTeam(role)) return asked === 'work' ? 'team' : asked
  return asked === 'work' ? 'work' : 'team'
}

/** F2. `handedIn`: a work that names it was; `shown`: an activity that names it is open to the asker. */
export function maySeeFile(
  asker: { person: string; role: Role },
  file: { person: string; audience: FileAudience; handedIn: boolean; shown: boolean },
): boolean {
  const own = file.person === asker.person
  switch (file.audience) {
    case 'spoc':
      return true
    case 'team':
      return own || isTeam(asker.role)
    case 'path':
      return isTeam(asker.role) || file.shown
    case 'work':
      return own || (isTeam(asker.role) && file.handedIn)
  }
}

/** F2: what the documents of a SPOC list; the rest is read where it is named. */
export const isDocument = (file: { audience: FileAudience }) => file.audience === 'spoc' || file.audience === 'team'

/** F3 */
export const mayRemoveFile = (asker: { person: string; role: Role }, file: { person: string }) =>
  file.person === asker.person || isTeam(asker.role)

/** F2: what a text that learners read may name. */
export const mayBeNamed = (file: { audience: FileAudience }) => file.audience === 'spoc' || file.audience === 'path'

/** F6 */
export const isKeptByNames = (audience: FileAudience) => audience === 'path' || audience === 'work'
