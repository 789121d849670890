import { defineConfig } from 'vitest/config';

/** How a test runs decides where it is: each folder of `test` is a project. */
const project = (name: string, options: { globalSetup?: string; isolate?: boolean } = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

const globalSetup = 'test/support/build-bundle.ts';

export default defineConfig({
  test: {
    projects: [
      // Functions without state: loading each module once saves more than half of the time.
      project('unit', { isolate: false }),
      project('virtual'),
      project('process', { globalSetup }),
      project('repo', { globalSetup }),
    ],
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    // Tests of processes mostly sleep, so many can run at once.
    maxConcurrency: 20,
    maxWorkers: 4,
  },
});
