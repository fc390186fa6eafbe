const name = 'cercle.guest.own'

/** A guest's own link is longer than the one that they came by. */
export const isOwn = (secret: string) => secret.length > 22

/** Keeps a guest's own link in this browser (G10): that of the last session they came to. */
export function keepOwn(secret: string) {
  try {
    localStorage.setItem(name, secret)
  } catch {
    // Their page shows it when they leave.
  }
}

/** The own link of the guest that this browser was last. */
export function keptOwn(): string | undefined {
  try {
    return localStorage.getItem(name) ?? undefined
  } catch {
    return undefined
  }
}
