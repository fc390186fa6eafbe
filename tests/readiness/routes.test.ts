import { expect, it } from 'vitest'
import { readinessRoutes } from '#shared/readiness/wire.ts'
import { endMail, queueMail, takeMail } from '#server/mail/store.ts'
import { readinessHandlers } from '#server/readiness/routes.ts'
import type { Environment } from '#server/environment.ts'
import { aDoor } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'
import type { Db } from '#server/db/db.ts'

const aServer = (db: Db, environment: Partial<Environment> = {}, livekit?: Parameters<typeof readinessHandlers>[0]) =>
  aDoor({ db, environment, contracts: readinessRoutes, handlers: readinessHandlers(livekit) as never })

onEachEngine((aStore) => {
  it('tells an administrator what is so, and nobody else', async () => {
    const door = await aServer(await aStore())
    for (const [state, text] of [
      ['sent', 'kept'],
      ['sent', null],
      ['failed', 'kept'],
    ] as const)
      await door.db.transaction(async (tx) => {
        const now = door.clock.now()
        await queueMail(tx, { cause: `${state} ${text}`, recipient: 'awa@example.org', subject: 's', text: 't', now })
        const mail = await takeMail(tx, now)
        await endMail(tx, mail?.id ?? '', { state, changed: now, ...(text === null && { text }) })
      })
    const ana = await door.signedIn('Ana', { administrator: true })
    expect(await ana.get('/api/readiness')).toMatchObject({
      value: {
        mailLeaves: false,
        mailsKept: 1,
        mailsFailed: 1,
        address: door.base,
        https: false,
        loopback: true,
        stun: true,
        turn: false,
        demonstration: false,
        video: 'mesh',
        videoAnswers: true,
      },
    })
    expect(await (await door.signedIn('Awa')).get('/api/readiness')).toMatchObject({ status: 403 })
    expect(await door.aBrowser().get('/api/readiness')).toMatchObject({ status: 401 })
  })

  it('judges the address that people are given', async () => {
    const door = await aServer(await aStore(), {
      publicUrl: 'https://cercle.example',
      mail: { smtpUrl: 'smtp://127.0.0.1:9', from: 'c@example.org' },
      iceServers: [{ urls: ['turns:turn.example:5349', 'stun:stun.example'] }],
    })
    const ana = await door.aPerson('Ana', { administrator: true })
    const browser = door.aBrowser()
    await browser.post(
      '/api/auth/sign-in/email',
      { email: ana.email, password: 'correct horse battery' },
      { origin: 'https://cercle.example' },
    )
    expect(await browser.get('/api/readiness')).toMatchObject({
      value: { mailLeaves: true, address: 'https://cercle.example', https: true, loopback: false, stun: true, turn: true },
    })
  })

  it('tells whether LiveKit answers', async () => {
    const db = await aStore()
    for (const answers of [true, false]) {
      const ana = await (
        await aServer(db, {}, { answers: () => Promise.resolve(answers) })
      ).signedIn(`Ana${answers}`, { administrator: true })
      expect(await ana.get('/api/readiness')).toMatchObject({ value: { video: 'livekit', videoAnswers: answers } })
    }
  })
})
