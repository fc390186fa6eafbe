import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'
import { PDFiumLibrary, type PDFiumDocument } from '@hyzyla/pdfium'
import sharp from 'sharp'
import { slidesLimits } from '#shared/slides/rules.ts'
import type { FoundPage } from './store.ts'

/** Why a document cannot be shown. */
export type Fault = 'slides/locked' | 'slides/unreadable' | 'slides/too-many-pages'
export class Unshowable extends Error {
  override name = 'Unshowable'
  readonly code: Fault
  constructor(code: Fault) {
    super(code)
    this.code = code
  }
}

/** Pixels of the longer side of a page as it is described, whatever its size on paper. */
export const longerSide = 1600

let library: Promise<PDFiumLibrary> | undefined
/** PDFium as WebAssembly: what a hostile file does to it stays in its own memory. It knows neither scripts nor the network. */
const open = () => {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('@hyzyla/pdfium/pdfium.wasm'))
  return (library ??= PDFiumLibrary.init({
    wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer,
  }))
}

/** The one that was opened last: its pages are asked for one after the other. */
let kept: { key: string; document: PDFiumDocument } | undefined

async function documentOf(key: string, bytes: () => Promise<Uint8Array>): Promise<PDFiumDocument> {
  if (kept?.key === key) return kept.document
  const pdfium = await open()
  const given = await bytes()
  kept?.document.destroy()
  kept = undefined
  try {
    kept = { key, document: await pdfium.loadDocument(given) }
    return kept.document
  } catch (error) {
    throw new Unshowable(error instanceof Error && error.message.includes('assword') ? 'slides/locked' : 'slides/unreadable')
  }
}

/** How large a page of this shape is when its longer side has so many pixels; never thinner than one. */
export function sized(width: number, height: number, side: number) {
  const scale = side / Math.max(width, height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** W6: the pages of a PDF with their words. Throws `Unshowable`. */
export async function readPages(key: string, bytes: () => Promise<Uint8Array>): Promise<FoundPage[]> {
  const document = await documentOf(key, bytes)
  const count = document.getPageCount()
  if (count === 0) throw new Unshowable('slides/unreadable')
  if (count > slidesLimits.pages) throw new Unshowable('slides/too-many-pages')
  const pages: FoundPage[] = []
  for (let at = 0; at < count; at++) {
    try {
      const page = document.getPage(at)
      const { originalWidth, originalHeight } = page.getOriginalSize()
      if (!(originalWidth > 0 && originalHeight > 0)) throw new Unshowable('slides/unreadable')
      pages.push({ ...sized(originalWidth, originalHeight, longerSide), text: legible(page.getText()) })
    } catch {
      throw new Unshowable('slides/unreadable')
    }
  }
  return pages
}

/** Words as a screen reader says them: lines, without what is no letter, no longer than anybody listens. */
const legible = (text: string) =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{C}\n\t]/gu, '')
    .replace(/[ \t]+/g, ' ')
    .replace(/\n\s*\n+/g, '\n')
    .trim()
    .slice(0, slidesLimits.text)
    // A cut may fall inside a pair.
    .replace(/\p{Cs}/gu, '')

/** One page of a PDF as WebP. */
export async function drawPage(key: string, bytes: () => Promise<Uint8Array>, page: number, side: number): Promise<Uint8Array> {
  const document = await documentOf(key, bytes)
  let drawn
  try {
    const one = document.getPage(page - 1)
    const { originalWidth, originalHeight } = one.getOriginalSize()
    drawn = await one.render({ ...sized(originalWidth, originalHeight, side), render: 'bitmap' })
  } catch {
    throw new Unshowable('slides/unreadable')
  }
  const { data, width, height } = drawn
  return sharp(data, { raw: { width, height, channels: 4 } })
    .removeAlpha()
    .webp({ quality: 82, effort: 3, smartSubsample: true })
    .toBuffer()
}
