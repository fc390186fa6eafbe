import { defineConfig } from 'drizzle-kit'

/** Every `tables.ts` of a feature is part of the schema; nothing else is to be edited when one is added. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './server/*/*tables.ts',
  out: process.env['MIGRATIONS_OUT'] ?? './server/db/migrations',
})
