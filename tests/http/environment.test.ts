import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { isLoopback, readEnvironment } from '#server/environment.ts'

const root = mkdtempSync(join(tmpdir(), 'cercle-environment-'))
afterAll(() => rmSync(root, { recursive: true }))
const file = join(root, 'pem')
writeFileSync(file, 'x')
const read = (env: Record<string, string | undefined> = {}) => readEnvironment({ DATA_DIR: join(root, 'data'), ...env })

describe('the environment', () => {
  it('has a default for everything', () => {
    expect(read()).toMatchObject({
      port: 3000,
      host: '127.0.0.1',
      loopback: true,
      publicUrl: undefined,
      tls: undefined,
      trustProxy: false,
      demo: 'auto',
      signUp: 'closed',
      databaseUrl: undefined,
      iceServers: [],
      video: { kind: 'mesh' },
      mail: undefined,
      logLevel: 'info',
    })
  })

  it('reads what is set, and takes an empty variable as not set', () => {
    expect(
      read({
        PORT: '0',
        HOST: '0.0.0.0',
        PUBLIC_URL: 'https://Cercle.example/',
        TRUST_PROXY: '1',
        DEMO: 'off',
        SIGN_UP: 'open',
        DATABASE_URL: 'postgres://u:p@db/cercle',
        REDIS_URL: '',
        VIDEO: 'mesh',
        ICE_SERVERS: '[{"urls":"stun:stun.example.org:3478"},{"urls":["turn:t.example.org"],"username":"u","credential":"c"}]',
        SMTP_URL: 'smtps://mail.example.org',
        MAIL_FROM: 'Cercle <cercle@example.org>',
        METRICS_TOKEN: '0123456789abcdef',
        LOG_LEVEL: 'debug',
        NODE_ENV: 'production',
      }),
    ).toMatchObject({
      port: 0,
      loopback: false,
      publicUrl: 'https://cercle.example',
      trustProxy: 1,
      demo: 'off',
      signUp: 'open',
      databaseUrl: 'postgres://u:p@db/cercle',
      iceServers: [{ urls: 'stun:stun.example.org:3478' }, { urls: ['turn:t.example.org'], username: 'u', credential: 'c' }],
      mail: { smtpUrl: 'smtps://mail.example.org', from: 'Cercle <cercle@example.org>' },
      logLevel: 'debug',
      production: true,
    })
  })

  it.each([
    ['PORT', '-1'],
    ['PORT', '99999'],
    ['PORT', 'http'],
    ['PUBLIC_URL', 'cercle.example'],
    ['PUBLIC_URL', 'https://cercle.example/app'],
    ['PUBLIC_URL', 'ftp://cercle.example'],
    ['TLS_CERT', '/no/such/file'],
    ['TRUST_PROXY', 'true'],
    ['SECRET', 'short-one'],
    ['DEMO', 'perhaps'],
    ['SIGN_UP', 'yes'],
    ['DATABASE_URL', 'mysql://db'],
    ['VIDEO', 'zoom'],
    ['LIVEKIT_URL', 'livekit.example'],
    ['LIVEKIT_API_SECRET', 'short'],
    ['ICE_SERVERS', '{'],
    ['ICE_SERVERS', '[{"urls":"http://example.org"}]'],
    ['SMTP_URL', 'mail.example.org'],
    ['MAIL_FROM', 'nobody'],
    ['METRICS_TOKEN', 'short'],
    ['LOG_LEVEL', 'loud'],
  ])('names a wrong %s in one line, without its value', (name, value) => {
    let said = ''
    try {
      read({ [name]: value })
    } catch (error) {
      said = error instanceof Error ? error.message : ''
    }
    expect(said).toMatch(new RegExp(`^${name} is wrong: .+`))
    expect(said).not.toContain('\n')
    if (name === 'SECRET') expect(said).not.toContain(value)
  })

  const livekit = { LIVEKIT_URL: 'wss://livekit.example', LIVEKIT_API_KEY: 'cercle', LIVEKIT_API_SECRET: 's'.repeat(32) }
  it('takes LiveKit when its three variables are there, and the mesh when that is asked for', () => {
    expect(read(livekit).video).toEqual({ kind: 'livekit', url: 'wss://livekit.example', key: 'cercle', secret: 's'.repeat(32) })
    expect(read({ ...livekit, VIDEO: 'mesh' }).video).toEqual({ kind: 'mesh' })
    for (const missing of Object.keys(livekit))
      expect(() => read({ ...livekit, [missing]: '' }), missing).toThrow(new RegExp(`^${missing} is missing`))
    expect(() => read({ ...livekit, LIVEKIT_URL: 'ws://livekit.example', PUBLIC_URL: 'https://cercle.example' })).toThrow(
      /^LIVEKIT_URL is wrong: .*wss/,
    )
  })

  it('runs LiveKit where its program is on PATH, and says what is missing where it is not', () => {
    const [path, empty] = [process.env['PATH'], mkdtempSync(join(root, 'path-'))]
    try {
      process.env['PATH'] = empty
      expect(() => read({ VIDEO: 'livekit' })).toThrow(/^VIDEO is wrong: .*livekit-server/)
      writeFileSync(join(empty, 'livekit-server'), '')
      expect(read({ VIDEO: 'livekit' }).video).toEqual({ kind: 'livekit-child', binary: join(empty, 'livekit-server') })
    } finally {
      process.env['PATH'] = path
    }
  })

  it.each(['REDIS_URL', 'S3_URL', 'S3_BUCKET', 'S3_KEY', 'S3_SECRET', 'OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'])(
    'refuses %s, whose engine is not built',
    (name) => expect(() => read({ [name]: 'https://example.org' })).toThrow(new RegExp(`^${name} is set`)),
  )

  it('asks for what goes together', () => {
    expect(() => read({ HOST: '0.0.0.0' })).toThrow(/^PUBLIC_URL is needed/)
    expect(() => read({ TLS_CERT: file })).toThrow(/^TLS_KEY is missing/)
    expect(() => read({ TLS_KEY: file })).toThrow(/^TLS_CERT is missing/)
    expect(() => read({ SMTP_URL: 'smtp://mail.example.org' })).toThrow(/^MAIL_FROM is missing/)
  })

  it('makes its secret once, for its owner only', () => {
    const DATA_DIR = join(root, 'fresh')
    const first = read({ DATA_DIR }).secret
    expect(first.length).toBeGreaterThanOrEqual(43)
    expect(read({ DATA_DIR }).secret).toBe(first)
    expect(readFileSync(join(DATA_DIR, 'secret'), 'utf8')).toBe(first)
    expect(statSync(join(DATA_DIR, 'secret')).mode & 0o777).toBe(0o600)
    chmodSync(join(DATA_DIR, 'secret'), 0o644)
    read({ DATA_DIR })
    expect(statSync(join(DATA_DIR, 'secret')).mode & 0o777).toBe(0o600)
    expect(read({ DATA_DIR: join(root, 'other') }).secret).not.toBe(first)
    const given = 'x'.repeat(32)
    expect(read({ DATA_DIR, SECRET: given }).secret).toBe(given)
    writeFileSync(join(DATA_DIR, 'secret'), 'short')
    expect(() => read({ DATA_DIR })).toThrow(/too short/)
    expect(() => read({ DATA_DIR: join(file, 'under-a-file') })).toThrow(/^DATA_DIR is wrong/)
  })

  it('knows what only this machine reaches', () => {
    expect(['localhost', '127.0.0.1', '127.1.2.3', '::1'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '192.168.1.2', '127.0.0.1.example.org', 'localhost.example.org'].some(isLoopback)).toBe(false)
  })
})
