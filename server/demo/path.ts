import { referTo } from '#shared/files/references.ts'
import type { FileAudience } from '#shared/files/rules.ts'
import type { Mark } from '#shared/path/rules.ts'
import { newActivity, type Detail, type NewActivity } from '#shared/path/wire.ts'
import type { Tx } from '../db/db.ts'
import { cause } from '../flows.ts'
import { addActivity, markDone } from '../path/activities.store.ts'
import { beginTry, getQuiz, handInTry, keepAnswer, saveSetup } from '../quiz/alone.store.ts'
import { listQuestions } from '../quiz/store.ts'
import { giveFeedback } from '../path/everybody.store.ts'
import { handInWork, saveDraft, saveRatings } from '../path/road.store.ts'
import { afternoonOf, day, hour } from './calendar.ts'
import { course, french, zone, type MemberName } from './course.ts'
import { giveHandout, type Handouts } from './handouts.ts'
import { must } from './lesson.ts'

interface PathDemo {
  spoc: string
  /** The two modules, in order. */
  modules: readonly string[]
  people: Readonly<Record<MemberName, string>>
  handouts: Handouts
  sessions: { past: string; inProgress: string; nextWeek: string }
  /** When the course was opened, when its first session ended, and now. */
  opened: number
  pastEnds: number
  now: number
}

const fiveAxes = french(`## Cinq questions avant de choisir un outil

Une activité se décrit sans nommer un seul logiciel. Posez-vous cinq questions :

1. **Phase** : découverte, apprentissage, réalisation ou évaluation ?
2. **Taille du groupe** : seul, petit, moyen, grand ?
3. **Situation** : en présentiel, à distance ensemble, à distance chacun à son heure ?
4. **Pédagogie** : expositive, active, interrogative ?
5. **Intention** : interpeller, partager, synthétiser, transmettre, évaluer ?

> Un parcours où tout est expositif se reconnaît de loin : on y avance sans jamais rien produire.

### Un exemple

| Activité | Phase | Pédagogie | Intention |
| --- | --- | --- | --- |
| Étude de cas à rendre jeudi | Réalisation | Active | Synthétiser |
| Vidéo de six minutes | Découverte | Expositive | Transmettre |
| Tour de table sur un échec | Découverte | Interrogative | Partager |

Reprenez la dernière formation que vous avez suivie et classez trois de ses activités. Ce qui manque saute aux yeux.`)

const rhythm = french(`## La règle des dix minutes

Dans une séance en direct, personne ne reste spectateur plus de dix minutes. Pour une séance de $T$ minutes, prévoyez donc au moins

$$n = \\left\\lceil \\frac{T}{10} \\right\\rceil$$

productions de chacun : une réponse, un trait au tableau, une phrase dans la discussion. Pour 75 minutes, cela fait $n = 8$.

- **Une consigne tient en deux phrases** : ce que l’on fait, et quand on s’arrête.
- **Le silence est un temps de travail.** Annoncez-le, puis laissez-le durer.
- **Ce qui est produit se voit** : reprenez au moins une production avant d’en demander une autre.

### À essayer

Minutez votre prochaine séance : notez l’heure chaque fois que quelqu’un d’autre que vous produit quelque chose.`)

/** The activities of the two modules, with what some people did in them. */
export async function seedPath(tx: Tx, { spoc, modules, people, handouts, sessions, opened, pastEnds, now }: PathDemo): Promise<void> {
  const objectives = course('', '').objectives
  const add = async (module: number, title: string, detail: Detail, given: Partial<NewActivity> = {}) => {
    const written = newActivity.parse({ title: french(title), detail, module: modules[module] ?? null, state: 'published', ...given })
    return must(await addActivity(tx, spoc, people.claire, written, opened), 'write an activity').id
  }
  const aims = (...which: number[]) => which.flatMap((i) => objectives[i]?.id ?? [])
  const alone = { sizes: ['alone' as const], situations: ['async-remote' as const] }
  const together = { sizes: ['small' as const], situations: ['live-remote' as const] }

  const give = (kept: Handouts['grid'], who: MemberName, name: string, audience: FileAudience, created: number) =>
    giveHandout(tx, kept, { spoc, person: people[who], name: french(name), audience, created })
  const grid = await give(handouts.grid, 'claire', 'Grille des cinq axes.pdf', 'spoc', opened)
  const axes = handouts.axes && (await give(handouts.axes, 'claire', 'Les cinq axes.webp', 'path', opened))
  const plan = await give(handouts.plan, 'ines', 'Former au geste sûr.pdf', 'work', pastEnds + 20 * hour)
  const shown = [
    fiveAxes,
    ...(axes === undefined ? [] : [referTo({ file: axes, shown: true, label: french('Les cinq axes et leurs valeurs, sur cinq cartes') })]),
    referTo({ file: grid, shown: false, label: 'Grille des cinq axes' }),
  ].join('\n\n')

  const before = await add(
    0,
    'Où en êtes-vous aujourd’hui ?',
    {
      kind: 'self-assessment',
      moment: 'before',
      about: french('Quatre objectifs, quatre réponses. Personne ne vous note : vous comparerez à la fin.'),
    },
    {
      minutes: 10,
      objectives: aims(0, 1, 2, 3),
      axes: { ...alone, phases: ['discover'], pedagogies: ['interrogative'], intentions: ['prompt'] },
    },
  )
  const page = await add(
    0,
    'Les cinq axes d’une activité',
    { kind: 'page', text: shown },
    {
      minutes: 15,
      objectives: aims(0),
      axes: { ...alone, phases: ['discover', 'learn'], pedagogies: ['expository'], intentions: ['transmit'] },
    },
  )
  await add(
    0,
    'Séance 1 · Pourquoi le petit groupe ?',
    { kind: 'session', session: sessions.past, about: '' },
    {
      minutes: 75,
      objectives: aims(0),
      axes: { ...together, phases: ['discover'], pedagogies: ['active', 'interrogative'], intentions: ['prompt', 'share'] },
    },
  )
  const work = await add(
    0,
    'Votre formation sur une page',
    {
      kind: 'assignment',
      about: french(
        'En une page :\n\n- pour qui, et ce que ces personnes savent déjà ;\n- trois objectifs **observables** ;\n- une activité par objectif, classée selon les cinq axes.\n\nUne première version suffit : vous pourrez la reprendre après notre retour.',
      ),
    },
    {
      minutes: 60,
      dueBy: { session: sessions.nextWeek, days: -5 },
      objectives: aims(0, 1),
      prerequisites: [page],
      axes: { ...alone, phases: ['practise'], pedagogies: ['active'], intentions: ['synthesise'] },
    },
  )
  const link = await add(
    0,
    'Pour aller plus loin : la pyramide des verbes',
    {
      kind: 'link',
      url: 'https://fr.wikipedia.org/wiki/Taxonomie_de_Bloom',
      about: french('Une liste de verbes pour écrire des objectifs que l’on peut voir atteints.'),
    },
    {
      minutes: 10,
      required: false,
      objectives: aims(1),
      axes: { ...alone, phases: ['learn'], pedagogies: ['expository'], intentions: ['transmit'] },
    },
  )
  const quiz = await add(
    0,
    'Faites le point en cinq questions',
    { kind: 'quiz', about: french('Cinq minutes, autant d’essais que vous voulez. Ce que vous manquez revient dans vos révisions.') },
    {
      minutes: 5,
      required: false,
      objectives: aims(0, 1),
      axes: { ...alone, phases: ['assess'], pedagogies: ['interrogative'], intentions: ['assess'] },
    },
  )
  const asked = (await listQuestions(tx, spoc)).filter(({ session, kind }) => session === null && kind !== 'poll' && kind !== 'open')
  const questions = [0, 2, 4, 7, 9].flatMap((i) => asked[i] ?? [])
  must(
    await saveSetup(tx, spoc, quiz, { questions: questions.map(({ id }) => id), tries: null, passMark: 60, feedback: 'after-try' }),
    'prepare the quiz',
  )
  await add(
    1,
    'La règle des dix minutes',
    { kind: 'page', text: rhythm },
    { minutes: 10, objectives: aims(2), axes: { ...alone, phases: ['learn'], pedagogies: ['expository'], intentions: ['transmit'] } },
  )
  await add(
    1,
    'Séance 2 · Donner le rythme',
    { kind: 'session', session: sessions.inProgress, about: '' },
    { minutes: 75, objectives: aims(2), axes: { ...together, phases: ['learn'], pedagogies: ['active'], intentions: ['share'] } },
  )
  await add(
    1,
    'Votre entretien avec Marc',
    { kind: 'call', about: french('Une demi-heure pour regarder votre page ensemble et décider de la suite.') },
    {
      minutes: 30,
      objectives: aims(1, 3),
      axes: {
        sizes: ['alone'],
        situations: ['live-remote'],
        phases: ['practise'],
        pedagogies: ['interrogative'],
        intentions: ['synthesise'],
      },
    },
  )
  const meets = afternoonOf(now + 10 * day, 14, zone)
  await add(
    1,
    'Un après-midi ensemble à Nantes',
    {
      kind: 'meeting',
      place: french('Atelier Nord, 12 quai de la Fosse, Nantes'),
      starts: meets,
      ends: meets + 3 * hour,
      capacity: 10,
      about: french('Chacun anime dix minutes de sa séance ; les autres jouent ses participants.'),
    },
    {
      minutes: 180,
      required: false,
      objectives: aims(2),
      axes: { sizes: ['small'], situations: ['in-person'], phases: ['practise'], pedagogies: ['active'], intentions: ['share'] },
    },
  )
  await add(
    1,
    'Séance 3 · Évaluer et accompagner',
    { kind: 'session', session: sessions.nextWeek, about: '' },
    {
      minutes: 90,
      objectives: aims(3),
      axes: { ...together, phases: ['assess'], pedagogies: ['active', 'interrogative'], intentions: ['assess'] },
    },
  )
  await add(
    1,
    'Et maintenant ?',
    { kind: 'self-assessment', moment: 'after', about: french('Les mêmes objectifs, à côté de vos réponses du début.') },
    {
      minutes: 10,
      objectives: aims(0, 1, 2, 3),
      releases: now + 8 * day,
      axes: { ...alone, phases: ['assess'], pedagogies: ['interrogative'], intentions: ['assess'] },
    },
  )
  await add(
    1,
    'Fiche : préparer une salle de dix',
    { kind: 'page', text: french('À écrire avec Marc : lumière, son, consignes affichées, plan de secours.') },
    { state: 'draft', minutes: 5 },
  )

  const mark = (who: MemberName, activity: string, at: number, ...states: Mark[]) =>
    states.reduce(
      (done, state) => done.then(() => markDone(tx, { activity, person: people[who], state, by: people[who], now: at })),
      Promise.resolve(true),
    )
  const walker = (who: MemberName) => ({ spoc, person: people[who], role: 'learner' as const })
  const rate = (who: MemberName, at: number, ...levels: ('not-yet' | 'with-help' | 'alone')[]) =>
    saveRatings(
      tx,
      walker(who),
      before,
      levels.map((level, i) => ({ objective: objectives[i]?.id ?? '', level })),
      at,
    )

  must(await rate('awa', opened + 2 * day, 'not-yet', 'with-help', 'not-yet', 'not-yet'), 'assess')
  must(await rate('ines', opened + 3 * day, 'with-help', 'with-help', 'with-help', 'not-yet'), 'assess')
  must(await rate('louis', opened + 4 * day, 'not-yet', 'not-yet', 'with-help', 'not-yet'), 'assess')
  await mark('awa', page, opened + 2 * day + hour, 'opened', 'read')
  await mark('ines', page, opened + 3 * day + hour, 'opened', 'read')
  await mark('louis', page, opened + 4 * day + hour, 'opened')
  await mark('thomas', page, opened + 5 * day, 'opened', 'read')
  await mark('ines', link, pastEnds + hour, 'opened')
  /** A quiz taken alone: how many of its questions are answered rightly, the first ones. */
  const takeQuiz = async (who: MemberName, rights: number, at: number) => {
    const sitting = { spoc, activity: quiz, person: people[who], due: null, takes: true }
    must(await beginTry(tx, sitting, at), 'begin the quiz')
    const attempt = (await getQuiz(tx, sitting, at)).made.at(-1)?.id ?? ''
    for (const [i, { id, choices, right, rights: several, value, accepted }] of questions.entries()) {
      const good = several?.join(' ') ?? right ?? value?.toString() ?? accepted?.[0] ?? ''
      const answer = i < rights ? good : (choices.find((choice) => choice.id !== right && !several?.includes(choice.id))?.id ?? null)
      must(await keepAnswer(tx, sitting, attempt, { question: id, answer, unsure: false }), 'answer the quiz')
    }
    must(await handInTry(tx, sitting, attempt, at), 'hand the quiz in')
    await cause(tx, 'quiz-handed-in', attempt, { attempt, spoc, activity: quiz, person: people[who] })
  }
  await takeQuiz('ines', 4, pastEnds + 22 * hour)
  await takeQuiz('thomas', 2, now - 6 * hour)

  const handed = must(
    await handInWork(
      tx,
      walker('ines'),
      work,
      {
        text: french(
          'Pour qui : les 14 chefs d’équipe de nos deux ateliers, qui forment déjà leurs nouveaux, chacun à sa façon.\n\nObjectifs :\n1. Écrire une consigne que le nouveau exécute sans demander de précision.\n2. Montrer un geste en moins de trois minutes.\n3. Dire ce qui est acquis et ce qui ne l’est pas, sans décourager.\n\nActivités : une étude de cas (seul, asynchrone, active, synthétiser), un essai filmé en binôme, un tour de table.',
        ),
        files: [plan],
      },
      pastEnds + 20 * hour,
    ),
    'hand in',
  )
  must(
    await giveFeedback(
      tx,
      spoc,
      handed.id,
      people.claire,
      french(
        'Vos trois objectifs se voient faire : c’est rare au premier jet. Pour le troisième, que produira le chef d’équipe ? Une phrase écrite, par exemple. Reprenez seulement ce point.',
      ),
      pastEnds + 44 * hour,
    ),
    'answer',
  )
  await mark('awa', work, now - 5 * hour, 'opened')
  must(
    await saveDraft(
      tx,
      walker('awa'),
      work,
      {
        text: french(
          'Pour qui : les nouvelles formatrices de l’atelier de Lille, six personnes. Elles connaissent le métier, pas l’animation.\n\nObjectifs : 1. ',
        ),
        files: [],
      },
      now - 4 * hour,
    ),
    'keep a draft',
  )
  must(
    await handInWork(
      tx,
      walker('thomas'),
      work,
      {
        text: french(
          'Pour qui : les conseillers de Saint-Pierre, à distance de tout. Objectif : mener un entretien de vingt minutes à distance. Activité : jeu de rôle en petit groupe.',
        ),
        files: [],
      },
      now - 3 * hour,
    ),
    'hand in',
  )
}
