/** A new identity made by this browser: 128 random bits as 22 URL-safe characters. `crypto.randomUUID` is missing on plain-HTTP addresses of a local network. */
export const newId = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')
