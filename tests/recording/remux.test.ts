import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { remux } from '#server/recording/remux.ts'
import { aFilm } from './film.ts'

const folder = mkdtempSync(join(tmpdir(), 'cercle-remux-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the film of a part', () => {
  const make = (bytes: Buffer, read = async (start: number, end: number) => new Uint8Array(bytes.subarray(start, end))) =>
    remux({ size: bytes.length, read }, join(folder, 'film'), 'video/mp4')

  it('is made of all that came', async () => {
    expect(await make(Buffer.concat(await aFilm(6)))).toMatchObject({ duration: 6000, type: 'video/mp4' })
  })

  it('cannot be made of what is no film', async () => {
    expect(await make(randomBytes(5000))).toBeUndefined()
  })

  it('is neither cut short nor given up when its bytes cannot be had for a while: that fails, and is tried again', async () => {
    const film = Buffer.concat(await aFilm(6))
    let reads = 0
    await make(film, async (start, end) => (reads++, new Uint8Array(film.subarray(start, end))))
    expect(reads).toBeGreaterThan(0)
    for (let fails = 0; fails < reads; fails++) {
      let n = 0
      const read = async (start: number, end: number) => {
        if (n++ === fails) throw new Error('the disk is away')
        return new Uint8Array(film.subarray(start, end))
      }
      await expect(make(film, read), `read ${fails}`).rejects.toThrow('the disk is away')
    }
  })
})
