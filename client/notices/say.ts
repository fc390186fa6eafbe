import type { NoticeFacts } from '#shared/notices/wire.ts'
import { formatMoment } from '#client/words/dates.ts'
import { words } from './words.ts'

/** A notice in the reader's language and time: what it says, what stands under it, and where it leads. */
export function say(facts: NoticeFacts): { title: string; details: string[]; href: string } {
  switch (facts.kind) {
    case 'session-scheduled':
      return {
        title: words.scheduled(facts.title),
        details: [facts.spocTitle, words.when(formatMoment(facts.starts))],
        href: `/sessions/${facts.session}`,
      }
    case 'session-moved':
      return {
        title: words.moved(facts.title),
        details: [
          facts.spocTitle,
          ...(facts.before === facts.starts ? [] : [words.was(formatMoment(facts.before))]),
          words.when(formatMoment(facts.starts)),
        ],
        href: `/sessions/${facts.session}`,
      }
    case 'session-cancelled':
      return {
        title: words.cancelled(facts.title),
        details: [facts.spocTitle, words.was(formatMoment(facts.starts))],
        href: `/sessions/${facts.session}`,
      }
    case 'replay-ready':
      return {
        title: facts.absent ? words.replayToCatchUp(facts.title) : words.replayReady(facts.title),
        details: [facts.spocTitle],
        href: `/sessions/${facts.session}/replay`,
      }
    case 'work-handed-in':
      return { title: words.handedIn(facts.name, facts.title), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/path` }
    case 'feedback-given':
      return { title: words.feedback(facts.title), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/road/${facts.activity}` }
    case 'question-asked':
      return { title: words.asked(facts.text), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/questions#${facts.inquiry}` }
    case 'question-answered':
      return { title: words.answered(facts.text), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/questions#${facts.inquiry}` }
  }
}
