/**
 * Each reply names the contract that the server speaks; a page that was built with another one is of an older release. It says so once, and
 * the next place that the person goes to is loaded anew: then nothing that is being written is in the way.
 */
let old = false

/** Whether the server has gone on to another release since this page was loaded. */
export const isOldPage = () => old

/** `theirs` is what a reply named; null when whatever answered (a proxy) named nothing. */
export function hearRelease(theirs: string | null) {
  if (old || !theirs) return
  const mine = document.querySelector<HTMLMetaElement>('meta[name="contract"]')?.content
  if (!mine || theirs === mine) return
  old = true
  void import('./pages/old-page.ts').then(({ tellOldPage }) => tellOldPage())
}
