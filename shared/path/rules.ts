import { leads, type Role } from '../spoc/rules.ts'

/**
 * Rules of the path.
 *
 * T1 Owners and trainers write the path; everybody in the SPOC reads it.
 * T2 Modules stand in one order, the same for everybody.
 * T3 A module that is removed waits in the bin: taken back, it stands where it stood. What belonged to it stays, under no module meanwhile.
 * T4 A session belongs to one module of its own SPOC, or to none.
 */

/** T1 */
export const mayWritePath = (role: Role) => leads(role)
