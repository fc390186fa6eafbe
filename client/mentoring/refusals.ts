import type { MentoringRefusal } from '#shared/mentoring/wire.ts'

export const refusals = {
  'mentoring/not-found': {
    fr: 'Cet entretien n’existe pas, ou ne vous concerne pas.',
    en: 'This call does not exist, or is not yours.',
  },
  'mentoring/not-offered': {
    fr: 'Cette personne ne propose pas d’entretien en ce moment.',
    en: 'This person offers no calls for the moment.',
  },
  'mentoring/slot-taken': {
    fr: 'Cet horaire n’est plus libre. Choisissez-en un autre : rien n’a été réservé.',
    en: 'This time is no longer free. Choose another one: nothing was booked.',
  },
  'mentoring/quota': {
    fr: 'Vous avez réservé tous les entretiens prévus avec cette personne. Envoyez-lui un message si vous en avez besoin d’un autre.',
    en: 'You have booked all the calls planned with this person. Write to them if you need another one.',
  },
  'mentoring/busy': {
    fr: 'Un autre entretien est déjà réservé à cette heure-là.',
    en: 'Another call is already booked at that time.',
  },
  'mentoring/not-a-learner': {
    fr: 'Un entretien se réserve pour une personne qui suit la formation.',
    en: 'A call is booked for somebody who follows the course.',
  },
  'mentoring/too-late': {
    fr: 'Il est trop tard pour déplacer ou annuler cet entretien ici. Prévenez votre mentor dans la discussion.',
    en: 'It is too late to move or cancel this call here. Tell your mentor in the discussion.',
  },
  'mentoring/not-planned': {
    fr: 'Cet entretien est passé ou annulé : il ne peut plus changer.',
    en: 'This call is over or cancelled: it can no longer change.',
  },
  'mentoring/not-begun': {
    fr: 'Cet entretien n’a pas commencé : on ne sait pas encore s’il aura lieu.',
    en: 'This call has not begun: nobody knows yet whether it will be held.',
  },
  'mentoring/not-open-yet': {
    fr: 'La salle ouvre quinze minutes avant l’entretien.',
    en: 'The room opens fifteen minutes before the call.',
  },
  'mentoring/window': {
    fr: 'Une plage se termine avant de commencer. Vérifiez les heures et les jours.',
    en: 'A window ends before it begins. Check the times and the days.',
  },
  'mentoring/no-address': {
    fr: 'Donnez l’adresse où vous recevez.',
    en: 'Give the address where you meet people.',
  },
  'mentoring/full': {
    fr: 'Il y en a déjà beaucoup. Retirez-en avant d’en ajouter.',
    en: 'There are many already. Take some away before adding more.',
  },
  'mentoring/action-done': {
    fr: 'Cette action est déjà faite : elle reste dans le parcours.',
    en: 'This action is done already: it stays in the path.',
  },
  'mentoring/too-few-times': {
    fr: 'Proposez au moins deux horaires : la personne doit pouvoir choisir.',
    en: 'Propose two times at least: the person must have a choice.',
  },
  'mentoring/proposal-over': {
    fr: 'Cette proposition n’est plus valable. Choisissez un horaire libre, ou dites ce qui vous conviendrait.',
    en: 'This proposal no longer holds. Choose a free time, or say what would suit you.',
  },
  'mentoring/cancelled': { fr: 'Cet entretien est annulé : sa salle est fermée.', en: 'This call is cancelled: its room is closed.' },
  'mentoring/over': { fr: 'Cet entretien est terminé : sa salle est fermée.', en: 'This call is over: its room is closed.' },
} satisfies Record<MentoringRefusal, { fr: string; en: string }>
