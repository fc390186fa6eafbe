import type { Page } from '@playwright/test'

/** A session that the demonstration plans, by its id. */
export const findPlanned = (page: Page) =>
  page.evaluate(async () => {
    const today = (await (await fetch('/api/today')).json()) as {
      value: { coming: { id: string; state: string; began: number | null }[] }
    }
    return today.value.coming.find(({ state, began }) => state === 'planned' && began === null)!.id
  })

/** Has somebody of the team change a session. */
export const change = (page: Page, session: string, changes: { encrypted?: boolean; starts?: number; ends?: number }) =>
  page.evaluate(
    async ([session, changes]) => {
      const headers = { 'content-type': 'application/json', 'idempotency-key': crypto.randomUUID() }
      await fetch(`/api/sessions/${session}`, { method: 'PATCH', headers, body: JSON.stringify(changes) })
    },
    [session, changes] as const,
  )

/** When a session is to begin so that people may enter already. */
export const soon = () => ({ starts: Date.now() + 300_000, ends: Date.now() + 3_600_000 })
