import { z } from 'zod'
import { bytes, file, kept, type RouteContracts } from '#shared/http/contract.ts'

const schemaOf = (schema: z.ZodType, io: 'input' | 'output') => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

/** The OpenAPI 3.1 description of the contracts. It cannot drift from what the server does: it is the same schemas. */
export function openapiOf(contracts: RouteContracts) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const [key, contract] of Object.entries(contracts)) {
    const [method = '', path = ''] = key.split(' ')
    const names = [...path.matchAll(/:([A-Za-z]+)/g)].map((match) => match[1] ?? '')
    const query = contract.query ? schemaOf(contract.query, 'input') : undefined
    const asked = (query?.properties ?? {}) as Record<string, unknown>
    const place = (paths[path.replace(/:([A-Za-z]+)/g, '{$1}')] ??= {})
    place[method.toLowerCase()] = {
      summary: contract.about,
      parameters: [
        ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...Object.entries(asked).map(([name, schema]) => ({
          name,
          in: 'query',
          required: query?.required?.includes(name) ?? false,
          schema,
        })),
        ...(method === 'POST'
          ? [
              {
                name: 'Idempotency-Key',
                in: 'header',
                required: false,
                schema: { type: 'string' },
                description: 'A request sent again with the same key gets the first reply.',
              },
            ]
          : []),
      ],
      ...(contract.body && {
        requestBody: {
          required: true,
          content:
            contract.body === bytes
              ? { 'application/octet-stream': {} }
              : { 'application/json': { schema: schemaOf(contract.body, 'input') } },
        },
      }),
      responses: {
        200: {
          description: 'Done.',
          content:
            contract.reply === file || contract.reply === kept
              ? { 'application/octet-stream': {} }
              : {
                  'application/json': {
                    schema: {
                      type: 'object',
                      required: ['ok'],
                      properties: { ok: { const: true }, value: schemaOf(contract.reply, 'output') },
                    },
                  },
                },
        },
        default: { $ref: '#/components/responses/Refused' },
      },
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Cercle',
      version: '1',
      description: 'Signed in by cookie. Writes are accepted from this server’s own pages only (Origin).',
    },
    paths,
    components: {
      responses: {
        Refused: {
          description:
            'Refused: 400 the request, 401 signed out, 403 not allowed, 404 not there for you, 409 the state does not allow it, 413 too large, 429 too many.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                required: ['ok', 'code'],
                properties: { ok: { const: false }, code: { type: 'string' }, detail: { type: 'string' } },
              },
            },
          },
        },
      },
    },
  }
}
