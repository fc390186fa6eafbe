/** What people call a file, by its media type. */
export type FileKind = 'picture' | 'pdf' | 'text' | 'document' | 'sheet' | 'slides' | 'archive' | 'sound' | 'film' | 'other'

const kinds: readonly (readonly [RegExp, FileKind])[] = [
  [/^image\//, 'picture'],
  [/^audio\//, 'sound'],
  [/^video\//, 'film'],
  [/^application\/pdf$/, 'pdf'],
  [/^text\//, 'text'],
  [/wordprocessingml|opendocument\.text/, 'document'],
  [/spreadsheet/, 'sheet'],
  [/presentation/, 'slides'],
  [/zip/, 'archive'],
]

export const kindOfFile = (type: string): FileKind => kinds.find(([shape]) => shape.test(type))?.[1] ?? 'other'

/** Whether a browser shows it in a page; the rest it saves. */
export const opensInPage = (type: string) => ['picture', 'sound', 'film'].includes(kindOfFile(type))
