import { defineWords } from '#client/words/words.svelte.ts'

/** Bytes as people say them: « 3,4 Mo ». */
const size = (bytes: number, locale: string, units: readonly [string, string]) =>
  bytes < 1_000_000
    ? `${Math.max(1, Math.round(bytes / 1000))} ${units[0]}`
    : `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1_000_000)} ${units[1]}`

export const words = defineWords({
  fr: {
    files: 'Documents',
    lead: 'Pour les membres de la formation seulement.',
    see: 'Voir les documents',
    add: 'Ajouter des documents',
    audience: 'Pour',
    audiences: { spoc: 'Toute la formation', team: 'L’équipe seulement' },
    hint: 'Images, PDF, documents de bureau, textes, sons et vidéos. 200 Mo au plus par fichier.',
    hintLearner: 'Images, PDF, documents de bureau, textes, sons et vidéos. 50 Mo au plus par fichier. L’équipe seule les voit avec vous.',
    sending: (name: string) => `Envoi de ${name}`,
    sent: (name: string) => `${name} est envoyé.`,
    size: (bytes: number) => size(bytes, 'fr-FR', ['ko', 'Mo']),
    by: (name: string) => `Ajouté par ${name}`,
    someone: 'quelqu’un',
    teamOnly: 'Équipe',
    mine: 'Vous et l’équipe',
    remove: 'Retirer',
    removeOf: (name: string) => `Retirer ${name}`,
    removed: 'Document retiré. Il reste trente jours à la corbeille.',
    takeBack: 'Annuler',
    empty: 'Aucun document',
    emptyText: 'Les documents déposés ici sont servis aux seuls membres de la formation.',
    cancel: 'Arrêter l’envoi',
    again: 'Réessayer',
    drop: 'Abandonner',
  },
  en: {
    files: 'Documents',
    lead: 'For the members of the course only.',
    see: 'See the documents',
    add: 'Add documents',
    audience: 'For',
    audiences: { spoc: 'The whole course', team: 'The team only' },
    hint: 'Pictures, PDF, office documents, text, sound and video. 200 MB at most for one file.',
    hintLearner: 'Pictures, PDF, office documents, text, sound and video. 50 MB at most for one file. Only the team sees them with you.',
    sending: (name) => `Sending ${name}`,
    sent: (name) => `${name} is sent.`,
    size: (bytes) => size(bytes, 'en-GB', ['kB', 'MB']),
    by: (name) => `Added by ${name}`,
    someone: 'somebody',
    teamOnly: 'Team',
    mine: 'You and the team',
    remove: 'Remove',
    removeOf: (name) => `Remove ${name}`,
    removed: 'Document removed. It stays thirty days in the bin.',
    takeBack: 'Undo',
    empty: 'No documents',
    emptyText: 'Documents put here are given to the members of the course only.',
    cancel: 'Stop sending',
    again: 'Try again',
    drop: 'Give up',
  },
})
