import { createServer, type AddressInfo, type Socket } from 'node:net'
import { atEnd } from './end.ts'

/** A letter as it came, its words read back from how they travel. */
export interface Delivered {
  /** Its Message-ID, before the `@`: the row it was made from. */
  id: string
  recipient: string
  text: string
}

/** What who brings a letter says, in this order; `letter` is its words, whole. */
export type Step = 'EHLO' | 'MAIL' | 'RCPT' | 'DATA' | 'letter' | 'QUIT'

/** A mail server on loopback. It keeps whatever was handed over whole, also what it has not yet said that it took. */
export class PostOffice {
  readonly letters: Delivered[] = []
  /** How long it thinks before it answers anything (ms). */
  slowness = 0
  /** Whether it answers this step. Without a word at `letter` it has taken one, and whoever sent it cannot know. */
  answers: (step: Step) => boolean = () => true
  private readonly server = createServer((socket) => this.serve(socket))

  static async open(): Promise<PostOffice> {
    const office = new PostOffice()
    await new Promise<void>((resolve) => office.server.listen(0, '127.0.0.1', resolve))
    atEnd(() => office.server.close())
    return office
  }

  get url() {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  /** How often each letter came, by its Message-ID. */
  get counts(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { id } of this.letters) counts.set(id, (counts.get(id) ?? 0) + 1)
    return counts
  }

  private serve(socket: Socket) {
    socket.on('error', () => undefined)
    socket.write('220 loopback\r\n')
    let heard = ''
    let recipient = ''
    let inLetter = false
    const answer = (step: Step, words: string) =>
      setTimeout(() => {
        if (this.answers(step)) socket.write(`${words}\r\n`)
      }, this.slowness)
    socket.on('data', (chunk) => {
      heard += chunk.toString('latin1')
      for (;;) {
        const end = heard.indexOf(inLetter ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const said = heard.slice(0, end)
        heard = heard.slice(end + (inLetter ? 5 : 2))
        if (inLetter) {
          inLetter = false
          this.letters.push({ id: /^Message-ID: <([^@]+)@/im.exec(said)?.[1] ?? '', recipient, text: wordsOf(said) })
          answer('letter', '250 taken')
          continue
        }
        const command = said.slice(0, 4).toUpperCase() as Step
        if (command === 'RCPT') recipient = /<([^>]+)>/.exec(said)?.[1] ?? ''
        inLetter = command === 'DATA'
        answer(command, inLetter ? '354 go on' : command === 'QUIT' ? '221 bye' : '250 fine')
      }
    })
  }
}

/** The words of a letter that travels as quoted-printable or as it is. */
const wordsOf = (letter: string) =>
  letter.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
