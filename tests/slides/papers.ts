import { buffer } from 'node:stream/consumers'
import PDFDocument from 'pdfkit'

/** A PDF of landscape pages, each with its words; `locked` by a password. */
export async function aPdf(pages: readonly string[], locked = false): Promise<Buffer> {
  const doc = new PDFDocument({ size: [960, 540], ...(locked && { userPassword: 'secret', ownerPassword: 'owner' }) })
  const whole = buffer(doc)
  pages.forEach((words, i) => {
    if (i > 0) doc.addPage()
    doc.fontSize(40).fillColor('#1b1f24').text(words, 60, 60)
    doc.rect(60, 300, 840, 180).fill('#0a5fd0')
  })
  doc.end()
  return whole
}

/** A small PDF that says it has so many pages, all of them one. */
export function aLongPdf(count: number): Buffer {
  const parts = ['%PDF-1.4\n']
  const offsets: number[] = []
  const object = (n: number, body: string) => {
    offsets[n] = parts.join('').length
    parts.push(`${n} 0 obj\n${body}\nendobj\n`)
  }
  object(1, '<< /Type /Catalog /Pages 2 0 R >>')
  object(2, `<< /Type /Pages /Count ${count} /Kids [${'3 0 R '.repeat(count)}] >>`)
  object(3, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>')
  const start = parts.join('').length
  const line = (at: number) => `${String(at).padStart(10, '0')} 00000 n \n`
  parts.push(`xref\n0 4\n0000000000 65535 f \n${[1, 2, 3].map((n) => line(offsets[n] ?? 0)).join('')}`)
  parts.push(`trailer << /Size 4 /Root 1 0 R >>\nstartxref\n${start}\n%%EOF`)
  return Buffer.from(parts.join(''))
}
