import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openLog } from '#server/logger.ts'
import { startLiveKit, type LiveKitChild } from '#server/outside/livekit-child.ts'
import { openLiveKit, type LiveKit } from '#server/outside/livekit.ts'
import { livekitProgram } from '#tests/support/livekit.ts'
import { WebSocket } from 'ws'
import { newId } from '#server/db/ids.ts'

describe.skipIf(livekitProgram === undefined)('LiveKit itself', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'cercle-livekit-'))
  let child: LiveKitChild
  let livekit: LiveKit
  beforeAll(async () => {
    child = await startLiveKit({
      binary: livekitProgram!,
      secret: 's'.repeat(40),
      dataDir,
      host: '127.0.0.1',
      iceServers: [],
      webhook: undefined,
      log: openLog('silent'),
    })
    livekit = openLiveKit({ url: child.url, key: child.key, secret: child.secret, address: null })
  })
  afterAll(async () => {
    await child.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })

  const enter = (token: string) =>
    new Promise<WebSocket | number>((resolve) => {
      const socket = new WebSocket(`${child.url.replace('http', 'ws')}/rtc?access_token=${token}&protocol=15&sdk=js&version=2`)
      socket.once('open', () => resolve(socket))
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
      socket.once('error', () => undefined)
    })

  it('answers, has no room that nobody entered, and lets go of who is not there', async () => {
    expect(await livekit.answers()).toBe(true)
    expect(await livekit.list(newId())).toEqual([])
    await livekit.remove(newId(), newId())
    await livekit.permit(newId(), newId(), ['mic'])
  })

  it('opens one room to one seat, with what it may send; it can be taken back', async () => {
    const [room, seat] = [newId(), newId()]
    const socket = await enter(await livekit.token(room, seat, ['mic', 'cam']))
    expect(socket).toBeInstanceOf(WebSocket)
    await expect.poll(() => livekit.list(room)).toEqual([{ seat, sends: ['mic', 'cam'] }])
    await livekit.permit(room, seat, [])
    await expect.poll(() => livekit.list(room)).toEqual([{ seat, sends: [] }])
    const closed = new Promise((resolve) => (socket as WebSocket).once('close', resolve))
    await livekit.remove(room, seat)
    await closed
    await expect.poll(() => livekit.list(room)).toEqual([])
  })

  it('refuses an altered token', async () => {
    const token = await livekit.token(newId(), newId(), [])
    const [head, , signature] = token.split('.')
    const other = (await livekit.token(newId(), newId(), ['screen'])).split('.')[1]
    expect(await enter([head, other, signature].join('.'))).toBe(401)
  })

  it('refuses a token that is over', async () => {
    const written = async (token: Promise<string>) => {
      const [head = '', payload = ''] = (await token).split('.')
      const said = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number }
      return (exp: number) => {
        const signed = `${head}.${Buffer.from(JSON.stringify({ ...said, exp })).toString('base64url')}`
        return `${signed}.${createHmac('sha256', child.secret).update(signed).digest('base64url')}`
      }
    }
    const until = await written(livekit.token(newId(), newId(), []))
    const now = Math.floor(Date.now() / 1000)
    expect(await enter(until(now + 5))).toBeInstanceOf(WebSocket)
    // It is accepted for a minute longer.
    expect(await enter(until(now - 90))).toBe(401)
  })

  it('is started again when it is killed, and the same tokens open it', async () => {
    const token = await livekit.token(newId(), newId(), [])
    const before = child.pid!
    process.kill(before, 'SIGKILL')
    await expect.poll(() => livekit.answers(), { timeout: 15_000 }).toBe(true)
    expect(child.pid).not.toBe(before)
    expect(await enter(token)).toBeInstanceOf(WebSocket)
  })
})
