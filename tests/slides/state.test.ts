import { describe, expect, it } from 'vitest'
import { Slides } from '#client/slides/slides.svelte.ts'
import type { PreparedSlides } from '#shared/slides/wire.ts'
import { FakeRoom } from '#tests/support/fake-room.svelte.ts'

const document = (file: string, pages: number): PreparedSlides => ({
  ...{ file, pages, name: `${file}.pdf`, type: 'application/pdf', size: 1, download: false, shown: false },
})

function aDeck(role: 'trainer' | 'learner' = 'trainer') {
  const room = new FakeRoom(role)
  const slides = new Slides(room)
  slides.prepared = [document('first', 2), document('second', 3)]
  const shows = (file: string, page: number, pages: number) =>
    void (room.views = { slides: { shown: { file, page, pages, row: 0 }, by: 'claire', at: page }, board: { document: 'doc' } })
  return { room, slides, shows }
}

describe('what is shown, on my screen', () => {
  it('[W3] is what the view says', () => {
    const { slides, shows } = aDeck('learner')
    expect(slides.shown).toBeUndefined()
    shows('first', 2, 2)
    expect(slides.shown).toMatchObject({ file: 'first', page: 2 })
    expect(slides.mayLead).toBe(false)
  })

  it('[W2] turns at once for who leads, as often as they press, and goes back where it was refused', async () => {
    const { room, slides, shows } = aDeck()
    shows('second', 1, 3)
    const turned = [slides.next(), slides.next()]
    expect(slides.shown?.page).toBe(3)
    expect(room.waiting.map(({ payload }) => payload)).toEqual([
      { file: 'second', page: 2 },
      { file: 'second', page: 3 },
    ])
    await room.answer()
    await turned[0]
    expect(slides.shown?.page).toBe(3)
    await room.answer({ ok: false, code: 'slides/not-shown' })
    expect(await turned[1]).toBe('slides/not-shown')
    expect(slides.shown?.page).toBe(1)
  })

  it('[W2] goes from the end of one document to the beginning of the next, and back; no further', async () => {
    const { room, slides, shows } = aDeck()
    shows('first', 2, 2)
    void slides.next()
    expect(room.waiting.at(-1)).toMatchObject({ name: 'slides:show', payload: { file: 'second', page: 1 } })
    await room.answer()
    shows('second', 1, 3)
    void slides.previous()
    expect(room.waiting.at(-1)).toMatchObject({ name: 'slides:show', payload: { file: 'first', page: 2 } })
    await room.answer()
    shows('second', 3, 3)
    expect(await slides.next()).toBeUndefined()
    expect(room.waiting).toEqual([])
  })

  it('brings the board out with the first document', async () => {
    const { room, slides } = aDeck()
    room.views = { board: { document: null } }
    void slides.show('first')
    await room.answer()
    await expect.poll(() => room.waiting.at(-1)?.name).toBe('board:open')
  })
})
