import { defineWords } from '#client/words/words.svelte.ts'

/** What is said at the end of a room, before and after. */
export const words = defineWords({
  fr: {
    endForAll: 'Terminer pour tous',
    endForAllAsk: 'Terminer la séance pour tous ?',
    endForAllText: 'Chacun sort de la salle. La discussion, le tableau et les réponses restent sur la page de la formation.',
    keepOn: 'Continuer la séance',
    title: 'Vous n’êtes plus dans la salle',
    revoked: 'Vous n’avez plus accès à cette salle.',
    ended: 'La séance est terminée. Ce qui s’y est dit et dessiné est gardé sur la page de la formation.',
    callEnded: 'L’entretien est terminé. Ses notes et ses actions sont gardées sur sa page.',
    replaced: 'La salle est ouverte ailleurs avec cette page. Elle continue là-bas.',
    flooding: 'Cette page envoyait trop de messages ; elle a été sortie de la salle.',
    other: 'La salle ne peut pas être ouverte.',
    toCourse: 'Voir la formation',
    toCall: 'Voir l’entretien',
    toToday: 'Aujourd’hui',
    comeBack: 'Revenir dans la salle',
  },
  en: {
    endForAll: 'End for everyone',
    endForAllAsk: 'End the session for everyone?',
    endForAllText: 'Everyone leaves the room. The discussion, the board and the answers stay on the course page.',
    keepOn: 'Go on with the session',
    title: 'You are no longer in the room',
    revoked: 'You no longer have access to this room.',
    ended: 'The session is over. What was said and drawn is kept on the course page.',
    callEnded: 'The call is over. Its notes and actions are kept on its page.',
    replaced: 'The room is open elsewhere with this page. It goes on there.',
    flooding: 'This page was sending too many messages; it was taken out of the room.',
    other: 'The room cannot be opened.',
    toCourse: 'See the course',
    toCall: 'See the call',
    toToday: 'Today',
    comeBack: 'Come back to the room',
  },
})
