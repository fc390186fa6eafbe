/** What stops a command or the start and is said to whoever ran it, in one line: no stack, no value of a variable that may be a secret. */
export class OneLine extends Error {
  override name = 'OneLine'
}

const disk: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the disk can only be read',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EIO: 'the disk does not answer',
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined)

/** Why a disk took nothing, in words; undefined when the error is another one. */
export const diskTrouble = (error: unknown): string | undefined => disk[codeOf(error) ?? '']

const spoken = ['OneLine', 'EnvironmentError', 'DataDirInUse', 'SchemaNewerThanCode']

/** The one line that an error is said with, when there is one; what nobody foresaw has none and is shown whole. */
export function lineOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (spoken.includes(error.name)) return error.message
  if (codeOf(error) === 'EADDRINUSE') return 'PORT: another program listens there already.'
  if (codeOf(error) === 'EADDRNOTAVAIL') return 'HOST: this machine has no such address.'
  const trouble = diskTrouble(error)
  const path = 'path' in error && typeof error.path === 'string' ? ` (${error.path})` : ''
  return trouble && `DATA_DIR: ${trouble}${path}. Nothing was changed there.`
}
