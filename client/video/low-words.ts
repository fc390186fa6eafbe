import type { Choice } from '#shared/video/low.rules.ts'
import { defineWords } from '#client/words/words.svelte.ts'

const named = (names: readonly string[], and: string) =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)}`

/** What is said of pictures that are left out. */
export const words = defineWords({
  fr: {
    title: 'Données réduites',
    chosen: { one: 'Une seule image à la fois, comme vous l’avez choisi.', sound: 'Le son seul, comme vous l’avez choisi.' },
    path: {
      one: 'Connexion faible : le son d’abord, une seule image.',
      sound: 'Connexion très faible : le son seulement.',
    },
    saveData: 'Votre navigateur économise les données : une seule image à la fois.',
    busy: 'Cet appareil n’arrive plus à suivre : une seule image à la fois.',
    left: (names: readonly string[]) =>
      names.length > 1 ? `${names.length} images ne sont pas reçues.` : `L’image de ${names[0]} n’est pas reçue.`,
    small: 'Votre image part en plus petit.',
    smallBusy: 'Cet appareil n’arrive plus à suivre : votre image part en plus petit.',
    notSent: 'Votre image ne part plus, votre voix oui.',
    blind: (names: readonly string[]) =>
      names.length > 3
        ? `${names.length} personnes reçoivent le son seulement : elles ne voient pas votre écran.`
        : names.length > 1
          ? `${named(names, 'et')} reçoivent le son seulement et ne voient pas votre écran.`
          : `${named(names, 'et')} reçoit le son seulement et ne voit pas votre écran.`,
    all: 'Tout recevoir',
    close: 'Ne plus le dire',
  },
  en: {
    title: 'Reduced data',
    chosen: { one: 'One picture at a time, as you chose.', sound: 'Sound alone, as you chose.' },
    path: {
      one: 'Weak connection: sound first, one picture.',
      sound: 'Very weak connection: sound only.',
    },
    saveData: 'Your browser saves data: one picture at a time.',
    busy: 'This device cannot keep up: one picture at a time.',
    left: (names) => (names.length > 1 ? `${names.length} pictures are not received.` : `The picture of ${names[0]} is not received.`),
    small: 'Your picture goes out smaller.',
    smallBusy: 'This device cannot keep up: your picture goes out smaller.',
    notSent: 'Your picture does not go out any more, your voice does.',
    blind: (names) =>
      names.length > 3
        ? `${names.length} people receive sound only: they do not see your screen.`
        : names.length > 1
          ? `${named(names, 'and')} receive sound only and do not see your screen.`
          : `${named(names, 'and')} receives sound only and does not see your screen.`,
    all: 'Receive everything',
    close: 'Do not say so again',
  },
})

export const choiceNames: Record<Choice, { label: string; hint: string }> = defineWords({
  fr: {
    auto: { label: 'Automatique', hint: 'Toutes les images, moins si la connexion faiblit' },
    one: { label: 'Une seule image', hint: 'L’écran partagé, sinon la personne qui parle' },
    sound: { label: 'Le son seulement', hint: 'Le moins de données' },
  },
  en: {
    auto: { label: 'Automatic', hint: 'All pictures, fewer when the connection is weak' },
    one: { label: 'One picture', hint: 'The shared screen, else whoever speaks' },
    sound: { label: 'Sound only', hint: 'The least data' },
  },
})
