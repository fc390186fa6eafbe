import type { Activity, ActivityChange, NewActivity } from '#shared/path/wire.ts'
import type { Result } from '#shared/result.ts'
import type { Refusal } from '#shared/wire.ts'
import { api } from '#client/http.ts'

type Written = Omit<NewActivity, 'axes'> & { axes: Activity['axes'] }

/** The activities of a path as its editor has them. The list follows an act at once, then the server. */
export class Activities {
  all = $state.raw<readonly Activity[]>()
  refusal = $state<Refusal>()
  readonly spoc: string

  constructor(spoc: string) {
    this.spoc = spoc
  }

  load = async () => {
    const said = await api('GET /api/spocs/:spoc/activities', { params: { spoc: this.spoc } })
    this.refusal = said.ok ? undefined : said.code
    if (said.ok) this.all = said.value
  }

  /** Those of a module, or of none, in order. */
  of = (module: string | null): readonly Activity[] => (this.all ?? []).filter((one) => one.module === module)

  add = (body: Written) => this.#done(api('POST /api/spocs/:spoc/activities', { params: { spoc: this.spoc }, body }))
  change = (activity: string, body: ActivityChange) =>
    this.#done(api('PATCH /api/spocs/:spoc/activities/:activity', { params: { spoc: this.spoc, activity }, body }))
  restore = (activity: string) =>
    this.#done(api('POST /api/spocs/:spoc/activities/:activity/restore', { params: { spoc: this.spoc, activity } }))
  duplicate = (activity: string, title: string) =>
    this.#done(api('POST /api/spocs/:spoc/activities/:activity/duplicate', { params: { spoc: this.spoc, activity }, body: { title } }))

  remove = (activity: string) => {
    this.all = this.all?.filter(({ id }) => id !== activity)
    return this.#done(api('DELETE /api/spocs/:spoc/activities/:activity', { params: { spoc: this.spoc, activity } }))
  }

  /** Puts an activity into a module (null: none) before another one of it, or at its end. */
  place = async (activity: string, module: string | null, before: string | undefined) => {
    const moved = this.all?.find(({ id }) => id === activity)
    if (!moved || before === activity) return
    const order = this.of(module).filter(({ id }) => id !== activity)
    const at = order.findIndex(({ id }) => id === before)
    const placed = [...order]
    placed.splice(at < 0 ? placed.length : at, 0, { ...moved, module })
    this.all = [...(this.all ?? []).filter((one) => one.id !== activity && one.module !== module), ...placed]
    await this.#done(
      api('POST /api/spocs/:spoc/activities/order', { params: { spoc: this.spoc }, body: { module, order: placed.map(({ id }) => id) } }),
    )
  }

  /** After each act the list is what the server has, whether it took the act or not. */
  async #done<T>(act: Promise<Result<T>>): Promise<Result<T>> {
    const said = await act
    await this.load()
    if (!said.ok) this.refusal = said.code
    return said
  }
}
