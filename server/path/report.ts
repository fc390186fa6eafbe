import type { Report } from '#shared/path/wire.ts'
import { printPdf } from '#server/print/pdf.ts'

const words = {
  fr: {
    title: 'Bilan personnel',
    of: (name: string) => `Établi par ${name} sur ses propres réponses`,
    lead: 'Ce bilan est une auto-évaluation : chaque niveau est celui que la personne s’est donné.',
    columns: ['Objectif', 'Au début', 'À la fin', 'Activités'],
    levels: { 'not-yet': 'Pas encore', 'with-help': 'Avec de l’aide', alone: 'Seul', 'can-share': 'Je peux le montrer à d’autres' },
    progress: (done: number, of: number) => `Activités obligatoires faites : ${done} sur ${of}.`,
    part: (done: number, of: number) => `${done} sur ${of}`,
    said: { before: 'Réponses du début', after: 'Réponses de la fin' },
    made: (when: string) => `Édité le ${when}.`,
    none: 'Cette formation n’a pas d’objectifs.',
  },
  en: {
    title: 'Personal report',
    of: (name: string) => `Made by ${name} from their own answers`,
    lead: 'This report is a self-assessment: each level is the one the person gave themself.',
    columns: ['Objective', 'At the beginning', 'At the end', 'Activities'],
    levels: { 'not-yet': 'Not yet', 'with-help': 'With help', alone: 'On my own', 'can-share': 'I can show others' },
    progress: (done: number, of: number) => `Required activities done: ${done} of ${of}.`,
    part: (done: number, of: number) => `${done} of ${of}`,
    said: { before: 'Answers at the beginning', after: 'Answers at the end' },
    made: (when: string) => `Printed on ${when}.`,
    none: 'This course has no objectives.',
  },
}

/** T21: a learner's own report on paper. */
export function printReport(report: Report, language: 'fr' | 'en', zone: string, now: number): Promise<Buffer> {
  const say = words[language]
  const day = (at: number) =>
    new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { dateStyle: 'long', timeZone: zone }).format(at)
  return printPdf({ title: `${say.title} – ${report.name}`, language, at: now }, (page) => {
    page.title(say.title)
    page.text(report.course, { bold: true })
    page.text(say.of(report.name))
    page.text(say.lead)
    page.text(say.progress(report.progress.done, report.progress.of))
    for (const moment of ['before', 'after'] as const) {
      const at = report.said[moment]
      if (at !== null) page.text(`${say.said[moment]}${language === 'fr' ? '\u00a0: ' : ': '}${day(at)}`, { small: true })
    }
    page.space()
    if (report.objectives.length === 0) page.text(say.none)
    else
      page.table(
        [7, 3, 3, 2],
        [
          say.columns,
          ...report.objectives.map(({ text, before, after, done, of }) => [
            text,
            before ? say.levels[before] : '–',
            after ? say.levels[after] : '–',
            of === 0 ? '–' : say.part(done, of),
          ]),
        ],
      )
    page.space()
    page.text(say.made(day(now)), { small: true })
  })
}
