import { dayOf, partOf } from '#shared/attendance/half-days.ts'
import type { AttendanceTable } from '#shared/attendance/wire.ts'
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

/** One line for each person and half-day. */
export const csvOf = ({ halves, people }: AttendanceTable): string =>
  printCsv(
    columns,
    people.flatMap((who) =>
      halves.flatMap((half, i) => {
        const cell = who.cells[i]
        if (!cell) return []
        const last = cell.lines.findLast(({ kind }) => kind === 'correction')
        const hour = (at: number) => time(at, half.zone).slice(11, 16)
        return [
          [
            half.title,
            half.place ?? 'à distance',
            dayOf(half.half),
            partOf(half.half) === 'morning' ? 'matin' : 'après-midi',
            hour(half.starts),
            hour(half.ends),
            half.zone,
            who.name,
            who.organisation ?? '',
            who.role === 'learner' ? 'stagiaire' : 'équipe',
            states[cell.presence],
            String(cell.minutes),
            String(cell.measured),
            cell.seen ? hour(cell.seen.from) : '',
            cell.seen ? hour(cell.seen.to) : '',
            last?.authorName ?? '',
            last?.reason ?? '',
            cell.contested ? 'oui' : 'non',
            cell.signed === null ? '' : time(cell.signed, half.zone),
          ],
        ]
      }),
    ),
  )
