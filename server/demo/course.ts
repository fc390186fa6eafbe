import type { QuestionText } from '#shared/quiz/wire.ts'
import type { Role } from '#shared/spoc/rules.ts'
import type { NewSpoc } from '#shared/spoc/wire.ts'
import { newId } from '../db/ids.ts'

/** The spaces that French keeps before its double signs and inside its quotes, so that no line begins with a question mark. */
export const french = (text: string): string =>
  text
    .replace(/ ([?!;])/g, '\u202f$1')
    .replace(/ (:|»)/g, '\u00a0$1')
    .replace(/« /g, '«\u00a0')

interface Played {
  name: string
  /** Undefined for somebody who belongs to no SPOC. */
  role: Role | undefined
  organisation: string | null
  zone: string
  /** Said beside the sign-in that the start prints. */
  about: string
}

/** Who is in the demonstration. The owner comes first: she creates the SPOC. */
export const cast = {
  nadia: { name: 'Nadia Benali', role: 'owner', organisation: 'Atelier Nord', zone: 'Europe/Paris', about: 'owner of the course' },
  claire: {
    name: 'Claire Morel',
    role: 'trainer',
    organisation: null,
    zone: 'Europe/Paris',
    about: 'trainer, leads the session in progress',
  },
  marc: { name: 'Marc Delattre', role: 'mentor', organisation: null, zone: 'Europe/Paris', about: 'mentor' },
  awa: { name: 'Awa Diop', role: 'learner', organisation: 'Atelier Nord', zone: 'Europe/Paris', about: 'learner' },
  louis: {
    name: 'Louis Payet',
    role: 'learner',
    organisation: 'Réunion Formation',
    zone: 'Indian/Reunion',
    about: 'learner, on the time of Réunion',
  },
  ines: { name: 'Inès Garcia', role: 'learner', organisation: 'Atelier Nord', zone: 'Europe/Paris', about: 'learner' },
  thomas: { name: 'Thomas Leroy', role: 'learner', organisation: 'Réunion Formation', zone: 'Indian/Reunion', about: 'learner' },
  helene: { name: 'Hélène Roy', role: undefined, organisation: null, zone: 'Europe/Paris', about: 'administrator of the server' },
} as const satisfies Record<string, Played>
export type Name = keyof typeof cast
/** Those who are members of the SPOC. */
export type MemberName = Exclude<Name, 'helene'>

/** `.example` is reserved: no letter of the demonstration ever reaches anybody. */
export const addressOf = (name: Name) => `${name}@demo.cercle.example`

/** The SPOC's own zone. */
export const zone = 'Europe/Paris'

export const course = (starts: string, ends: string): NewSpoc => ({
  title: 'Concevoir une formation en petit groupe à distance',
  purpose: french(
    'Vous formez vos collègues et vous voulez le faire à distance sans perdre ce qui fait la force d’un petit groupe : se parler, s’essayer, être suivi. ' +
      'Ce parcours réunit des formateurs internes de plusieurs entreprises, dispersés géographiquement. Vous y vivez comme participant ce que vous ferez vivre ensuite : ' +
      'des séances en direct, un travail à votre heure et un mentor. Vous repartez avec votre propre parcours, prêt à ouvrir.\n\n' +
      'Pour suivre : lire, écrire et compter, un ordinateur et un accès à Internet.',
  ),
  objectives: [
    'Situer chaque activité d’une formation selon sa phase, la taille du groupe, la situation, la pédagogie et l’intention.',
    'Rédiger pour son public des objectifs observables et choisir les activités qui y mènent.',
    'Animer une séance en direct de 75 minutes où chaque participant produit quelque chose toutes les dix minutes.',
    'Évaluer les acquis et bâtir un accompagnement (mentorat, échanges individuels) que l’équipe peut tenir.',
  ].map((text, i) => ({ id: `objective-of-demo-${i + 1}`, text })),
  audience: 'inter',
  capacity: 12,
  starts,
  ends,
  language: 'fr',
  zone,
  outcome: 'certify',
})

/** Its thematic modules, in order. */
export const modules = [
  {
    title: 'Cadrer : pour qui, pour quoi',
    purpose: french(
      'Nommer son public, ses objectifs observables et les cinq axes qui situent chaque activité. À la fin, votre idée de formation tient sur une page.',
    ),
  },
  {
    title: 'Donner vie : direct, suivi, évaluation',
    purpose: french(
      'Tenir le rythme d’une séance en direct, accompagner entre deux séances et évaluer sans décourager. À la fin, votre parcours est prêt à ouvrir.',
    ),
  },
] as const

export const sessions = {
  past: {
    module: 0,
    title: french('Séance 1 · Pourquoi le petit groupe ?'),
    intention: french(
      'Interpeller : partir de ce que chacun a vécu à distance, puis poser les mots communs. À la fin, vous savez décrire une activité selon les cinq axes de la classification.',
    ),
  },
  inProgress: {
    module: 1,
    title: french('Séance 2 · Donner le rythme : vivre le direct'),
    intention: french(
      'Partager : construire ensemble, au tableau, le déroulé d’une séance où personne ne reste spectateur plus de dix minutes.',
    ),
  },
  nextWeek: {
    module: 1,
    title: french('Séance 3 · Évaluer et accompagner'),
    intention: french(
      'Évaluer : distinguer certification et auto-évaluation, puis décider qui accompagne qui, quand, et avec quelle disponibilité.',
    ),
  },
  cancelled: {
    module: null,
    title: french('Atelier libre · Micro, caméra, lumière'),
    intention: french('Facultatif : régler son poste avant d’animer. Annulé : chacun a pu faire ses essais dans la salle de la séance 2.'),
  },
} as const

/** A question as it is written here. */
interface Written {
  text: string
  choices: readonly string[]
  /** The position of the right choice; null for an opinion. */
  right: number | null
  explanation: string
}

/** As a browser would send it, each choice with its identity. */
export function question({ text, choices, right, explanation }: Written): QuestionText {
  const named = choices.map((choice) => ({ id: newId(), text: french(choice) }))
  return { text: french(text), choices: named, right: right === null ? null : (named[right]?.id ?? null), explanation: french(explanation) }
}

export const questions = {
  past: [
    {
      text: 'Quelle limite du petit groupe en ligne demande le plus à l’équipe pédagogique ?',
      choices: [
        'Un taux de complétion plus faible que dans un cours ouvert à tous',
        'Une grande disponibilité pour adapter les contenus et suivre chacun',
        'Le manque d’échanges entre les participants',
        'L’obligation de tout faire en direct',
      ],
      right: 1,
      explanation:
        'Dans un petit groupe, la complétion et l’assiduité sont au contraire meilleures, portées par l’intérêt professionnel commun, et les échanges plus nombreux. ' +
        'Le prix à payer est la disponibilité : personnaliser, suivre les membres du groupe, répondre aux questions.',
    },
    {
      text: 'Une étude de cas déposée en ligne, à rendre seul avant jeudi : comment la classez-vous ?',
      choices: [
        'Petit groupe, distanciel synchrone, pédagogie active',
        'Seul, distanciel asynchrone, pédagogie expositive',
        'Seul, distanciel asynchrone, pédagogie active',
        'Seul, présentiel, pédagogie interrogative',
      ],
      right: 2,
      explanation: 'Chacun travaille seul, à son heure (asynchrone), et produit quelque chose : la pédagogie est active.',
    },
  ],
  inProgress: [
    {
      text: 'Vous avez dix minutes d’apport à transmettre dans une séance en direct. Que faites-vous juste après ?',
      choices: [
        'Je demande s’il y a des questions et j’enchaîne',
        'Je fais produire chacun : une réponse, un dessin, un exemple',
        'Je résume ce que je viens de dire',
        'Je propose une pause',
      ],
      right: 1,
      explanation:
        '« Des questions ? » laisse les plus discrets de côté. Une production de chacun, même d’une minute, montre tout de suite ce qui est compris et relance l’attention.',
    },
    {
      text: 'Dans votre prochaine séance, combien de temps un participant restera-t-il au plus sans rien faire d’autre qu’écouter ?',
      choices: ['Moins de 5 minutes', 'Entre 5 et 10 minutes', 'Entre 10 et 20 minutes', 'Plus de 20 minutes'],
      right: null,
      explanation: 'Il n’y a pas de bonne réponse : gardez la vôtre, nous la comparerons à votre déroulé à la fin de la séance.',
    },
  ],
  nextWeek: [
    {
      text: 'Votre parcours ne délivre pas de certificat. Qu’est-ce qui vous dit qu’un objectif est atteint ?',
      choices: [
        'Le temps passé sur les modules',
        'Une auto-évaluation par objectif, avant et après, appuyée sur une production',
        'La présence à toutes les séances',
        'La satisfaction déclarée en fin de parcours',
      ],
      right: 1,
      explanation:
        'Temps, présence et satisfaction se mesurent sans rien dire de l’acquis. L’écart entre avant et après, avec une production à l’appui, le rend visible.',
    },
    {
      text: 'Quel objectif est observable ?',
      choices: [
        'Comprendre les enjeux du distanciel',
        'Être sensibilisé à l’accompagnement',
        'Rédiger une consigne que le groupe exécute sans demander de précision',
        'Connaître les outils de la classe virtuelle',
      ],
      right: 2,
      explanation: 'On peut le voir faire, et dire si c’est réussi. Comprendre, connaître, être sensibilisé ne se voient pas.',
    },
    {
      text: 'Comment préférez-vous accompagner vos participants entre deux séances ?',
      choices: [
        'Un entretien individuel avec un mentor',
        'Un échange en petit groupe',
        'Une rencontre en présentiel',
        'Par écrit, à la demande',
      ],
      right: null,
      explanation: 'Chaque forme demande une disponibilité différente : nous les comparerons.',
    },
  ],
} as const satisfies Record<string, readonly Written[]>
