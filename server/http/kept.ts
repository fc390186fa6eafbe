import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { kept } from '#shared/http/contract.ts'

/**
 * Sends a kept file: whole, the one range asked for (RFC 9110 §14; of several ranges the whole), or nothing when the browser has this
 * version. The browser asks again each time, so that who loses the right loses the file, and nothing in it can run with our rights.
 */
export async function sendKept(request: Request, response: Response, given: z.output<typeof kept>): Promise<void> {
  const { type, name, size, version, inline, open } = given
  const tag = `"${version}"`
  response.setHeader('ETag', tag)
  response.setHeader('Accept-Ranges', 'bytes')
  response.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
  response.setHeader('Content-Disposition', `${inline ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeName(name)}`)
  if (request.get('if-none-match') === tag) return void response.status(304).end()

  const since = request.get('if-range')
  const ranges = since === undefined || since === tag ? request.range(size) : undefined
  if (ranges === -1) return void response.status(416).setHeader('Content-Range', `bytes */${size}`).end()
  const range = Array.isArray(ranges) && ranges.type === 'bytes' && ranges.length === 1 ? ranges[0] : undefined
  const [start, end] = range ? [range.start, range.end + 1] : [0, size]

  response.status(range ? 206 : 200).type(type)
  if (range) response.setHeader('Content-Range', `bytes ${start}-${end - 1}/${size}`)
  response.setHeader('Content-Length', end - start)
  if (end === start) return void response.end()
  await pipeline(Readable.from(open(start, end)), response).catch((error: NodeJS.ErrnoException) => {
    // A player that seeks closes what it no longer wants.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE' && error.code !== 'ECONNRESET') throw error
  })
}

/** RFC 8187: what is not plain is percent-encoded. */
const encodeName = (name: string) =>
  encodeURIComponent(name).replace(/['()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
