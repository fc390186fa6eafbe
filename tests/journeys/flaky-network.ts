import { createServer, request, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'

/** What gets through: all of it, pages and requests but no live link, or nothing. */
type Lets = 'everything' | 'pages' | 'nothing'

/**
 * The network of one browser, as a proxy that can be cut: a browser sends ordinary requests through it one by one and asks it for a
 * tunnel for each WebSocket, so that the two can be told apart.
 */
export class FlakyNetwork {
  private lets: Lets = 'everything'
  private readonly tunnels = new Set<Socket>()
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  private constructor() {
    this.server = createServer((asked, answer) => {
      const url = new URL(asked.url ?? '/')
      // Without a WebSocket the live link would go on by polling.
      if (this.lets === 'nothing' || (this.lets === 'pages' && url.pathname.startsWith('/live'))) return void asked.socket.destroy()
      const onward = request(url, { method: asked.method, headers: asked.headers }, (reply) => {
        answer.writeHead(reply.statusCode ?? 502, reply.headers)
        reply.pipe(answer)
      })
      onward.on('error', () => asked.socket.destroy())
      asked.pipe(onward)
    })
    this.server.on('connection', (socket: Socket) => {
      if (this.lets === 'nothing') return void socket.destroy()
      this.sockets.add(socket)
      socket.on('close', () => this.sockets.delete(socket))
    })
    this.server.on('connect', (asked, socket: Socket, head) => {
      socket.on('error', () => socket.destroy())
      if (this.lets !== 'everything') return void socket.destroy()
      const { hostname, port } = new URL(`http://${asked.url}`)
      const onward = connect(Number(port || 80), hostname, () => {
        socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
        onward.write(head)
        onward.pipe(socket).pipe(onward)
      })
      this.tunnels.add(socket)
      socket.on('close', () => onward.destroy() && this.tunnels.delete(socket))
      onward.on('error', () => socket.destroy())
      onward.on('close', () => socket.destroy())
    })
  }

  static async open(): Promise<FlakyNetwork> {
    const network = new FlakyNetwork()
    await new Promise<void>((done) => network.server.listen(0, '127.0.0.1', done))
    return network
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** Changes what gets through; what is open and no longer allowed breaks at once. */
  let(lets: Lets): void {
    this.lets = lets
    if (lets !== 'everything') for (const socket of this.tunnels) socket.destroy()
    if (lets === 'nothing') for (const socket of this.sockets) socket.destroy()
  }

  async close(): Promise<void> {
    this.let('nothing')
    await new Promise((done) => this.server.close(done))
  }
}
