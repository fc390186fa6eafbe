import { stringify } from 'csv-stringify/sync'
import { dayOf, partOf } from '#shared/attendance/half-days.ts'
import type { AttendanceTable } from '#shared/attendance/wire.ts'

/** A cell that a spreadsheet would take for a formula is made plain text. */
const plain = (text: string) => (/^[\s]*[=+\-@]/.test(text) || /^[\t\r]/.test(text) ? `'${text}` : text)

const states = { coming: 'à venir', present: 'présent', partial: 'partiel', absent: 'absent' } as const

const time = (at: number, zone: string) => new Date(at).toLocaleString('sv-SE', { timeZone: zone })

/** One line for each person and half-day; semicolons and a byte order mark, as French spreadsheets open it. */
export const csvOf = ({ halves, people }: AttendanceTable): string =>
  stringify(
    people.flatMap((who) =>
      halves.flatMap((half, i) => {
        const cell = who.cells[i]
        if (!cell) return []
        const last = cell.lines.findLast(({ kind }) => kind === 'correction')
        return [
          [
            plain(half.title),
            dayOf(half.half),
            partOf(half.half) === 'morning' ? 'matin' : 'après-midi',
            time(half.starts, half.zone).slice(11, 16),
            time(half.ends, half.zone).slice(11, 16),
            half.zone,
            plain(who.name),
            plain(who.organisation ?? ''),
            who.role === 'learner' ? 'stagiaire' : 'équipe',
            states[cell.presence],
            String(cell.minutes),
            String(cell.measured),
            plain(last?.authorName ?? ''),
            plain(last?.reason ?? ''),
            cell.contested ? 'oui' : 'non',
            cell.signed === null ? '' : time(cell.signed, half.zone),
          ],
        ]
      }),
    ),
    {
      bom: true,
      delimiter: ';',
      record_delimiter: 'windows',
      header: true,
      columns: [
        'séance',
        'jour',
        'demi-journée',
        'début',
        'fin',
        'fuseau',
        'nom',
        'organisation',
        'rôle',
        'présence',
        'minutes',
        'minutes mesurées',
        'corrigé par',
        'motif',
        'contesté',
        'signé le',
      ],
    },
  )
