import { once } from 'node:events'
import { createServer, request, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openSockets } from '#server/live/link.ts'
import { openLog } from '#server/logger.ts'
import { mediaProxy } from '#server/video/proxy.ts'
import { atEnd } from '#tests/support/end.ts'

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  atEnd(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** Cercle's door, with the room's links and LiveKit's signalling behind it; LiveKit answers after so long (ms). */
async function aDoor(after: number) {
  const livekit = createServer().on('upgrade', (_request, socket) => {
    atEnd(() => void socket.destroy())
    void pause(after).then(() => socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'))
  })
  const to = `http://127.0.0.1:${await listening(livekit)}`
  const http = createServer()
  const originAllowed = (origin: string | undefined) => origin === 'https://cercle.test'
  mediaProxy(http, { to, originAllowed, log: openLog('silent') })
  const io = openSockets(originAllowed)
  io.attach(http)
  const port = await listening(http)
  atEnd(() => void io.close())
  /** What somebody's browser is answered who asks for a connection; undefined when it is hung up on. */
  return (path: string, origin: string) =>
    new Promise<number | undefined>((answered) => {
      const headers = {
        origin,
        connection: 'Upgrade',
        upgrade: 'websocket',
        'sec-websocket-version': '13',
        'sec-websocket-key': 'x'.repeat(22) + '==',
      }
      const said = ({ statusCode, socket }: IncomingMessage) => {
        socket.destroy()
        answered(statusCode)
      }
      request({ port, host: '127.0.0.1', path, headers })
        .on('upgrade', said)
        .on('response', said)
        .on('error', () => answered(undefined))
        .end()
    })
}

it('who comes while LiveKit is slow to answer is let in all the same: nobody else hangs up meanwhile', async () => {
  const ask = await aDoor(1_500)
  expect(await ask('/rtc?access_token=x', 'https://cercle.test')).toBe(101)
})

it('a page of somebody else is hung up on, and LiveKit’s API is behind no door', async () => {
  const ask = await aDoor(0)
  expect(await ask('/rtc', 'https://evil.test')).toBeUndefined()
  expect(await Promise.race([ask('/twirp/livekit.RoomService/ListRooms', 'https://cercle.test'), pause(500, 'no answer')])).toBe(
    'no answer',
  )
})
