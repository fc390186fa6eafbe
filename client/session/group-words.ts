import { defineWords } from '#client/words/words.svelte.ts'

/** What the size of a group means for seeing and hearing each other. */
export const words = defineWords({
  fr: {
    voices: (people: number) =>
      `${people} personnes prennent part à cette formation. Si toutes viennent, toutes s’entendent ; seules l’équipe et les personnes qui ont la parole sont vues.`,
    stage: (people: number) =>
      `${people} personnes prennent part à cette formation. À ce nombre, l’équipe et deux personnes qui ont la parole sont vues et entendues ; les autres voient, entendent et demandent la parole.`,
    part: (people: number, most: number) =>
      `${people} personnes prennent part à cette formation. À ce nombre, l’équipe et deux personnes qui ont la parole sont vues et entendues. Au-delà de ${most} personnes dans la salle, qui arrive entre sans son ni image : tableau, questions, main et discussion fonctionnent.`,
    administrator: 'Avec LiveKit, chacun est vu et entendu, à trente aussi :',
    readiness: 'ce que ce serveur demande',
  },
  en: {
    voices: (people) =>
      `${people} people take part in this course. If all come, all are heard; only the team and whoever has the floor are seen.`,
    stage: (people) =>
      `${people} people take part in this course. With this many, the team and two people who have the floor are seen and heard; the others see, hear and ask for the floor.`,
    part: (people, most) =>
      `${people} people take part in this course. With this many, the team and two people who have the floor are seen and heard. Beyond ${most} people in the room, who comes joins without sound or picture: board, questions, hand and chat work.`,
    administrator: 'With LiveKit everybody is seen and heard, thirty people too:',
    readiness: 'what this server needs',
  },
})
