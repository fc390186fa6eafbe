import { expect, type Locator, type Page } from '@playwright/test'

/** Somebody in a room, as they do things there: by the names and roles of the French interface. */
export class Seat {
  readonly page: Page
  /** Every frame that came down this browser's sockets, whole. */
  readonly frames: Buffer[] = []
  /** The card of who comes late. */
  readonly late: Locator

  constructor(page: Page) {
    this.page = page
    this.late = page.getByRole('region', { name: 'Vous rejoignez une séance en cours' })
    // They put it away before they do anything else.
    void page.addLocatorHandler(this.late, () => this.late.getByRole('button', { name: 'J’y suis' }).last().click())
    page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.frames.push(Buffer.from(payload))))
  }

  /** From Today through the lobby into the session in progress. */
  async enter({ camera = false } = {}): Promise<this> {
    await this.page.getByRole('link', { name: 'Rejoindre la séance' }).first().click()
    return this.passLobby({ camera })
  }

  /** Enters from the lobby, with the devices asked for or as last time. */
  async passLobby({ camera = false, again = false } = {}): Promise<this> {
    if (camera && !again) {
      await this.page.getByRole('button', { name: 'Activer la caméra' }).click()
      await this.page.getByRole('button', { name: 'Activer le micro' }).click()
    }
    await this.page.getByRole('button', { name: camera ? 'Rejoindre la séance' : 'Entrer sans son ni image' }).click()
    await expect(this.leaving).toBeVisible()
    return this
  }

  button = (name: string | RegExp): Locator => this.page.getByRole('button', { name, exact: typeof name === 'string' })

  get leaving(): Locator {
    return this.button('Quitter la salle')
  }

  /** A place of the stage: faces, board, question, screen. */
  place = (name: string): Locator =>
    this.page.getByRole('navigation', { name: 'Scène' }).getByRole('button', { name: new RegExp(`^${name}`) })

  /** How many people the header counts. */
  expectPresent = (n: number) => expect(this.page.getByRole('banner').getByText(n === 1 ? '1 personne' : `${n} personnes`)).toBeAttached()

  // Discussion ----------------------------------------------------------------------------------------------------------------

  async openDiscussion(): Promise<void> {
    await this.button(/^Discussion/).click()
    await expect(this.page.getByRole('tab', { name: /^Discussion/ })).toHaveAttribute('aria-selected', 'true')
  }
  async write(text: string): Promise<void> {
    await this.page.getByLabel('Écrire un message').fill(text)
    await this.page.getByLabel('Écrire un message').press('Enter')
  }
  message = (text: string): Locator => this.page.getByRole('region', { name: 'Discussion' }).getByRole('listitem').filter({ hasText: text })

  // Board ---------------------------------------------------------------------------------------------------------------------

  get board(): Locator {
    return this.page.getByRole('application', { name: /^Tableau/ })
  }
  /** Draws across the board by hand: from and to in parts of its width and height. */
  async draw(from: [number, number], to: [number, number]): Promise<void> {
    await this.button('Stylo').click()
    const box = await this.board.boundingBox()
    if (!box) throw new Error('no board in sight')
    const at = ([x, y]: [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const
    await this.page.mouse.move(...at(from))
    await this.page.mouse.down()
    await this.page.mouse.move(...at(to), { steps: 12 })
    await this.page.mouse.up()
  }
  /** Remembers what the canvas shows; `changedPixels` then says how many differ. */
  async rememberCanvas(): Promise<void> {
    await this.board
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        Object.assign(window, { remembered: canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data })
      })
  }
  changedPixels = () =>
    this.board
      .locator('canvas')
      .first()
      .evaluate((canvas: HTMLCanvasElement) => {
        const { remembered } = window as unknown as { remembered: Uint8ClampedArray }
        const now = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray()
        let changed = 0
        for (let i = 0; i < now.length; i += 4) if (now[i] !== remembered[i] || now[i + 1] !== remembered[i + 1]) changed++
        return changed
      })
  /** The list of what is on the board: its equivalent for who does not see it. */
  async listBoard(): Promise<void> {
    await this.button('Liste des éléments').click()
    await expect(this.page.getByRole('complementary', { name: 'Éléments du tableau' })).toBeVisible()
  }
  get strokes(): Locator {
    return this.page.getByRole('complementary', { name: 'Éléments du tableau' }).getByRole('button', { name: /^Tracé/ })
  }

  // Pictures ------------------------------------------------------------------------------------------------------------------

  /** How many frames of each other person were decoded so far, whichever source they come from. */
  decoded = (): Promise<number[]> =>
    this.page.evaluate(async () => {
      const { peers } = window as unknown as { peers: RTCPeerConnection[] }
      const counts: number[] = []
      for (const peer of peers) {
        if (peer.connectionState !== 'connected') continue
        let frames = 0
        for (const report of (await peer.getStats()).values())
          if (report.type === 'inbound-rtp' && report.kind === 'video') frames += report.framesDecoded ?? 0
        counts.push(frames)
      }
      return counts
    })

  /** Waits until frames of so many other people are decoded, now: each count grows from one look to the next. */
  async expectPictures(people: number): Promise<void> {
    let before: number[] | undefined
    await expect(async () => {
      const [was, now] = [before, await this.decoded()]
      before = now
      const told = `frames decoded by ${await this.page.title()}: ${was?.join(', ')} then ${now.join(', ')}`
      // One look alone says nothing: nobody's pictures would have grown.
      expect(was && now.filter((frames, i) => frames > (was[i] ?? frames)).length, told).toBe(people)
    }).toPass({ timeout: 40_000, intervals: [1_500] })
  }
}
