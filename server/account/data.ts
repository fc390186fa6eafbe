import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import type { Language } from '#shared/http/values.ts'
import type { Db } from '#server/db/db.ts'
import type { FileStore } from '#server/outside/files.ts'
import { readOwnData, type OwnData } from './data.store.ts'

/** The files of a person come along up to this many bytes in all; the others are named, to be fetched on their course's page. */
const filesAtMost = 40_000_000

const guide: Record<Language, string> = {
  fr: `Vos données dans Cercle
=======================

Chaque fichier .json contient un sujet : votre compte, vos formations, vos messages, vos questions, votre présence, ce qu’ont donné vos
vérifications de matériel et de connexion, vos attestations, votre parcours et vos travaux, vos réponses aux quiz, votre mentorat, vos
avis, les courriels reçus. Un éditeur de texte les ouvre. Les instants sont en millisecondes depuis le 1er janvier 1970, en temps universel.

Le dossier « files » contient les fichiers que vous avez donnés. Ceux qui dépassent la taille de cette archive sont nommés dans
files.json avec "included": false : téléchargez-les depuis la page Fichiers de la formation.

N’y sont pas : les films et les tableaux des séances, qui sont ceux de tout le groupe et se regardent dans la formation, et ce que les
autres ont écrit pour eux-mêmes.
`,
  en: `Your data in Cercle
===================

Each .json file holds one subject: your account, your courses, your messages, your questions, your attendance, what your checks of
equipment and connection found, your certificates, your path and works, your quiz answers, your mentoring, your notices, the mail you
received. A text editor opens them. Instants are milliseconds since 1 January 1970, universal time.

The folder “files” holds the files that you gave. Those beyond the size of this archive are named in files.json with
"included": false: download them from the Files page of the course.

Not here: the films and boards of sessions, which belong to the whole group and are seen in the course, and what others wrote for
themselves.
`,
}

/** A name that every system takes, and that no other file of the archive has. */
const fileName = ({ id, name }: OwnData['files'][number]) =>
  `files/${id.slice(0, 6)}-${name.replace(/[^\p{L}\p{N}. _-]+/gu, '_').replace(/^\.+/, '')}`

/** Everything kept about a person, as a zip file of plain ones. Bytes are read piece by piece, so that a room's answers wait for none of it. */
export async function exportOf({ db, files, now }: { db: Db; files: FileStore; now: number }, person: string): Promise<Uint8Array> {
  const { files: given, picture, ...subjects } = await db.read((tx) => readOwnData(tx, person))
  const parts: Uint8Array[] = []
  let failed: Error | undefined
  const zip = new Zip((error, bytes) => {
    if (error) failed = error
    else parts.push(bytes)
  })
  const write = (name: string, text: string) => {
    const entry = new ZipDeflate(name, { level: 6 })
    entry.mtime = now
    zip.add(entry)
    entry.push(strToU8(text), true)
  }
  write(subjects.account.language === 'fr' ? 'LISEZ-MOI.txt' : 'README.txt', guide[subjects.account.language])
  for (const [name, subject] of Object.entries(subjects)) write(`${name}.json`, JSON.stringify(subject, null, 2))
  if (picture) {
    const entry = new ZipPassThrough('picture.jpg')
    zip.add(entry)
    entry.push(Uint8Array.from(picture), true)
  }
  let room = filesAtMost
  const listed: object[] = []
  for (const file of given) {
    const { key, id: _id, ...said } = file
    const included = file.size <= room && (await files.size(key)) === file.size
    listed.push({ ...said, included, ...(included && { as: fileName(file) }) })
    if (!included) continue
    room -= file.size
    const entry = new ZipPassThrough(fileName(file))
    zip.add(entry)
    for await (const piece of files.read(key) as AsyncIterable<Uint8Array>) entry.push(Uint8Array.from(piece))
    entry.push(new Uint8Array(0), true)
  }
  write('files.json', JSON.stringify(listed, null, 2))
  zip.end()
  if (failed) throw failed
  return Buffer.concat(parts)
}
