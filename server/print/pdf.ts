import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'

const find = createRequire(import.meta.url).resolve
/** The house's typeface, as packages that hold its files. */
export const typefaces = {
  plain: '@expo-google-fonts/atkinson-hyperlegible/400Regular/AtkinsonHyperlegible_400Regular.ttf',
  bold: '@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf',
} as const

export type Pdf = PDFKit.PDFDocument

/** A page being written: each call adds one tagged piece below the last. */
export interface Sheet {
  doc: Pdf
  title(text: string): void
  heading(text: string): void
  text(text: string, how?: { bold?: boolean; small?: boolean }): void
  /** Columns share the width as `widths` say. */
  table(widths: readonly number[], rows: readonly (readonly string[])[]): void
  /** A little room below. */
  space(lines?: number): void
  picture(png: Buffer, size: number, alt: string): void
}

/**
 * Words as the house's typeface can write them: a letter that it lacks is shown without its accents rather than as an empty box, a narrow
 * space as one that does not break either.
 */
export const legible = (text: string) =>
  text
    .normalize('NFC')
    .replace(/[\u2000-\u200a\u202f\u205f]/g, '\u00a0')
    .replace(/[^\u0000-\u024f\u2010-\u203a\u20ac]|[\u0180-\u024f]/gu, (letter) => letter.normalize('NFD').replace(/\p{M}/gu, ''))

/** Makes a tagged document of A4 pages in the house's typeface. The same content and instant give the same words. */
export async function printPdf(
  { title, language, at }: { title: string; language: 'fr' | 'en'; at: number },
  write: (sheet: Sheet) => void,
): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 48,
    // Kept until the end, so that each page can say how many there are.
    bufferPages: true,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: language === 'fr' ? 'fr-FR' : 'en-GB',
    info: { Title: title, Producer: 'Cercle', Creator: 'Cercle', CreationDate: new Date(at) },
  })
  const whole = buffer(doc)
  for (const [name, path] of Object.entries(typefaces)) doc.registerFont(name, find(path))
  const root = doc.struct('Document')
  doc.addStructure(root)
  const piece = (tag: 'H1' | 'H2' | 'P', draw: () => void) => root.add(doc.struct(tag, {}, draw))
  const width = () => doc.page.width - 96
  const set = (bold: boolean, size: number) =>
    doc
      .font(bold ? 'bold' : 'plain')
      .fontSize(size)
      .fillColor('#1b1f24')
  const sheet: Sheet = {
    doc,
    title: (text) => {
      piece('H1', () => set(true, 19).text(legible(text), 48, doc.y, { width: width() }))
      doc.moveDown(0.5)
    },
    heading: (text) => {
      doc.moveDown(0.6)
      piece('H2', () => set(true, 12.5).text(legible(text), 48, doc.y, { width: width() }))
      doc.moveDown(0.2)
    },
    text: (text, { bold = false, small = false } = {}) => {
      piece('P', () => set(bold, small ? 8.5 : 10.5).text(legible(text), 48, doc.y, { width: width(), lineGap: 2 }))
      doc.moveDown(0.15)
    },
    table: (widths, rows) => {
      const table = doc.struct('Table')
      root.add(table)
      const sum = widths.reduce((a, b) => a + b, 0)
      const each = widths.map((share) => (share / sum) * width())
      const heightOf = (row: readonly string[], head: boolean) => {
        set(head, 9)
        return Math.max(...row.map((cell, i) => doc.heightOfString(legible(cell), { width: (each[i] ?? 0) - 8 }))) + 8
      }
      const bottom = () => doc.page.height - 64
      /** The heads of the columns again, on each page that the table goes on to; who listens has heard them once. */
      const repeatHead = () => {
        const [head] = rows
        if (!head) return
        const y = doc.y
        const high = heightOf(head, true)
        doc.markContent('Artifact', { type: 'Layout' })
        let x = 48
        for (const [i, cell] of head.entries()) {
          set(true, 9).text(legible(cell), x + 4, y + 4, { width: (each[i] ?? 0) - 8 })
          x += each[i] ?? 0
        }
        doc.endMarkedContent()
        doc.x = 48
        doc.y = y + high
      }
      for (const [n, row] of rows.entries()) {
        const high = heightOf(row, n === 0)
        // The heads never stand alone at the foot of a page.
        const needed = n === 0 && rows[1] ? high + heightOf(rows[1], false) : high
        if (doc.y + needed > bottom()) {
          doc.addPage()
          if (n > 0) repeatHead()
        }
        const y = doc.y
        const line = doc.struct('TR')
        table.add(line)
        let x = 48
        for (const [i, cell] of row.entries()) {
          const at = x
          const wide = each[i] ?? 0
          line.add(
            doc.struct(n === 0 ? 'TH' : 'TD', {}, () => {
              set(n === 0, 9).text(legible(cell), at + 4, y + 4, { width: wide - 8 })
            }),
          )
          x += wide
        }
        doc.markContent('Artifact', { type: 'Layout' })
        doc
          .moveTo(48, y + high)
          .lineTo(48 + width(), y + high)
          .lineWidth(0.5)
          .strokeColor('#9aa3ad')
          .stroke()
        doc.endMarkedContent()
        doc.x = 48
        doc.y = y + high
        line.end()
      }
      table.end()
    },
    space: (lines = 1) => void doc.moveDown(lines),
    picture: (png, size, alt) => {
      const y = doc.y
      root.add(doc.struct('Figure', { alt }, () => doc.image(png, 48, y, { width: size, height: size })))
      doc.y = y + size + 4
    },
  }
  write(sheet)
  root.end()
  const { count } = doc.bufferedPageRange()
  for (let i = 0; count > 1 && i < count; i++) {
    doc.switchToPage(i)
    doc.page.margins.bottom = 0
    doc.markContent('Artifact', { type: 'Pagination' })
    set(false, 8).text(`${i + 1} / ${count}`, 48, doc.page.height - 36, { width: width(), align: 'right', lineBreak: false })
    doc.endMarkedContent()
  }
  doc.end()
  return whole
}
