import { defineConfig } from 'vitest/config';

/** How a test runs decides where it is: each folder of `test` is a project. */
const project = (name: string, options: { globalSetup?: string } = {}) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

const globalSetup = 'test/support/build-bundle.ts';

export default defineConfig({
  test: {
    projects: [
      project('unit'),
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
