import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { setupWSConnection } from '@y/websocket-server/utils'
import { Server } from 'socket.io'
import { WebSocketServer, type WebSocket } from 'ws'
import { parser } from '#shared/live/parser.ts'

/**
 * What the product stands beside, each as bare as it can be: a Socket.IO server that acknowledges and does nothing, a relay that
 * hands every message to everybody else, y-websocket as it comes (no sign-in, nothing stored), and an Express route that answers so many
 * bytes of JSON.
 */
const kind = JSON.parse(process.argv[2] ?? '""') as 'echo' | 'relay' | 'y-websocket' | 'json'
/** An answer of so many bytes, read and written once. */
const answers = new Map<number, { value: string }>()
const json = express().get('/:bytes', ({ params }, response) => {
  const bytes = Number(params.bytes)
  const answer = answers.get(bytes) ?? { value: 'x'.repeat(Math.max(0, bytes - 12)) }
  answers.set(bytes, answer)
  response.json(answer)
})
const http = kind === 'json' ? createServer(json) : createServer()
if (kind === 'echo') {
  const io = new Server(http, { path: '/live', serveClient: false, transports: ['websocket'], parser, perMessageDeflate: false })
  io.on('connection', (socket) =>
    socket.onAny((_name: string, ...args: unknown[]) => (args.at(-1) as (reply: unknown) => void)({ ok: true })),
  )
} else if (kind !== 'json') {
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false })
  sockets.on('connection', (socket: WebSocket, request) => {
    if (kind === 'y-websocket') return setupWSConnection(socket as never, request)
    socket.on('message', (bytes) => {
      for (const other of sockets.clients) if (other !== socket) other.send(bytes as Buffer, { binary: true })
    })
  })
}
http.listen(0, '127.0.0.1', () => process.send?.({ id: 0, reply: `http://127.0.0.1:${(http.address() as AddressInfo).port}` }))
process.on('message', ({ id }: { id: number }) => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  process.send?.({ id, reply: heapUsed + external })
})
process.on('disconnect', () => process.exit(1))
