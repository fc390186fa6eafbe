import type { DeviceKind, FaultCode } from './media-room.ts'

/** Which device of each kind; none means the browser's own choice. The background is `blur`, or as it is; noise is `kept`, or reduced. */
export type Chosen = Partial<Record<DeviceKind, string>>

/** Microphone and camera that are open already. */
export type OpenTracks = Partial<Record<'mic' | 'cam', MediaStreamTrack>>

/** `said`: the browser's own words, which alone tell its refusal from the system's. */
export type Opened = { track: MediaStreamTrack } | { fault: FaultCode; said?: string }

/**
 * Whether this browser can carry sound and pictures between people at all (Firefox since 128), and `encrypted` where the page is to do it
 * itself (V11): without, one has a data seat (V3).
 */
export const mediaExist = (encrypted = false): boolean =>
  'RTCPeerConnection' in globalThis &&
  'AudioContext' in globalThis &&
  'setCodecPreferences' in RTCRtpTransceiver.prototype &&
  (!encrypted || (isSecureContext && ('RTCRtpScriptTransform' in globalThis || 'createEncodedStreams' in RTCRtpSender.prototype)))

/** Off localhost and without HTTPS a browser gives no camera and no microphone at all. */
export const devicesExist = (): boolean => typeof navigator !== 'undefined' && 'mediaDevices' in navigator && !!navigator.mediaDevices

/** Why there are no devices at all here; undefined where there may be. */
export const noDevices = (): FaultCode | undefined => (devicesExist() ? undefined : isSecureContext ? 'withheld' : 'insecure')

const wishes = {
  mic: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
  cam: { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } },
} satisfies Record<'mic' | 'cam', MediaTrackConstraints>

const faults: Record<string, FaultCode> = {
  NotAllowedError: 'permission',
  SecurityError: 'permission',
  NotFoundError: 'not-found',
  OverconstrainedError: 'not-found',
  NotReadableError: 'in-use',
  AbortError: 'in-use',
}

/** The browser's exception as a fault with words. */
export const faultOf = (error: unknown): FaultCode => (error instanceof DOMException && faults[error.name]) || 'in-use'

/** Why a track ended by itself: its device was taken away, unless the event says that its background could no longer be blurred. */
export const endOf = (event: Event): FaultCode => ('detail' in event ? 'blur' : 'ended')

/** Opens a microphone or a camera, as chosen. A remembered device that is gone gives way to the browser's choice. */
export async function open(source: 'mic' | 'cam', chosen: Chosen): Promise<Opened> {
  const none = noDevices()
  if (none) return { fault: none }
  const openDevice = () => openRaw(source, chosen)
  if (source === 'mic' || chosen.background !== 'blur') return openDevice()
  return import('./blur.ts').then(
    ({ openBlurred }) => openBlurred(openDevice),
    (): Opened => ({ fault: 'blur' }),
  )
}

async function openRaw(source: 'mic' | 'cam', chosen: Chosen): Promise<Opened> {
  const ask = ([wish = {}, ...others]: readonly MediaTrackConstraints[]): Promise<MediaStream> =>
    navigator.mediaDevices.getUserMedia(source === 'mic' ? { audio: wish } : { video: wish }).catch((error: unknown) => {
      if (others.length > 0 && faultOf(error) === 'not-found') return ask(others)
      throw error
    })
  const usual: readonly MediaTrackConstraints[] = [wishes[source]]
  const wanted =
    source === 'mic' && chosen.noise !== undefined
      ? await import('./noise.ts').then(
          ({ soundsOf }) => soundsOf(chosen),
          () => usual,
        )
      : usual
  const deviceId = chosen[source === 'mic' ? 'audioinput' : 'videoinput']
  const tries = deviceId ? [...wanted.map((wish) => ({ ...wish, deviceId: { exact: deviceId } })), ...wanted.slice(-1)] : wanted
  try {
    const [track] = (await ask(tries)).getTracks()
    return track ? { track } : { fault: 'not-found' }
  } catch (error) {
    return { fault: faultOf(error), said: String(error) }
  }
}

/** Asks for a screen, a window or a tab, with its sound where the browser can. Undefined when the person changed their mind. */
export async function openScreen(): Promise<
  { video: MediaStreamTrack; audio: MediaStreamTrack | undefined } | { fault: FaultCode } | undefined
> {
  if (!devicesExist() || !('getDisplayMedia' in navigator.mediaDevices)) return { fault: noDevices() ?? 'not-found' }
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { max: 10 } }, audio: true })
    const [video] = stream.getVideoTracks()
    if (!video) return { fault: 'not-found' }
    // Text must stay readable: sharp before smooth.
    video.contentHint = 'detail'
    return { video, audio: stream.getAudioTracks()[0] }
  } catch (error) {
    // Closing the browser's own chooser is not a fault; a refusal by the system says so.
    if (error instanceof DOMException && error.name === 'NotAllowedError' && !/system/i.test(error.message)) return undefined
    return { fault: faultOf(error) }
  }
}

/** Those with a name: before the first permission a browser lists nameless ones, of no use to choose from. */
export async function listDevices(): Promise<readonly MediaDeviceInfo[]> {
  if (!devicesExist()) return []
  return (await navigator.mediaDevices.enumerateDevices()).filter((device) => device.label !== '')
}

/** Choosing where sound comes out is not possible in every browser. */
export const outputsExist = (): boolean => typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype
