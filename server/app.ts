import { readFileSync } from 'node:fs'
import { createServer, type Server as HttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Express, Request } from 'express'
import type { Server as Sockets } from 'socket.io'
import { boardContent } from '#shared/board/rules.ts'
import { notesContent } from '#shared/mentoring/rules.ts'
import type { GroupsState } from '#shared/groups/rules.ts'
import { groupOf } from '#shared/groups/within.ts'
import { mayBeOpen, type MicsState } from '#shared/mics/rules.ts'
import { whyNotWrite, type Role } from '#shared/spoc/rules.ts'
import { routes } from '#shared/wire.ts'
import { buildRevocation } from './account/revocation.ts'
import { accountHandlers } from './account/routes.ts'
import { buildAccount } from './account/sign-in.ts'
import { livingSignIns } from './account/store.ts'
import { readShares } from './attendance/presence.ts'
import { attendanceHandlers } from './attendance/routes.ts'
import { sumAttendance } from './attendance/store.ts'
import { organizerOf } from './calendar/ics.ts'
import { findLast } from './backup/last.ts'
import { calendarHandlers } from './calendar/routes.ts'
import { captionsHandlers } from './captions/routes.ts'
import { listSpoken } from './captions/store.ts'
import { certificateHandlers } from './certificate/routes.ts'
import { chatHandlers } from './chat/routes.ts'
import type { Clock } from './clock.ts'
import type { Attendance } from '#shared/attendance/rules.ts'
import type { Db, Tx } from './db/db.ts'
import { newId } from './db/ids.ts'
import { deckHandlers } from './deck/routes.ts'
import { buildAccess } from './demo/access.ts'
import { demoHandlers } from './demo/routes.ts'
import { Simulated } from './demo/simulated.ts'
import type { Environment } from './environment.ts'
import { filesHandlers } from './files/routes.ts'
import { slidesHandlers } from './slides/routes.ts'
import { copyFiles } from './files/store.ts'
import { guestSecret } from './guests/cookie.ts'
import { guestHandlers } from './guests/routes.ts'
import { guestHere, guestsIn } from './guests/store.ts'
import { followupHandlers } from './followup/routes.ts'
import { cause, hasEnded, hasReopened, jobHandlers, scheduleCleaning, startFlows } from './flows.ts'
import { listGone } from './flows/gone.ts'
import { erasing, releasing, type TellLeaving } from './flows/leaving.ts'
import { keptOf } from './flows/lesson.ts'
import { exportOf } from './account/data.ts'
import { buildMetrics } from './health/metrics.ts'
import { healthRoutes } from './health/routes.ts'
import { buildHttp } from './http/http.ts'
import { buildLimits } from './http/limits.ts'
import { keepAssets, sayContract, servePages } from './http/pages.ts'
import { buildRepeats } from './http/repeats.ts'
import { buildSeal } from './http/secrets.ts'
import { originsOf, type Origins } from './http/security.ts'
import { inboxHandlers } from './inbox/routes.ts'
import { startJobs } from './jobs/jobs.ts'
import { jobsHandlers } from './jobs/routes.ts'
import { cancel, schedule } from './jobs/store.ts'
import { Boots } from './live/boots.ts'
import { contractFingerprint } from './live/contract.ts'
import { openDocuments, type Documents } from './live/documents.ts'
import { liveFeatures } from './live/features.ts'
import { openLink, openSockets } from './live/link.ts'
import { RoomDocuments } from './live/room-documents.ts'
import { Rooms } from './live/rooms.ts'
import type { Log } from './logger.ts'
import { outboxHandlers } from './mail/routes.ts'
import { startSender } from './mail/sender.ts'
import { doneInPath } from './mentoring/agreed.store.ts'
import { findNextTime } from './mentoring/booking.store.ts'
import { listenCalls, whyNotEnterCall } from './mentoring/entry.ts'
import { copyOffers } from './mentoring/offer.store.ts'
import { mentoringHandlers, type TellMentoring } from './mentoring/routes.ts'
import { noticesHandlers } from './notices/routes.ts'
import type { FileStore } from './outside/files.ts'
import type { Mailer } from './outside/mail.ts'
import { listLate, sumCompletion } from './path/everybody.store.ts'
import { openActivity, showsFile } from './path/road.store.ts'
import { pathHandlers } from './path/routes.ts'
import { preflightHandlers } from './preflight/routes.ts'
import { aloneHandlers } from './quiz/alone.routes.ts'
import { copyBank, copyQuiz } from './quiz/alone.store.ts'
import { quizHandlers } from './quiz/routes.ts'
import { readinessHandlers } from './readiness/routes.ts'
import { recordingJobs } from './recording/films.ts'
import { recordingHandlers, type TellRecording } from './recording/routes.ts'
import { findFilms, findObjection, getRecording, listFilms, objectTo, takeBackObjection } from './recording/store.ts'
import { replayHandlers } from './replay/routes.ts'
import { openVideo } from './outside/video.ts'
import { mediaProxy } from './video/proxy.ts'
import { MediaSeats, sendsOf } from './video/media-seats.ts'
import { mediaKey } from './video/media-key.ts'
import { mediaEntrance, videoHandlers } from './video/routes.ts'
import { webhook } from './video/webhook.ts'
import { sessionHandlers } from './session/routes.ts'
import { findSessionIn, listenSessions, whoWaits, whyNotEnterRoom } from './session/store.ts'
import { archivedAt, listenArchived } from './spoc/archive.store.ts'
import { spocHandlers } from './spoc/routes.ts'
import { arriveHandlers } from './spoc/arrive.routes.ts'
import type { Invited } from './spoc/invite.letter.ts'
import { inviteHandlers } from './spoc/invite.routes.ts'
import { signInLinkHandlers } from './spoc/sign-in-link.routes.ts'
import { causeOf, joinArrivals, type HasJoined } from './spoc/invite.store.ts'
import { createSpoc, findMembership, listMembers, rolesIn } from './spoc/store.ts'
import { ok, refuse } from '#shared/result.ts'

export interface AppTools {
  /** Open and migrated. Stays the caller's to close. */
  db: Db
  clock: Clock
  log: Log
  environment: Environment
  outside: { mailer: Mailer; files: FileStore }
  /** The folder of the built client; undefined serves no pages. */
  pages: string | undefined
}

export interface App {
  origins: Origins
  contract: string
  rooms: Rooms
  documents: Documents
  /** Tells every seat, writes what waits, lets the workers end, closes the doors. */
  close(): Promise<void>
}

/** Builds the whole server from its parts, and listens. */
export async function buildApp({ db, clock, log, environment, outside, pages }: AppTools): Promise<App> {
  const { tls, secret } = environment
  const http = tls ? createTlsServer({ cert: readFileSync(tls.cert), key: readFileSync(tls.key) }) : createServer()
  // The port is known only once it is listened on; who comes before everything is built waits. Heard before Socket.IO attaches,
  // which passes on what is not its own: heard after it, its polling requests would be answered twice.
  let open: (app: Express) => void = () => undefined
  const built = new Promise<Express>((resolve) => (open = resolve))
  http.on('request', (request, response) => void built.then((app) => app(request, response)))
  const port = await listen(http, environment.port, environment.host)
  const access = buildAccess(db, environment, () => origins.publicUrl)
  const served = { host: environment.host, port, https: tls !== undefined }
  const origins = originsOf({ publicUrl: environment.publicUrl, ...served, named: access.named })
  const contract = contractFingerprint()

  const video = await openVideo(environment, { port, publicUrl: origins.publicUrl, log })
  const passOn =
    video.passOnTo === undefined ? undefined : mediaProxy(http, { to: video.passOnTo, originAllowed: origins.originAllowed, log })

  const account = buildAccount({
    db,
    clock,
    secret,
    origins,
    log,
    mailLink: (mail) => db.transaction((tx) => cause(tx, 'sign-in-link-asked', newId(), mail)),
  })
  const revocation = await buildRevocation(db)
  const several = db.engine === 'postgres'

  const io = openSockets(origins.originAllowed)
  const boots = new Boots(db, clock, log)
  const metrics = buildMetrics({
    rooms: () => rooms.size,
    seats: () => io.engine.clientsCount,
    free: () => outside.files.free(),
    lastBackup: () => findLast(environment.dataDir)?.at,
  })
  const rooms = new Rooms(
    {
      db,
      clock,
      log,
      io,
      boots,
      metrics,
      features: liveFeatures,
      mediaChanged: (room) => mediaSeats?.touch(room),
      mediaEntrance: async (room, seat): Promise<unknown> => (await entranceOf?.(room, seat))?.entrance,
      doorbell: several ? (room, seq) => `${room} ${seq} ${boots.id}` : undefined,
      keepDeadline: async (tx, room, at) => {
        if (at === undefined) await cancel(tx, 'room-deadline', room)
        else await schedule(tx, { kind: 'room-deadline', key: room, payload: { room }, due: at })
      },
    },
    {
      stillAs: (seats, room) =>
        db.read(async (tx) => {
          const living = await livingSignIns(
            tx,
            seats.map(({ signIn }) => signIn),
            clock.now(),
          )
          const people = new Set(seats.map(({ person }) => person))
          const roles = await rolesIn(tx, room, people)
          const guests = await guestsIn(
            tx,
            room,
            [...people].filter((person) => !roles.has(person)),
          )
          return (seat) => (living.has(seat.signIn) ? roles.get(seat.person) : guests.has(seat.person) ? 'guest' : undefined)
        }),
      whyOver: (room) =>
        db.read(async (tx) => {
          const why = await whyNot(tx, room, 'owner', clock.now())
          return why && (why.code === 'spoc/archived' ? why.code : 'live/room-ended')
        }),
      whoWaits: (room) => db.read((tx) => whoWaits(tx, room)),
    },
  )
  /** The seats of a room, whoever holds them, with the group of each and what it may send. */
  const mediaIn = async (room: string) => {
    const found = (await rooms.get(room))?.room
    if (!found) return undefined
    const mics = found.state<MicsState>('mics')
    const groups = found.state<GroupsState>('groups')
    const seats = Object.entries(found.state<Attendance>('attendance').seats)
    return new Map(
      seats.map(([seat, { person, role }]) => [
        seat,
        { person, group: groupOf(groups, person), sends: sendsOf(role, mayBeOpen(mics, person, role)) },
      ]),
    )
  }
  const mediaSeats =
    video.livekit &&
    new MediaSeats({
      ...{ livekit: video.livekit, clock, log },
      rooms: async () => (await rooms.hosted()).filter(({ seats }) => seats.size > 0).map(({ room }) => room.card.id),
      seatsOf: mediaIn,
    })
  const entranceOf =
    video.livekit &&
    mediaEntrance({
      livekit: video.livekit,
      ownerOf: async (room, seat) => (await mediaIn(room))?.get(seat),
      keyOf: (room) =>
        db.read(
          async (tx) => {
            const session = await findSessionIn(tx, room)
            return session?.encrypted ? mediaKey(environment.secret, room, await listGone(tx, room)) : null
          },
          { live: true },
        ),
    })
  const documents = openDocuments({
    db,
    clock,
    log,
    contents: { board: boardContent, mentoring: notesContent },
    doorbell: several ? boots.id : undefined,
  })
  await rooms.begin()
  openLink(io, {
    db,
    clock,
    log,
    rooms,
    metrics,
    documents: new RoomDocuments(io, documents, liveFeatures),
    features: liveFeatures,
    contract,
    originAllowed: origins.originAllowed,
    findSignIn: (headers) => account.findSignIn(headers),
    roleIn: async (tx, person, room) => (await findMembership(tx, person, { room }))?.role,
    findGuest: async (tx, { cookie }, room) =>
      (await guestHere(tx, typeof cookie === 'string' ? guestSecret(cookie, origins.https) : undefined, room))?.person,
    mayEnter: async (tx, room, role, at) => (await whyNot(tx, room, role, at)) ?? ok(),
    whoWaits,
  })

  /** The files of the release before. A disk that takes none is no reason to stay away. */
  const former = (folder: string) => {
    try {
      return keepAssets(folder, environment.dataDir, new Date(clock.now()))
    } catch (error) {
      log.warn({ error }, 'the files of this release could not be kept for the next')
      return undefined
    }
  }
  const failed = (what: string) => (error: unknown) => log.error({ error }, what)
  revocation.onRevoked(({ person, spoc }) => void rooms.review(person, spoc).catch(failed('seats could not be reviewed')))
  const stopSessions = await listenSessions(db, (change) => {
    const seen = !change ? rooms.reviewSessions() : change.state === 'planned' ? rooms.openDoor(change.room) : rooms.end(change.room)
    seen.catch(failed('a room could not be ended'))
  })

  const stopCalls = await listenCalls(db, (room) => {
    const seen = room === undefined ? rooms.reviewSessions() : rooms.end(room)
    seen.catch(failed('the room of a call could not be ended'))
  })

  const stopArchived = await listenArchived(db, () => {
    rooms.reviewSessions().catch(failed('the rooms of an archived SPOC could not be ended'))
  })

  const simulated = new Simulated({
    ...{ db, clock, log, account, contract },
    listens: originsOf({ publicUrl: undefined, ...served }).publicUrl,
    publicUrl: origins.publicUrl,
  })

  const invited: Invited = (tx, mail) => cause(tx, 'person-invited', causeOf(mail.invitation, mail.sending), mail)
  const hasJoined: HasJoined = (tx, spoc, person) => cause(tx, 'member-joined', `${spoc}:${person}:${clock.now()}`, { spoc })
  const objected: TellRecording['objected'] = (tx, objection) => cause(tx, 'replay-objected', newId(), objection)
  const leaving: TellLeaving = {
    callChanged: (tx, what, { call, sequence }) => cause(tx, what, `${call} ${sequence} ${newId()}`, { call }),
    membershipChanged: (tx, change) => cause(tx, 'membership-changed', newId(), change),
  }
  const app = buildHttp(
    {
      db,
      clock,
      environment,
      origins,
      files: outside.files,
      account,
      limits: buildLimits(),
      repeats: buildRepeats({ db, clock, seal: buildSeal(secret) }),
      log,
      membership: findMembership,
      guest: (headers, room) => db.read((tx) => guestHere(tx, guestSecret(headers.cookie, origins.https), room)),
    },
    routes,
    {
      ...accountHandlers({
        arrive: (tx, person, now) => joinArrivals(tx, person, now, hasJoined),
        addressAsked: (tx, asked) => cause(tx, 'address-asked', newId(), asked),
        addressChanged: (tx, changed) => cause(tx, 'address-changed', newId(), changed),
        deactivated: (tx, about) => cause(tx, 'account-deactivated', newId(), about),
        erase: erasing(leaving),
        data: exportOf,
      }),
      ...spocHandlers({
        changed: leaving.membershipChanged,
        archived: (tx, spoc) => cause(tx, 'archive-changed', newId(), { spoc }),
        release: releasing(leaving),
      }),
      ...inviteHandlers(invited),
      ...signInLinkHandlers((tx, help) => cause(tx, 'sign-in-link-made', `${help.person}:${newId()}`, help)),
      ...arriveHandlers({ invited, hasJoined, asked: (tx, asked) => cause(tx, 'place-asked', asked.id, asked) }),
      ...readinessHandlers(video.livekit),
      ...preflightHandlers,
      ...sessionHandlers(
        (tx, session, before) =>
          cause(tx, 'session-changed', `${session.id}:${session.sequence}`, { session: session.id, instants: [...before, session.starts] }),

        hasEnded,
        { reopened: hasReopened, kept: keptOf },
      ),
      ...pathHandlers({
        makeSpoc: createSpoc,
        copyFiles,
        duplicated: copyQuiz,
        copied: async (tx, from, to, copies, now) => {
          await copyBank(tx, from, to, copies, now)
          await copyOffers(tx, from, to)
        },
        handedIn: (tx, handIn) => cause(tx, 'work-handed-in', handIn.id, handIn),
        fedBack: (tx, handIn) => cause(tx, 'feedback-given', `${handIn.id}:${handIn.at}`, handIn),
        meetingChanged: (tx, activity, instants) =>
          cause(tx, 'meeting-changed', `${activity}:${newId()}`, { activity, instants: [...instants] }),
      }),
      ...chatHandlers({
        posted: (tx, message) => cause(tx, 'message-posted', message.id, message),
        hidden: (tx, change) => cause(tx, 'message-hidden', `${change.message}:${newId()}`, change),
      }),
      ...quizHandlers((tx, act) => cause(tx, 'question-corrected', act.correction, act)),
      ...aloneHandlers({
        open: openActivity,
        handedIn: (tx, handedIn) => cause(tx, 'quiz-handed-in', handedIn.attempt, handedIn),
        regraded: (tx, quiz) => cause(tx, 'quiz-regraded', newId(), quiz),
      }),
      ...deckHandlers,
      ...calendarHandlers,
      ...noticesHandlers,
      ...inboxHandlers({
        asked: (tx, { spoc, inquiry, author }) =>
          cause(tx, 'inquiry-asked', inquiry.id, { spoc, inquiry: inquiry.id, text: inquiry.text, author }),
        answered: (tx, { spoc, inquiry, author, at }) =>
          cause(tx, 'inquiry-answered', `${inquiry.id}:${at}`, {
            spoc,
            inquiry: inquiry.id,
            text: inquiry.text,
            answer: inquiry.answer ?? '',
            author,
          }),
      }),
      ...mentoringHandlers(cause as TellMentoring, { doneAmong: doneInPath, films: listFilms }),
      ...followupHandlers({ late: listLate, attended: readShares, nextTime: findNextTime }),
      ...attendanceHandlers((tx, what, line) => cause(tx, what, line.id, line)),
      ...certificateHandlers(
        { attended: sumAttendance, completed: sumCompletion },
        (tx, what, spoc, { id, person, kind, revokeReason }) => {
          const about = { spoc, person, document: kind }
          return what === 'certificate-issued'
            ? cause(tx, what, id, { ...about, certificate: id })
            : cause(tx, what, id, { ...about, reason: revokeReason ?? '' })
        },
      ),
      ...filesHandlers({ shown: showsFile }),
      ...slidesHandlers(),
      ...guestHandlers(findMembership, {
        of: async (tx, room, person, now) => {
          const { state, choice } = await getRecording(tx, room, { person, role: 'guest' }, now)
          const film = state === 'none' || state === 'failed' ? 'none' : state === 'deleted' ? 'deleted' : 'kept'
          return { film, choice, objection: await findObjection(tx, room, person) }
        },
        object: async (tx, at, now) => {
          const made = await objectTo(tx, at.room, at.person, now)
          if (made.ok && made.value) await objected(tx, at)
          return made.ok ? ok() : made
        },
        takeBack: async (tx, room, person) => void (await takeBackObjection(tx, room, person)),
      }),
      ...videoHandlers(entranceOf),
      ...captionsHandlers({
        isOpen: async (tx, room, role, now) => (await whyNot(tx, room, role, now)) === undefined,
        mayWatch: async (tx, room, role, now) => ((await findFilms(tx, room, role, now)) ?? []).length > 0,
        knock: async (room, name, payload) =>
          (await (await rooms.get(room))?.submit(null, name, payload, null))?.result ?? refuse('captions/no-service'),
      }),
      ...jobsHandlers,
      ...demoHandlers({
        access,
        simulated,
        beginning: {
          files: outside.files,
          mailer: outside.mailer,
          dataDir: environment.dataDir,
          clearRooms: () => rooms.clear(),
        },
      }),
      ...outboxHandlers,
      ...recordingHandlers({
        objected,
        settled: (tx, act) => cause(tx, 'recording-settled', newId(), act),
      }),
      ...replayHandlers({
        films: findFilms,
        recording: getRecording,
        members: (tx, spoc) => listMembers(tx, spoc, 'trainer'),
        spoken: listSpoken,
        caughtUp: (tx, room, person) => cause(tx, 'caught-up', `${room}:${person}`, { room, person }),
        answered: (tx, answer) => cause(tx, 'replay-answered', `${answer.room}:${answer.question}:${answer.person}`, answer),
      }),
    },
    [
      sayContract(contract),
      healthRoutes({ db, clock, account, environment, files: outside.files, mail: outside.mailer.kind, livekit: video.livekit, metrics }),
      ...(video.livekit && mediaSeats ? [webhook(video.livekit, (room) => mediaSeats.touch(room))] : []),
    ],
    video.livekit?.address ?? undefined,
  )
  if (passOn) app.use(passOn.path, passOn.handler)
  if (pages !== undefined) {
    const visits = async (request: Request) =>
      (await access.shown(request)) && { unknown: (await account.findSignIn(request.headers)) === null }
    app.use(servePages(pages, contract, { former: former(pages), demo: visits }))
  }

  await db.transaction((tx) => scheduleCleaning(tx, clock.now() + 3_600_000))
  const workers = await Promise.all([
    startFlows({ db, clock, log }),
    startJobs({
      db,
      clock,
      log,
      handlers: {
        ...jobHandlers(rooms, outside.files, { origin: origins.publicUrl, organizer: organizerOf(environment) }, () => clock.now()),
        ...recordingJobs(db, outside.files, clock, (tx, room) => cause(tx, 'replay-ready', room, { room })),
      },
    }),
    startSender({ db, clock, log, mailer: outside.mailer }),
  ])
  // The link last: a page that comes back to a server just started must find its checks and its rooms, not an open door.
  io.attach(http)
  open(app)

  return {
    origins,
    contract,
    rooms,
    documents,
    async close() {
      await simulated.stop()
      await mediaSeats?.stop()
      await rooms.stop()
      await Promise.all([
        stopSessions(),
        stopCalls(),
        stopArchived(),
        revocation.close(),
        documents.close(),
        ...workers.map((worker) => worker.stop()),
      ])
      // First: the doors close when nobody is left, and who is in LiveKit came through them.
      await video.stop()
      await closeDoors(http, io)
      outside.mailer.close()
    },
  }
}

/** Why a room, of a session or of a call, cannot be entered now. */
const whyNot = async (tx: Tx, room: string, role: Role, now: number) =>
  whyNotWrite(await archivedAt(tx, { room })) ??
  (await whyNotEnterRoom(tx, room, role, now)) ??
  (await whyNotEnterCall(tx, room, role, now))

/** Gives the port it listens on (another one than asked for when that was 0). */
function listen(http: HttpServer, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject)
    http.listen(port, host, () => {
      http.off('error', reject)
      resolve((http.address() as AddressInfo).port)
    })
  })
}

/** Socket.IO closes the HTTP server it was given; kept connections of browsers would hold it open. */
const closeDoors = (http: HttpServer, io: Sockets) =>
  new Promise<void>((resolve) => {
    void io.close(() => resolve())
    http.closeAllConnections()
  })
