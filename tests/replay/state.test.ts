import { afterEach, describe, expect, it, vi } from 'vitest'
import { captionsVersion, formatCaptions, parseCaptions, type Cue } from '#shared/replay/captions.ts'
import type { ReplayPage } from '#shared/replay/wire.ts'
import { Replay } from '#client/replay/replay.svelte.ts'

afterEach(() => vi.unstubAllGlobals())

const cue = (second: number, text: string): Cue => ({ from: second * 1000, to: second * 1000 + 900, text })

/** A server that keeps the captions of one replay, as the real one does: written over another version, it refuses. */
function aServer(cues: Cue[]) {
  const kept = { cues, version: 1, cut: false }
  const write = (written: Cue[]) => {
    kept.cues = written
    kept.version++
  }
  vi.stubGlobal('fetch', async (address: string, { method = 'GET', body }: RequestInit = {}) => {
    if (kept.cut) throw new TypeError('network')
    if (method === 'GET') {
      if (kept.cues.length === 0) return Response.json({ ok: false, code: 'http/not-found' }, { status: 404 })
      return new Response(formatCaptions(kept.cues), { headers: { [captionsVersion]: String(kept.version) } })
    }
    const base = new URL(address, 'http://x').searchParams.get('base')
    if (base !== (kept.cues.length > 0 ? String(kept.version) : null))
      return Response.json({ ok: false, code: 'replay/captions-changed' }, { status: 409 })
    const parsed = method === 'DELETE' ? { ok: true as const, value: [] } : parseCaptions(await new Response(body).text())
    if (parsed.ok) write(parsed.value)
    return Response.json({ ok: true, value: { version: String(kept.version) } })
  })
  return { kept, write, texts: () => kept.cues.map(({ text }) => text) }
}

const page: ReplayPage = {
  films: [{ id: 'film', duration: 60_000, type: 'video/mp4', anchors: [[0, 0]] }],
  lanes: { messages: [], hands: [], questions: [], board: null, slides: [] },
  chapters: [],
  edited: false,
  captioned: true,
  position: 0,
  standing: null,
}
async function aReplay() {
  const replay = new Replay('room', page)
  await vi.waitFor(() => expect(replay.captions.length).toBeGreaterThan(0))
  return replay
}

describe('captions written by two people at once', () => {
  it('[P8] a caption is put among those that somebody else wrote meanwhile', async () => {
    const { write, texts } = aServer([cue(1, 'un'), cue(5, 'cinq')])
    const replay = await aReplay()
    write([cue(1, 'Un.'), cue(3, 'trois'), cue(5, 'cinq')])
    expect(await replay.changeCaption(replay.captions[1], cue(5, 'Cinq.'))).toMatchObject({ ok: true })
    expect(texts()).toEqual(['Un.', 'trois', 'Cinq.'])
    expect(replay.captions.map(({ text }) => text)).toEqual(texts())
    write([...replay.captions.slice(1)])
    expect(await replay.changeCaption(undefined, cue(9, 'neuf'))).toMatchObject({ ok: true })
    expect(texts()).toEqual(['trois', 'Cinq.', 'neuf'])
  })

  it('[P8] of one that somebody else has changed, theirs is seen first; written again, it takes that one’s place', async () => {
    const { write, texts } = aServer([cue(1, 'un'), cue(5, 'cinq')])
    const replay = await aReplay()
    const [first] = replay.captions
    write([cue(1, 'Un, dit-elle.'), cue(5, 'cinq')])
    expect(await replay.changeCaption(first, cue(1, 'Un !'))).toMatchObject({ code: 'replay/captions-changed' })
    expect(texts()).toEqual(['Un, dit-elle.', 'cinq'])
    expect(replay.captions[0]?.text).toBe('Un, dit-elle.')
    expect(await replay.changeCaption(replay.captions[0], cue(1, 'Un !'))).toMatchObject({ ok: true })
    expect(texts()).toEqual(['Un !', 'cinq'])
  })

  it('[P8] all of them are replaced or taken away only as they were seen, and taken back only as they were left', async () => {
    const { write, texts } = aServer([cue(1, 'un')])
    const replay = await aReplay()
    const there = replay.captions
    write([cue(1, 'Un.')])
    expect(await replay.writeCaptions([])).toMatchObject({ code: 'replay/captions-changed' })
    expect(await replay.writeCaptions(new Blob([formatCaptions([cue(2, 'deux')])]))).toMatchObject({ ok: true })
    const removed = await replay.writeCaptions([])
    expect([removed.ok, texts(), replay.captions]).toEqual([true, [], []])
    write([cue(7, 'sept')])
    expect(await replay.writeCaptions(there, removed.ok ? removed.value.version : '')).toMatchObject({ code: 'replay/captions-changed' })
    expect(texts()).toEqual(['sept'])
  })

  it('without an answer they stay as they were seen', async () => {
    const { kept } = aServer([cue(1, 'un')])
    const replay = await aReplay()
    kept.cut = true
    expect(await replay.changeCaption(replay.captions[0], undefined)).toMatchObject({ code: 'http/unavailable' })
    expect(replay.captions.map(({ text }) => text)).toEqual(['un'])
  })
})
