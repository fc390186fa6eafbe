import { describe, expect, it } from 'vitest'
import { pictureLimit } from '#shared/account/rules.ts'
import type { Member } from '#shared/spoc/wire.ts'
import { aDoor, type Browser } from '#tests/http/door.ts'
import { onEachEngine } from '#tests/support/store.ts'

/** The head of a JPEG that says how large it is, and then `more` bytes. */
const aJpeg = (width: number, height: number, more = 400) =>
  Buffer.concat([
    Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
    Buffer.from('ffc0001108', 'hex'),
    Buffer.from([height >> 8, height & 255, width >> 8, width & 255]),
    Buffer.from('03012200021101031101', 'hex'),
    Buffer.alloc(more, 7),
    Buffer.from('ffd9', 'hex'),
  ])
const aPng = Buffer.from('89504e470d0a1a0a0000000d4948445200000010000000100802000000909168360000000049454e44ae426082', 'hex')

const give = (who: Browser, bytes: Buffer) => who.ask('PUT', '/api/me/picture', { jpeg: bytes.toString('base64') })

async function seen(who: Browser, spoc: string, person: string): Promise<Member | undefined> {
  const members = await who.get<Member[]>(`/api/spocs/${spoc}/members`)
  return members.ok ? members.value.find((each) => each.person === person) : undefined
}

onEachEngine((aStore) => {
  describe('[P3] a picture', () => {
    it('is seen by those of the course as it was given, and is not there for anybody else', async () => {
      const door = await aDoor({ db: await aStore() })
      const { spoc, aMember } = await door.aSpoc()
      const awa = await aMember('Awa', 'learner')
      const louis = await aMember('Louis', 'learner')
      const eve = await door.signedIn('Eve', { administrator: true })
      expect(await seen(louis, spoc, awa.person)).toMatchObject({ initials: 'A', picture: null })

      const given = aJpeg(256, 256)
      const mine = await give(awa, given)
      expect(mine).toMatchObject({ ok: true, value: { id: awa.person, picture: expect.stringMatching(/^\/api\/me\/pictures\//) } })
      const { picture } = (await seen(louis, spoc, awa.person)) ?? {}
      if (!picture || !mine.ok) throw new Error('no picture')

      const shown = await louis.fetch(picture)
      expect(shown.status).toBe(200)
      expect(shown.headers.get('content-type')).toBe('image/jpeg')
      expect(shown.headers.get('x-content-type-options')).toBe('nosniff')
      expect(shown.headers.get('cache-control')).toBe('private, no-cache')
      expect(Buffer.from(await shown.arrayBuffer()).equals(given)).toBe(true)
      expect((await awa.fetch(mine.value.picture)).status).toBe(200)

      expect((await door.aBrowser().fetch(picture)).status).toBe(401)
      expect((await eve.fetch(picture)).status).toBe(404)
      expect((await louis.fetch(mine.value.picture)).status).toBe(404)
    })

    it('is asked for again each time: unchanged it costs nothing, and who leaves the course loses it at once', async () => {
      const door = await aDoor({ db: await aStore() })
      const { spoc, owner, aMember } = await door.aSpoc()
      const awa = await aMember('Awa', 'learner')
      const louis = await aMember('Louis', 'learner')
      await give(awa, aJpeg(256, 256))
      const { picture } = (await seen(louis, spoc, awa.person)) ?? {}
      if (!picture) throw new Error('no picture')
      const tag = (await louis.fetch(picture)).headers.get('etag')
      if (!tag) throw new Error('no tag')
      const again = await louis.fetch(picture, { headers: { 'If-None-Match': tag, 'Cache-Control': 'max-age=0' } })
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0])

      await owner.delete(`/api/spocs/${spoc}/members/${louis.person}`)
      expect((await louis.fetch(picture, { headers: { 'If-None-Match': tag } })).status).toBe(404)
      // Awa leaves too: those who stay still see who said what.
      await owner.delete(`/api/spocs/${spoc}/members/${awa.person}`)
      expect((await owner.fetch(picture)).status).toBe(200)
    })

    it('is replaced under another address, and removed', async () => {
      const door = await aDoor({ db: await aStore() })
      const { spoc, owner, aMember } = await door.aSpoc()
      const awa = await aMember('Awa', 'learner')
      await give(awa, aJpeg(256, 256))
      const before = (await seen(owner, spoc, awa.person))?.picture
      await give(awa, aJpeg(200, 200))
      const after = (await seen(owner, spoc, awa.person))?.picture
      if (!before || !after) throw new Error('no picture')
      expect(after).not.toBe(before)
      expect((await owner.fetch(before)).status).toBe(404)
      expect((await owner.fetch(after)).status).toBe(200)
      expect(await awa.delete('/api/me/picture')).toMatchObject({ ok: true, value: { picture: null } })
      expect((await owner.fetch(after)).status).toBe(404)
      expect((await seen(owner, spoc, awa.person))?.picture).toBeNull()
    })

    it('that is no JPEG, says that it is immense, or is too heavy is refused, and the one before stays', async () => {
      const door = await aDoor({ db: await aStore() })
      const awa = await door.signedIn('Awa')
      const kept = await give(awa, aJpeg(pictureLimit.side, 64))
      expect(kept).toMatchObject({ ok: true })
      for (const wrong of [
        aPng,
        Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9" onload="alert(1)"/>'),
        Buffer.from('text'),
        Buffer.alloc(0),
        aJpeg(65_000, 65_000),
        aJpeg(pictureLimit.side + 1, 64),
        aJpeg(0, 64),
        aJpeg(256, 256).subarray(0, 12),
      ])
        expect(await give(awa, wrong)).toMatchObject({ ok: false, code: 'account/not-a-picture', status: 409 })
      expect(await give(awa, aJpeg(256, 256, pictureLimit.bytes))).toMatchObject({ ok: false, code: 'http/bad-request' })
      expect(await awa.ask('PUT', '/api/me/picture', { jpeg: 'not base64 !' })).toMatchObject({ ok: false, code: 'http/bad-request' })
      expect(await awa.get('/api/me')).toEqual({ ...kept, status: 200 })
    })
  })
})
