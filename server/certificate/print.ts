import QRCode from 'qrcode'
import { printPdf } from '#server/print/pdf.ts'
import type { CertificateFacts, certificates } from './tables.ts'

const locales = { fr: 'fr-FR', en: 'en-GB' } as const

/** C2: the rule as it was, and how it was met. */
function ruleWords({ rule, share, minutes, planned, required, quizzes }: CertificateFacts, language: 'fr' | 'en'): string {
  const { share: asked, ...more } = rule ?? { share: share ?? 0, required: false, quizzes: false }
  const of = (part: { done: number; of: number } | undefined) => `${part?.done ?? 0} ${language === 'fr' ? 'sur' : 'of'} ${part?.of ?? 0}`
  const french = [
    asked > 0 && `présence pendant au moins ${asked} % du temps prévu (${minutes} minutes sur ${planned})`,
    more.required && `toutes les activités obligatoires faites (${of(required)})`,
    more.quizzes && `tous les quiz réussis (${of(quizzes)})`,
  ]
  const english = [
    asked > 0 && `present during at least ${asked}% of the planned time (${minutes} minutes of ${planned})`,
    more.required && `every required activity done (${of(required)})`,
    more.quizzes && `every quiz passed (${of(quizzes)})`,
  ]
  return (language === 'fr' ? french : english).filter(Boolean).join(language === 'fr' ? '\u00a0; ' : '; ')
}

export function wordsOf({ kind, language, facts, issued, revoked }: typeof certificates.$inferSelect) {
  const day = (text: string) =>
    new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: 'UTC' }).format(Date.parse(`${text}T12:00Z`))
  const hours = `${Math.floor(facts.minutes / 60)} h ${String(facts.minutes % 60).padStart(2, '0')}`
  const made = new Intl.DateTimeFormat(locales[language], { dateStyle: 'long', timeZone: facts.zone }).format(issued)
  const { body } = facts
  const employer = facts.organisation
  const revokedNote = revoked === null ? [] : [language === 'fr' ? 'CE DOCUMENT A ÉTÉ RÉVOQUÉ.' : 'THIS DOCUMENT WAS REVOKED.']
  if (kind === 'realisation')
    return {
      title: 'Certificat de réalisation',
      lines: [
        ...revokedNote,
        `Je soussigné(e) ${body.signatory}, ${body.capacity}, représentant le dispensateur de l’action concourant au développement des compétences ${body.name}, ${body.address}, déclaré sous le numéro d’activité ${body.nda},`,
        `atteste que ${facts.name}${employer ? `, salarié(e) de l’entreprise ${employer},` : ''} a suivi l’action « ${facts.course} ».`,
        'Nature de l’action concourant au développement des compétences : action de formation.',
        `L’action s’est déroulée du ${day(facts.from)} au ${day(facts.to)}, pour une durée effectivement réalisée de ${hours}.`,
        'Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, je m’engage à conserver l’ensemble des pièces justificatives qui ont permis d’établir le présent certificat pendant une durée de trois ans à compter de la fin de l’année du dernier paiement. En cas de cofinancement des fonds européens, la durée de conservation est étendue conformément aux obligations conventionnelles spécifiques.',
      ],
      objectives: undefined,
      place: `Fait à ${body.address.split(/[\n,]/).at(-1)?.replace(/\d{5}/, '').trim() ?? ''}, le ${made}`,
      signature: `${body.signatory}, ${body.capacity}`,
      stamp: 'Cachet et signature :',
      check: 'Vérifier ce document :',
    }
  if (language === 'fr')
    return {
      title: 'Attestation de réussite',
      lines: [
        ...revokedNote,
        `${body.name}, ${body.address}, déclaré sous le numéro d’activité ${body.nda}, atteste que ${facts.name}${employer ? ` (${employer})` : ''} a suivi avec succès la formation « ${facts.course} », du ${day(facts.from)} au ${day(facts.to)}, pour une durée effectivement réalisée de ${hours}.`,
        `Règle appliquée : ${ruleWords(facts, 'fr')}.`,
      ],
      objectives: 'Objectifs de la formation',
      place: `Établie le ${made}`,
      signature: `${body.signatory}, ${body.capacity}`,
      stamp: 'Cachet et signature :',
      check: 'Vérifier ce document :',
    }
  return {
    title: 'Certificate of achievement',
    lines: [
      ...revokedNote,
      `${body.name}, ${body.address}, registered as training provider ${body.nda}, certifies that ${facts.name}${employer ? ` (${employer})` : ''} successfully completed the course “${facts.course}”, from ${day(facts.from)} to ${day(facts.to)}, for ${hours} actually attended.`,
      `Rule applied: ${ruleWords(facts, 'en')}.`,
    ],
    objectives: 'Objectives of the course',
    place: `Issued on ${made}`,
    signature: `${body.signatory}, ${body.capacity}`,
    stamp: 'Stamp and signature:',
    check: 'Check this document:',
  }
}

/** The certificate on paper, with a square code that leads to its check page. */
export async function printCertificate(row: typeof certificates.$inferSelect, origin: string): Promise<Buffer> {
  const words = wordsOf(row)
  const address = `${origin}/check/${row.id}`
  const png = await QRCode.toBuffer(address, { margin: 1, width: 300, errorCorrectionLevel: 'M' })
  return printPdf({ title: `${words.title} – ${row.facts.name}`, language: row.language, at: row.issued }, (page) => {
    page.title(words.title)
    for (const line of words.lines) {
      page.text(line)
      page.doc.moveDown(0.5)
    }
    if (words.objectives !== undefined && row.facts.objectives.length > 0) {
      page.heading(words.objectives)
      for (const each of row.facts.objectives) page.text(`• ${each}`)
    }
    page.doc.moveDown(1)
    page.text(words.place)
    page.text(words.signature, { bold: true })
    page.text(words.stamp)
    page.doc.moveDown(6)
    page.picture(png, 90, address)
    page.text(`${words.check} ${address}`, { small: true })
  })
}
