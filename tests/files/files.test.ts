import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { deflateRawSync, deflateSync } from 'node:zlib'
import { sql } from 'drizzle-orm'
import sharp from 'sharp'
import { afterAll, describe, expect, it } from 'vitest'
import { fileLimits } from '#shared/files/rules.ts'
import type { FileRecord } from '#shared/files/wire.ts'
import type { RouteContracts } from '#shared/http/contract.ts'
import { filesRoutes } from '#shared/files/wire.ts'
import type { Result } from '#shared/result.ts'
import { newId } from '#server/db/ids.ts'
import { filesHandlers } from '#server/files/routes.ts'
import type { Handlers } from '#server/http/door.ts'
import { FileTooLarge, openDiskFiles, type FileStore } from '#server/outside/files.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** An archive of one file. */
function aZip(name: string, packed: Buffer, size: number): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(20, 4)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(size, 22)
  local.writeUInt16LE(name.length, 26)
  const central = Buffer.alloc(46)
  central.writeUInt32LE(0x02014b50, 0)
  local.copy(central, 6, 4, 30)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(46 + name.length, 12)
  end.writeUInt32LE(30 + name.length + packed.length, 16)
  return Buffer.concat([local, Buffer.from(name), packed, central, Buffer.from(name), end])
}

const folder = mkdtempSync(join(tmpdir(), 'cercle-files-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Every place where bytes may be kept behaves alike: another one is a line here. */
const places: [name: string, open: () => FileStore][] = [['on disk', () => openDiskFiles(folder)]]

describe.each(places)('bytes %s', (_name, open) => {
  const files = open()

  it('are kept whole or not at all', async () => {
    const bytes = randomBytes(300_000)
    expect(await files.put('a/whole', Readable.from([bytes]), 300_000)).toMatchObject({ size: 300_000 })
    expect((await buffer(files.read('a/whole'))).equals(bytes)).toBe(true)
    expect((await buffer(files.read('a/whole', 100, 200))).equals(bytes.subarray(100, 200))).toBe(true)

    await expect(files.put('a/large', Readable.from([bytes]), 299_999)).rejects.toThrow(FileTooLarge)
    const broken = new Readable({ read: () => undefined })
    broken.push(bytes)
    setTimeout(() => broken.destroy(new Error('the link broke')), 20)
    await expect(files.put('a/broken', broken, 1e9)).rejects.toThrow('the link broke')
    const gone = new Readable({ read: () => undefined })
    gone.destroy(new Error('the link was gone'))
    await expect(files.put('a/gone', gone, 1e9)).rejects.toThrow('the link was gone')
    for (const none of ['a/large', 'a/broken', 'a/gone']) expect(await files.size(none), none).toBeUndefined()
    expect(await files.free()).toBeGreaterThan(0)
  })

  it('grow piece by piece, and what was torn after the last acknowledged one is dropped', async () => {
    await files.write('b/growing', 0, Buffer.from('first '))
    await files.write('b/growing', 6, Buffer.from('torn and longer than what comes'))
    await files.write('b/growing', 6, Buffer.from('second'))
    expect((await buffer(files.read('b/growing'))).toString()).toBe('first second')
    expect(await files.size('b/growing')).toBe(12)
    await files.remove('b/growing')
    expect(await files.size('b/growing')).toBeUndefined()
    await files.remove('b/growing')
  })

  it('are never looked for outside their folder', () => {
    for (const key of ['../etc/passwd', '/etc/passwd', 'a/../../x', 'a//b', '']) expect(() => files.read(key), key).toThrow('another shape')
  })
})

it('what was not kept whole leaves nothing on the disk', async () => {
  const files = openDiskFiles(folder)
  await expect(files.put('c/large', Readable.from([randomBytes(2000)]), 1999)).rejects.toThrow(FileTooLarge)
  expect(readdirSync(join(folder, 'c'))).toEqual([])
})

/** A picture of immense sides and one that moves for ever: seven seconds of a core to make, the same on each engine. */
let immense: ReturnType<typeof makeImmense> | undefined
async function makeImmense() {
  const bomb = await sharp({ create: { width: 12_000, height: 12_000, channels: 3, background: '#08c' } })
    .png({ compressionLevel: 9 })
    .toBuffer()
  const frame = await sharp({ create: { width: 2000, height: 24 * 2000, channels: 3, background: '#08c' }, limitInputPixels: false })
    .gif({ effort: 1, colours: 2 })
    .toBuffer()
  return { bomb, frame }
}

onEachEngine((aStore) => {
  async function aCourse() {
    const door = await aDoor({
      db: await aStore(),
      contracts: filesRoutes,
      handlers: filesHandlers({ shown: async () => false }) as unknown as Handlers<RouteContracts>,
    })
    const { spoc, owner, aMember } = await door.aSpoc()
    const awa = await aMember('Awa', 'learner')
    const louis = await aMember('Louis', 'learner')
    const address = (id: string) => `/api/spocs/${spoc}/files/${id}`
    const send = async (who: Browser, bytes: Buffer, name = 'fiche.pdf', { id = newId(), audience = 'spoc' } = {}) => {
      const reply = await who.fetch(`${address(id)}?name=${encodeURIComponent(name)}&audience=${audience}`, {
        method: 'PUT',
        raw: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      })
      return (await reply.json()) as Result<FileRecord>
    }
    const given = async (who: Browser, bytes: Buffer, name?: string, more?: { id?: string; audience?: string }) => {
      const said = await send(who, bytes, name, more)
      if (!said.ok) throw new Error(said.code)
      return said.value
    }
    return { door, spoc, owner, awa, louis, address, send, given }
  }
  const aPdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(5000)])

  describe('[F2] a file', () => {
    it('of the team is there for the course, byte for byte, and for nobody else', async () => {
      const { door, owner, awa, given, address } = await aCourse()
      const { id, type, size } = await given(owner, aPdf, 'Fiche « présence ».pdf')
      expect({ type, size }).toEqual({ type: 'application/pdf', size: aPdf.length })

      const whole = await awa.fetch(address(id))
      expect(whole.status).toBe(200)
      expect(whole.headers.get('content-disposition')).toMatch(/^attachment; filename\*=UTF-8''Fiche%20%C2%AB/)
      expect(whole.headers.get('content-security-policy')).toMatch(/sandbox/)
      expect(whole.headers.get('x-content-type-options')).toBe('nosniff')
      expect(Buffer.from(await whole.arrayBuffer()).equals(aPdf)).toBe(true)

      expect((await door.aBrowser().fetch(address(id))).status).toBe(401)
      expect((await (await door.signedIn('Eve', { administrator: true })).fetch(address(id))).status).toBe(404)
    })

    it('of a learner is theirs and the team’s, whatever they ask for', async () => {
      const { owner, awa, louis, given, address } = await aCourse()
      const { id, audience } = await given(awa, aPdf, 'devoir.pdf', { audience: 'spoc' })
      expect(audience).toBe('team')
      expect((await awa.fetch(address(id))).status).toBe(200)
      expect((await owner.fetch(address(id))).status).toBe(200)
      expect((await louis.fetch(address(id))).status).toBe(404)
      const list = address('').slice(0, -1)
      expect(await louis.get(list)).toMatchObject({ ok: true, value: [] })
      expect(await awa.get(list)).toMatchObject({ ok: true, value: [{ id }] })
      // [F3] Nor may he remove it, in the same words.
      expect(await louis.delete(address(id))).toMatchObject({ code: 'http/not-found' })
    })

    it('[F3] goes to the bin and comes back; with a lost right every range is lost too', async () => {
      const { owner, awa, given, address, spoc } = await aCourse()
      const { id } = await given(owner, aPdf)
      const range = () => awa.fetch(address(id), { headers: { range: 'bytes=0-9' } })
      expect((await range()).status).toBe(206)
      expect(await awa.delete(address(id))).toMatchObject({ code: 'http/not-allowed' })
      expect((await owner.delete(address(id))).ok).toBe(true)
      expect((await range()).status).toBe(404)
      expect((await owner.post(`${address(id)}/restore`)).ok).toBe(true)
      expect((await range()).status).toBe(206)
      await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`)
      expect((await range()).status).toBe(404)
    })

    it('is read in ranges as a player asks for them', async () => {
      const { owner, given, address } = await aCourse()
      const { id } = await given(owner, aPdf)
      const ask = (headers: Record<string, string>) => owner.fetch(address(id), { headers })
      const part = await ask({ range: 'bytes=100-199' })
      expect(part.headers.get('content-range')).toBe(`bytes 100-199/${aPdf.length}`)
      expect(Buffer.from(await part.arrayBuffer()).equals(aPdf.subarray(100, 200))).toBe(true)
      const tail = await ask({ range: 'bytes=-50' })
      expect(Buffer.from(await tail.arrayBuffer()).equals(aPdf.subarray(-50))).toBe(true)
      expect((await ask({ range: `bytes=${aPdf.length}-` })).status).toBe(416)
      const tag = part.headers.get('etag') ?? ''
      expect((await ask({ 'if-none-match': tag })).status).toBe(304)
      expect((await ask({ range: 'bytes=0-9', 'if-range': '"older"' })).status).toBe(200)
      expect((await ask({ range: 'bytes=0-9', 'if-range': tag })).status).toBe(206)
    })

    it('sent again after a lost reply is kept once; its identity is nobody else’s', async () => {
      const { owner, awa, send, given } = await aCourse()
      const { id } = await given(owner, aPdf)
      expect(await send(owner, Buffer.from('autre'), 'x.txt', { id })).toMatchObject({ ok: true, value: { size: aPdf.length } })
      expect(await send(awa, aPdf, 'x.pdf', { id })).toMatchObject({ code: 'files/taken' })
    })
  })

  describe('[F5] what a file is', () => {
    it.each([
      ['a web page under the name of a picture', '<!DOCTYPE html><script>alert(1)</script>', 'photo.png'],
      ['a vector picture', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'logo.svg'],
      ['an XML page', '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'a.xht'],
      ['a program', 'MZ\u0090\u0000\u0003', 'outil.pdf'],
      ['bytes that are no words', Buffer.from([0xff, 0x00, 0xfe, 0x80]), 'notes.txt'],
    ])('%s is not taken', async (_what, content, name) => {
      const { owner, send, address } = await aCourse()
      expect(await send(owner, Buffer.from(content as string), name)).toMatchObject({ code: 'files/type' })
      expect(await owner.get(address('').slice(0, -1))).toMatchObject({ ok: true, value: [] })
    })

    it('plain words are saved as plain words, even under a name that a browser would run', async () => {
      const { owner, given, address } = await aCourse()
      const { id } = await given(owner, Buffer.from('alert(1) // à relire'), 'script.html')
      const reply = await owner.fetch(address(id))
      expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8')
      expect(reply.headers.get('content-disposition')).toMatch(/^attachment/)
    })

    it('a picture is drawn anew, smaller and without where it was taken', async () => {
      const { awa, given, address } = await aCourse()
      const photo = await sharp({ create: { width: 4000, height: 1000, channels: 3, background: '#08c' } })
        .withExif({ IFD0: { Artist: 'Adresse de chez moi' } })
        .jpeg()
        .toBuffer()
      expect(photo.includes('Adresse de chez moi')).toBe(true)
      const { id, name, type } = await given(awa, photo, 'tableau.jpg')
      expect({ name, type }).toEqual({ name: 'tableau.webp', type: 'image/webp' })
      const reply = await awa.fetch(address(id))
      expect(reply.headers.get('content-disposition')).toMatch(/^inline/)
      const drawn = Buffer.from(await reply.arrayBuffer())
      expect(drawn.includes('Adresse')).toBe(false)
      expect(await sharp(drawn).metadata()).toMatchObject({ width: fileLimits.side, height: fileLimits.side / 4 })
    })

    it('a picture of few bytes and immense sides is refused, one that moves for ever too', async () => {
      const { awa, send } = await aCourse()
      const { bomb, frame } = await (immense ??= makeImmense())
      expect(bomb.length).toBeLessThan(1_000_000)
      expect(await send(awa, bomb, 'bombe.png')).toMatchObject({ code: 'files/broken-picture' })
      expect(await send(awa, frame, 'boucle.gif')).toMatchObject({ code: 'files/broken-picture' })
    })

    it('a picture with a page behind it is a picture and nothing more', async () => {
      const { awa, given, address } = await aCourse()
      const picture = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#08c' } })
        .gif()
        .toBuffer()
      const { id, type } = await given(awa, Buffer.concat([picture, Buffer.from('<!doctype html><script>alert(1)</script>')]), 'page.html')
      expect(type).toBe('image/webp')
      const reply = await awa.fetch(address(id))
      expect(reply.headers.get('content-type')).toBe('image/webp')
      expect(Buffer.from(await reply.arrayBuffer()).includes('script')).toBe(false)
    })

    it('an archive is kept shut and saved, however much it would unfold to', async () => {
      const { owner, awa, given, address } = await aCourse()
      const bomb = aZip('[Content_Types].xml', deflateRawSync(Buffer.alloc(30_000_000, 0x20)), 30_000_000)
      expect(bomb.length).toBeLessThan(40_000)
      const { id, type } = await given(owner, bomb, 'archive.zip')
      expect(type).toBe('application/zip')
      const reply = await awa.fetch(address(id))
      expect(reply.headers.get('content-disposition')).toMatch(/^attachment/)
      expect(Buffer.from(await reply.arrayBuffer()).equals(bomb)).toBe(true)
    })

    describe('a PDF', () => {
      /** A document whose one object is a stream: `says` is what it declares, whatever the bytes are. */
      const aDocument = (says: string, bytes: Buffer) =>
        Buffer.concat([
          Buffer.from(`%PDF-1.7\n1 0 obj\n<< ${says} >>\nstream\n`),
          bytes,
          Buffer.from('\nendstream\nendobj\ntrailer << /Root 1 0 R /Size 999999999 >>\nstartxref\n0\n%%EOF\n'),
        ])
      const twice = deflateSync(deflateSync(Buffer.alloc(30_000_000, 0x20)))
      const bombs: [string, Buffer][] = [
        ['that unfolds twice', aDocument(`/Length ${twice.length} /Filter [/FlateDecode /FlateDecode]`, twice)],
        ['with a stream longer than any disk', aDocument('/Length 999999999999999999999', Buffer.from('x'))],
        [
          'with an immense picture',
          aDocument('/Type /XObject /Subtype /Image /Width 2000000000 /Height 2000000000 /Length 1', Buffer.from('x')),
        ],
        ['nested without end', aDocument(`/A ${'[<<'.repeat(400_000)}`, Buffer.alloc(0))],
        ['that leads back to itself', aDocument('/Type /Pages /Parent 1 0 R /Kids [1 0 R 1 0 R] /Prev 0', Buffer.alloc(0))],
        ['that runs a script', aDocument('/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>', Buffer.alloc(0))],
        [
          'with a page of the web inside',
          aDocument('/A (<!doctype html><script>alert(1)</script>)', Buffer.from('<script>alert(2)</script>')),
        ],
      ]

      it('is never opened here: kept as it came, handed out to be saved, at no cost to anybody', async () => {
        const { owner, awa, louis, given, address } = await aCourse()
        const before = process.memoryUsage.rss()
        const began = performance.now()
        let [longest, over] = [0, false]
        const others = (async () => {
          while (!over) {
            const asked = performance.now()
            expect((await louis.get(address('').slice(0, -1))).ok).toBe(true)
            longest = Math.max(longest, performance.now() - asked)
          }
        })()
        for (const [what, bomb] of bombs) {
          const { id, type, name } = await given(owner, bomb, 'fiche.pdf')
          expect({ type, name }, what).toEqual({ type: 'application/pdf', name: 'fiche.pdf' })
          const reply = await awa.fetch(address(id))
          expect(reply.headers.get('content-type'), what).toBe('application/pdf')
          expect(reply.headers.get('content-disposition'), what).toMatch(/^attachment/)
          expect(reply.headers.get('x-content-type-options'), what).toBe('nosniff')
          expect(reply.headers.get('content-security-policy'), what).toMatch(/default-src 'none'.*sandbox/)
          expect(Buffer.from(await reply.arrayBuffer()).equals(bomb), what).toBe(true)
        }
        over = true
        await others
        expect(performance.now() - began).toBeLessThan(15_000)
        expect(longest).toBeLessThan(3000)
        expect(process.memoryUsage.rss() - before).toBeLessThan(250_000_000)
      })

      it('by its name alone is what its bytes are, and refused when those would run or are nothing', async () => {
        const { owner, send, address } = await aCourse()
        for (const [what, content] of [
          ['a page before the mark', '<html><script>alert(1)</script></html>\n%PDF-1.7\n'],
          ['a vector picture', '<svg xmlns="http://www.w3.org/2000/svg">%PDF-1.7</svg>'],
          ['a program', 'MZ\u0090\u0000\u0003%PDF-1.7'],
          ['noise', Buffer.concat([Buffer.from([0xff, 0x00, 0xfe]), Buffer.from('%PDF-1.7')])],
          ['nothing', ''],
        ] as const)
          expect(await send(owner, Buffer.from(content as string), 'fiche.pdf'), what).toMatchObject({
            code: what === 'nothing' ? 'files/incomplete' : 'files/type',
          })
        expect(await owner.get(address('').slice(0, -1))).toMatchObject({ ok: true, value: [] })
        // Words that speak of one are words.
        expect(await send(owner, Buffer.from('Le fichier commence par %PDF-1.7'), 'note.pdf')).toMatchObject({
          value: { type: 'text/plain' },
        })
      })
    })

    it('a picture that says it is immense, or is cut, is refused before it is drawn', async () => {
      const { awa, send } = await aCourse()
      const head = await sharp({ create: { width: 16, height: 16, channels: 3, background: '#08c' } })
        .png()
        .toBuffer()
      const immense = Buffer.from(head)
      immense.writeUInt32BE(30_000, 16)
      immense.writeUInt32BE(30_000, 20)
      expect(await send(awa, immense, 'bombe.png')).toMatchObject({ code: 'files/broken-picture' })
      expect(await send(awa, head.subarray(0, 60), 'coupée.png')).toMatchObject({ code: 'files/broken-picture' })
    })
  })

  it('[F4] 100 MB that did not say so are cut off, and the whole of a learner’s files has an end', async () => {
    const { door, spoc, awa, louis, address, given, send } = await aCourse()
    let sent = 0
    const flood = new ReadableStream<Uint8Array>({
      pull(to) {
        if (sent >= 100_000_000) return to.close()
        sent += 1_000_000
        to.enqueue(new Uint8Array(1_000_000).fill(0x61))
      },
    })
    const reply = await fetch(`${door.base}${address(newId())}?name=long.txt`, {
      method: 'PUT',
      body: flood,
      duplex: 'half',
      headers: {
        'content-type': 'application/octet-stream',
        origin: door.base,
        cookie: [...awa.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      },
    } as RequestInit).then(
      (response) => response.json(),
      // The server may hang up on what it does not want to hear to its end.
      () => ({ code: 'files/too-large' }),
    )
    expect(reply).toMatchObject({ code: 'files/too-large' })
    expect(await awa.get(address('').slice(0, -1))).toMatchObject({ ok: true, value: [] })

    const { id } = await given(awa, aPdf)
    await door.db.transaction((tx) =>
      tx.execute(sql`update files set size = ${fileLimits.learnerAll - aPdf.length + 1} where id = ${id} and spoc = ${spoc}`),
    )
    expect(await send(awa, aPdf)).toMatchObject({ code: 'files/yours-full' })
    expect((await send(louis, aPdf)).ok).toBe(true)
  })

  it('[F4] more than a learner may give is refused before it is read, and nothing is kept', async () => {
    const { awa, address } = await aCourse()
    const reply = await awa.fetch(`${address(newId())}?name=film.mp4`, {
      method: 'PUT',
      raw: Buffer.alloc(fileLimits.learner + 1, 1),
      headers: { 'content-type': 'application/octet-stream' },
    })
    expect(await reply.json()).toMatchObject({ code: 'files/too-large', detail: String(fileLimits.learner) })
    expect(await awa.get(address('').slice(0, -1))).toMatchObject({ ok: true, value: [] })
  })
})
