/**
 * Rules of a person's appearance.
 *
 * P1 Initials are the first letters of the first and the last word of a name, in capitals; one letter when there is one word. What
 *    stands in brackets behind it is none.
 * P2 A colour is one of twelve, the same everywhere and for good.
 * P3 A picture is a JPEG of at most 512 × 512 points and 48 kB. Only those who share a course with somebody see theirs.
 */
export const colours = 12
/** P3: the longest side (points) and the size (bytes) of a picture. */
export const pictureLimit = { side: 512, bytes: 48_000 }

/** P1 */
export const initialsOf = (name: string): string => {
  const words = name
    .replace(/(.) \([^()]*\)$/, '$1')
    .split(/[\s\p{Pd}]+/u)
    .filter((word) => /\p{L}|\p{N}/u.test(word))
  const first = words[0]
  const last = words.at(-1)
  const letter = (word: string | undefined) => /\p{L}|\p{N}/u.exec(word ?? '')?.[0]?.toLocaleUpperCase('fr') ?? ''
  return words.length > 1 ? letter(first) + letter(last) : letter(first)
}

/** P2: the colour of a new person, from how many there were before: neighbours in a course differ. */
export const colourAfter = (people: number): number => (people * 5) % colours

/** Where the picture of somebody of the SPOC is. */
export const pictureOf = (spoc: string, person: string, image: string | null) =>
  image && `/api/spocs/${spoc}/members/${person}/pictures/${image}`
