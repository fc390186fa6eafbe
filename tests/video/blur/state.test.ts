import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Opened } from '#client/video/devices.ts'
import type { Fault } from '#client/video/media-room.ts'
import { Own } from '#client/video/own.ts'
import { Preview } from '#client/video/preview.svelte.ts'

/** A track of which only what matters here is there. */
class FakeTrack extends EventTarget {
  readonly name: string
  readyState = 'live'
  onended: ((event: Event) => void) | null = null
  constructor(name: string) {
    super()
    this.name = name
  }
  stop() {
    this.readyState = 'ended'
  }
  end(event: Event) {
    this.readyState = 'ended'
    this.onended?.(event)
  }
}

const blur = vi.hoisted(() => ({ open: vi.fn<(openCamera: () => Promise<Opened>) => Promise<Opened>>() }))
vi.mock('#client/video/blur.ts', () => ({ openBlurred: blur.open }))

let cameras: FakeTrack[]
let drawn: FakeTrack[]
const failed = () => new CustomEvent('ended', { detail: 'blur' })
const live = () => cameras.filter(({ readyState }) => readyState === 'live').length

beforeEach(() => {
  cameras = []
  drawn = []
  vi.stubGlobal('navigator', {
    mediaDevices: {
      enumerateDevices: () => Promise.resolve([]),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
      getUserMedia: () => {
        const camera = new FakeTrack('camera')
        cameras.push(camera)
        return Promise.resolve({ getTracks: () => [camera] })
      },
    },
  })
  vi.stubGlobal('document', { hidden: false })
  blur.open.mockReset().mockImplementation(async (openCamera) => {
    const opened = await openCamera()
    if ('fault' in opened) return opened
    const track = new FakeTrack('blurred')
    const stop = track.stop.bind(track)
    track.stop = () => {
      stop()
      opened.track.stop()
    }
    drawn.push(track)
    return { track: track as unknown as MediaStreamTrack }
  })
})
afterEach(() => vi.unstubAllGlobals())

const nameOf = (track: MediaStreamTrack | undefined) => (track as unknown as FakeTrack | undefined)?.name

function anOwn(background = '') {
  const [changed, faults]: [string[], Fault[]] = [[], []]
  const own: Own = new Own(
    { changed: (source) => changed.push(nameOf(own.track(source)) ?? 'nothing'), fault: (fault) => faults.push(fault) },
    { background },
  )
  return { own, changed, faults }
}

describe('what is sent', () => {
  it('goes over from the room to the blur and back without a moment of nothing', async () => {
    const { own, changed } = anOwn()
    await own.set('cam', true)
    expect(await own.use('background', 'blur')).toBe(true)
    expect(await own.use('background', '')).toBe(true)
    expect(changed).toEqual(['camera', 'blurred', 'camera'])
    expect(live()).toBe(1)
    await own.set('cam', false)
    expect(live()).toBe(0)
  })

  it('[F5] is nothing once the blur fails; the reason is said, and the camera is closed', async () => {
    const { own, changed, faults } = anOwn('blur')
    await own.set('cam', true)
    drawn[0]?.end(failed())
    expect(changed).toEqual(['blurred', 'nothing'])
    expect(faults).toEqual([{ code: 'blur', source: 'cam' }])
    expect([own.on.cam, live()]).toEqual([false, 0])
    await own.set('cam', true)
    expect(changed.at(-1)).toBe('blurred')
  })

  it('a camera that is unplugged is no fault of the blur', async () => {
    const { own, faults } = anOwn('blur')
    await own.set('cam', true)
    drawn[0]?.end(new Event('ended'))
    expect(faults).toEqual([{ code: 'ended', source: 'cam' }])
  })

  it('[F5] a blur that cannot be made closes what is shown, and stays chosen', async () => {
    const { own, faults } = anOwn()
    await own.set('cam', true)
    blur.open.mockResolvedValue({ fault: 'blur' })
    expect(await own.use('background', 'blur')).toBe(true)
    expect([own.on.cam, live(), faults[0]?.code]).toEqual([false, 0, 'blur'])
    expect(await own.set('cam', true)).toBe(false)
    expect(cameras).toHaveLength(1)
    await own.use('background', '')
    expect(await own.set('cam', true)).toBe(true)
    expect(nameOf(own.track('cam'))).toBe('camera')
  })

  it('a camera that is closed while the blur is being made is closed at once and stays so', async () => {
    const { own, changed } = anOwn()
    await own.set('cam', true)
    let go: () => void = () => undefined
    const real = blur.open.getMockImplementation()
    blur.open.mockImplementation(async (openCamera) => {
      await new Promise<void>((resolve) => (go = resolve))
      return real!(openCamera)
    })
    const choosing = own.use('background', 'blur')
    await vi.waitFor(() => expect(blur.open).toHaveBeenCalledOnce())
    const closing = own.set('cam', false)
    expect([own.on.cam, live()]).toEqual([false, 0])
    go()
    await Promise.all([choosing, closing])
    expect(changed).toEqual(['camera', 'nothing'])
    expect([own.on.cam, live()]).toEqual([false, 0])
  })
})

describe('what one sees of oneself', () => {
  it('is blurred once chosen, is handed over as it is, and stays chosen', async () => {
    const preview = new Preview({})
    await preview.set('cam', true)
    await preview.choose('background', 'blur')
    expect([nameOf(preview.picture), live()]).toEqual(['blurred', 1])
    const { cam } = preview.handOver({ mic: false, cam: true })
    expect([nameOf(cam), live(), preview.chosen.background]).toEqual(['blurred', 1, 'blur'])
    cam?.stop()
    expect(live()).toBe(0)
  })

  it('a blur that comes after one has changed one’s mind is not shown', async () => {
    const preview = new Preview({})
    await preview.set('cam', true)
    const late = preview.choose('background', 'blur')
    const soon = preview.choose('background', '')
    await Promise.all([late, soon])
    expect([nameOf(preview.picture), live()]).toEqual(['camera', 1])
    preview.close()
    expect(live()).toBe(0)
  })

  it('[F5] shows nothing when it fails, and the camera is off', async () => {
    const preview = new Preview({ background: 'blur' })
    await preview.set('cam', true)
    drawn[0]?.end(failed())
    expect([preview.picture, preview.on.cam, preview.faults.cam, live()]).toEqual([undefined, false, 'blur', 0])
    preview.close()
  })
})
