import { isTeam, type Role } from '../spoc/rules.ts'

/**
 * Rules of files.
 *
 * F1 A file belongs to one SPOC. Everybody who takes part may give one; an observer gives none.
 * F2 What the team gives is for everybody in the SPOC, unless it keeps it for the team. What a learner gives is seen by that learner and
 *    the team only.
 * F3 Its author and the team may remove it; it waits in the bin for thirty days.
 * F4 One file has at most 200 MB, a learner's 50 MB; all files of a SPOC 5 GB.
 * F5 What a file is is read in its bytes, never in its name. Pictures are drawn anew, at most 2 560 points wide or high; web pages,
 *    scripts and vector pictures are not taken.
 */
const MB = 1_000_000

/** F4 */
export const fileLimits = { team: 200 * MB, learner: 50 * MB, spoc: 5000 * MB, side: 2560, pixels: 40_000_000, name: 120, binDays: 30 }

/** F4: bytes. */
export const fileLimit = (role: Role) => (isTeam(role) ? fileLimits.team : fileLimits.learner)

/** Who a file is for: everybody in its SPOC, or its author and the team. */
export type FileAudience = 'spoc' | 'team'

/** F2 */
export const fileAudience = (role: Role, asked: FileAudience): FileAudience => (isTeam(role) ? asked : 'team')

/** F2 */
export const maySeeFile = (asker: { person: string; role: Role }, file: { person: string; audience: FileAudience }) =>
  file.audience === 'spoc' || file.person === asker.person || isTeam(asker.role)

/** F3 */
export const mayRemoveFile = (asker: { person: string; role: Role }, file: { person: string }) =>
  file.person === asker.person || isTeam(asker.role)
