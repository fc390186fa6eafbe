import { dayOf, partOf } from '#shared/attendance/half-days.ts'
import { sheetName } from '#shared/guests/rules.ts'
import type { AttendanceHalf, AttendanceTable } from '#shared/attendance/wire.ts'
import { printCsv } from '#server/print/csv.ts'

const states = { coming: 'à venir', present: 'présent', partial: 'partiel', absent: 'absent' } as const

const time = (at: number, zone: string) => new Date(at).toLocaleString('sv-SE', { timeZone: zone })

const columns = [
  'intitulé',
  'lieu',
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
  'arrivée',
  'départ',
  'corrigé par',
  'motif',
  'contesté',
  'signé le',
]

const hour = (at: number, { zone }: AttendanceHalf) => time(at, zone).slice(11, 16)
const cellsOf = (half: AttendanceHalf) => [
  half.title,
  half.place ?? 'à distance',
  dayOf(half.half),
  partOf(half.half) === 'morning' ? 'matin' : 'après-midi',
  hour(half.starts, half),
  hour(half.ends, half),
  half.zone,
]

/** One line for each person and half-day; those of guests come last, and have nothing that is counted (H10). */
export const csvOf = ({ halves, people, guests }: AttendanceTable): string =>
  printCsv(columns, [
    ...people.flatMap((who) =>
      halves.flatMap((half, i) => {
        const cell = who.cells[i]
        if (!cell) return []
        const last = cell.lines.findLast(({ kind }) => kind === 'correction')
        return [
          [
            ...cellsOf(half),
            who.name,
            who.organisation ?? '',
            who.role === 'learner' ? 'stagiaire' : 'équipe',
            states[cell.presence],
            String(cell.minutes),
            String(cell.measured),
            cell.seen ? hour(cell.seen.from, half) : '',
            cell.seen ? hour(cell.seen.to, half) : '',
            last?.authorName ?? '',
            last?.reason ?? '',
            cell.contested ? 'oui' : 'non',
            cell.signed === null ? '' : time(cell.signed, half.zone),
          ],
        ]
      }),
    ),
    ...guests.flatMap(({ name, seen }) =>
      halves.flatMap((half, i) => {
        const there = seen[i]
        if (!there) return []
        const came = [hour(there.from, half), hour(there.to, half)]
        return [[...cellsOf(half), sheetName(name, 'fr'), '', 'invité·e', '', '', '', ...came, '', '', '', '']]
      }),
    ),
  ])
