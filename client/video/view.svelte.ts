import type { Component } from 'svelte'
import type { Layout } from '#shared/video/grid.rules.ts'
import type { Look } from './look.svelte.ts'
import { keepView, keptView, type KeptView } from './view-kept.ts'
import type { Face, Video } from './video.svelte.ts'

/** One picture that may be large: somebody's face, or their screen. */
export interface Pin {
  person: string
  source: 'cam' | 'screen'
}
export interface Picture {
  face: Face
  source: Pin['source']
}

/**
 * How this person looks at the people and screens of one room. Nothing of it is told to anybody (L1). What is not needed to see the others comes
 * later: who is large, what is pinned, who stands where, and the menus.
 */
export class View {
  readonly video: Video
  /** The place of somebody's raised hand, from 1; 0 when it is down. */
  readonly hand: (person: string) => number
  /** Until it is here people stand as they came and nobody is large. */
  look = $state.raw<Look>()
  /** The menu of a tile. */
  menu = $state.raw<Component<{ view: View; face: Face; source?: Pin['source'] }>>()
  /** The way to the other pages of a grid. */
  pages = $state.raw<Component<{ view: View; page: number; pages: number }>>()
  /** The page of the grid that is looked at, from 0. */
  page = $state(0)
  /** How many stand on one of its pages (L5). */
  each = $state(Infinity)
  #kept = $state.raw<KeptView>(keptView())

  /** Everybody who is shown, in order. */
  readonly faces: readonly Face[] = $derived.by(() => {
    const faces = this.look?.faces ?? this.video.faces
    return this.selfHidden ? faces.filter(({ local }) => !local) : faces
  })
  /** The screen in front, for me. */
  readonly screen: Face | undefined = $derived.by(() => (this.look ? this.look.screen : this.video.screens[0]))

  constructor(video: Video, { hand }: { hand: View['hand'] }) {
    this.video = video
    this.hand = hand
  }

  get layout(): Layout {
    return this.#kept.layout
  }
  get mirrored(): boolean {
    return this.#kept.mirrored
  }
  get selfHidden(): boolean {
    return this.#kept.selfHidden
  }
  get share(): number {
    return this.#kept.share
  }
  get keys(): boolean {
    return this.#kept.keys
  }
  /** Chooses how this browser shows a room, from now on. */
  keep(change: Partial<KeptView>): void {
    this.#kept = { ...this.#kept, ...change }
    keepView(this.#kept)
  }
}
