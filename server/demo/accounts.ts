import { randomInt } from 'node:crypto'
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What a later start needs to know of the demonstration. It holds passwords, so only the server's own user reads it. */
const kept = z.object({
  people: z.array(z.object({ person: z.string(), name: z.string(), email: z.string(), password: z.string(), about: z.string() })),
  spoc: z.string(),
  /** The sessions whose dates move with the calendar. */
  sessions: z.object({ inProgress: z.string(), nextWeek: z.string(), cancelled: z.string() }),
  /** How many lines of the session in progress the demonstration wrote itself: a longer log was touched by somebody. */
  written: z.int().default(0),
})
export type Kept = z.infer<typeof kept>

const fileOf = (dataDir: string) => join(dataDir, 'demo.json')

/** The demonstration made in this folder, if there is one. */
export const findKept = (dataDir: string): Kept | undefined =>
  existsSync(fileOf(dataDir)) ? kept.parse(JSON.parse(readFileSync(fileOf(dataDir), 'utf8'))) : undefined

/** Synchronous on purpose: it is called inside a transaction, where nothing else may be waited for. The file is whole or as before. */
export function saveKept(dataDir: string, demonstration: Kept): void {
  const fresh = `${fileOf(dataDir)}.new`
  writeFileSync(fresh, JSON.stringify(demonstration, null, 2), { mode: 0o600 })
  renameSync(fresh, fileOf(dataDir))
}

/** The name that stands for somebody in an address: what is before the @. */
export const nameOf = ({ email }: Pick<Kept['people'][number], 'email'>): string => email.split('@')[0] ?? ''

const overOf = (dataDir: string) => join(dataDir, 'demo-over')

/** D7: whether this folder was begun for real. */
export const isOver = (dataDir: string): boolean => existsSync(overOf(dataDir))

/** D7: no demonstration is ever made in this folder again. */
export const noteOver = (dataDir: string) => writeFileSync(overOf(dataDir), '')

/** Forgets the demonstration and its passwords. */
export const forgetKept = (dataDir: string) => rmSync(fileOf(dataDir), { force: true })

/** Short French words without accents, which nobody misspells on any keyboard. */
const words = (
  'abeille acier agneau aigle ananas argile arbre aurore avion avril balai balle banane banc barque bison bocal bois boule bulle ' +
  'cabane cactus camion canard canot carafe carte cerise chaise chat cheval ciel cigale citron coffre colline copain corail coton crabe ' +
  'dauphin dessin domino dune encre escale fable farine ferme feuille flamme fleur fonte forge fraise gare girafe glace globe grange ' +
  'guitare herbe hibou igloo jardin jonque journal jupe kayak laine lampe lavande lilas lion livre loupe lune loutre lutin maison ' +
  'mangue marche marin melon menthe miel mouette moulin moto navire neige nid noix nuage olive orange orage ours palme panda papier ' +
  'parc pastel pelle perle phare piano pirate plage pluie poire pomme pont poule prairie prune puzzle radis raisin renard riz robot ' +
  'roseau route ruban ruche sable salade sapin savon sel sentier serre soleil soupe source stylo sucre table tambour tapis tasse ' +
  'tigre tomate torche tortue toupie train tulipe usine vague valise vanille vent verger village violon vitrail voile volcan zeste'
).split(' ')

/** Three words and two digits: easy to type, some 28 bits, which the limits on sign-in put out of reach of guessing. */
export const makePassword = (): string => [...Array.from({ length: 3 }, () => words[randomInt(words.length)]), randomInt(10, 100)].join('-')
