import type { CaptionsView } from '#shared/captions/wire.ts'

/** K1: whether anybody is captioned now. */
export const isRunning = (view: CaptionsView | undefined): boolean =>
  view !== undefined && (view.own.length > 0 || view.captioner?.here === true || view.service)
