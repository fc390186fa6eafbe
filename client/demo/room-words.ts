import { defineWords } from '#client/words/words.svelte.ts'

/** What the demonstration offers in its room. */
export const words = defineWords({
  fr: {
    title: 'Démonstration',
    lead: 'Vous animez. Faites venir du monde :',
    openAwa: 'Ouvrir Awa dans une autre fenêtre',
    opened: 'Awa entre dans l’autre fenêtre, micro et haut-parleur coupés.',
    blocked: 'Votre navigateur a retenu la fenêtre. Ouvrez-la vous-même :',
    blockedLink: 'La fenêtre d’Awa',
    simulate: 'Faire entrer trois participants simulés',
    stop: 'Faire sortir les participants simulés',
    there: 'Trois participants simulés sont là : ils saluent, lèvent la main, dessinent au tableau et répondent à vos questions.',
    came: 'Trois participants simulés entrent.',
    gone: 'Les participants simulés sont sortis.',
    close: 'Masquer la démonstration',
    silent: 'Le son de cette fenêtre est coupé : sur la même machine, vous vous entendriez en écho.',
    listen: 'Remettre le son',
  },
  en: {
    title: 'Demonstration',
    lead: 'You are leading. Bring people in:',
    openAwa: 'Open Awa in another window',
    opened: 'Awa comes in in the other window, microphone and speaker off.',
    blocked: 'Your browser held the window back. Open it yourself:',
    blockedLink: 'Awa’s window',
    simulate: 'Bring in three simulated participants',
    stop: 'Send the simulated participants out',
    there: 'Three simulated participants are here: they greet, raise a hand, draw on the board and answer your questions.',
    came: 'Three simulated participants are coming in.',
    gone: 'The simulated participants have left.',
    close: 'Hide the demonstration',
    silent: 'The sound of this window is off: on the same machine you would hear yourself as an echo.',
    listen: 'Turn the sound on',
  },
})
