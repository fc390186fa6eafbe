import type { PathModule } from '#shared/path/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'

/** The modules of a SPOC as this page has them. The list follows an act at once, then the server. */
export class Path {
  modules = $state.raw<readonly PathModule[]>()
  refusal = $state<Refusal>()
  readonly spoc: string

  constructor(spoc: string) {
    this.spoc = spoc
  }

  load = async () => {
    const said = await api('GET /api/spocs/:spoc/modules', { params: { spoc: this.spoc } })
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.modules = said.value
  }

  add = (body: Omit<PathModule, 'id'>) => this.#done(api('POST /api/spocs/:spoc/modules', { params: { spoc: this.spoc }, body }))
  change = (module: string, body: Omit<PathModule, 'id'>) =>
    this.#done(api('PATCH /api/spocs/:spoc/modules/:module', { params: { spoc: this.spoc, module }, body }))
  restore = (module: string) => this.#done(api('POST /api/spocs/:spoc/modules/:module/restore', { params: { spoc: this.spoc, module } }))

  duplicate = (module: string, title: string) =>
    this.#done(api('POST /api/spocs/:spoc/modules/:module/duplicate', { params: { spoc: this.spoc, module }, body: { title } }))

  remove = (module: string) => {
    this.modules = this.modules?.filter(({ id }) => id !== module)
    return this.#done(api('DELETE /api/spocs/:spoc/modules/:module', { params: { spoc: this.spoc, module } }))
  }

  /** One place up (-1) or down (1). */
  move = async (module: string, by: -1 | 1) => {
    const list = [...(this.modules ?? [])]
    const at = list.findIndex(({ id }) => id === module)
    const [moved] = at < 0 || !list[at + by] ? [] : list.splice(at, 1)
    if (!moved) return
    list.splice(at + by, 0, moved)
    await this.#order(list)
  }

  /** Puts a module before another one, or at the end. */
  place = async (module: string, before: string | undefined) => {
    const moved = this.modules?.find(({ id }) => id === module)
    if (!moved || before === module) return
    const list = (this.modules ?? []).filter(({ id }) => id !== module)
    const at = list.findIndex(({ id }) => id === before)
    list.splice(at < 0 ? list.length : at, 0, moved)
    await this.#order(list)
  }

  async #order(list: readonly PathModule[]) {
    this.modules = list
    await this.#done(api('POST /api/spocs/:spoc/modules/order', { params: { spoc: this.spoc }, body: { order: list.map(({ id }) => id) } }))
  }

  /** After each act the list is what the server has, whether it took the act or not. */
  async #done<T>(act: Promise<Result<T>>): Promise<Result<T>> {
    const said = await act
    await this.load()
    if (!said.ok) this.refusal = said.code
    return said
  }
}
