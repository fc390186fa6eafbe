import { randomBytes } from 'node:crypto'

/** A new identity as seen outside: 128 random bits as 22 URL-safe characters, so that it can be neither guessed nor counted. */
export const newId = () => randomBytes(16).toString('base64url')
