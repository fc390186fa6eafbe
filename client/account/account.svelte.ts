import type { Me } from '#shared/account/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'
import { language, type Language } from '#client/words/words.svelte.ts'
import { ownZone } from '#client/words/zone.svelte.ts'

/** Who is signed in on this browser. The page speaks their language and tells the time of their zone. */
class Account {
  /** Null when nobody is signed in, undefined while unknown. */
  me = $state.raw<Me | null>()
  /** Why it is still unknown. */
  trouble = $state<Refusal>()
  /** What must be wiped from this browser when a person signs out (unsent work, kept drafts). */
  #wipes: (() => Promise<void> | void)[] = []

  async load() {
    const said = await api('GET /api/me')
    this.trouble = said.ok ? undefined : said.code
    if (said.ok) this.#is(said.value)
  }

  async signIn(email: string, password: string): Promise<Result<Me>> {
    const said = await api('POST /api/auth/sign-in/email', { body: { email, password } })
    if (said.ok) this.#is(said.value)
    return said
  }

  /** Has a sign-in link sent, which leads to `to`. */
  askLink(email: string, to: string) {
    return api('POST /api/auth/sign-in/magic-link', { body: { email, ...(to !== '/' && { to }) } })
  }

  /** Uses up a sign-in link. Gives where an invitation that was waiting for it leads, if there was one. */
  async useLink(token: string): Promise<Result<{ joined: { spoc: string; room: string | null } | null }>> {
    const said = await api('POST /api/auth/magic-link/verify', { body: { token } })
    if (said.ok) this.#is(said.value.me)
    return said
  }

  async becomeFirstAdministrator(given: { token: string; name: string; email: string; password: string }): Promise<Result<Me>> {
    const said = await api('POST /api/auth/first-administrator', { body: { ...given, language: language.current, zone: ownZone.current } })
    if (said.ok) this.#is(said.value)
    return said
  }

  async change(body: { name?: string; language?: Language; zone?: string }): Promise<Result<Me>> {
    const said = await api('PATCH /api/me', { body })
    if (said.ok) this.#is(said.value)
    return said
  }

  /** Replaces one's picture (a JPEG, base64), or removes it. */
  async setPicture(jpeg: string | undefined): Promise<Result<Me>> {
    const said = await (jpeg === undefined ? api('DELETE /api/me/picture') : api('PUT /api/me/picture', { body: { jpeg } }))
    if (said.ok) this.#is(said.value)
    return said
  }

  /** At once on the page; kept on the account in the background when there is one. */
  speak(chosen: Language) {
    language.choose(chosen)
    if (this.me && this.me.language !== chosen) void this.change({ language: chosen })
  }

  async setPassword(password: string, current?: string): Promise<Result<void>> {
    const said = await api('PUT /api/me/password', { body: current ? { current, password } : { password } })
    if (said.ok && this.me) this.me = { ...this.me, hasPassword: true }
    return said
  }

  /** Has a link sent to another address, which becomes that of the account once it is used. */
  askEmail(email: string, current?: string): Promise<Result<void>> {
    return api('POST /api/me/email', { body: { email, ...(current && { current }) } })
  }

  async confirmEmail(token: string): Promise<Result<Me>> {
    const said = await api('POST /api/me/email/confirm', { body: { token } })
    if (said.ok) this.#is(said.value)
    return said
  }

  /** Erases the account for good, and what this browser keeps of it. */
  async erase(current?: string): Promise<Result<void>> {
    const said = await api('POST /api/me/erase', { body: current ? { current } : {} })
    if (said.ok) await this.#gone()
    return said
  }

  /** Says what to wipe when somebody signs out of this browser. */
  whenSigningOut(wipe: () => Promise<void> | void) {
    this.#wipes.push(wipe)
  }

  async signOut(everywhere = false): Promise<Result<void>> {
    const said = await (everywhere ? api('POST /api/me/sign-out-everywhere') : api('POST /api/auth/sign-out'))
    if (!said.ok && said.code !== 'http/signed-out') return said
    await this.#gone()
    return said
  }

  async #gone() {
    await Promise.allSettled(this.#wipes.map((wipe) => wipe()))
    this.me = null
    ownZone.choose(undefined)
  }

  #is(me: Me | null) {
    this.me = me
    if (!me) return
    language.choose(me.language)
    ownZone.choose(me.zone)
  }
}
/** One per browser. */
export const account = new Account()
