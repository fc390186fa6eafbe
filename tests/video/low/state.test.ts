import { flushSync } from 'svelte'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Low } from '#client/video/low.svelte.ts'
import type { Low as Left } from '#client/video/media-room.ts'
import type { Picture } from '#client/video/view.svelte.ts'
import type { Face } from '#client/video/video.svelte.ts'
import { FakeVideo } from '../fake-video.svelte.ts'

const kept = new Map<string, string>()
beforeEach(() => {
  kept.clear()
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => kept.set(key, text),
  })
})
const opened: Low[] = []
afterEach(() => {
  for (const low of opened.splice(0)) low.close()
  vi.unstubAllGlobals()
})

const fine: Left = { step: 'all', why: undefined, own: 'whole', ownWhy: undefined, left: [], blind: [] }

/** Claire leads, Louis and Marc have their cameras on; Awa looks. */
class ARoom {
  video = new FakeVideo()
  look = { screen: undefined as Face | undefined, pinned: [] as readonly Picture[], speaker: undefined as Face | undefined }
  low: Low

  constructor() {
    this.video.face('awa', { local: true })
    this.video.face('louis', { cam: true })
    this.video.face('marc', { cam: true })
    this.video.face('claire', { role: 'trainer', cam: true })
    this.low = new Low(this.video.asVideo, this.look)
    opened.push(this.low)
    flushSync()
  }

  of = (person: string) => this.video.faces.find((face) => face.person === person)
  /** It stands like this; gives what is said of it. */
  stands(low: Partial<Left>): string {
    this.video.snapshot = { low: { ...fine, ...low } }
    flushSync()
    return this.low.said
  }
  get asked() {
    this.low.follow()
    return this.video.wanted
  }
}
const cam = (person: string) => ({ seat: `seat-${person}`, source: 'cam' as const })

describe('the one picture', () => {
  it('[Y4] is the screen in front, what was pinned, who speaks, who leads', () => {
    const room = new ARoom()
    expect(room.asked).toEqual(['auto', cam('claire')])
    room.look.speaker = room.of('marc')
    expect(room.asked).toEqual(['auto', cam('marc')])
    room.look.pinned = [{ face: room.of('louis')!, source: 'cam' }]
    expect(room.asked).toEqual(['auto', cam('louis')])
    room.video.face('claire', { role: 'trainer', cam: true, screen: true })
    room.look.screen = room.of('claire')
    expect(room.asked).toEqual(['auto', { seat: 'seat-claire', source: 'screen' }])
  })

  it('[Y4] is never one’s own, nor of a camera that is off; one that is left out may be it', () => {
    const room = new ARoom()
    room.video.face('awa', { local: true, cam: true, screen: true })
    room.look.screen = room.look.speaker = room.of('awa')
    expect(room.asked).toEqual(['auto', cam('claire')])
    room.look.speaker = room.of('marc')
    room.video.face('marc', { cam: false })
    expect(room.asked).toEqual(['auto', cam('claire')])
    room.stands({ step: 'one', why: 'path', left: [cam('marc')] })
    expect(room.asked).toEqual(['auto', cam('marc')])
  })
})

describe('what is chosen', () => {
  it('[Y2] is there the next time on this browser, and is nothing that somebody else wrote there', () => {
    const room = new ARoom()
    room.low.choose('sound')
    expect(room.asked).toEqual(['sound', cam('claire')])
    expect(new ARoom().low.choice).toBe('sound')
    kept.set('cercle.low', 'nothing at all')
    expect(new ARoom().low.choice).toBe('auto')
  })

  it('[Y9] "receive everything" leaves it to the page again, and asks for everything', () => {
    const room = new ARoom()
    room.low.choose('one')
    room.low.receiveAll()
    expect([room.low.choice, kept.get('cercle.low'), room.video.asked]).toEqual(['auto', 'auto', ['everything']])
  })
})

describe('what is said', () => {
  it('nothing while all is well; then why, and whose pictures are missing', () => {
    const room = new ARoom()
    expect([room.low.said, room.stands({})]).toEqual(['', ''])
    expect(room.stands({ step: 'one', why: 'path', left: [cam('louis'), cam('marc')] })).toMatch(
      /^Connexion faible\s: le son d’abord, une seule image\. 2 images ne sont pas reçues\.$/,
    )
    expect(room.stands({ step: 'one', why: 'path', left: [cam('louis')] })).toMatch(/ L’image de louis n’est pas reçue\.$/)
    expect(room.stands({ step: 'sound', why: 'chosen' })).toBe('Le son seul, comme vous l’avez choisi.')
    expect(room.stands({})).toBe('')
  })

  it('that one’s own picture goes out smaller or not at all, when there is one', () => {
    const room = new ARoom()
    expect(room.stands({ own: 'none', ownWhy: 'path' })).toBe('')
    room.video.sends = ['cam']
    expect(room.stands({ own: 'none', ownWhy: 'path' })).toBe('Votre image ne part plus, votre voix oui.')
    expect(room.stands({ own: 'small', ownWhy: 'path' })).toBe('Votre image part en plus petit.')
  })

  it('[Y8] that the machine cannot follow, once', () => {
    const room = new ARoom()
    room.video.sends = ['cam']
    const slow = /n’arrive plus à suivre/g
    expect(room.stands({ own: 'small', ownWhy: 'busy' }).match(slow)).toHaveLength(1)
    const both = room.stands({ step: 'one', why: 'busy', own: 'small', ownWhy: 'busy' })
    expect(both.match(slow)).toHaveLength(1)
    expect(both).toMatch(/en plus petit/)
  })

  it('put away it stays away, whoever speaks, until it is something else', () => {
    const room = new ARoom()
    room.stands({ step: 'one', why: 'path', left: [cam('louis')] })
    room.low.hush()
    expect(room.low.said).toBe('')
    expect(room.stands({ step: 'one', why: 'path', left: [cam('marc')] })).toBe('')
    expect(room.stands({ step: 'sound', why: 'path' })).not.toBe('')
  })

  it('to whoever shares a screen, who does not see it', () => {
    const room = new ARoom()
    room.stands({ blind: ['seat-louis'] })
    expect(room.low.blind).toEqual([])
    room.video.sends = ['screen']
    flushSync()
    expect(room.low.blind.map(({ person }) => person)).toEqual(['louis'])
  })
})
