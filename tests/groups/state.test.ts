import { expect, it } from 'vitest'
import type { GroupsView } from '#shared/groups/wire.ts'
import { Groups } from '#client/groups/groups.svelte.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const two: GroupsView = {
  groups: [
    { group: 'one', name: 'Les clients', people: ['awa', 'louis', 'gone'] },
    { group: 'two', name: null, people: ['marc'] },
  ],
  closesAt: null,
}
function aRoom(person: string, role: FakeRoom['me']['role'] = 'learner') {
  const room = new FakeRoom(role, person)
  room.seat('claire', 'awa', 'louis', 'marc', 'zoe')
  room.presence = { n: 2, people: room.presence.people.map((one) => (one.person === 'claire' ? { ...one, role: 'trainer' } : one)) }
  return { room, groups: new Groups(room, 'mesh') }
}

it('Awa is told in which group she is and with whom of those here; while none is open she is with all', () => {
  const { room, groups } = aRoom('awa')
  expect([groups.open, groups.mine, groups.others]).toEqual([false, null, ['claire', 'louis', 'marc', 'zoe']])
  room.views = { groups: two }
  expect([groups.open, groups.mine, groups.others]).toEqual([true, 'one', ['louis']])
  expect([groups.nameOf('one'), groups.nameOf('two'), groups.nameFor('marc'), groups.nameFor('claire')]).toEqual([
    'Les clients',
    'Groupe 2',
    'Groupe 2',
    undefined,
  ])
})

it('Claire sees who has no group yet, and the people by group', () => {
  const { room, groups } = aRoom('claire', 'trainer')
  expect(groups.sections(room.presence.people)).toEqual([{ title: undefined, people: room.presence.people }])
  room.views = { groups: two }
  expect(groups.left).toEqual(['zoe'])
  expect(groups.sections(room.presence.people).map(({ title, people }) => [title, people.map(({ person }) => person)])).toEqual([
    ['Plénière', ['claire', 'zoe']],
    ['Les clients', ['awa', 'louis']],
    ['Groupe 2', ['marc']],
  ])
})

it('groups that are opened have identities of their own, and a name that is blank is none', async () => {
  const { room, groups } = aRoom('claire', 'trainer')
  const opened = groups.start([
    { name: null, people: ['awa'] },
    { name: null, people: [] },
  ])
  const { groups: sent } = room.waiting[0]?.payload as GroupsView
  expect(new Set(sent.map(({ group }) => group)).size).toBe(2)
  await room.answer()
  expect(await opened).toBe(true)
  void groups.rename('one', '  ')
  expect(room.waiting[0]?.payload).toEqual({ group: 'one', name: null })
})
