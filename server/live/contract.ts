import { createHash } from 'node:crypto'
import { z } from 'zod'
import { documentRequests } from '#shared/live/documents.ts'
import { commands, ephemerals, routes } from '#shared/wire.ts'

/**
 * What is spoken, as one stable text: every route, command and whisper with its schema. Its hash is the contract's fingerprint,
 * which a page built with another one is refused by.
 */
export function contractText(): string {
  const shape = (schema: z.ZodType | undefined) =>
    schema && z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' })
  const lines = [
    ...Object.entries(routes).map(([key, { query, body, reply }]: [string, { query?: z.ZodType; body?: z.ZodType; reply: z.ZodType }]) => [
      key,
      shape(query),
      shape(body),
      shape(reply),
    ]),
    ...[commands, ephemerals, documentRequests].flatMap((some) =>
      Object.entries(some).map(([name, schema]) => [name, shape(schema as z.ZodType)]),
    ),
  ]
  return lines
    .map((line) => JSON.stringify(line))
    .sort()
    .join('\n')
}

let fingerprint: string | undefined

/** The same for the life of a process: hundreds of schemas are written out once. */
export const contractFingerprint = (): string =>
  (fingerprint ??= createHash('sha256').update(contractText()).digest('base64url').slice(0, 22))
