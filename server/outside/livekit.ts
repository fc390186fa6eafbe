import { AccessToken, RoomServiceClient, TrackSource, WebhookReceiver } from 'livekit-server-sdk'
import type { Source } from '#shared/video/rules.ts'

/**
 * A LiveKit server, seen from here: who may enter a media room and send what, who is in it, who has to go. It carries media and
 * decides nothing: its rooms are named after ours and their groups, its participants after seats, and no name or address of a person reaches it.
 */
export interface LiveKit {
  /** Where browsers connect; null: to this very server, which passes it on. */
  readonly address: string | null
  /** A key to one room for one seat, good for ten minutes and only to enter: once inside, the server renews it by itself. */
  token(room: string, seat: string, sends: readonly Source[]): Promise<string>
  /** The media rooms that there are now. Rejects when the server does not answer. */
  rooms(): Promise<readonly string[]>
  /** Who is in a media room, and what each may send. Empty when there is no such room. Rejects when the server does not answer. */
  list(room: string): Promise<readonly MediaSeat[]>
  /** What a seat may send from now on; what it sends beyond that ends. */
  permit(room: string, seat: string, sends: readonly Source[]): Promise<void>
  remove(room: string, seat: string): Promise<void>
  /** Reads a notice of the server: whose room it is about. Undefined when it was not signed by it, or is about no room. */
  hear(body: string, authorization: string | undefined): Promise<{ room: string } | undefined>
  answers(): Promise<boolean>
}

export interface MediaSeat {
  seat: string
  sends: readonly Source[]
}

/** How long a token opens the door (s). The server accepts it a minute longer. */
const tokenFor = 600

const kinds: Record<Source, TrackSource> = {
  mic: TrackSource.MICROPHONE,
  cam: TrackSource.CAMERA,
  screen: TrackSource.SCREEN_SHARE,
  screenAudio: TrackSource.SCREEN_SHARE_AUDIO,
}
const sourceOf = new Map(Object.entries(kinds).map(([source, kind]) => [kind, source as Source]))

/** `publish` with no source would mean every one. */
const rights = (sends: readonly Source[]) => ({
  canPublish: sends.length > 0,
  canPublishSources: sends.map((source) => kinds[source]),
  canSubscribe: true,
  canPublishData: false,
})

/** `url`: of its API, from here. `address`: from browsers. */
export function openLiveKit({ url, key, secret, address }: { url: string; key: string; secret: string; address: string | null }): LiveKit {
  const service = new RoomServiceClient(url.replace(/^ws/, 'http'), key, secret, { requestTimeout: 5, failover: false })
  const receiver = new WebhookReceiver(key, secret)
  return {
    address,
    token(room, seat, sends) {
      const token = new AccessToken(key, secret, { identity: seat, ttl: tokenFor })
      token.addGrant({ room, roomJoin: true, ...rights(sends) })
      return token.toJwt()
    },
    rooms: async () => (await service.listRooms()).map(({ name }) => name),
    async list(room) {
      const people = await service.listParticipants(room).catch((error: unknown) => {
        if (isNotFound(error)) return []
        throw error
      })
      return people.map(({ identity, permission }) => ({
        seat: identity,
        sends: permission?.canPublish ? permission.canPublishSources.flatMap((kind) => sourceOf.get(kind) ?? []) : [],
      }))
    },
    async permit(room, seat, sends) {
      await service.updateParticipant(room, seat, { permission: rights(sends) }).catch(unlessGone)
    },
    async remove(room, seat) {
      await service.removeParticipant(room, seat).catch(unlessGone)
    },
    async hear(body, authorization) {
      const event = await receiver.receive(body, authorization).catch(() => undefined)
      return event?.room ? { room: event.room.name } : undefined
    },
    answers: () =>
      service.listRooms([]).then(
        () => true,
        () => false,
      ),
  }
}

const isNotFound = (error: unknown) => typeof error === 'object' && error !== null && 'code' in error && error.code === 'not_found'

/** Who has left meanwhile needs nothing any more. */
function unlessGone(error: unknown): void {
  if (!isNotFound(error)) throw error
}
