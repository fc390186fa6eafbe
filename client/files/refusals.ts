import type { FilesRefusal } from '#shared/files/wire.ts'

export const refusals = {
  'files/too-large': {
    fr: 'Ce fichier est trop lourd : 200 Mo au plus pour l’équipe, 50 Mo pour les participants.',
    en: 'This file is too large: 200 MB at most for the team, 50 MB for learners.',
  },
  'files/full': {
    fr: 'Ce SPOC n’a plus de place pour des fichiers. L’équipe peut en retirer.',
    en: 'This course has no room left for files. The team can remove some.',
  },
  'files/yours-full': {
    fr: 'Vos fichiers prennent déjà toute la place prévue pour un participant, 500 Mo. Envoyez un fichier plus léger ou demandez à l’équipe.',
    en: 'Your files take all the room a learner has already, 500 MB. Send a smaller file or ask the team.',
  },
  'files/no-room': {
    fr: 'Le serveur n’a presque plus de place : aucun fichier n’est accepté pour le moment. Le reste continue.',
    en: 'The server is almost full: no file is taken for now. Everything else goes on.',
  },
  'files/type': {
    fr: 'Ce type de fichier n’est pas accepté. Envoyez une image, un PDF, un document de bureau, du texte, un son ou une vidéo.',
    en: 'This kind of file is not taken. Send a picture, a PDF, an office document, text, sound or video.',
  },
  'files/broken-picture': {
    fr: 'Cette image ne peut pas être lue, ou elle est immense. Réduisez-la ou enregistrez-la de nouveau.',
    en: 'This picture cannot be read, or is immense. Make it smaller or save it again.',
  },
  'files/incomplete': {
    fr: 'Le fichier est vide ou n’est pas arrivé en entier. Envoyez-le de nouveau.',
    en: 'The file is empty or did not arrive whole. Send it again.',
  },
  'files/named': {
    fr: 'Ce fichier est montré dans des activités ou des séances.',
    en: 'This file is shown in activities or sessions.',
  },
  'files/handed-in': {
    fr: 'Ce fichier appartient à un travail rendu : il y reste, comme preuve de ce qui a été fait.',
    en: 'This file belongs to a work that was handed in: it stays there, as evidence of what was done.',
  },
  'files/taken': { fr: 'Ce fichier a déjà été envoyé.', en: 'This file was sent already.' },
} satisfies Record<FilesRefusal, { fr: string; en: string }>
