import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    thread: 'Discussion',
    write: 'Écrire un message',
    placeholder: 'Écrire un message…',
    hint: 'Entrée pour envoyer, Maj + Entrée pour aller à la ligne.',
    send: 'Envoyer le message',
    waiting: 'En attente d’envoi',
    notSent: 'Non envoyé',
    again: 'Renvoyer',
    drop: 'Abandonner',
    you: 'Vous',
    erased: 'Message effacé',
    withdraw: (name: string) => `Retirer ce message de ${name}`,
    withdrawn: 'Message retiré',
    takenBack: 'Message retiré.',
    older: 'Messages plus anciens',
    news: 'Nouveaux messages',
    toNewest: (n: number) => (n === 0 ? 'Aller au plus récent' : n === 1 ? '1 nouveau message' : `${n} nouveaux messages`),
    empty: 'La discussion commence ici',
    emptyText: 'Elle reste ouverte avant, pendant et après les séances. Tout le groupe la lit.',
    typing: (names: string[]) =>
      names.length === 1
        ? `${names[0]} écrit…`
        : names.length === 2
          ? `${names[0]} et ${names[1]} écrivent…`
          : `${names.length} personnes écrivent…`,
    announceOne: (name: string, text: string) => `${name} : ${text}`,
    announceMany: (n: number, name: string) => `${n} nouveaux messages, le dernier de ${name}`,
    newTab: '(nouvel onglet)',
    reading: 'Vous lisez la discussion sans y écrire.',
    tooLong: (over: number) => `${over} caractères de trop`,
  },
  en: {
    thread: 'Discussion',
    write: 'Write a message',
    placeholder: 'Write a message…',
    hint: 'Enter sends, Shift + Enter starts a new line.',
    send: 'Send the message',
    waiting: 'Waiting to be sent',
    notSent: 'Not sent',
    again: 'Send again',
    drop: 'Discard',
    you: 'You',
    erased: 'Message erased',
    withdraw: (name) => `Withdraw this message of ${name}`,
    withdrawn: 'Message withdrawn',
    takenBack: 'Message withdrawn.',
    older: 'Older messages',
    news: 'New messages',
    toNewest: (n) => (n === 0 ? 'Go to the newest' : n === 1 ? '1 new message' : `${n} new messages`),
    empty: 'The discussion begins here',
    emptyText: 'It stays open before, during and after sessions. The whole group reads it.',
    typing: (names) =>
      names.length === 1
        ? `${names[0]} is typing…`
        : names.length === 2
          ? `${names[0]} and ${names[1]} are typing…`
          : `${names.length} people are typing…`,
    announceOne: (name, text) => `${name}: ${text}`,
    announceMany: (n, name) => `${n} new messages, the last from ${name}`,
    newTab: '(new tab)',
    reading: 'You read the discussion without writing.',
    tooLong: (over) => `${over} characters too many`,
  },
})
