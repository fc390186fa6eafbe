import { imageSize } from 'image-size'
import type { z } from 'zod'
import { pictureLimit } from '#shared/account/rules.ts'
import type { file } from '#shared/http/contract.ts'
import { ok, refuse, type Result } from '#shared/result.ts'

/** P3. A small file may say that it is immense, and every browser that shows it would make room for that. */
export function isPicture(bytes: Uint8Array): boolean {
  if (bytes.length > pictureLimit.bytes) return false
  try {
    const { type, width, height } = imageSize(bytes)
    return type === 'jpg' && [width, height].every((side) => side > 0 && side <= pictureLimit.side)
  } catch {
    return false
  }
}

/** A picture as a route gives it; one that is not there is refused as such. */
export const pictureFile = (jpeg: Uint8Array | undefined): Result<z.output<typeof file>> =>
  jpeg ? ok({ type: 'image/jpeg', bytes: jpeg }) : refuse('http/not-found')
