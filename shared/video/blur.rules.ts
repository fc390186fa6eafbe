/**
 * The blurred background of one's own picture.
 *
 * F1 What the model is not sure of is blurred: only what is clearly the person stays sharp, with a soft edge.
 * F2 What is no longer the person is blurred at once; what becomes the person appears by halves, so that the edge does not flicker.
 * F3 A browser that could not draw eight pictures a second, over five seconds, does not follow. How many the camera gives does not count.
 * F4 A worker that says nothing for five seconds of a page that runs has failed.
 * F5 When blurring fails the camera closes: the room behind is never shown because of a fault.
 */
const edge = { from: 0.45, to: 0.8 }
const atLeast = 8
const over = 5

/** F1, F2: the opacity of each point of the person, written into a picture (four numbers a point) that holds the one before. */
export function alphas(confidence: Float32Array, picture: Uint8ClampedArray): void {
  for (let i = 0; i < confidence.length; i++) {
    const sure = Math.min(1, Math.max(0, ((confidence[i] ?? 0) - edge.from) / (edge.to - edge.from)))
    const soft = sure * sure * (3 - 2 * sure) * 255
    const before = picture[4 * i + 3] ?? 0
    picture[4 * i + 3] = Math.min(soft, (before + soft) / 2)
  }
}

/** F3, F4: whether the worker follows. `beat` is told each second by the worker, `tick` each second by the page. */
export class Pace {
  #beats: { frames: number; busy: number }[] = []
  #silent = 0

  beat(said: { frames: number; busy: number }): void {
    this.#silent = 0
    this.#beats = [...this.#beats, said].slice(-over)
  }

  tick(): void {
    this.#silent++
  }

  get follows(): boolean {
    if (this.#silent >= over) return false
    const frames = this.#beats.reduce((sum, beat) => sum + beat.frames, 0)
    const busy = this.#beats.reduce((sum, beat) => sum + beat.busy, 0)
    return this.#beats.length < over || frames === 0 || (frames * 1000) / busy >= atLeast
  }
}
