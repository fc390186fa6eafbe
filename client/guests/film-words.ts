import { defineWords } from '#client/words/words.svelte.ts'

/** What a guest's own link says of the recording (G10). */
export const words = defineWords({
  fr: {
    title: 'Enregistrement de la séance',
    none: 'Rien n’a été enregistré de cette séance.',
    deleted: 'La séance a été enregistrée. L’équipe a retiré l’enregistrement : plus personne ne peut le voir.',
    kept: 'La séance a été enregistrée. Les membres de la formation peuvent la revoir.',
    recorded: 'La séance a été enregistrée.',
    agreed: (voice: boolean, image: boolean) =>
      voice && image
        ? 'Vous aviez accepté que votre voix et votre image y soient.'
        : voice
          ? 'Vous aviez accepté que votre voix y soit, pas votre image.'
          : image
            ? 'Vous aviez accepté que votre image y soit, pas votre voix.'
            : 'Vous n’y êtes ni vu·e ni entendu·e : vous ne l’aviez pas accepté.',
    object: 'Je m’oppose à cet enregistrement',
    objectText: 'Il est alors masqué pour tous jusqu’à ce que l’équipe ait agi. Elle voit votre nom, pas les autres.',
    waiting: 'Vous vous opposez à cet enregistrement. Il est masqué, et l’équipe en est avertie.',
    takeBack: 'Retirer mon opposition',
    settled: 'L’équipe a traité votre opposition et montre à nouveau l’enregistrement. Si elle tient toujours, dites-le encore.',
    own: 'Votre lien, pour vous seul·e',
    ownText: (date: string) => `Il mène ici jusqu’au ${date}, jour où votre nom est effacé. Gardez-le si vous fermez cette page.`,
    copy: 'Copier le lien',
    copied: 'Lien copié.',
  },
  en: {
    title: 'Recording of the session',
    none: 'Nothing of this session was recorded.',
    deleted: 'The session was recorded. The team removed the recording: nobody can watch it any more.',
    kept: 'The session was recorded. The members of the course can watch it again.',
    recorded: 'The session was recorded.',
    agreed: (voice, image) =>
      voice && image
        ? 'You had agreed to your voice and your image being in it.'
        : voice
          ? 'You had agreed to your voice being in it, not your image.'
          : image
            ? 'You had agreed to your image being in it, not your voice.'
            : 'You are neither seen nor heard in it: you had not agreed.',
    object: 'I object to this recording',
    objectText: 'It is then hidden from everyone until the team has acted. The team sees your name, the others do not.',
    waiting: 'You object to this recording. It is hidden, and the team has been told.',
    takeBack: 'Take my objection back',
    settled: 'The team dealt with your objection and shows the recording again. If it still holds, say so once more.',
    own: 'Your link, for you alone',
    ownText: (date) => `It leads here until ${date}, the day on which your name is erased. Keep it if you close this page.`,
    copy: 'Copy the link',
    copied: 'Link copied.',
  },
})
