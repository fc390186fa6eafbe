import type { QuestionText } from '#shared/quiz/wire.ts'
import type { Tx } from '../db/db.ts'
import { newId } from '../db/ids.ts'
import { addQuestions } from '../quiz/store.ts'
import { french } from './course.ts'

const choices = (texts: readonly string[]) => texts.map((text) => ({ id: newId(), text: french(text) }))
const base = (text: string, explanation: string) => ({ text: french(text), explanation: french(explanation), choices: [], right: null })

function single(text: string, right: string, others: string[], explanation: string): QuestionText {
  const all = choices([...others.slice(0, 1), right, ...others.slice(1)])
  return { ...base(text, explanation), choices: all, right: all[1]?.id ?? null }
}
function several(text: string, rights: string[], others: string[], explanation: string): QuestionText {
  const all = choices([...rights, ...others])
  return { ...base(text, explanation), kind: 'several', choices: all, rights: all.slice(0, rights.length).map(({ id }) => id) }
}
function truth(text: string, isTrue: boolean, explanation: string): QuestionText {
  const all = choices(['Vrai', 'Faux'])
  return { ...base(text, explanation), kind: 'truth', choices: all, right: all[isTrue ? 0 : 1]?.id ?? null }
}
const number = (text: string, value: number, tolerance: number, explanation: string): QuestionText => ({
  ...base(text, explanation),
  kind: 'number',
  value,
  tolerance,
})
const short = (text: string, accepted: string[], explanation: string): QuestionText => ({
  ...base(text, explanation),
  kind: 'short',
  accepted,
})

/** The bank of the demonstration: a dozen questions of every kind. */
const bank = (): QuestionText[] => [
  single(
    'Lequel de ces objectifs peut-on observer ?',
    'Rédiger trois consignes de travail en groupe',
    ['Comprendre la pédagogie active', 'Être sensibilisé à la distance'],
    'Un verbe d’action dont on peut voir le résultat.',
  ),
  single(
    'Que faire d’abord quand un participant décroche ?',
    'Lui écrire personnellement',
    ['Attendre la séance suivante', 'Alléger le parcours de tous'],
    'Un message personnel dans les deux jours suffit souvent.',
  ),
  several(
    'Quelles activités se font bien en différé ?',
    ['Lire un cas et l’annoter', 'Commenter le travail d’un pair'],
    ['Négocier une règle commune', 'Résoudre un désaccord'],
    'Ce qui demande de réagir à l’autre gagne à se faire en direct.',
  ),
  several(
    'Que prépare-t-on avant une séance en direct ?',
    ['L’intention de la séance', 'Les consignes écrites', 'Un plan de secours'],
    ['Les réponses des participants'],
    'Les réponses viendront d’eux : c’est pour elles que l’on se réunit.',
  ),
  truth('Une séance de 75 minutes peut se passer de pause.', false, 'À distance, cinq minutes de pause après 45 minutes.'),
  truth('Un mentor peut suivre plusieurs participants.', true, 'Trois ou quatre, si le temps est prévu dès le départ.'),
  truth('Un groupe de douze peut se parler en direct.', true, 'Au-delà, il faut des sous-groupes.'),
  number('Combien de minutes un exposé peut-il durer sans activité ?', 10, 2, 'Autour de dix minutes, l’attention baisse.'),
  number('Combien d’objectifs au plus pour une séance ?', 3, 0, 'Trois : un de plus et aucun n’est travaillé.'),
  short(
    'Comment appelle-t-on une formation suivie chacun à son heure ?',
    ['asynchrone', 'en différé', 'différé'],
    'Asynchrone, ou en différé.',
  ),
  short('Que signifie le P de SPOC ?', ['private', 'privé'], 'Small Private Online Course : un cours en ligne en petit groupe.'),
  {
    ...base('Quel moment vous convient pour les séances ?', ''),
    kind: 'poll',
    choices: choices(['Le matin', 'Après déjeuner', 'En fin de journée']),
  },
  { ...base('Qu’avez-vous envie d’essayer avec votre groupe ?', ''), kind: 'open' },
]

/** Fills the bank of the demonstration. */
export const fillBank = (tx: Tx, spoc: string, now: number) => addQuestions(tx, spoc, null, bank(), now)
