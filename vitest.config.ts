import { defineConfig } from 'vitest/config';

/** The test projects of the house: what each may touch and where it lives is in docs/guide/testing.md. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['{shared,services,events,infra,scripts}/**/*.test.ts'],
          exclude: ['**/*.wire.test.ts', '**/*.contract.test.ts', '**/*.infra.test.ts', 'node_modules/**'],
          setupFiles: ['test/no-sockets.ts'],
        },
      },
      { test: { name: 'contract', include: ['{events,services}/**/*.contract.test.ts'] } },
      {
        test: {
          name: 'infra',
          include: ['{infra,scripts}/**/*.infra.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['test/{integration,wire}/**/*.test.ts', '{scripts,services}/**/*.wire.test.ts'],
          globalSetup: ['test/integration/synthesize-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
