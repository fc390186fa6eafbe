import svelte from 'eslint-plugin-svelte'
import tseslint from 'typescript-eslint'

/** Where a line belongs, said by the rule that found it in the wrong place. */
const features = [
  'account',
  'attendance',
  'board',
  'calendar',
  'captions',
  'certificate',
  'chat',
  'deck',
  'files',
  'followup',
  'guests',
  'groups',
  'hands',
  'mics',
  'inbox',
  'mail',
  'mentoring',
  'notices',
  'path',
  'preflight',
  'quiz',
  'reactions',
  'recording',
  'readiness',
  'replay',
  'session',
  'slides',
  'speaking',
  'spoc',
  'stage',
  'video',
  'waiting',
]

const noFrom = (group, message) => ({ group, message })

/** A feature never reaches into another: they meet on a page, or in `flows.ts`. */
const apart = (top) =>
  features.map((feature) => ({
    files: [`${top}/${feature}/**/*.{ts,svelte}`],
    // A foreign key names the table it points at.
    ignores: ['**/tables.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            ...others(top),
            ...features
              // Who people are, and when they were there, is known to every feature of the server.
              .filter((other) => other !== feature && !(top === 'server' && other === 'account'))
              .map((other) =>
                noFrom(
                  // A leading `#` would make the pattern a comment. Reading across tables is allowed, writing is not: see `server/README.md`.
                  [
                    `\\#${top}/${other}/*`,
                    `../${other}/*`,
                    ...(top === 'server' ? [`!\\#server/*/tables.ts`, '!\\#server/attendance/presence.ts'] : []),
                  ],
                  top === 'client'
                    ? `Features do not know each other: compose ${feature} and ${other} on a page (client/pages).`
                    : `Features do not know each other: what ${feature} causes in ${other} is declared in server/flows.ts.`,
                ),
              ),
          ],
        },
      ],
    },
  }))

const others = (top) =>
  ({
    client: [
      noFrom(['\\#server/*', '**/server/*'], 'The client knows only contracts: put what both need in shared/.'),
      {
        group: ['\\#shared/**/wire.ts', '\\#shared/wire.ts', '\\#shared/live/documents.ts'],
        allowTypeImports: true,
        message: 'Schemas stay on the server: import types only (`import type`), or move a pure value to rules.ts.',
      },
      { group: ['zod'], allowTypeImports: true, message: 'Schemas stay on the server: zod never reaches the browser.' },
    ],
    server: [noFrom(['\\#client/*', '**/client/*'], 'The server knows nothing of the pages: put what both need in shared/.')],
    shared: [
      noFrom(['\\#server/*', '\\#client/*'], 'shared/ is what both sides import: it imports neither.'),
      noFrom(
        ['node:*', 'svelte', 'svelte/*', 'socket.io', 'socket.io-client', 'express'],
        'shared/ runs everywhere: no Node, no browser, no framework.',
      ),
    ],
  })[top]

export default tseslint.config(
  { ignores: ['dist', 'node_modules', 'data', 'test-results', 'server/db/migrations'] },
  ...tseslint.configs.recommended,
  ...svelte.configs.recommended,
  { files: ['**/*.svelte', '**/*.svelte.ts'], languageOptions: { parserOptions: { parser: tseslint.parser } } },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-undef': 'off',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    rules: {
      'svelte/no-at-html-tags': 'error',
      // `{' '}` keeps a space that the formatter would move.
      'svelte/no-useless-mustaches': 'off',
      // State is `$state.raw` replaced as a whole: plain maps inside are meant.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-syntax': [
        'error',
        {
          selector: "SvelteAttribute[key.name='style']",
          message: 'The page policy forbids inline styles: use a class, or `style:--name={value}` for a number.',
        },
      ],
    },
  },
  {
    files: ['shared/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...[
          'window',
          'document',
          'navigator',
          'location',
          'localStorage',
          'fetch',
          'process',
          'Buffer',
          'setTimeout',
          'setInterval',
          'setImmediate',
          'crypto',
          'performance',
        ].map((name) => ({
          name,
          message: 'shared/ is pure: time, identity and the world are arguments.',
        })),
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
          message: 'shared/ has no clock: take `now` as an argument.',
        },
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'shared/ has no clock: take `now` as an argument.' },
        {
          selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
          message: 'shared/ has no randomness: take the identity as an argument.',
        },
      ],
    },
  },
  {
    files: ['server/**/store.ts', 'server/**/*.store.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.property.name=/^(read|transaction|write)$/][callee.object.name='db']",
          message: 'A store takes the Tx it runs in: opening another one inside would wait for itself on the embedded engine.',
        },
      ],
    },
  },
  ...['client', 'server', 'shared'].map((top) => ({
    files: [`${top}/**/*.{ts,svelte}`],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', { patterns: others(top) }] },
  })),
  ...apart('client'),
  ...apart('server'),
)
