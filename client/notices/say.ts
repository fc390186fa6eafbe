import type { NoticeFacts } from '#shared/notices/wire.ts'
import { formatDuration, formatMoment } from '#client/words/dates.ts'
import { language } from '#client/words/words.svelte.ts'
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
    case 'call-booked':
    case 'call-moved':
    case 'call-cancelled':
      return { ...sayOfCall(facts), href: `/rooms/${facts.room}/call` }
    case 'meeting-scheduled':
    case 'meeting-moved':
    case 'meeting-cancelled':
      return { ...sayOfMeeting(facts), href: `/spocs/${facts.spoc}/road/${facts.activity}` }
    case 'session-kept':
      return { title: words.kept(facts.title), details: [facts.spocTitle, ...keptIn(facts)], href: `/sessions/${facts.session}` }
    case 'session-missed':
      return { title: words.missed(facts.number), details: [facts.spocTitle, facts.title], href: `/sessions/${facts.session}/replay` }
    case 'questions-left':
      return { title: words.left(facts.count, facts.title), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/questions` }
    case 'wish-sent':
      return { title: words.wish(facts.name), details: [facts.spocTitle, facts.text], href: `/spocs/${facts.spoc}/mentoring` }
    case 'times-proposed':
      return { title: words.proposed(facts.name, facts.count), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/mentoring` }
    case 'replay-ready':
      return {
        title: facts.absent ? words.replayToCatchUp(facts.title) : words.replayReady(facts.title),
        details: [facts.spocTitle],
        href: `/sessions/${facts.session}/replay`,
      }
    case 'work-handed-in':
      return { title: words.handedIn(facts.name, facts.title), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/path` }
    case 'question-corrected':
      return {
        title: words.corrected(facts.text),
        details: [facts.spocTitle, words.judged[facts.now]],
        href: facts.activity === null ? `/spocs/${facts.spoc}` : `/spocs/${facts.spoc}/road/${facts.activity}`,
      }
    case 'feedback-given':
      return { title: words.feedback(facts.title), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/road/${facts.activity}` }
    case 'certificate-issued':
      return { title: words.issued[facts.document], details: [facts.spocTitle], href: `/spocs/${facts.spoc}/certificates` }
    case 'certificate-revoked':
      return { title: words.revoked[facts.document], details: [facts.spocTitle, facts.reason], href: `/spocs/${facts.spoc}/certificates` }
    case 'presence-contested':
      return {
        title: words.contested(facts.name, facts.title),
        details: [facts.spocTitle, words.when(formatMoment(facts.starts)), facts.reason],
        href: `/spocs/${facts.spoc}/attendance`,
      }
    case 'presence-corrected':
      return {
        title: words.presence(facts.title),
        details: [facts.spocTitle, words.presenceBy(facts.by, formatDuration(facts.minutes * 60_000)), facts.reason],
        href: `/spocs/${facts.spoc}/attendance`,
      }
    case 'replay-objected':
      return {
        title: words.objected(facts.name, facts.title),
        details: [facts.spocTitle, words.objectedText],
        href: `/sessions/${facts.session}`,
      }
    case 'objection-settled':
      return {
        title: words.settled[facts.how](facts.title),
        details: [facts.spocTitle, words.settledText[facts.how]],
        href: `/sessions/${facts.session}`,
      }
    case 'place-asked':
      return {
        title: words.placeAsked(facts.name),
        details: [facts.spocTitle, words.placeWhy[facts.why]],
        href: `/spocs/${facts.spoc}/members`,
      }
    case 'place-free':
      return {
        title: words.placeFree(facts.spocTitle),
        details: [words.placeFreeFor(facts.name, facts.waiting)],
        href: `/spocs/${facts.spoc}/members`,
      }
    case 'sign-in-link-made':
      return { title: words.signInLinkMade(facts.by), details: [words.signInLinkMadeText], href: '/me' }
    case 'membership-changed':
      return {
        title: words.membership[facts.how](facts.spocTitle),
        details: facts.how === 'resumed' ? [] : [words.membershipText],
        href: facts.how === 'resumed' ? `/spocs/${facts.spoc}` : '/spocs',
      }
    case 'member-left':
      return { title: words.memberLeft(facts.name), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/members` }
    case 'address-changed':
      return {
        title: words.addressChanged,
        details: [facts.by === null ? words.addressChangedByYou : words.addressChangedBy(facts.by)],
        href: '/me',
      }
    case 'question-asked':
      return { title: words.asked(facts.text), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/questions#${facts.inquiry}` }
    case 'question-answered':
      return { title: words.answered(facts.text), details: [facts.spocTitle], href: `/spocs/${facts.spoc}/questions#${facts.inquiry}` }
  }
}

type Of<K extends NoticeFacts['kind']> = Extract<NoticeFacts, { kind: K }>

function sayOfCall(facts: Of<'call-booked' | 'call-moved' | 'call-cancelled'>) {
  const people = new Intl.ListFormat(language.locale, { type: 'conjunction' }).format(facts.people)
  const when = formatMoment(facts.starts)
  if (facts.kind === 'call-booked') return { title: words.callBooked(people), details: [facts.spocTitle, words.when(when)] }
  if (facts.kind === 'call-cancelled')
    return { title: words.callCancelled(people), details: [facts.spocTitle, words.was(when), ...(facts.reason ? [facts.reason] : [])] }
  const moved = facts.before !== facts.starts
  return {
    title: moved ? words.callMoved(people) : words.callShared(people),
    details: [facts.spocTitle, ...(moved ? [words.was(formatMoment(facts.before))] : []), words.when(when)],
  }
}

function sayOfMeeting(facts: Of<'meeting-scheduled' | 'meeting-moved' | 'meeting-cancelled'>) {
  const when = formatMoment(facts.starts)
  if (facts.kind === 'meeting-scheduled')
    return { title: words.scheduled(facts.title), details: [facts.spocTitle, words.when(when), facts.place] }
  if (facts.kind === 'meeting-cancelled') return { title: words.calledOff(facts.title), details: [facts.spocTitle, words.was(when)] }
  const was = facts.before === facts.starts ? [] : [words.was(formatMoment(facts.before))]
  return { title: words.moved(facts.title), details: [facts.spocTitle, ...was, words.when(when), facts.place] }
}

/** What is left of a session, in a few words. */
export function keptIn({ film, board, questions, messages }: Of<'session-kept'>): string[] {
  return [
    ...(film ? [words.film] : []),
    ...(board ? [words.board] : []),
    ...(questions > 0 ? [words.questions(questions)] : []),
    ...(messages > 0 ? [words.messages(messages)] : []),
  ]
}
