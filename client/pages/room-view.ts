import GridPages from '#client/video/GridPages.svelte'
import Large from '#client/video/Large.svelte'
import { Low } from '#client/video/low.svelte.ts'
import { Look } from '#client/video/look.svelte.ts'
import { SmallWindow } from '#client/video/small-window.svelte.ts'
import TileMenu from '#client/video/TileMenu.svelte'
import ViewMenu from '#client/video/ViewMenu.svelte'
import type { View } from '#client/video/view.svelte.ts'
import Apart from './Apart.svelte'
import ViewExtras from './ViewExtras.svelte'
import { RoomKeys } from './room-keys.svelte.ts'

/** The choices of how one looks at a room, and its keys: loaded once the room is here, because nobody waits for them to enter. */
export function openView(view: View, given: Omit<ConstructorParameters<typeof RoomKeys>[0], 'view'>) {
  const look = new Look(view)
  const low = new Low(view.video, look)
  const small = new SmallWindow(view, look)
  const keys = new RoomKeys({ ...given, view })
  view.look = look
  view.video.low = low
  view.menu = TileMenu
  view.pages = GridPages
  const close = () => {
    small.close()
    keys.close()
    low.close()
    look.close()
  }
  return { menu: { look, small, keys }, look, Apart, Large, ViewMenu, ViewExtras, keys, close }
}
