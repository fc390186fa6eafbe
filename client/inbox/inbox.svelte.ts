import type { Inbox as InboxView, InquiryPlace } from '#shared/inbox/wire.ts'
import type { promises } from '#shared/inbox/rules.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'
import { formatFilmTime } from '#client/words/dates.ts'
import { words } from './words.ts'

/** What was asked of the team of one SPOC, as far as one may see it. After each act it is what the server has. */
export class Inbox {
  view = $state.raw<InboxView>()
  refusal = $state<Refusal>()
  readonly spoc: string
  readonly #here: InquiryPlace | undefined
  readonly waiting = $derived((this.view?.inquiries ?? []).filter(({ state }) => state === 'waiting').reverse())
  readonly answered = $derived((this.view?.inquiries ?? []).filter(({ state }) => state === 'answered'))

  /** `here`: only what was asked at this place. */
  constructor(spoc: string, here?: InquiryPlace) {
    this.spoc = spoc
    this.#here = here
  }

  load = async () => {
    const { session, activity } = { session: undefined, activity: undefined, ...this.#here }
    const said = await api('GET /api/spocs/:spoc/inquiries', { params: { spoc: this.spoc }, query: { session, activity } })
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.view = said.value
  }

  answer = (inquiry: string, body: { answer: string; published: boolean }) =>
    this.#done(api('POST /api/spocs/:spoc/inquiries/:inquiry/answer', { params: { spoc: this.spoc, inquiry }, body }))
  give = (inquiry: string, owner: string | null) =>
    this.#done(api('PUT /api/spocs/:spoc/inquiries/:inquiry/owner', { params: { spoc: this.spoc, inquiry }, body: { owner } }))
  withdraw = (inquiry: string) => this.#done(api('DELETE /api/spocs/:spoc/inquiries/:inquiry', { params: { spoc: this.spoc, inquiry } }))
  restore = (inquiry: string) =>
    this.#done(api('POST /api/spocs/:spoc/inquiries/:inquiry/restore', { params: { spoc: this.spoc, inquiry } }))
  promise = (hours: (typeof promises)[number]) =>
    this.#done(api('PUT /api/spocs/:spoc/answer-promise', { params: { spoc: this.spoc }, body: { hours } }))

  async #done<T>(act: Promise<Result<T>>): Promise<Result<T>> {
    const said = await act
    await this.load()
    if (!said.ok) this.refusal = said.code
    return said
  }
}

/** Where an inquiry was asked from, in words. */
export const placeWords = (place: InquiryPlace, title: string): string =>
  place.kind === 'course' || title === ''
    ? words.course
    : place.kind === 'session'
      ? words.session(title)
      : place.kind === 'activity'
        ? words.activity(title)
        : words.replay(title, formatFilmTime(place.second * 1000))

/** The way back to where it was asked (of a film, to its second), if it is a page of its own. */
export const placeHref = (spoc: string, place: InquiryPlace): string | undefined =>
  place.kind === 'session'
    ? `/sessions/${place.session}`
    : place.kind === 'replay'
      ? `/sessions/${place.session}/replay?at=${place.second}`
      : place.kind === 'activity'
        ? `/spocs/${spoc}/road/${place.activity}`
        : undefined
