import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { openLog } from '#server/logger.ts'
import { startLiveKit } from '#server/outside/livekit-child.ts'
import { atEnd } from '#tests/support/end.ts'
import { aServer } from '#tests/support/server.ts'

/**
 * What stands for LiveKit's server: a program that answers on the port of its configuration and is listed under its own path, as a binary
 * is. It ends by itself, whatever becomes of a test.
 */
const standIn = `#!${process.execPath}
process.title = process.argv[1]
const { port } = JSON.parse(process.env.LIVEKIT_CONFIG)
require('node:http').createServer((_, reply) => reply.end()).listen(port, '127.0.0.1')
setTimeout(process.exit, 120_000)
`

let folder: string
let binary: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cercle-livekit-child-'))
  atEnd(() => rmSync(folder, { recursive: true, force: true }))
  binary = aProgram('livekit-server')
})

function aProgram(name: string): string {
  const file = join(folder, name)
  writeFileSync(file, standIn, { mode: 0o755 })
  return file
}

const pidFile = (dataDir: string) => join(dataDir, 'livekit.pid')
const written = (dataDir: string) => Number(readFileSync(pidFile(dataDir), 'utf8'))

/** The command of a process; empty when it has ended, though nobody may have taken note of that. */
function running(pid: number): string {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.startsWith('Z') ? '' : stdout.trim().replace(/^\S+\s+/, '')
}

/** A process that is no LiveKit of ours, once it runs its own command. */
async function aStranger(program: string, args: string[] = []): Promise<number> {
  const child = spawn(program, args, { env: { LIVEKIT_CONFIG: '{"port":0}' }, stdio: 'ignore' })
  atEnd(() => child.kill('SIGKILL'))
  await expect.poll(() => running(child.pid!), { timeout: 20_000 }).toBe([program, ...args].join(' '))
  return child.pid!
}

/** Starts LiveKit as Cercle does, where the number of a former one was kept: a whole LiveKit, whatever was written there. */
async function startsWhere(former: string) {
  writeFileSync(pidFile(folder), former)
  const child = await startLiveKit({
    ...{ binary, secret: 's'.repeat(40), dataDir: folder, host: '127.0.0.1', iceServers: [] },
    ...{ webhook: undefined, log: openLog('silent') },
  })
  expect([(await fetch(child.url)).ok, child.pid]).toEqual([true, written(folder)])
  await child.stop()
}

describe('the LiveKit of a Cercle that was killed', () => {
  it('goes on by itself; the next start ends it and runs its own, which a calm end takes along', async () => {
    const cercle = await aServer({ livekit: binary })
    const orphan = written(cercle.dataDir)
    await cercle.kill()
    expect(running(orphan)).toBe(binary)
    await cercle.restart()
    const next = written(cercle.dataDir)
    expect([running(orphan), running(next)]).toEqual(['', binary])
    expect(await cercle.stop()).toBe(0)
    expect(running(next)).toBe('')
    expect(() => written(cercle.dataDir)).toThrow('ENOENT')
  })

  it('is known by its command: another process that has its number by now is left alone', async () => {
    for (const pid of [
      await aStranger(process.execPath, ['-e', 'setTimeout(()=>{},120_000)', binary]),
      await aStranger(aProgram('livekit-server-of-others')),
    ]) {
      await startsWhere(String(pid))
      expect(running(pid)).not.toBe('')
    }
  })

  it.each(['', 'x', '0', '-1', '1 2', '99999999999', '{}'])('is not looked for where its number reads “%s”', startsWhere)
})
