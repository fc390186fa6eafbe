/**
 * The cookie by which the browser of a guest is known: a secret drawn for it, whose hash the database keeps. It is no sign-in and knows no
 * other route than those that ask for it.
 */
const nameOf = (https: boolean) => `${https ? '__Secure-' : ''}cercle_guest`

/** The secret that a browser keeps; undefined when it keeps none that could be ours. */
export function guestSecret(header: string | undefined, https: boolean): string | undefined {
  const start = `${nameOf(https)}=`
  const value = header
    ?.split(/;\s*/)
    .find((each) => each.startsWith(start))
    ?.slice(start.length)
  return value !== undefined && /^[A-Za-z0-9_-]{22}$/.test(value) ? value : undefined
}

/** Has a browser keep it so many milliseconds. */
export const keepGuest = (secret: string, ms: number, https: boolean): string =>
  `${nameOf(https)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${Math.ceil(ms / 1000)}${https ? '; Secure' : ''}`
