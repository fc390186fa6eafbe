import pino, { type Logger } from 'pino'

/** Structured lines without personal data: identities of rooms and requests, never names, addresses, texts or secrets. */
export type Log = Logger

/** `level` comes from `LOG_LEVEL`. */
export const openLog = (level: string): Log => pino({ level, base: null, serializers: { error: pino.stdSerializers.err } })
