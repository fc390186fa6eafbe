let shared: AudioContext | undefined

/** One per page: browsers allow only a few. Asleep until the person has touched the page. */
export function audioContext(): AudioContext {
  shared ??= new AudioContext()
  wakeAudio()
  return shared
}

/** To be called from a touch, and when the page is in sight again: a call or a locked screen puts it to sleep. */
export function wakeAudio(): void {
  if (shared && shared.state !== 'running' && shared.state !== 'closed') void shared.resume().catch(() => undefined)
}

export interface Meter {
  /** How loud it is now, 0 to 1; undefined while the browser lets nothing be measured. */
  level(): number | undefined
  stop(): void
}

/** Listens to a track. A clone, so that it goes on hearing while the sent one is muted. */
export function meter(track: MediaStreamTrack): Meter {
  const heard = track.clone()
  const context = audioContext()
  const source = context.createMediaStreamSource(new MediaStream([heard]))
  const analyser = context.createAnalyser()
  // A sixth of a second: what is read a few times a second then misses little.
  analyser.fftSize = 8192
  source.connect(analyser)
  const samples = new Float32Array(analyser.fftSize)
  return {
    level() {
      if (context.state !== 'running') return undefined
      analyser.getFloatTimeDomainData(samples)
      let sum = 0
      for (const sample of samples) sum += sample * sample
      // Speech is around 0.05 to 0.2 RMS: the root spreads it over a meter.
      return Math.min(1, Math.sqrt(sum / samples.length) * 3)
    },
    stop() {
      source.disconnect()
      heard.stop()
    },
  }
}
