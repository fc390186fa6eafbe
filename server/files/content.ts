import { fileTypeFromBuffer } from 'file-type'
import sharp from 'sharp'
import { fileLimits } from '#shared/files/rules.ts'
import { ok, refuse, type Result } from '#shared/result.ts'

/** How much of a file is looked at to tell what it is. */
export const headBytes = 8192

const office = 'application/vnd.openxmlformats-officedocument.'
/** F5: what is taken besides pictures, sound and film. */
const taken = new Set([
  'application/pdf',
  'application/zip',
  `${office}wordprocessingml.document`,
  `${office}spreadsheetml.sheet`,
  `${office}presentationml.presentation`,
  'application/vnd.oasis.opendocument.text',
  'application/vnd.oasis.opendocument.spreadsheet',
  'application/vnd.oasis.opendocument.presentation',
])
const pictures = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])
const media = /^(audio|video)\/(mpeg|mp4|x-m4a|wav|webm|ogg|flac|aac|quicktime)/
/** A browser would run what begins like this, wherever it came from. */
const runs = /^\s*(?:<\?xml|<!doctype|<html|<svg|<script)/i

/** F5: the media type of a file by its first bytes, or a refusal. Plain words are text, whatever their name says. */
export async function typeOf(head: Uint8Array): Promise<Result<string>> {
  const found = await fileTypeFromBuffer(head)
  if (found) {
    const mime = found.mime.split(';')[0] ?? ''
    return taken.has(mime) || pictures.has(mime) || media.test(mime) ? ok(mime) : refuse('files/type')
  }
  try {
    // The last character may be cut.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
    return text.includes('\0') || runs.test(text) ? refuse('files/type') : ok('text/plain')
  } catch {
    return refuse('files/type')
  }
}

export const isPicture = (type: string) => pictures.has(type)

/** F5: shown in the page; anything else is saved. */
export const isShown = (type: string) => isPicture(type) || media.test(type)

/** F5: the picture drawn anew, without what its camera wrote beside it. Refuses what says that it is immense before any of it is drawn. */
export async function redraw(given: Uint8Array): Promise<Result<{ bytes: Buffer; width: number; height: number }>> {
  const side = fileLimits.side
  try {
    const { data, info } = await sharp(given, { limitInputPixels: fileLimits.pixels, animated: true, pages: -1 })
      .timeout({ seconds: 20 })
      .autoOrient()
      .resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 84 })
      .toBuffer({ resolveWithObject: true })
    // The pictures of one that moves stand one below the other.
    return ok({ bytes: data, width: info.width, height: info.pageHeight ?? info.height })
  } catch {
    return refuse('files/broken-picture')
  }
}
