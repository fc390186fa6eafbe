/**
 * Rules of how people and screens are shown. Each person's choices are their own: nobody is told, nobody else's screen changes. L1 and L5, which
 * the first picture of a room needs, are in `grid.rules.ts`.
 *
 * L1 People stand in a grid, or the one who speaks is large and the others small, or all stand beside what is in front.
 * L2 Who speaks is large until somebody else does: another one takes the place after 0.7 s if the one there is silent, after 3 s of being
 *    the louder if both speak. It is never oneself.
 * L3 What one pinned is large, all of it, and comes before who speaks.
 * L4 While nobody spoke it is the first of the team who is somebody else, or the first other person; alone, it is oneself.
 * L5 A page of the grid holds as many as can be recognised in the room there is, each as large as possible; pages are equally full.
 * L6 The team stands first, the others as they came. Who speaks and is on another page takes a place of the first one, of whoever is neither
 *    of the team nor oneself and spoke the longest ago. Nobody else moves, and nobody at all while the one who speaks is in sight.
 * L7 Of several screens the newest is in front, unless another was chosen; one's own only when it was chosen or there is no other.
 * L8 Hidden, one's own picture is left out for oneself alone: the others see it.
 */

/** A person who may be shown. */
export interface Shown {
  person: string
  local: boolean
  leads: boolean
}

/** L2: who is large for speaking, and who would be next. */
export interface Held {
  person: string | undefined
  rival?: { person: string; since: number } | undefined
}

/** L2 (ms) */
export const patience = (held: Held, speakers: readonly string[]): number =>
  held.person !== undefined && speakers.includes(held.person) ? 3_000 : 700

/** L2: `speakers` are the others who speak, loudest first. The same value when nothing changed. */
export function hold(held: Held, speakers: readonly string[], now: number): Held {
  const [loudest] = speakers
  if (loudest === undefined || loudest === held.person) return held.rival ? { person: held.person } : held
  if (held.person === undefined) return { person: loudest }
  const rival = held.rival?.person === loudest ? held.rival : { person: loudest, since: now }
  if (now - rival.since >= patience(held, speakers)) return { person: loudest }
  return rival === held.rival ? held : { person: held.person, rival }
}

/** L2, L4: who is large when nothing is pinned. */
export function largest(people: readonly Shown[], speaker: string | undefined): string | undefined {
  const others = people.filter(({ local }) => !local)
  const one = others.find(({ person }) => person === speaker) ?? others.find(({ leads }) => leads) ?? others[0] ?? people[0]
  return one?.person
}

/** L6: who stands where, as before where that is possible. */
export function order(before: readonly string[], people: readonly Shown[]): readonly string[] {
  const known = new Set(before)
  const here = new Set(people.flatMap(({ person, leads }) => (leads ? [] : [person])))
  const next = [
    ...people.flatMap(({ person, leads }) => (leads ? [person] : [])),
    ...before.filter((person) => here.has(person)),
    ...[...here].filter((person) => !known.has(person)),
  ]
  return next.length === before.length && next.every((person, at) => person === before[at]) ? before : next
}

/** L6: brings who speaks to the first page. `each`: how many stand on a page; `page`: the one that is looked at. */
export function broughtIn(
  people: readonly Shown[],
  speaker: string,
  { each, page, spoke }: { each: number; page: number; spoke: ReadonlyMap<string, number> },
): readonly string[] {
  const all = people.map(({ person }) => person)
  const at = all.indexOf(speaker)
  const when = ({ person }: Shown) => spoke.get(person) ?? -Infinity
  if (at < each || Math.floor(at / each) === page) return all
  // Of those who never spoke the last one.
  const place = people.slice(0, each).reduce((least, one, i) => {
    const chosen = people[least]
    return one.leads || one.local || (chosen && when(one) > when(chosen)) ? least : i
  }, -1)
  if (place < 0) return all
  return all.map((person, i) => (i === place ? speaker : i === at ? all[place]! : person))
}

/** L7: newest first. */
export function newestFirst(before: readonly string[], sharing: readonly string[]): readonly string[] {
  const next = [...sharing.filter((one) => !before.includes(one)), ...before.filter((one) => sharing.includes(one))]
  return next.length === before.length && next.every((one, at) => one === before[at]) ? before : next
}

/** L7: `screens` newest first. */
export const screenInFront = (screens: readonly string[], chosen: string | undefined, me: string): string | undefined =>
  screens.find((one) => one === chosen) ?? screens.find((one) => one !== me) ?? screens[0]
