import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport, type SendMailOptions, type TransportOptions } from 'nodemailer'

export interface Letter {
  id: string
  recipient: string
  subject: string
  text: string
  ics: string | null
}

/**
 * Why a letter was not taken. `later`: nothing left, another attempt may go through. `refused`: the mail server said no for
 * good. `unknown`: the link broke while the letter was being handed over; it may have arrived.
 */
export class NotTaken extends Error {
  override name = 'NotTaken'
  outcome: 'later' | 'refused' | 'unknown'
  constructor(outcome: NotTaken['outcome'], reason: string) {
    super(reason)
    this.outcome = outcome
  }
}

/** Where mail goes: a mail server, or files in the data directory. */
export interface Mailer {
  kind: 'outbox' | 'smtp'
  /** Resolves when the letter was taken; else throws `NotTaken`. */
  send(letter: Letter): Promise<void>
  /** Removes what was kept of letters. */
  clear(): Promise<void>
  close(): void
}

/** By `SMTP_URL` and `MAIL_FROM`, or into `DATA_DIR/outbox` as `.eml` files when there is none. */
export const openMailer = (smtp: { smtpUrl: string; from: string } | undefined, dataDir: string): Mailer =>
  smtp ? openSmtp(smtp.smtpUrl, smtp.from) : openOutbox(join(dataDir, 'outbox'))

function openSmtp(url: string, from: string): Mailer {
  // No pool: it sends again by itself what a broken connection left in doubt.
  const transport = createTransport({
    url,
    connectionTimeout: 15_000,
    greetingTimeout: 15_000,
    socketTimeout: 30_000,
    ...closed,
  } as TransportOptions)
  /** The letters whose text was asked for, which happens once the mail server has let us in. */
  const begun = new Set<string | undefined>()
  transport.use('stream', ({ data, message }, next) => {
    const read = message.createReadStream.bind(message)
    message.createReadStream = (...options) => {
      begun.add(data.messageId)
      return read(...options)
    }
    next()
  })
  return {
    kind: 'smtp',
    async send(letter) {
      const options = written(letter, from)
      try {
        await transport.sendMail(options)
      } catch (error) {
        throw verdict(error, begun.has(options.messageId))
      } finally {
        begun.delete(options.messageId)
      }
    },
    clear: () => Promise.resolve(),
    close: () => transport.close(),
  }
}

function openOutbox(folder: string): Mailer {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'unix', ...closed })
  return {
    kind: 'outbox',
    async send(letter) {
      const { message } = await transport.sendMail(written(letter, 'Cercle <cercle@localhost>'))
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = join(folder, `${letter.id}.eml`)
      await writeFile(`${file}.part`, message as Buffer, { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    clear: () => rm(folder, { recursive: true, force: true }),
    close: () => transport.close(),
  }
}

/** A letter never brings in a file or an address of the server's. */
const closed = { disableFileAccess: true, disableUrlAccess: true }

function written({ id, recipient, subject, text, ics }: Letter, from: string): SendMailOptions {
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'localhost'
  return {
    messageId: `<${id}@${domain}>`,
    from,
    // As one address: a list in disguise goes to nobody else.
    to: { name: '', address: recipient },
    subject,
    text,
    headers: { 'Auto-Submitted': 'auto-generated' },
    ...(ics !== null && { icalEvent: { method: /^METHOD:(\w+)/m.exec(ics)?.[1] ?? 'PUBLISH', content: ics, filename: 'invitation.ics' } }),
  }
}

/** An answer of the mail server is certain; silence is certain only before the letter was on its way. */
function verdict(error: unknown, begun: boolean): NotTaken {
  const { message = String(error), responseCode, code } = error as { message?: string; responseCode?: number; code?: string }
  if (responseCode !== undefined) return new NotTaken(responseCode >= 500 && code !== 'EAUTH' ? 'refused' : 'later', message)
  if (code === 'EENVELOPE') return new NotTaken('refused', message)
  return new NotTaken(begun ? 'unknown' : 'later', message)
}
