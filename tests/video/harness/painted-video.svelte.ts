import type { Attachment } from 'svelte/attachments'
import type { Source } from '#shared/video/rules.ts'
import { FakeVideo } from '../fake-video.svelte.ts'

const firsts = ['Awa', 'Louis', 'Inès', 'Théo', 'Marie-Charlotte', 'Karim', 'Nadia', 'Jean-Baptiste', 'Sofía', 'Mehdi', 'Anne', 'Yann']
const lasts = ['Diop', 'Martin', 'de Villeneuve-Lacoste', 'Nguyen', 'Benali', 'Le Goff', 'Rodríguez', 'Petit']

/** People with painted pictures, as many as a test wants to look at. */
export class PaintedVideo extends FakeVideo {
  /** Pictures that are shown now: what is out of sight is none. */
  attached = 0

  constructor(query: URLSearchParams) {
    super()
    const people = Number(query.get('people') ?? 5)
    const cams = query.get('cams') !== 'none'
    this.maySend = query.get('role') !== 'observer'
    for (let i = 0; i < people; i++) {
      const person = `person-${i}`
      this.face(person, {
        local: i === 1,
        role: i === 0 ? 'trainer' : 'learner',
        mic: i % 3 !== 2,
        screen: i < Number(query.get('screens') ?? 0),
      })
      const name = i === 0 ? 'Claire Fontaine' : `${firsts[i % firsts.length]} ${lasts[(i * 3) % lasts.length]}`
      this.faces = this.faces.map((face) =>
        face.person === person
          ? {
              ...face,
              name,
              colour: i % 12,
              on: { ...face.on, cam: cams && i % 4 !== 3 },
              speaking: i === 2,
              quality: i === 4 ? 'poor' : 'good',
            }
          : face,
      )
    }
  }

  /** From here on it takes one picture, or none. */
  takeLess(step: 'one' | 'sound') {
    const taken = step === 'one' ? 'person-0' : undefined
    const less = this.faces.filter(({ person, on, local }) => on.cam && !local && person !== taken)
    const left = less.map(({ seat }) => ({ seat, source: 'cam' as const }))
    this.faces = this.faces.map((face) => (less.includes(face) ? { ...face, on: { ...face.on, cam: false } } : face))
    this.snapshot = { low: { step, why: 'path', own: 'whole', ownWhy: undefined, left, blind: [] } }
  }

  show =
    (seat: string, source: Source): Attachment<HTMLVideoElement> =>
    (element) => {
      const canvas = document.createElement('canvas')
      const [width, height] = source === 'screen' ? [1440, 900] : [640, 360]
      canvas.width = width
      canvas.height = height
      paint(canvas, Number(seat.split('-').at(-1)), source)
      element.srcObject = canvas.captureStream(2)
      this.attached++
      return () => {
        this.attached--
        element.srcObject = null
      }
    }
}

/** A head and shoulders before a wall, or a page of text. */
function paint(canvas: HTMLCanvasElement, seed: number, source: Source) {
  const context = canvas.getContext('2d')!
  const { width, height } = canvas
  context.fillStyle = source === 'screen' ? '#fff' : `hsl(${(seed * 47) % 360} 35% 55%)`
  context.fillRect(0, 0, width, height)
  if (source === 'screen') {
    context.fillStyle = '#333'
    context.font = '48px sans-serif'
    context.fillText(`Tableau des ventes, ${seed + 1}`, 80, 120)
    for (let line = 0; line < 12; line++) context.fillRect(80, 180 + line * 50, 400 + ((line * 137 + seed * 71) % 800), 18)
    context.strokeStyle = '#c00'
    context.lineWidth = 6
    context.strokeRect(3, 3, width - 6, height - 6)
    return
  }
  context.fillStyle = `hsl(${(seed * 29) % 40} 40% ${35 + ((seed * 13) % 40)}%)`
  context.beginPath()
  context.arc(width / 2, height * 0.42, height * 0.2, 0, 7)
  context.fill()
  context.beginPath()
  context.ellipse(width / 2, height * 1.02, height * 0.42, height * 0.36, 0, 0, 7)
  context.fill()
}
