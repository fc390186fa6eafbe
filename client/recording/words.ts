import { defineWords } from '#client/words/words.svelte.ts'

/** What the room tells of its recording. */
export const words = defineWords({
  fr: {
    title: 'Enregistrement',
    phases: { off: 'Enregistrer', on: 'Enregistrement', paused: 'Enregistrement en pause' },
    myChoice: 'Enregistrement : mon choix',
    started: 'La séance est maintenant enregistrée.',
    isOn: 'Cette séance est enregistrée.',
    isPaused: 'L’enregistrement est en pause.',
    resumed: 'L’enregistrement reprend.',
    stopped: 'L’enregistrement est terminé.',
    ask: 'Cette séance est enregistrée. Vous n’y êtes pas tant que vous n’avez pas choisi.',
    choose: 'Choisir',
    resume: 'Reprendre',
    interrupted: 'L’enregistrement n’avance plus.',
    failed:
      'Ce navigateur n’arrive pas à enregistrer. Chrome ou Edge sur un ordinateur le font ; une autre personne de l’équipe peut reprendre.',
  },
  en: {
    title: 'Recording',
    phases: { off: 'Record', on: 'Recording', paused: 'Recording paused' },
    myChoice: 'Recording: my choice',
    started: 'The session is now being recorded.',
    isOn: 'This session is being recorded.',
    isPaused: 'The recording is paused.',
    resumed: 'The recording goes on.',
    stopped: 'The recording is over.',
    ask: 'This session is being recorded. You are not in it until you choose.',
    choose: 'Choose',
    resume: 'Go on',
    interrupted: 'Nothing is being recorded now.',
    failed: 'This browser cannot record. Chrome or Edge on a computer can; somebody else of the team may go on.',
  },
})
