import { french } from './course.ts'
import type { Drawn } from './lesson.ts'

const text = (x: number, y: number, size: number, words: string): Drawn => ({
  kind: 'text',
  x,
  y,
  width: size,
  text: french(words),
  colour: 0,
})
const arrow = (x1: number, y1: number, x2: number, y2: number): Drawn => ({ kind: 'arrow', x1, y1, x2, y2, width: 3 })
const line = (x1: number, y1: number, x2: number, y2: number, colour?: number): Drawn => ({
  kind: 'line',
  x1,
  y1,
  x2,
  y2,
  width: 2,
  ...(colour !== undefined && { colour }),
})
const box = (x: number, y: number, w: number, h: number): Drawn => ({ kind: 'rectangle', x, y, w, h, width: 3 })

/** A box with its title and what it holds, one line each. */
const card = (x: number, y: number, w: number, h: number, title: string, lines: readonly string[], size = 24): Drawn[] => [
  box(x, y, w, h),
  text(x + 16, y + 12, size, title),
  text(x + 16, y + 16 + size * 1.5, size * 0.8, lines.join('\n')),
]

/** A line drawn by hand: it trembles a little, and the pen presses more in its middle. */
function byHand(at: (part: number) => readonly [x: number, y: number], points: number): Drawn {
  const drawn = new Float32Array(points * 3)
  for (let i = 0; i < points; i++) {
    const part = i / (points - 1)
    const [x, y] = at(part)
    drawn.set([x + Math.sin(i * 1.7) * 1.2, y + Math.cos(i * 2.3) * 1.2, 0.35 + 0.35 * Math.sin(part * Math.PI)], i * 3)
  }
  return { kind: 'freehand', points: drawn, width: 5 }
}

/** A loop around a word, a little more than once round, as people do. */
export const loop = (x: number, y: number, w: number, h: number): Drawn =>
  byHand((part) => {
    const angle = -2.4 + part * 2 * Math.PI * 1.08
    const grows = 1 + part * 0.06
    return [x + w / 2 + (w / 2) * grows * Math.cos(angle), y + h / 2 + (h / 2) * grows * Math.sin(angle)]
  }, 56)

export const underline = (x: number, y: number, w: number): Drawn => byHand((part) => [x + w * part, y + 3 * Math.sin(part * 5)], 24)

/** The five axes of the classification around an activity: drawn in the first session. */
export const axes = {
  activity: [
    text(-590, -400, 32, 'Cinq axes pour décrire une activité'),
    { kind: 'ellipse', x: -150, y: -110, w: 300, h: 130, width: 4 },
    text(-80, -76, 25, 'Une activité\nde formation'),
  ],
  axes: [
    ...card(-590, -320, 280, 190, 'Phase', ['Découverte', 'Apprentissage', 'Réalisation', 'Évaluation']),
    ...card(310, -320, 280, 190, 'Taille du groupe', ['Seul', 'Petit groupe', 'Moyen groupe', 'Grand groupe']),
    ...card(-590, 60, 280, 165, 'Situation', ['Présentiel', 'Distanciel synchrone', 'Distanciel asynchrone']),
    ...card(310, 60, 280, 165, 'Pédagogie', ['Expositive', 'Active', 'Interrogative']),
    ...card(-140, 130, 280, 215, 'Intention', ['Interpeller', 'Partager', 'Synthétiser', 'Transmettre', 'Évaluer']),
    arrow(-125, -85, -300, -190),
    arrow(125, -85, 300, -190),
    arrow(-125, -5, -300, 100),
    arrow(125, -5, 300, 100),
    arrow(0, 22, 0, 122),
  ],
  /** What the learners add. */
  smallGroup: [loop(314, -244, 152, 32)],
  live: [underline(-572, 165, 192), text(-590, 240, 19, 'Nous sommes ici, en ce moment')],
  mentor: [text(310, 250, 19, 'Et le mentorat ?\nÀ deux, synchrone, active'), arrow(300, 275, 152, 240)],
} satisfies Record<string, Drawn[]>

const minutes = (minute: number) => -600 + minute * 16

/** The course of a session over 75 minutes: only its first half is drawn, the group has the rest to do. */
export const rhythm = {
  frame: [
    text(-600, -310, 32, 'Le rythme d’une séance de 75 minutes'),
    arrow(minutes(0), 140, minutes(78), 140),
    ...[0, 15, 30, 45, 60, 75].flatMap((at) => [line(minutes(at), 132, minutes(at), 148, 0), text(minutes(at) - 16, 156, 19, `${at}′`)]),
  ],
  steps: [
    ...card(minutes(0), -30, 150, 150, 'Interpeller', ['un cas,', 'une question', 'à chacun'], 21),
    ...card(minutes(10), -30, 150, 150, 'Transmettre', ['dix minutes', 'au plus'], 21),
    ...card(minutes(20), -30, 270, 150, 'Faire produire', ['par deux, au tableau,', 'puis on compare'], 21),
  ],
  /** Still empty: for the group. */
  open: [
    box(minutes(38), -30, 230, 150),
    text(minutes(38) + 18, -18, 24, '?'),
    box(minutes(55), -30, 290, 150),
    text(minutes(55) + 18, -18, 24, '?'),
  ],
  /** Attention over time, left in the middle of the stroke. */
  attention: [
    byHand((part) => [minutes(part * 36), -140 - 65 * Math.sin(part * 7.5 + 0.6) + 30 * part], 72),
    text(minutes(0), -248, 19, 'L’attention du groupe'),
  ],
  pause: [text(minutes(40), -80, 19, 'Une vraie pause ici ?')],
} satisfies Record<string, Drawn[]>
