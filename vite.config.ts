import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** `vite build` makes the client, `vite build --ssr` the server; both land in `dist/`. */
export default defineConfig(({ isSsrBuild, mode }) => ({
  root: 'client',
  plugins: [svelte({ configFile: false })],
  build: isSsrBuild
    ? {
        outDir: '../dist/server',
        emptyOutDir: true,
        target: 'node20',
        sourcemap: true,
        rolldownOptions: {
          input: {
            main: 'server/main.ts',
            'pglite.worker': 'server/db/pglite.worker.ts',
          },
          output: { entryFileNames: '[name].js' },
        },
      }
    : { outDir: '../dist/client', emptyOutDir: true, target: 'es2022', sourcemap: false, modulePreload: { polyfill: false } },
  // Libraries are resolved as the browser resolves them only where a test says so.
  test: {
    root: '.',
    reporters: mode === 'benchmark' ? ['default'] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          root: '.',
          environment: 'node',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/**/state.test.ts'],
          testTimeout: 20_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        resolve: { conditions: ['browser'] },
        test: { name: 'browser state', root: '.', environment: 'node', include: ['tests/**/state.test.ts'] },
      },
    ],
  },
}))
