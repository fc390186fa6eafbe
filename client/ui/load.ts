/**
 * Loads a part that did not come before. Its code is asked for again by the browser; a style sheet is not: the page keeps the broken link and
 * the part would come without its looks. So those that are broken come first.
 */
export async function loadAgain<Part>(load: () => Promise<Part>): Promise<Part> {
  const broken = [...document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(({ sheet }) => sheet === null)
  await Promise.all(broken.map(askAgain))
  return load()
}

function askAgain(link: HTMLLinkElement): Promise<void> {
  const again = link.cloneNode() as HTMLLinkElement
  return new Promise((resolve, reject) => {
    again.addEventListener('load', () => resolve(), { once: true })
    again.addEventListener('error', () => reject(new Error('a style sheet did not come')), { once: true })
    link.replaceWith(again)
  })
}
