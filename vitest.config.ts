import { defineConfig } from 'vitest/config';

/** How a test runs decides where it lives: each folder of `test` is a project of its own. */
const project = (name: string) => ({
  extends: true as const,
  test: { name, include: [`test/${name}/**/*.test.ts`] },
});

export default defineConfig({
  test: {
    projects: ['unit', 'virtual', 'process', 'repo'].map(project),
    setupFiles: ['test/support/property-seed.ts'],
    testTimeout: 30_000,
    // The stories of processes mostly sleep, so many can run at once.
    maxConcurrency: 20,
    maxWorkers: 4,
  },
});
