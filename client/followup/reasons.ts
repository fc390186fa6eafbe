import type { CareReason } from '#shared/followup/rules.ts'
import { words } from './words.ts'

/** Why somebody needs the team, in words, and where that is to be seen; no way where there is nothing to open. */
export function sayReason(reason: CareReason, spoc: string): { text: string; href: string | undefined } {
  switch (reason.kind) {
    case 'late':
      return { text: words.late(reason.title), href: `/spocs/${spoc}/road/${reason.activity}` }
    case 'absent':
      return { text: words.absent(reason.title), href: `/sessions/${reason.session}` }
    case 'missed-call':
      return { text: words.missedCall, href: reason.room === null ? undefined : `/rooms/${reason.room}/call` }
    case 'question':
      return { text: words.question(reason.text), href: `/spocs/${spoc}/questions#${reason.inquiry}` }
    case 'contested':
      return { text: words.contested(reason.title), href: `/spocs/${spoc}/attendance` }
    case 'work':
      return { text: words.work(reason.title), href: `/spocs/${spoc}/road/${reason.activity}` }
  }
}
