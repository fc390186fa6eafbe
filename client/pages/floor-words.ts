import { defineWords } from '#client/words/words.svelte.ts'

/** What is said while only those on the stage are heard and seen, and to who has the floor. */
export const words = defineWords({
  fr: {
    closed: 'Micro et caméra fermés : demander la parole',
    stage: 'Vous êtes plus de huit : l’équipe et deux personnes qui ont la parole sont vues et entendues. Vous voyez et entendez.',
    pictures: 'Vous êtes plus de six : l’équipe et les personnes qui ont la parole montrent leur image. On vous entend toujours.',
    stageLeads:
      'Vous êtes plus de huit : seules l’équipe et deux personnes à qui vous donnez la parole sont entendues. Donnez-la depuis la liste des personnes.',
    over: 'Vous êtes huit ou moins : chacun peut de nouveau ouvrir son micro.',
    ask: 'Demander la parole',
    asked: 'Votre main est levée : l’équipe la voit.',
    takeBack: 'Baisser la main',
    have: 'Vous avez la parole.',
    open: 'Ouvrir le micro',
  },
  en: {
    closed: 'Microphone and camera closed: ask for the floor',
    stage: 'You are more than eight: the team and two people who have the floor are seen and heard. You see and hear.',
    pictures: 'You are more than six: the team and whoever has the floor show their picture. You can still be heard.',
    stageLeads:
      'You are more than eight: only the team and two people to whom you give the floor are heard. Give it in the list of people.',
    over: 'You are eight or fewer: everybody may open their microphone again.',
    ask: 'Ask for the floor',
    asked: 'Your hand is raised: the team sees it.',
    takeBack: 'Lower my hand',
    have: 'You have the floor.',
    open: 'Open the microphone',
  },
})
