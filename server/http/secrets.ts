import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto'

/** What is kept of a secret that was given out: enough to recognise it, nothing to use. The secrets are random, so no salt is needed. */
export const hashOf = (secret: string) => createHash('sha256').update(secret).digest('base64url')

/**
 * A secret that the server can make again from its own, so that a link may be copied later and is kept nowhere: 132 bits for these
 * words and no others.
 */
export const deriveSecret = (secret: string, words: string) =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', secret, '', 'cercle derived secrets', 32)))
    .update(words)
    .digest('base64url')
    .slice(0, 22)

/** Words kept for a while that may hold a secret (a reply with an invitation's link): readable only with the server's secret. */
export interface Seal {
  close(words: string): string
  open(sealed: string): string
}

export function buildSeal(secret: string): Seal {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'cercle sealed replies', 32))
  return {
    close(words) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce)
      return Buffer.concat([nonce, cipher.update(words, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64')
    },
    open(sealed) {
      const bytes = Buffer.from(sealed, 'base64')
      const cipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
      cipher.setAuthTag(bytes.subarray(-16))
      return cipher.update(bytes.subarray(12, -16), undefined, 'utf8') + cipher.final('utf8')
    },
  }
}
