import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    calendar: 'Mon agenda',
    lead: 'Une adresse privée à laquelle votre agenda s’abonne : il y trouve vos séances et leurs changements.',
    make: 'Créer l’adresse',
    again: 'Créer une nouvelle adresse',
    end: 'Supprimer l’adresse',
    there: 'Votre adresse est active. Elle n’est montrée qu’à sa création.',
    address: 'Adresse de l’agenda',
    once: 'Copiez-la maintenant : elle ne sera plus montrée. Qui la connaît voit vos séances ; créez-en une nouvelle pour fermer celle-ci.',
    copy: 'Copier',
    copied: 'Adresse copiée.',
    ended: 'L’adresse ne fonctionne plus.',
  },
  en: {
    calendar: 'My calendar',
    lead: 'A private address that your calendar subscribes to: it finds your sessions there, and how they change.',
    make: 'Make the address',
    again: 'Make a new address',
    end: 'Delete the address',
    there: 'Your address is active. It is shown only when it is made.',
    address: 'Calendar address',
    once: 'Copy it now: it will not be shown again. Whoever knows it sees your sessions; make a new one to close this one.',
    copy: 'Copy',
    copied: 'Address copied.',
    ended: 'The address no longer works.',
  },
})
