import type { Everybody } from '#shared/path/wire.ts'
import { printCsv } from '#server/print/csv.ts'

const states = { locked: 'fermée', todo: 'à faire', started: 'en cours', done: 'faite', late: 'en retard' } as const
const kinds: Record<Everybody['activities'][number]['kind'], string> = {
  page: 'page',
  link: 'lien',
  assignment: 'devoir',
  quiz: 'quiz',
  session: 'séance en direct',
  meeting: 'rencontre',
  call: 'entretien',
  'self-assessment': 'auto-évaluation',
  task: 'action',
}

/** One line for each person and activity, of one organisation or one module when it is named. */
export const completionCsv = (
  { modules, activities, people }: Everybody,
  { organisation, module }: { organisation?: string | undefined; module?: string | undefined },
  zone: string,
): string =>
  printCsv(
    ['nom', 'organisation', 'module', 'activité', 'type', 'obligatoire', 'état', 'échéance', 'faites', 'obligatoires'],
    people
      .filter((who) => organisation === undefined || who.organisation === organisation)
      .flatMap((who) =>
        activities.flatMap((activity, i) => {
          const state = who.states[i]
          if (state === undefined || (module !== undefined && activity.module !== module)) return []
          return [
            [
              who.name,
              who.organisation ?? '',
              modules.find(({ id }) => id === activity.module)?.title ?? '',
              activity.title,
              kinds[activity.kind],
              activity.required ? 'oui' : 'non',
              states[state],
              activity.due === null ? '' : new Date(activity.due).toLocaleString('sv-SE', { timeZone: zone }).slice(0, 16),
              String(who.progress.done),
              String(who.progress.of),
            ],
          ]
        }),
      ),
  )
