import { french, type MemberName } from './course.ts'
import { axes, rhythm } from './drawings.ts'
import { recorded } from './film.ts'
import type { Actor, Lesson } from './lesson.ts'

/** A question that was prepared for the session, with the identities of its choices in order. */
export interface Ready {
  id: string
  choices: readonly string[]
}

interface Scene {
  cast: Record<MemberName, Actor>
  questions: readonly Ready[]
  /** The identities of the parts of its film; none when there is no film. */
  parts: readonly string[]
}

const choiceOf = (question: Ready, position: number) => {
  const choice = question.choices[position]
  if (choice === undefined) throw new Error(`a question has no choice ${position}`)
  return choice
}

/** The first session, as it went: Louis is absent, Awa misses the first question, the second is kept for the next time. */
export const firstSession =
  ({ cast, questions: [limit, study], parts }: Scene) =>
  async (lesson: Lesson): Promise<void> => {
    const { claire, marc, awa, ines, thomas } = cast
    if (!limit || !study) throw new Error('the first session asks two questions')
    /** Claire records the words that matter and pauses while the group works. `inside` gets the minute of a moment of the part (ms). */
    const record = async (i: number, inside?: (minuteOf: (ms: number) => number) => Promise<void>) => {
      const { at = 0, lasts = 0 } = recorded[i] ?? {}
      const part = parts[i]
      if (part !== undefined) await lesson.act(at, claire, i === 0 ? 'recording:start' : 'recording:resume', { part })
      await inside?.((ms) => at + ms / 60_000)
      if (part !== undefined)
        await lesson.act(at + lasts / 60_000, claire, i === recorded.length - 1 ? 'recording:stop' : 'recording:pause', {})
    }
    const say = (at: number, who: Actor, text: string) => lesson.say(at, who, french(text))
    const answer = (at: number, who: Actor, question: string, ready: Ready, position: number) =>
      lesson.act(at, who, 'quiz:answer', { question, choice: choiceOf(ready, position) })

    await lesson.enter(-14, claire)
    await lesson.act(-13, claire, 'recording:choose', { voice: true, image: true })
    await lesson.enter(-9, marc)
    await lesson.enter(-6, ines)
    await lesson.enter(-4, thomas)
    await say(-3, claire, 'Bonjour à tous ! Nous commençons à l’heure. En attendant : d’où vous connectez-vous, et qui formez-vous ?')
    await say(-2, ines, 'Bonjour, Inès, de Lille. Je forme les chefs d’équipe de l’atelier.')
    await say(
      -1,
      thomas,
      'Thomas, depuis Saint-Denis de La Réunion. Je forme les conseillers qui arrivent. Louis est en déplacement sur un chantier, je ne suis pas sûr qu’il ait du réseau.',
    )
    await lesson.act(0, claire, 'session:start', {})
    await lesson.enter(1.5, awa)
    await say(2, awa, 'Awa, de Roubaix, pardon pour le retard ! Je forme à la sécurité des machines.')

    await say(9, claire, 'Racontez en une ligne votre pire souvenir de formation à distance.')
    await say(10.5, thomas, 'Deux heures de diapositives, caméra coupée, quarante personnes. J’ai répondu à mes courriels.')
    await say(
      11.2,
      ines,
      'Un cours en ligne ouvert à tous : passionnant, et j’ai abandonné à la deuxième semaine. Personne ne s’en est aperçu.',
    )
    await say(12, claire, 'C’est exactement notre sujet. En petit groupe, quelqu’un s’en serait aperçu.')

    await record(0)

    await lesson.act(18, claire, 'board:open', {})
    await lesson.act(18.2, claire, 'stage:show', { front: 'board' })
    await lesson.draw(20, claire, axes.activity)
    // Each axis is drawn as it is named: its box of three elements, then its arrow.
    await record(1, async (minuteOf) => {
      for (const [i, named] of [9_920, 19_516, 26_574, 35_866, 46_950].entries()) {
        await lesson.draw(minuteOf(named + 800), claire, axes.axes.slice(i * 3, i * 3 + 3))
        await lesson.draw(minuteOf(named + 2400), claire, axes.axes.slice(15 + i, 16 + i))
      }
    })
    await lesson.act(27, ines, 'hands:raise', {})
    await lesson.act(28, claire, 'hands:clear', { person: ines.person })
    await lesson.draw(29, ines, axes.smallGroup)
    await lesson.draw(31, thomas, axes.live)
    await lesson.act(33, awa, 'hands:raise', {})
    await say(34, awa, 'Où se place le mentorat dans ce schéma ? C’est un groupe de deux ?')
    await lesson.act(34.5, claire, 'hands:clear', { person: awa.person })
    await say(35, marc, 'Bonne question, Awa : dessinez votre réponse, nous en parlons ensuite tous les deux.')
    await lesson.draw(37, awa, axes.mentor)

    let first = ''
    await record(2, async (minuteOf) => {
      await lesson.act(minuteOf(10_000), claire, 'stage:show', { front: 'question' })
      first = await lesson.ask(minuteOf(17_000), claire, limit.id)
    })
    await answer(48.9, ines, first, limit, 2)
    await answer(49.1, thomas, first, limit, 1)
    await answer(49.6, ines, first, limit, 1)
    await answer(50.1, awa, first, limit, 0)
    await lesson.act(51, claire, 'quiz:close', { question: first })
    await lesson.act(51.5, claire, 'quiz:reveal', { question: first })
    await record(3)
    await say(53, awa, 'Ah, je pensais au cours ouvert à tous ! Donc en petit groupe on termine mieux, mais l’équipe doit suivre.')

    const second = await lesson.ask(68, claire, study.id)
    await answer(68.7, thomas, second, study, 2)
    await answer(69, awa, second, study, 2)
    await answer(69.4, ines, second, study, 1)
    await lesson.act(71, claire, 'quiz:close', { question: second })
    await lesson.act(71.3, claire, 'stage:show', { front: 'people' })
    await say(
      72,
      claire,
      'Je garde cette réponse pour ouvrir la séance 2. D’ici là, classez une activité de votre propre formation selon les cinq axes. Merci à tous !',
    )
    await say(73, thomas, 'Merci ! Bonne soirée depuis La Réunion, il fait déjà nuit.')

    await lesson.leave(74, thomas)
    await lesson.leave(74.5, ines, awa)
    await lesson.leave(78, marc, claire)
  }

/** The session in progress: the board is half drawn and the questions wait. The people step out for a moment, for you to come in. */
export const sessionInProgress =
  ({ cast }: Pick<Scene, 'cast'>) =>
  async (lesson: Lesson): Promise<void> => {
    const { claire, louis, ines } = cast
    const say = (at: number, who: Actor, text: string) => lesson.say(at, who, french(text))

    await lesson.enter(-12, claire)
    await lesson.act(-11, claire, 'board:open', {})
    await lesson.draw(-10, claire, rhythm.frame)
    await lesson.enter(-5, ines)
    await lesson.enter(-4, louis)
    await say(-3, claire, 'Bonjour ! La salle est ouverte : essayez micro et caméra, nous commençons dans trois minutes.')
    await say(-2, louis, 'Bonjour de Saint-Paul. Cette fois le réseau tient, même avec la caméra.')
    await say(-1, ines, 'Contente de te voir, Louis ! Awa arrive, elle essaie son micro.')
    await lesson.act(0, claire, 'session:start', {})
    await lesson.act(1, claire, 'stage:show', { front: 'board' })
    await lesson.draw(2, claire, rhythm.steps)
    await lesson.draw(4, claire, rhythm.open)
    await say(5, claire, 'À vous : que mettez-vous dans les deux cases vides ? Prenez un crayon, chacun a sa couleur.')
    await lesson.draw(7, louis, rhythm.attention)
    await lesson.draw(8, ines, rhythm.pause)
    await say(9, louis, 'J’ai commencé la courbe de l’attention, je m’arrête à la moitié : à quelqu’un d’autre de la finir.')
    await lesson.leave(10, louis, ines, claire)
  }

/** What is written on the course page between the two sessions: who, and how many hours after the first one. */
export const betweenSessions: readonly { who: MemberName; hours: number; text: string }[] = [
  {
    who: 'louis',
    hours: 15,
    text: 'Bonjour, désolé pour mon absence : aucun réseau sur le chantier. Qu’est-ce que je dois rattraper avant la séance 2 ?',
  },
  {
    who: 'marc',
    hours: 17,
    text: 'Bonjour Louis. Remontez cette discussion, l’essentiel y est. Puis classez une de vos activités selon les cinq axes et écrivez-moi, je vous réponds dans la journée.',
  },
  { who: 'awa', hours: 40, text: 'J’ai classé mon module « Arrêt d’urgence » : il est expositif à 80 %. J’ai du travail…' },
  {
    who: 'claire',
    hours: 42,
    text: 'Merci Awa, c’est le constat de presque tout le monde. La séance 2 est faite pour cela : on y donne le rythme.',
  },
]
