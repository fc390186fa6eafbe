import { z } from 'zod'

/** The reply of a route that gives a file: its bytes as they are, under this content type. */
export const file = z.object({ type: z.string(), bytes: z.custom<Uint8Array>((given) => given instanceof Uint8Array) })

/** The body of a route that takes a file: its bytes as they come, whatever they are. The handler reads them, and says how many are too many. */
export const bytes = z.custom<AsyncIterable<Uint8Array>>()

/**
 * The reply of a route that gives a kept file, whole or the range asked for. `open` gives its bytes from `start` to before `end`.
 * Shown in the page (`inline`) only when no browser would run it; else it is saved under its name.
 */
export const kept = z.object({
  type: z.string(),
  name: z.string(),
  size: z.int(),
  /** Changes when the bytes do. */
  version: z.string(),
  inline: z.boolean(),
  open: z.custom<(start: number, end: number) => AsyncIterable<Uint8Array>>((given) => typeof given === 'function'),
})

/** What a route takes and gives. The key of the map is `METHOD /path/:param`; parameters are identities. */
export interface RouteContract {
  /** One sentence for the API description. */
  about: string
  query?: z.ZodType
  body?: z.ZodType
  reply: z.ZodType
}

export type RouteContracts = Record<`${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /api/${string}`, RouteContract>

/** The parameter names of a path: `GET /api/spocs/:spoc/members/:person` → `spoc | person`. */
export type ParamsOf<Key extends string> = Key extends `${string}/:${infer Name}/${infer Rest}`
  ? Name | ParamsOf<`/${Rest}`>
  : Key extends `${string}/:${infer Name}`
    ? Name
    : never

/** What a caller gives to a route. */
export type RequestOf<Key extends string, C extends RouteContract> = ([ParamsOf<Key>] extends [never]
  ? { params?: undefined }
  : { params: Record<ParamsOf<Key>, string> }) &
  (C['query'] extends z.ZodType ? { query: z.input<C['query']> } : { query?: undefined }) &
  (C['body'] extends z.ZodType ? { body: z.input<C['body']> } : { body?: undefined })

export type ReplyOf<C extends RouteContract> = z.output<C['reply']>
