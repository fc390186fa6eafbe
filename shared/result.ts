import type { Refusal } from './wire.ts'

/** What can happen is a value: it went well with something to give, or it was refused with a code that has words in every language. */
export type Result<T> = { ok: true; value: T } | Refused

/** A refusal. `detail` is for the person who fixes the request (a field's path, a limit), never words to show as they are. */
export interface Refused {
  ok: false
  code: Refusal
  detail?: string
}

export function ok(): Result<void>
export function ok<T>(value: T): Result<T>
export function ok(value?: unknown): Result<unknown> {
  return { ok: true, value }
}

export const refuse = (code: Refusal, detail?: string): Refused =>
  detail === undefined ? { ok: false, code } : { ok: false, code, detail }
