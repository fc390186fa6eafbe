/**
 * Rules of a person's appearance.
 *
 * P1 Initials are the first letters of the first and the last word of a name, in capitals; one letter when there is one word.
 * P2 A colour is one of twelve, the same everywhere and for good.
 */
export const colours = 12

/** P1 */
export const initialsOf = (name: string): string => {
  const words = name.split(/[\s\p{Pd}]+/u).filter((word) => /\p{L}|\p{N}/u.test(word))
  const first = words[0]
  const last = words.at(-1)
  const letter = (word: string | undefined) => /\p{L}|\p{N}/u.exec(word ?? '')?.[0]?.toLocaleUpperCase('fr') ?? ''
  return words.length > 1 ? letter(first) + letter(last) : letter(first)
}

/** P2: the colour of a new person, from how many there were before: neighbours in a course differ. */
export const colourAfter = (people: number): number => (people * 5) % colours
