import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const server = `http://127.0.0.1:${process.env['PORT'] ?? 3000}`

/** In development the page comes from Vite: it is given the contract of the server behind it, as the server's own page has it. */
const contractOfServer: Plugin = {
  name: 'contract of the server',
  apply: 'serve',
  transformIndexHtml: async () => {
    const page = await fetch(server).then((reply) => reply.text())
    const content = /<meta name="contract" content="([^"]*)"/.exec(page)?.[1] ?? ''
    return [{ tag: 'meta', attrs: { name: 'contract', content } }]
  },
}

/**
 * What the server is built with: every library inside, so that a start reads some ten files in place of thirteen hundred. Beside it stay those
 * that bring a program or files of their own.
 */
export const serverLibraries = {
  noExternal: true as const,
  external: ['@electric-sql/pglite', '@hyzyla/pdfium', '@node-rs/argon2', 'pdfkit', 'pg', 'sharp'],
}

/** `vite build` makes the client, `vite build --ssr` the server; both land in `dist/`. */
export default defineConfig(({ isSsrBuild }) => ({
  root: 'client',
  plugins: [svelte({ configFile: false }), contractOfServer],
  resolve: { alias: isSsrBuild ? {} : { 'lib0/logging': fileURLToPath(new URL('client/live/plain-logging.ts', import.meta.url)) } },
  ...(isSsrBuild && { ssr: serverLibraries }),
  // The server accepts its own origin only, and to it this proxy is the page.
  server: {
    proxy: Object.fromEntries(
      ['/api', '/live'].map((path) => [path, { target: server, ws: path === '/live', headers: { origin: server } }]),
    ),
  },
  build: isSsrBuild
    ? {
        outDir: '../dist/server',
        emptyOutDir: true,
        target: 'node20',
        sourcemap: true,
        rolldownOptions: {
          input: {
            main: 'server/main.ts',
            admin: 'server/admin.ts',
            backup: 'server/backup/command.ts',
            empty: 'server/db/empty.ts',
            'pglite.worker': 'server/db/pglite.worker.ts',
            'remux.worker': 'server/recording/remux.worker.ts',
            'drawing.worker': 'server/slides/drawing.worker.ts',
          },
          output: { entryFileNames: '[name].js' },
        },
      }
    : {
        outDir: '../dist/client',
        emptyOutDir: true,
        target: 'es2022',
        sourcemap: false,
        modulePreload: { polyfill: false },
        rolldownOptions: {
          output: {
            codeSplitting: {
              // Icons that several pages show come together, with Svelte: one by one they would be thirty files of 300 bytes.
              groups: [{ name: 'icons', test: /@lucide\/svelte\/dist\/icons/, minShareCount: 4 }],
            },
          },
        },
      },
  test: {
    root: '.',
    // Every core has a class: the usual one less leaves half of two idle.
    maxWorkers: '100%',
    // As with journeys: where nobody looks on, a test that failed is run once more, and told as unsteady when it passes then.
    retry: process.env['CI'] ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          root: '.',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/state.test.ts'],
          // A process keeps its database engines and its modules from one file to the next: to make them anew costs more than most tests.
          isolate: false,
          // Two cores shared by several databases: slow is not wrong.
          testTimeout: 60_000,
          // What is waited for is mostly there at once: the usual twentieth of a second is longer than the wait. On a busy machine it may
          // take longer than the usual second.
          expect: { poll: { interval: 10, timeout: 10_000 } },
          hookTimeout: 60_000,
          globalSetup: 'tests/support/template.setup.ts',
          setupFiles: 'tests/support/end.setup.ts',
        },
      },
      {
        extends: true,
        // A rune class is tested with the Svelte that browsers get.
        resolve: { conditions: ['browser'] },
        test: { name: 'browser state', root: '.', environment: 'node', include: ['tests/**/state.test.ts'] },
      },
    ],
  },
}))
