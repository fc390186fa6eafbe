import type { CarrierKind } from '#shared/video/wire.ts'
import { defineWords } from '#client/words/words.svelte.ts'

export const words = defineWords({
  fr: {
    encrypt: 'Chiffrer de bout en bout',
    settled: 'Ce choix ne change plus une fois la séance commencée.',
    line: 'Le son et l’image de cette séance sont chiffrés de bout en bout ; elle n’est pas enregistrée.',
    mark: 'Séance chiffrée de bout en bout',
  },
  en: {
    encrypt: 'Encrypt end to end',
    settled: 'This choice can no longer change once the session has begun.',
    line: 'Sound and picture of this session are encrypted end to end; it is not recorded.',
    mark: 'Session encrypted end to end',
  },
})

/** What encrypting gives, what it takes, and whom one still trusts; on the mesh it gives nothing more. */
export const means: Record<CarrierKind, string> = defineWords({
  fr: {
    livekit:
      'Le serveur vidéo transporte le son et l’image sans pouvoir les ouvrir ; la séance n’est pas enregistrée. La clé vient de Cercle, qui la donne à qui peut entrer ; ce qui s’écrit (discussion, tableau, questions, sous-titres) reste lisible par le serveur.',
    mesh: 'Sur ce serveur, le son et l’image vont déjà chiffrés d’un navigateur à l’autre, sans personne entre eux. Le choix ne change qu’une chose : la séance n’est pas enregistrée.',
  },
  en: {
    livekit:
      'The media server carries sound and picture without being able to open them; the session is not recorded. The key comes from Cercle, which gives it to those who may enter; what is written (chat, board, questions, captions) stays readable by the server.',
    mesh: 'On this server sound and picture already go encrypted from browser to browser, with nobody in between. The choice changes one thing only: the session is not recorded.',
  },
})
