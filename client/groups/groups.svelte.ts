import type { RoomPort } from '#client/live/port.ts'
import { newId } from '#client/live/identity.ts'
import { toast } from '#client/ui/announce.svelte.ts'
import { refusalWords } from '#client/words/words.svelte.ts'
import { mayVisit } from '#shared/groups/rules.ts'
import { groupOf } from '#shared/groups/within.ts'
import type { Group, GroupsView } from '#shared/groups/wire.ts'
import type { Result } from '#shared/result.ts'
import { isTeam, leads, takesPart } from '#shared/spoc/rules.ts'
import type { CarrierKind } from '#shared/video/wire.ts'
import { words } from './words.ts'

const none: GroupsView = { groups: [], closesAt: null }

/** The sub-groups of a room as one person sees them, and what those who lead do with them. */
export class Groups {
  readonly room: RoomPort
  /** What carries sound and pictures here. */
  readonly kind: CarrierKind
  /** The dialog of those who lead is open. */
  arranging = $state(false)

  constructor(room: RoomPort, kind: CarrierKind) {
    this.room = room
    this.kind = kind
  }

  readonly view: GroupsView = $derived.by(() => this.room.view<GroupsView>('groups') ?? none)
  readonly open = $derived.by(() => this.view.groups.length > 0)
  readonly mayLead = $derived.by(() => leads(this.room.me.role))
  readonly mayVisit = $derived.by(() => mayVisit(this.room.me))
  /** The group that I am in; null: the plenary. */
  readonly mine: string | null = $derived.by(() => groupOf(this.view, this.room.me.person))
  /** Who is here in no group and would be in one: somebody who came late, most often. */
  readonly left: readonly string[] = $derived.by(() =>
    this.open
      ? this.room.presence.people
          .filter(({ person, role }) => takesPart(role) && !isTeam(role) && groupOf(this.view, person) === null)
          .map(({ person }) => person)
      : [],
  )
  /** The others who are here and in my group, or with me in the plenary. */
  readonly others: readonly string[] = $derived.by(() =>
    this.room.presence.people
      .filter(({ person }) => person !== this.room.me.person && groupOf(this.view, person) === this.mine)
      .map(({ person }) => person),
  )

  /** What a group is called: its own name, or its place. */
  nameOf = (group: string): string => {
    const at = this.view.groups.findIndex((one) => one.group === group)
    return this.view.groups[at]?.name ?? words.numbered(at + 1)
  }
  /** What the group of somebody is called; undefined in the plenary. */
  nameFor = (person: string): string | undefined => {
    const group = groupOf(this.view, person)
    return group === null ? undefined : this.nameOf(group)
  }
  personName = (person: string): string => this.room.person(person).name

  /** People by group, each under its title, the plenary first; all of them under none while no groups are open. */
  sections<Here extends { person: string }>(people: readonly Here[]): { title: string | undefined; people: readonly Here[] }[] {
    if (!this.open) return [{ title: undefined, people }]
    const within = (group: string | null) => people.filter(({ person }) => groupOf(this.view, person) === group)
    return [null, ...this.view.groups.map(({ group }) => group)]
      .map((group) => ({ title: group === null ? words.plenary : this.nameOf(group), people: within(group) }))
      .filter((section) => section.people.length > 0)
  }

  /** Opens groups as they were prepared; says whether they are open. */
  start = (prepared: readonly Omit<Group, 'group'>[]) =>
    this.#told(
      this.room.send('groups:open', { groups: prepared.map(({ name, people }) => ({ group: newId(), name, people: [...people] })) }),
    )
  move = (person: string, group: string | null) => this.#told(this.room.send('groups:move', { person, group }))
  visit = (group: string | null) => this.#told(this.room.send('groups:visit', { group }))
  rename = (group: string, name: string) => this.#told(this.room.send('groups:rename', { group, name: name.trim() || null }))
  close = (after: 0 | 60) => this.#told(this.room.send('groups:close', { after }))

  /** A refusal is told in words. */
  async #told(asked: Promise<Result<unknown>>): Promise<boolean> {
    const answer = await asked
    if (!answer.ok) toast(refusalWords(answer.code), { kind: 'warning' })
    return answer.ok
  }
}
