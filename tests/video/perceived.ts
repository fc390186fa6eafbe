/** What a page shows and plays of the others. Each runs within it, whichever the browser; its connections are in `peers`. */

/** How many faces of others move. */
export async function moving(): Promise<number> {
  const shown = () =>
    [...document.querySelectorAll<HTMLVideoElement>('video:not(.mirrored)')].map(
      (one) => [one, one.getVideoPlaybackQuality().totalVideoFrames] as const,
    )
  const before = new Map(shown())
  await new Promise((later) => setTimeout(later, 1_500))
  return shown().filter(([one, frames]) => frames > (before.get(one) ?? frames)).length
}

/** How many voices of others grow louder than silence. */
export async function voices(): Promise<number> {
  const { peers } = window as unknown as { peers: RTCPeerConnection[] }
  const energies = async () => {
    const found = new Map<string, number>()
    for (const one of peers)
      if (one.connectionState === 'connected')
        for (const said of (await one.getStats()).values() as Iterable<{
          type: string
          kind?: string
          id: string
          totalAudioEnergy?: number
        }>)
          if (said.type === 'inbound-rtp' && said.kind === 'audio') found.set(said.id, said.totalAudioEnergy ?? 0)
    return found
  }
  const before = await energies()
  await new Promise((later) => setTimeout(later, 1_500))
  return [...(await energies())].filter(([id, energy]) => energy > (before.get(id) ?? energy) + 1e-5).length
}
