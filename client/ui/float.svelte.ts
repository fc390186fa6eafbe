import type { Attachment } from 'svelte/attachments'

export type Side = 'above' | 'below'

/** Puts what floats beside its anchor, inside the window: on the side asked for, or the other when there is more room. */
export function placeBeside(
  floating: HTMLElement,
  anchor: HTMLElement,
  { side = 'below', align = 'center', gap = 6 }: { side?: Side; align?: 'start' | 'center' | 'end'; gap?: number } = {},
) {
  const edge = 8
  const at = anchor.getBoundingClientRect()
  const { offsetWidth: width, offsetHeight: height } = floating
  const room = { above: at.top - gap - edge, below: innerHeight - at.bottom - gap - edge }
  const other = side === 'above' ? 'below' : 'above'
  const chosen = room[side] >= height || room[side] >= room[other] ? side : other
  const left = align === 'start' ? at.left : align === 'end' ? at.right - width : at.left + (at.width - width) / 2
  floating.style.setProperty('left', `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`)
  floating.style.setProperty('top', `${Math.max(edge, chosen === 'below' ? at.bottom + gap : at.top - gap - height)}px`)
}

/** The one tooltip of the page: only one thing is pointed at, at a time. */
let bubble: HTMLElement | undefined
let shownFor: HTMLElement | undefined

function theBubble(): HTMLElement {
  if (bubble?.isConnected) return bubble
  bubble = document.createElement('div')
  bubble.className = 'tooltip'
  bubble.popover = 'manual'
  // The name is already said by the control itself.
  bubble.setAttribute('aria-hidden', 'true')
  return bubble
}

function show(anchor: HTMLElement, text: string, side: Side) {
  const tip = theBubble()
  tip.textContent = text
  // Beside the control in the document, so that it is in the top layer of the same dialog.
  if (tip.parentElement !== (anchor.closest('dialog') ?? document.body)) (anchor.closest('dialog') ?? document.body).append(tip)
  shownFor = anchor
  if (!tip.matches(':popover-open')) tip.showPopover()
  placeBeside(tip, anchor, { side })
}

function hide(anchor: HTMLElement) {
  if (shownFor !== anchor || !bubble) return
  shownFor = undefined
  if (bubble.matches(':popover-open')) bubble.hidePopover()
}

/**
 * Shows a control's name when the pointer rests on it or the keyboard reaches it; Escape hides it. For controls that show only an
 * icon and carry the same text as `aria-label`.
 */
export function tooltip(text: string, side: Side = 'above'): Attachment<HTMLElement> {
  return (anchor) => {
    let waiting: ReturnType<typeof setTimeout> | undefined
    const later = (event: PointerEvent) => {
      if (event.pointerType === 'touch') return
      clearTimeout(waiting)
      waiting = setTimeout(() => show(anchor, text, side), shownFor ? 0 : 400)
    }
    const away = () => {
      clearTimeout(waiting)
      // Time to reach the bubble itself, which may be read with the pointer on it.
      waiting = setTimeout(
        () => (bubble?.matches(':hover') ? bubble.addEventListener('pointerleave', () => hide(anchor), { once: true }) : hide(anchor)),
        120,
      )
    }
    const focused = () => {
      clearTimeout(waiting)
      // After whatever moved the focus here (a menu that closes) is over: one popover cannot open while another one moves.
      waiting = setTimeout(() => anchor.matches(':focus-visible') && show(anchor, text, side))
    }
    const gone = () => {
      clearTimeout(waiting)
      hide(anchor)
    }
    const escape = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || shownFor !== anchor) return
      gone()
    }
    anchor.addEventListener('pointerenter', later)
    anchor.addEventListener('pointerleave', away)
    anchor.addEventListener('pointerdown', gone)
    anchor.addEventListener('focus', focused)
    anchor.addEventListener('blur', gone)
    document.addEventListener('keydown', escape)
    // The text changed under the pointer ("Couper le micro" → "Activer le micro"): the bubble follows.
    if (shownFor === anchor) show(anchor, text, side)
    return () => {
      clearTimeout(waiting)
      anchor.removeEventListener('pointerenter', later)
      anchor.removeEventListener('pointerleave', away)
      anchor.removeEventListener('pointerdown', gone)
      anchor.removeEventListener('focus', focused)
      anchor.removeEventListener('blur', gone)
      document.removeEventListener('keydown', escape)
      if (!anchor.isConnected) hide(anchor)
    }
  }
}
