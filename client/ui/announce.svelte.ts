export type Urgency = 'polite' | 'assertive'

export interface Toast {
  id: number
  text: string
  kind: 'good' | 'info' | 'warning' | 'bad'
  /** What can be done about it ("Annuler"); the toast goes when it is done. */
  act?: { label: string; run: () => void }
}

/**
 * The one voice of the page (it lives in ui/Toasts.svelte, once). `announce` only speaks, to a screen reader; `toast` also shows.
 * Neither takes the focus. A toast stays ten seconds, the time to take an act back, and longer while pointed at or focused.
 */
class Announcer {
  polite = $state('')
  assertive = $state('')
  toasts = $state.raw<readonly Toast[]>([])
  #count = 0

  announce(text: string, urgency: Urgency = 'polite') {
    // The same sentence twice is said twice: an invisible difference makes it new.
    this[urgency] = this[urgency] === text ? `${text}\u00a0` : text
  }

  toast(text: string, given: { kind?: Toast['kind']; act?: Toast['act'] } = {}): number {
    const id = ++this.#count
    const shown: Toast = { id, text, kind: given.kind ?? 'good', ...(given.act ? { act: given.act } : {}) }
    this.toasts = [...this.toasts.slice(-2), shown]
    this.announce(given.act ? `${text} ${given.act.label}` : text, shown.kind === 'bad' ? 'assertive' : 'polite')
    return id
  }

  dismiss(id: number) {
    this.toasts = this.toasts.filter((toast) => toast.id !== id)
  }
}
export const announcer = new Announcer()

/** Says something to a screen reader without showing it. */
export const announce = (text: string, urgency: Urgency = 'polite') => announcer.announce(text, urgency)
/** Shows and says something that just happened, with perhaps a way to take it back. */
export const toast = (text: string, given?: { kind?: Toast['kind']; act?: Toast['act'] }) => announcer.toast(text, given)
