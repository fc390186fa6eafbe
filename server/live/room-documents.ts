import type { Server, Socket } from 'socket.io'
import type { CommitDocument, Increment, OpenDocument } from '#shared/live/documents.ts'
import { ok, refuse, type Result } from '#shared/result.ts'
import type { Documents } from './documents.ts'
import type { DocumentRight, LiveFeature } from './feature.ts'
import type { Host } from './host.ts'
import type { Seat } from './seats.ts'

type Requests = { 'document:open': OpenDocument; 'document:commit': CommitDocument; 'document:close': { document: string } }

const nothing: DocumentRight = { read: false, write: false, mayWipe: false }

/**
 * Shared documents on a room's link. A room gives access to those documents that one of its features opened in it; the right is
 * asked of that feature for each change, so a lock or a new role counts from the next one on, without grace.
 */
export class RoomDocuments {
  private readonly io: Server
  private readonly documents: Documents
  private readonly features: readonly LiveFeature[]
  /** document → how many sockets hear it here, and how to stop hearing it. */
  private readonly heard = new Map<string, { sockets: Set<string>; stop: () => void }>()

  constructor(io: Server, documents: Documents, features: readonly LiveFeature[]) {
    this.io = io
    this.documents = documents
    this.features = features
  }

  async request<N extends keyof Requests>(socket: Socket, seat: Seat, host: Host, name: N, request: Requests[N]): Promise<Result<unknown>> {
    const { document } = request
    const right = () => this.right(host, seat, document)
    // What this room has not opened does not exist for it.
    if (!right().read) return refuse('document/not-found')
    if (name === 'document:close') {
      this.close(socket, document)
      return ok()
    }
    if (name === 'document:commit') return this.documents.commit(document, seat.person, (request as CommitDocument).update, right)
    const { since, client } = request as OpenDocument
    this.hear(socket, document)
    return this.documents.open(document, seat.person, { since, client })
  }

  /** A link went: it hears nothing any more. */
  closeAll(socket: Socket): void {
    for (const document of [...this.heard.keys()]) this.close(socket, document)
  }

  private right(host: Host, seat: Seat, document: string): DocumentRight {
    if (host.seats.get(seat.seat) !== seat) return nothing
    for (const { slice, documentRight } of this.features) {
      const right = documentRight?.(host.room.state(slice.name), document, seat)
      if (right) return right
    }
    return nothing
  }

  private hear(socket: Socket, document: string) {
    const channel = `document/${document}`
    void socket.join(channel)
    const known = this.heard.get(document)
    if (known) known.sockets.add(socket.id)
    else {
      const stop = this.documents.hear(document, (told) => {
        const increments = told.map(({ seq, bytes, person, client }): Increment => [seq, bytes, person, client])
        this.io.to(channel).emit('document', document, increments)
      })
      this.heard.set(document, { sockets: new Set([socket.id]), stop })
    }
  }

  private close(socket: Socket, document: string) {
    void socket.leave(`document/${document}`)
    const known = this.heard.get(document)
    if (!known?.sockets.delete(socket.id) || known.sockets.size > 0) return
    known.stop()
    this.heard.delete(document)
  }
}
