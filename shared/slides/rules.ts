import type { Command, Draft, HappeningOf, Slice } from '../live/slice.ts'
import { ok, refuse } from '../result.ts'
import { isTeam, leads, type Role } from '../spoc/rules.ts'
import type { slidesCommands, SlidesView } from './wire.ts'

/**
 * Rules of what is shown page by page.
 *
 * W1 Those who lead prepare documents for a room: PDFs and pictures of its SPOC. A picture has one page.
 * W2 Those who lead show one of them, turn its pages and stop. One is shown at a time, and showing it puts it in front of everybody.
 * W3 Everybody sees the same page, also who comes late or comes back.
 * W4 The team sees every page of what is prepared. The others see a page once it was in front of them, and from then on.
 * W5 The document itself is taken by the team, and by the others where that was allowed and once some of it was shown.
 * W6 A PDF of at most 50 MB and 300 pages, which opens without a password; thirty documents in a room, a hundred over its life.
 * W7 What is turned names its document: an act that was meant for another one changes nothing.
 */
export const slidesLimits = { bytes: 50_000_000, pages: 300, documents: 30, rows: 100, text: 6_000 } as const

/** How wide or high a page may be had (pixels of its longer side): small to choose from, then for a phone, a screen and a fine screen. */
export const pictureSides = [320, 960, 1600, 2560] as const

/** The least of them that is sharp on so many pixels of the screen. */
export const sideFor = (pixels: number): (typeof pictureSides)[number] => pictureSides.find((side) => side >= pixels) ?? 2560

/** W4 */
export const maySeePage = (role: Role, page: { shown: boolean }) => isTeam(role) || page.shown
/** W5 */
export const mayTake = (role: Role, one: { download: boolean; shown: boolean }) =>
  isTeam(role) || (role !== 'guest' && one.download && one.shown)

interface Shown {
  file: string
  page: number
}
export type SlidesCommand = Command<typeof slidesCommands>
export type SlidesDraft =
  | Draft<'slides:shown', Shown & { pages: number; row: number }, null>
  | Draft<'slides:turned', Shown, null>
  | Draft<'slides:stopped', Record<string, never>, null>
export type SlidesHappening = HappeningOf<SlidesDraft>

export const slidesSlice: Slice<SlidesView, SlidesCommand, SlidesDraft, SlidesView, never> = {
  name: 'slides',
  start: () => ({ shown: null, by: null, at: 0 }),

  decide({ shown }, command, asker) {
    if (!asker || !leads(asker.role)) return refuse('live/not-allowed') // W2
    switch (command.name) {
      case 'slides:show': {
        const { file, page, about } = command.payload
        if (!about) return refuse('slides/not-found')
        if (page > about.pages) return refuse('slides/no-such-page')
        return ok([{ kind: 'slides:shown', v: 1, payload: { file, page, ...about } }])
      }
      case 'slides:turn': {
        const { file, page } = command.payload
        if (shown?.file !== file) return refuse('slides/not-shown') // W7
        if (page > shown.pages) return refuse('slides/no-such-page')
        return ok(shown.page === page ? [] : [{ kind: 'slides:turned', v: 1, payload: { file, page } }])
      }
      case 'slides:stop':
        return ok(shown ? [{ kind: 'slides:stopped', v: 1, payload: {} }] : [])
    }
  },

  apply(state, { kind, payload, person: by, at }) {
    switch (kind) {
      case 'slides:shown':
        return { shown: payload, by, at }
      case 'slides:turned':
        return state.shown?.file === payload.file ? { shown: { ...state.shown, page: payload.page }, by, at } : state
      case 'slides:stopped':
        return { shown: null, by, at }
      // Each slice is shown the whole log.
      default:
        return state
    }
  },

  audienceOf: () => 'all',
  viewFor: (state) => state,
  mine: () => null,
}
