import { ok, refuse } from '#shared/result.ts'
import { slidesSlice } from '#shared/slides/rules.ts'
import { slidesCommands } from '#shared/slides/wire.ts'
import { leads } from '#shared/spoc/rules.ts'
import { liveFeature } from '../live/feature.ts'
import { findSlides, projectShown, showsPage } from './store.ts'

export const slidesLive = liveFeature({
  slice: slidesSlice,
  commands: slidesCommands,
  who: {
    'slides:show': (asker) => leads(asker.role),
    'slides:turn': (asker) => leads(asker.role),
    'slides:stop': (asker) => leads(asker.role),
  },
  prepare: {
    'slides:show': async (tx, { id }, { file, page }) => {
      const found = await findSlides(tx, id, file)
      return found ? ok({ file, page, about: { pages: found.pages, row: found.row } }) : refuse('slides/not-found')
    },
  },
  project: ({ id }, lines) => {
    const shown = lines.filter(showsPage)
    return shown.length > 0 ? async (tx) => (await projectShown(tx, id, shown), []) : undefined
  },
})
