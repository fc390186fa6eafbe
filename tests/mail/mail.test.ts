import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { systemClock, type Clock } from '#server/clock.ts'
import type { Db } from '#server/db/db.ts'
import type { Loop } from '#server/jobs/loop.ts'
import { openLog } from '#server/logger.ts'
import { startSender } from '#server/mail/sender.ts'
import { findMail, listMails, queueMail, takeMail } from '#server/mail/store.ts'
import { mails } from '#server/mail/tables.ts'
import { NotTaken, openMailer, type Letter, type Mailer } from '#server/outside/mail.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** Generous, because the machine may be busy; the figures are asserted elsewhere. */
const soon = <T>(look: () => T) => expect.poll(look, { timeout: 30_000 })

const log = openLog('silent')
const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const letter = (more: Partial<Letter> = {}): Letter => ({
  id: 'aaaaaaaaaaaaaaaaaaaaaa',
  recipient: 'awa@example.org',
  subject: 'Élan',
  text: 'Bonjour à vous\n',
  ics: null,
  ...more,
})
const queue = (db: Db, n: number | string, now = Date.now()) =>
  db.transaction((tx) => queueMail(tx, { cause: `c${n}`, recipient: 'awa@example.org', subject: `s${n}`, text: `t${n}`, now }))
const states = async (db: Db) => (await db.read((tx) => listMails(tx, undefined, 100))).map(({ state }) => state)
const start = async (db: Db, mailer: Mailer, clock: Clock = systemClock): Promise<Loop> => {
  const loop = await startSender({ db, clock, log, mailer })
  ends.push(() => loop.stop())
  return loop
}
/** A mailer that keeps what it was given and does as told. */
const aMailer = (kind: Mailer['kind'] = 'outbox', then: (letter: Letter) => Promise<void> = async () => undefined) => {
  const sent: Letter[] = []
  const mailer: Mailer = {
    kind,
    clear: async () => undefined,
    close: () => undefined,
    send: async (one) => {
      sent.push(one)
      await then(one)
    },
  }
  return { mailer, sent }
}

onEachEngine((aStore) => {
  it('the same cause mails the same recipient once, and two senders send each mail once', async () => {
    const db = await aStore()
    const { mailer, sent } = aMailer()
    await Promise.all([start(db, mailer), start(db, mailer)])
    await Promise.all([1, 2, 3, 4, 5, 1, 2].map((n) => queue(db, n)))
    await soon(() => states(db)).toEqual(Array(5).fill('sent'))
    expect(sent.map(({ subject }) => subject).sort()).toEqual(['s1', 's2', 's3', 's4', 's5'])
  })

  it('keeps the text in the outbox for the administrator, and not once a mail server took it', async () => {
    const db = await aStore()
    await queue(db, 1)
    const first = await start(db, aMailer('outbox').mailer)
    await soon(() => states(db)).toEqual(['sent'])
    await first.stop()
    const [kept] = await db.read((tx) => listMails(tx, undefined, 1))
    expect((await db.read((tx) => findMail(tx, kept?.id ?? '')))?.text).toBe('t1')

    const other = await aStore()
    await queue(other, 1)
    await start(other, aMailer('smtp').mailer)
    await soon(() => states(other)).toEqual(['sent'])
    const [gone] = await other.read((tx) => listMails(tx, undefined, 1))
    expect((await other.read((tx) => findMail(tx, gone?.id ?? '')))?.text).toBeNull()
  })

  it('one that was being sent when the process died becomes uncertain and is not sent again', async () => {
    const db = await aStore()
    const longAgo = Date.now() - 600_000
    await queue(db, 1, longAgo)
    expect((await db.transaction((tx) => takeMail(tx, longAgo)))?.state).toBe('sending') // and its process dies here
    const { mailer, sent } = aMailer()
    await start(db, mailer)
    await queue(db, 2)
    await soon(async () => (await states(db)).sort()).toEqual(['sent', 'uncertain'])
    expect(sent.map(({ subject }) => subject)).toEqual(['s2'])
  })

  it('what another process is sending now is left to it', async () => {
    const db = await aStore()
    if (db.engine === 'pglite') return expect(await states(db)).toEqual([]) // it has no other process
    await queue(db, 1)
    await db.transaction((tx) => takeMail(tx, Date.now()))
    await start(db, aMailer().mailer)
    await queue(db, 2)
    await soon(async () => (await states(db)).sort()).toEqual(['sending', 'sent'])
  })

  it.each([
    ['refused', 'failed', 1],
    ['unknown', 'uncertain', 1],
  ] as const)('a letter whose sending ends as %s is %s, and stays so', async (outcome, state, times) => {
    const db = await aStore()
    await queue(db, 1)
    const { mailer, sent } = aMailer('smtp', () => Promise.reject(new NotTaken(outcome, 'because')))
    await start(db, mailer)
    await soon(() => states(db)).toEqual([state])
    expect(sent).toHaveLength(times)
    expect(await db.read((tx) => listMails(tx, undefined, 1))).toMatchObject([{ error: 'because' }])
  })

  it('tries again when nothing left, and then sends it', async () => {
    const db = await aStore()
    await queue(db, 1)
    let fails = 2
    const { mailer, sent } = aMailer('smtp', async () => {
      if (fails-- > 0) throw new NotTaken('later', 'nobody there')
    })
    const origin = Date.now()
    await start(db, mailer, { now: () => origin + (Date.now() - origin) * 1000, after: (ms, call) => systemClock.after(ms / 1000, call) })
    await soon(() => states(db)).toEqual(['sent'])
    expect(sent).toHaveLength(3)
    expect((await db.read((tx) => tx.select().from(mails)))[0]).toMatchObject({ attempts: 3, error: null })
  })

  it('lists the newest first, in pages', async () => {
    const db = await aStore()
    for (let n = 1; n <= 3; n++) await queue(db, n, n * 1000)
    expect((await db.read((tx) => listMails(tx, undefined, 2))).map(({ subject }) => subject)).toEqual(['s3', 's2'])
    expect((await db.read((tx) => listMails(tx, 2000, 2))).map(({ subject }) => subject)).toEqual(['s1'])
  })
})

it('without a mail server letters are files that only we may read', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cercle-outbox-'))
  ends.push(() => rmSync(dataDir, { recursive: true }))
  const mailer = openMailer(undefined, dataDir)
  await mailer.send(letter({ ics: 'BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nEND:VCALENDAR\r\n' }))
  expect(readdirSync(join(dataDir, 'outbox'))).toEqual(['aaaaaaaaaaaaaaaaaaaaaa.eml'])
  const file = join(dataDir, 'outbox/aaaaaaaaaaaaaaaaaaaaaa.eml')
  expect(statSync(file).mode & 0o077).toBe(0)
  const text = readFileSync(file, 'utf8')
  expect(text).toMatch(/^Message-ID: <aaaaaaaaaaaaaaaaaaaaaa@localhost>$/m)
  expect(text).toMatch(/^To: awa@example.org$/m)
  expect(text).toMatch(/text\/calendar[^]*method=REQUEST/)
})

/** A mail server that says what the test wants after each command. */
async function aMailServer(answers: (command: string, socket: Socket) => string | undefined) {
  const letters: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.write('220 test\r\n')
    let inLetter = false
    let text = ''
    socket.on('data', (chunk) => {
      text += chunk.toString()
      for (;;) {
        const end = text.indexOf(inLetter ? '\r\n.\r\n' : '\r\n')
        if (end < 0) return
        const said = text.slice(0, end)
        text = text.slice(end + (inLetter ? 5 : 2))
        if (inLetter) letters.push(said)
        const answer = answers(inLetter ? 'letter' : (said.split(/[ :]/)[0] ?? '').toUpperCase(), socket)
        if (!inLetter && said.toUpperCase() === 'DATA') inLetter = answer?.startsWith('354') ?? false
        else inLetter = false
        if (answer !== undefined) socket.write(`${answer}\r\n`)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  ends.push(() => server.close())
  const mailer = openMailer({ smtpUrl: `smtp://127.0.0.1:${port}`, from: 'Cercle <ecole@example.org>' }, '/nowhere')
  ends.push(() => mailer.close())
  return { mailer, letters }
}
const politely = (command: string) => (command === 'DATA' ? '354 go on' : command === 'QUIT' ? '221 bye' : '250 fine')
const outcome = (mailer: Mailer, one = letter()) =>
  mailer.send(one).then(
    () => 'taken',
    (error: unknown) => (error instanceof NotTaken ? error.outcome : error),
  )

it('hands a letter to the mail server, its Message-ID made from the row', async () => {
  const { mailer, letters } = await aMailServer(politely)
  expect(await outcome(mailer)).toBe('taken')
  expect(letters[0]).toMatch(/^Message-ID: <aaaaaaaaaaaaaaaaaaaaaa@example.org>\r$/m)
})

it('a recipient is one address, whatever it holds', async () => {
  const asked: string[] = []
  const { mailer } = await aMailServer((command) => (asked.push(command), politely(command)))
  await outcome(mailer, letter({ recipient: 'a@example.org, b@example.org' }))
  expect(asked.filter((command) => command === 'RCPT').length).toBeLessThanOrEqual(1)
})

it.each([
  ['refused', 'a mailbox that does not exist', (command: string) => (command === 'RCPT' ? '550 no such mailbox' : politely(command))],
  ['later', 'a mailbox that is busy', (command: string) => (command === 'RCPT' ? '450 busy' : politely(command))],
  ['refused', 'a letter that is not wanted', (command: string) => (command === 'letter' ? '554 spam' : politely(command))],
  [
    'unknown',
    'a link cut after the letter',
    (command: string, socket: Socket) => (command === 'letter' ? (socket.destroy(), undefined) : politely(command)),
  ],
  [
    'later',
    'a link cut at the greeting',
    (command: string, socket: Socket) => (command === 'EHLO' ? (socket.destroy(), undefined) : politely(command)),
  ],
] as const)('is %s: %s', async (expected, _why, answers) => {
  const { mailer } = await aMailServer(answers)
  expect(await outcome(mailer)).toBe(expected)
})

it('is later: nobody there', async () => {
  expect(await outcome(openMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'ecole@example.org' }, '/nowhere'))).toBe('later')
})
