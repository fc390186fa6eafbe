/** The zone the reader lives in: the one of their account once known, the browser's until then. */
class OwnZone {
  #chosen = $state<string>()
  readonly browser = Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'

  get current(): string {
    return this.#chosen ?? this.browser
  }
  choose(zone: string | undefined) {
    this.#chosen = zone
  }
}
export const ownZone = new OwnZone()
