import { stringify } from 'csv-stringify/sync'

/** A cell that a spreadsheet would take for a formula is made plain text. */
const plain = (text: string) => (/^[\s]*[=+\-@]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text)

/** A table as French spreadsheets open it: semicolons, a byte order mark, every cell harmless. */
export const printCsv = (columns: readonly string[], rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => row.map(plain)),
    { bom: true, delimiter: ';', record_delimiter: 'windows', header: true, columns: [...columns] },
  )
