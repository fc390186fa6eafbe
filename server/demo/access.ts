import { and, inArray, isNull } from 'drizzle-orm'
import type { Request } from 'express'
import { hostOf, isHere } from '#shared/demo/rules.ts'
import { person } from '../account/tables.ts'
import type { Db, Tx } from '../db/db.ts'
import type { Environment } from '../environment.ts'
import { findKept, nameOf, type Kept } from './accounts.ts'

/** The demonstration as a request made on its own machine finds it. */
export interface Shown {
  kept: Kept
  /** Its people whose accounts are as it made them: who was erased, deactivated or given another address is not entered so. */
  people: Kept['people']
  /** D3: whose own address was asked; null: the machine's. */
  here: string | null
}

/** Who may enter the demonstration without a password: rules D1–D3. */
export interface Access {
  /** The demonstration, when it is shown to this request; undefined for all others. */
  shown(request: Pick<Request, 'headers'>): Promise<Shown | undefined>
  /** Whether somebody of the demonstration has an address of their own under this name. */
  named(name: string): boolean
}

/** D2: what a proxy leaves behind. */
const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip']

/** `publicUrl` is asked for late: the port is known only once it is listened on. */
export function buildAccess(db: Db, environment: Environment, publicUrl: () => string): Access {
  /** D1 */
  const allowed =
    environment.loopback &&
    environment.trustProxy === false &&
    (environment.demo === 'on' || (environment.demo === 'auto' && !environment.production))
  const keptHere = () => (allowed && isHere(publicUrl()) ? findKept(environment.dataDir) : undefined)
  const names = (kept: Kept) => kept.people.map(nameOf)
  return {
    named(name) {
      const kept = keptHere()
      return kept !== undefined && names(kept).includes(name)
    },
    async shown({ headers }) {
      const kept = keptHere()
      if (!kept || passedOn.some((name) => headers[name] !== undefined)) return undefined
      const here = hostOf(headers.host, { port: new URL(publicUrl()).port, names: names(kept) })
      if (here === undefined) return undefined
      const people = await db.read((tx) => peopleOf(tx, kept))
      return people.length > 0 ? { kept, people, here } : undefined
    },
  }
}

/** Nobody when the folder remembers a demonstration that this database does not have. */
async function peopleOf(tx: Tx, { people }: Kept): Promise<Kept['people']> {
  const ids = people.map((one) => one.person)
  const there = await tx
    .select({ id: person.id, email: person.email })
    .from(person)
    .where(and(inArray(person.id, ids), isNull(person.deactivated), isNull(person.erased)))
  return people.filter((one) => there.some(({ id, email }) => id === one.person && email === one.email))
}

/** Whether a page of this very address asks: the browser's word, checked against the name that the request was made to. */
export const asksItself = ({ headers }: Pick<Request, 'headers'>): boolean => headers.origin === `http://${headers.host?.toLowerCase()}`
