import type { Committed, Opened } from '#shared/live/documents.ts'
import type { Result } from '#shared/result.ts'
import type { DocumentPort } from './replica.svelte.ts'
import type { Room } from './room.svelte.ts'

/** Shared documents over a room's link. A request whose answer was lost rejects, so that the replica sends it again. */
export function documentsOf(room: Room): DocumentPort {
  const ask = async <T>(name: string, request: unknown): Promise<Result<T>> => {
    const answer = await room.ask(name, request)
    if (!answer.ok && answer.code === 'http/unavailable') throw new Error('the link broke before the reply')
    return answer as Result<T>
  }
  return {
    open: (request) => ask<Opened>('document:open', request),
    commit: (request) => ask<Committed>('document:commit', request),
    close: (document) => void room.ask('document:close', { document }),
    hear: (document, fn) => room.hearDocuments((of, increments) => of === document && increments.forEach(fn)),
    linked: (fn) => room.linked(fn),
  }
}
