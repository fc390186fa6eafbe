import { mount } from 'svelte'
import * as Y from 'yjs'
import '#client/styles/tokens.css'
import '#client/styles/base.css'
import { boardRoot } from '#shared/board/rules.ts'
import type { BoardView } from '#shared/board/wire.ts'
import { unpack } from '#shared/board/elements.ts'
import type { Role } from '#shared/spoc/rules.ts'
import { FakeRoom } from '../../support/fake-room.svelte.ts'
import Two from './Two.svelte'
import { FakeReplica } from './replica.svelte.ts'

/** Two people at one board, each with a page of their own beside the other's: documents and whispers pass between them at once. */
const view: BoardView = { document: 'room-board', locked: false, by: null }

function seat(person: string, role: Role) {
  const room = new FakeRoom(role, person)
  room.views = { board: view }
  return { room, replica: new FakeReplica() }
}
const claire = seat('claire', 'trainer')
const awa = seat('awa', 'learner')
for (const [from, to] of [
  [claire, awa],
  [awa, claire],
] as const) {
  from.room.seat('claire', 'awa')
  from.room.whisper = (name, payload) => to.room.hearFrom(from.room.me.seat, name, payload)
  from.replica.doc.on('update', (bytes: Uint8Array, origin: unknown) => {
    if (origin !== 'passed') Y.applyUpdate(to.replica.doc, bytes, 'passed')
  })
}

const harness = {
  lock(locked: boolean) {
    for (const { room } of [claire, awa]) room.views = { board: { ...view, locked, by: locked ? 'claire' : null } }
  },
  /** The server refuses what Awa drew. */
  refuse: () => awa.replica.refuse(),
  elements: () => [...awa.replica.doc.getMap<Uint8Array>(boardRoot).values()].map((bytes) => unpack(bytes)!),
}
declare global {
  interface Window {
    harness: typeof harness
  }
}
window.harness = harness
mount(Two, { target: document.body, props: { claire, awa } })
