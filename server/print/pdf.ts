import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'

const find = createRequire(import.meta.url).resolve
const fonts = {
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

/** Makes a tagged document of A4 pages in the house's typeface. The same content and instant give the same words. */
export async function printPdf(
  { title, language, at }: { title: string; language: 'fr' | 'en'; at: number },
  write: (sheet: Sheet) => void,
): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margin: 48,
    pdfVersion: '1.7',
    tagged: true,
    displayTitle: true,
    lang: language === 'fr' ? 'fr-FR' : 'en-GB',
    info: { Title: title, Producer: 'Cercle', Creator: 'Cercle', CreationDate: new Date(at) },
  })
  const whole = buffer(doc)
  for (const [name, path] of Object.entries(fonts)) doc.registerFont(name, find(path))
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
      piece('H1', () => set(true, 19).text(text, 48, doc.y, { width: width() }))
      doc.moveDown(0.5)
    },
    heading: (text) => {
      doc.moveDown(0.6)
      piece('H2', () => set(true, 12.5).text(text, 48, doc.y, { width: width() }))
      doc.moveDown(0.2)
    },
    text: (text, { bold = false, small = false } = {}) => {
      piece('P', () => set(bold, small ? 8.5 : 10.5).text(text, 48, doc.y, { width: width(), lineGap: 2 }))
      doc.moveDown(0.15)
    },
    table: (widths, rows) => {
      const table = doc.struct('Table')
      root.add(table)
      const sum = widths.reduce((a, b) => a + b, 0)
      for (const [n, row] of rows.entries()) {
        set(n === 0, 9)
        const each = widths.map((share) => (share / sum) * width())
        const high = Math.max(...row.map((cell, i) => doc.heightOfString(cell, { width: (each[i] ?? 0) - 8 }))) + 8
        if (doc.y + high > doc.page.height - 60) doc.addPage()
        const y = doc.y
        const line = doc.struct('TR')
        table.add(line)
        let x = 48
        for (const [i, cell] of row.entries()) {
          const at = x
          const wide = each[i] ?? 0
          line.add(
            doc.struct(n === 0 ? 'TH' : 'TD', {}, () => {
              set(n === 0, 9).text(cell, at + 4, y + 4, { width: wide - 8 })
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
  doc.end()
  return whole
}
